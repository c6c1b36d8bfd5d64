CREATE TABLE `kept_states` (
	`subject` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`device_id` text NOT NULL,
	`user_id` text,
	`document` text,
	`sealed` text,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `kept_states_by_device` ON `kept_states` (`app_id`,`dialect`,`device_id`);--> statement-breakpoint
CREATE INDEX `kept_states_by_user` ON `kept_states` (`app_id`,`user_id`) WHERE "kept_states"."user_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `kept_states_oldest` ON `kept_states` (`at`);--> statement-breakpoint
CREATE INDEX `kept_states_open` ON `kept_states` (`at`,`subject`) WHERE "kept_states"."document" IS NOT NULL;--> statement-breakpoint
ALTER TABLE `undos` ADD `kind` text DEFAULT '' NOT NULL;