CREATE TABLE `feed_hooks` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`name` text NOT NULL,
	`url` text NOT NULL,
	`kinds` text,
	`sealed` text NOT NULL,
	`event` integer NOT NULL,
	`part` text NOT NULL,
	`epoch` integer NOT NULL,
	`failures` integer NOT NULL,
	`failing_since` integer,
	`tries` integer NOT NULL,
	`stopped` text,
	`delivered` integer NOT NULL,
	`last_at` integer,
	`last_status` integer,
	`last_error` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`lease` text,
	`due_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `feed_hooks_by_name` ON `feed_hooks` (`app_id`,`name`);--> statement-breakpoint
CREATE INDEX `feed_hooks_due` ON `feed_hooks` (`due_at`,`id`) WHERE "feed_hooks"."stopped" IS NULL;--> statement-breakpoint
CREATE INDEX `feed_hooks_leased` ON `feed_hooks` (`lease`) WHERE "feed_hooks"."lease" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `feed_letters` (
	`hook` text NOT NULL,
	`event` integer NOT NULL,
	`part` text NOT NULL,
	`app_id` text NOT NULL,
	`device` text NOT NULL,
	`kind` text NOT NULL,
	`dead` integer NOT NULL,
	`tries` integer NOT NULL,
	`status` integer,
	`error` text,
	`at` integer NOT NULL,
	`tried_at` integer,
	`due_at` integer,
	PRIMARY KEY(`hook`, `event`, `part`)
);
--> statement-breakpoint
CREATE INDEX `feed_letters_due` ON `feed_letters` (`hook`,`due_at`) WHERE "feed_letters"."due_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `feed_letters_by_device` ON `feed_letters` (`hook`,`device`,`dead`,`event`);--> statement-breakpoint
CREATE INDEX `feed_letters_by_state` ON `feed_letters` (`hook`,`dead`,`event`,`part`);--> statement-breakpoint
CREATE INDEX `feed_letters_by_app` ON `feed_letters` (`app_id`);--> statement-breakpoint
CREATE INDEX `feed_letters_oldest` ON `feed_letters` (`event`);