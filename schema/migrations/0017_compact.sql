-- Rows that are found by their key lie in the tree of that key, instead of in a table and an index of it. Each copy is made in
-- the order of its key, so that its pages are full, and gets its indexes behind that.
CREATE TABLE `subscriptions_by_key` (
	`device_id` text NOT NULL,
	`topic` text NOT NULL,
	`app_id` text NOT NULL,
	`id` text,
	`automatic` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`device_id`, `topic`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `subscriptions_by_key` (`device_id`, `topic`, `app_id`, `id`, `automatic`, `created_at`)
SELECT `device_id`, `topic`, `app_id`, `id`, `automatic`, `created_at` FROM `subscriptions` ORDER BY `device_id`, `topic`;--> statement-breakpoint
DROP TABLE `subscriptions`;--> statement-breakpoint
ALTER TABLE `subscriptions_by_key` RENAME TO `subscriptions`;--> statement-breakpoint
CREATE INDEX `subscriptions_by_topic` ON `subscriptions` (`app_id`,`topic`,`device_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `subscriptions_id` ON `subscriptions` (`id`) WHERE "subscriptions"."id" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `tags_by_key` (
	`device_id` text NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`device_id`, `name`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `tags_by_key` (`device_id`, `name`, `type`, `value`, `updated_at`)
SELECT `device_id`, `name`, `type`, `value`, `updated_at` FROM `tags` ORDER BY `device_id`, `name`;--> statement-breakpoint
DROP TABLE `tags`;--> statement-breakpoint
ALTER TABLE `tags_by_key` RENAME TO `tags`;--> statement-breakpoint
CREATE TABLE `counters_by_key` (
	`app_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`amount` integer NOT NULL,
	PRIMARY KEY(`app_id`, `kind`, `name`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `counters_by_key` (`app_id`, `kind`, `name`, `amount`)
SELECT `app_id`, `kind`, `name`, `amount` FROM `counters` ORDER BY `app_id`, `kind`, `name`;--> statement-breakpoint
DROP TABLE `counters`;--> statement-breakpoint
ALTER TABLE `counters_by_key` RENAME TO `counters`;--> statement-breakpoint
CREATE INDEX `counters_spent` ON `counters` (`app_id`,`kind`,`name`) WHERE "counters"."amount" = 0;
