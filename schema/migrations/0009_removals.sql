CREATE TABLE `audit` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`app_id` text,
	`target` text,
	`detail` text NOT NULL,
	`cause` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_newest` ON `audit` (`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_by_app` ON `audit` (`app_id`,`at`,`id`);--> statement-breakpoint
CREATE TABLE `removal_picks` (
	`removal_id` text NOT NULL,
	`device_id` text NOT NULL,
	PRIMARY KEY(`removal_id`, `device_id`)
);
--> statement-breakpoint
CREATE TABLE `removal_spares` (
	`removal_id` text NOT NULL,
	`device_id` text NOT NULL,
	PRIMARY KEY(`removal_id`, `device_id`)
);
--> statement-breakpoint
CREATE TABLE `removals` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text,
	`user_id` text,
	`erase` integer NOT NULL,
	`cause` text NOT NULL,
	`at` integer NOT NULL,
	`until_at` integer NOT NULL,
	`until_id` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `removals_by_app` ON `removals` (`app_id`);--> statement-breakpoint
CREATE INDEX `removals_oldest` ON `removals` (`at`,`id`);--> statement-breakpoint
ALTER TABLE `credentials` ADD `hint` text;--> statement-breakpoint
ALTER TABLE `credentials` ADD `last_used_at` integer;--> statement-breakpoint
ALTER TABLE `identifiers` ADD `alias` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `job_items` ADD `subject` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `job_items_by_subject` ON `job_items` (`subject`);--> statement-breakpoint
CREATE INDEX `job_items_by_user` ON `job_items` (input ->> '$.patch.user.id') WHERE input ->> '$.patch.user.id' IS NOT NULL;--> statement-breakpoint
CREATE INDEX `events_by_rival` ON `events` (`app_id`,detail ->> '$.by') WHERE detail ->> '$.by' IS NOT NULL;--> statement-breakpoint
CREATE INDEX `grants_by_app` ON `grants` (`app_id`,`dialect`);--> statement-breakpoint
CREATE INDEX `outbox_by_user` ON `outbox` (`app_id`,event ->> '$.device.userId') WHERE event ->> '$.device.userId' IS NOT NULL;--> statement-breakpoint
CREATE INDEX `outbox_by_device` ON `outbox` (`app_id`,event ->> '$.device.id');--> statement-breakpoint
CREATE INDEX `receipts_by_user` ON `receipts` (`app_id`,details ->> '$.userId') WHERE details ->> '$.userId' IS NOT NULL;--> statement-breakpoint
UPDATE `identifiers` SET `alias` = 1 WHERE `value` LIKE 'host:%';--> statement-breakpoint
UPDATE `job_items` SET `subject` = coalesce(`input` ->> '$.externalId', `label`);
