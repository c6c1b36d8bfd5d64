CREATE TABLE `undo_counts` (
	`undo` text NOT NULL,
	`name` text NOT NULL,
	`amount` integer NOT NULL,
	PRIMARY KEY(`undo`, `name`)
);
--> statement-breakpoint
CREATE TABLE `undos` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`about` text NOT NULL,
	`from_at` integer NOT NULL,
	`until_at` integer NOT NULL,
	`dry_run` integer NOT NULL,
	`forced` integer NOT NULL,
	`actor` text NOT NULL,
	`created_at` integer NOT NULL,
	`place` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE INDEX `undos_newest` ON `undos` (`app_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `undos_open` ON `undos` (`created_at`,`id`) WHERE "undos"."finished_at" IS NULL;