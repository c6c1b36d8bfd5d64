CREATE TABLE `activity` (
	`app_id` text NOT NULL,
	`hour` integer NOT NULL,
	`kind` text NOT NULL,
	`dialect` text NOT NULL,
	`facet` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`app_id`, `hour`, `kind`, `dialect`, `facet`)
);
--> statement-breakpoint
CREATE INDEX `activity_oldest` ON `activity` (`hour`);--> statement-breakpoint
CREATE TABLE `operator_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`hash` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`parent` text,
	`about` text,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`last_used_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `operator_keys_by_hash` ON `operator_keys` (`hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `operator_keys_names` ON `operator_keys` (`name`) WHERE "operator_keys"."kind" = 'token';--> statement-breakpoint
CREATE INDEX `operator_keys_listed` ON `operator_keys` (`kind`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `operator_keys_by_parent` ON `operator_keys` (`parent`) WHERE "operator_keys"."parent" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `operator_keys_expiring` ON `operator_keys` (`expires_at`) WHERE "operator_keys"."expires_at" IS NOT NULL;