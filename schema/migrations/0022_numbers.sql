-- Each device gets a number, in the order of the ids, and its topics lie under that. The copies are made in pieces, since a
-- statement of D1's may take no longer than half a minute, and in the order of their keys, so that their pages are full.
CREATE TABLE `devices_by_number` (
	`number` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`external_id` text NOT NULL,
	`platform` text NOT NULL,
	`push_token_id` text,
	`user_id` text,
	`user_proved` integer NOT NULL,
	`enabled` integer NOT NULL,
	`superseded_at` integer,
	`expires_at` integer,
	`name` text,
	`model` text,
	`os_version` text,
	`app_version` text,
	`sdk_version` text,
	`language` text,
	`timezone` text,
	`details` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`updated_by` integer DEFAULT 0 NOT NULL,
	`tag_count` integer DEFAULT 0 NOT NULL,
	`tag_bytes` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `devices_id` ON `devices_by_number` (`id`);--> statement-breakpoint
INSERT INTO `devices_by_number` (`id`, `app_id`, `dialect`, `external_id`, `platform`, `push_token_id`, `user_id`, `user_proved`, `enabled`, `superseded_at`, `expires_at`, `name`, `model`, `os_version`, `app_version`, `sdk_version`, `language`, `timezone`, `details`, `created_at`, `updated_at`, `last_seen_at`, `updated_by`, `tag_count`, `tag_bytes`)
SELECT `id`, `app_id`, `dialect`, `external_id`, `platform`, `push_token_id`, `user_id`, `user_proved`, `enabled`, `superseded_at`, `expires_at`, `name`, `model`, `os_version`, `app_version`, `sdk_version`, `language`, `timezone`, `details`, `created_at`, `updated_at`, `last_seen_at`, `updated_by`, `tag_count`, `tag_bytes`
FROM `devices` WHERE `id` > coalesce((SELECT max(`id`) FROM `devices_by_number`), '') ORDER BY `id` LIMIT 1000000;--> statement-breakpoint
INSERT INTO `devices_by_number` (`id`, `app_id`, `dialect`, `external_id`, `platform`, `push_token_id`, `user_id`, `user_proved`, `enabled`, `superseded_at`, `expires_at`, `name`, `model`, `os_version`, `app_version`, `sdk_version`, `language`, `timezone`, `details`, `created_at`, `updated_at`, `last_seen_at`, `updated_by`, `tag_count`, `tag_bytes`)
SELECT `id`, `app_id`, `dialect`, `external_id`, `platform`, `push_token_id`, `user_id`, `user_proved`, `enabled`, `superseded_at`, `expires_at`, `name`, `model`, `os_version`, `app_version`, `sdk_version`, `language`, `timezone`, `details`, `created_at`, `updated_at`, `last_seen_at`, `updated_by`, `tag_count`, `tag_bytes`
FROM `devices` WHERE `id` > coalesce((SELECT max(`id`) FROM `devices_by_number`), '') ORDER BY `id` LIMIT 1000000;--> statement-breakpoint
INSERT INTO `devices_by_number` (`id`, `app_id`, `dialect`, `external_id`, `platform`, `push_token_id`, `user_id`, `user_proved`, `enabled`, `superseded_at`, `expires_at`, `name`, `model`, `os_version`, `app_version`, `sdk_version`, `language`, `timezone`, `details`, `created_at`, `updated_at`, `last_seen_at`, `updated_by`, `tag_count`, `tag_bytes`)
SELECT `id`, `app_id`, `dialect`, `external_id`, `platform`, `push_token_id`, `user_id`, `user_proved`, `enabled`, `superseded_at`, `expires_at`, `name`, `model`, `os_version`, `app_version`, `sdk_version`, `language`, `timezone`, `details`, `created_at`, `updated_at`, `last_seen_at`, `updated_by`, `tag_count`, `tag_bytes`
FROM `devices` WHERE `id` > coalesce((SELECT max(`id`) FROM `devices_by_number`), '') ORDER BY `id` LIMIT 1000000;--> statement-breakpoint
INSERT INTO `devices_by_number` (`id`, `app_id`, `dialect`, `external_id`, `platform`, `push_token_id`, `user_id`, `user_proved`, `enabled`, `superseded_at`, `expires_at`, `name`, `model`, `os_version`, `app_version`, `sdk_version`, `language`, `timezone`, `details`, `created_at`, `updated_at`, `last_seen_at`, `updated_by`, `tag_count`, `tag_bytes`)
SELECT `id`, `app_id`, `dialect`, `external_id`, `platform`, `push_token_id`, `user_id`, `user_proved`, `enabled`, `superseded_at`, `expires_at`, `name`, `model`, `os_version`, `app_version`, `sdk_version`, `language`, `timezone`, `details`, `created_at`, `updated_at`, `last_seen_at`, `updated_by`, `tag_count`, `tag_bytes`
FROM `devices` WHERE `id` > coalesce((SELECT max(`id`) FROM `devices_by_number`), '') ORDER BY `id`;--> statement-breakpoint
DROP TABLE `devices`;--> statement-breakpoint
ALTER TABLE `devices_by_number` RENAME TO `devices`;--> statement-breakpoint
CREATE UNIQUE INDEX `devices_identity` ON `devices` (`app_id`,`dialect`,`external_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `devices_token` ON `devices` (`push_token_id`,`dialect`) WHERE "devices"."push_token_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `devices_newest` ON `devices` (`app_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `devices_tokenless` ON `devices` (`app_id`,`created_at`,`id`) WHERE "devices"."push_token_id" IS NULL;--> statement-breakpoint
CREATE INDEX `devices_by_user` ON `devices` (`app_id`,`user_id`,`created_at`,`id`) WHERE "devices"."user_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `devices_by_dialect` ON `devices` (`app_id`,`dialect`,`id`);--> statement-breakpoint
CREATE INDEX `devices_by_dialect_user` ON `devices` (`app_id`,`dialect`,`user_id`,`id`) WHERE "devices"."user_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `devices_by_platform_name` ON `devices` (`app_id`,`dialect`,details ->> '$.platformName',`id`) WHERE details ->> '$.platformName' IS NOT NULL;--> statement-breakpoint
CREATE INDEX `devices_expiring` ON `devices` (`expires_at`) WHERE "devices"."expires_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `devices_superseded` ON `devices` (CASE WHEN superseded_at > last_seen_at THEN superseded_at ELSE last_seen_at END) WHERE "devices"."superseded_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `devices_alike` ON `devices` (`app_id`,`dialect`,`user_id`,`platform`,`name`,`model`,`id`) WHERE enabled = 1 AND user_id IS NOT NULL AND name <> '' AND model <> '';--> statement-breakpoint
CREATE TABLE `subscriptions_by_number` (
	`device` integer NOT NULL,
	`topic` text NOT NULL,
	`app_id` text NOT NULL,
	`id` text,
	`automatic` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`device`, `topic`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `subscriptions_by_number` (`device`, `topic`, `app_id`, `id`, `automatic`, `created_at`)
SELECT d.`number`, s.`topic`, s.`app_id`, s.`id`, s.`automatic`, s.`created_at`
FROM `devices` d CROSS JOIN `subscriptions` s ON s.`device_id` = d.`id` WHERE d.`number` > 0 AND d.`number` <= 300000 ORDER BY d.`number`, s.`topic`;--> statement-breakpoint
INSERT INTO `subscriptions_by_number` (`device`, `topic`, `app_id`, `id`, `automatic`, `created_at`)
SELECT d.`number`, s.`topic`, s.`app_id`, s.`id`, s.`automatic`, s.`created_at`
FROM `devices` d CROSS JOIN `subscriptions` s ON s.`device_id` = d.`id` WHERE d.`number` > 300000 AND d.`number` <= 600000 ORDER BY d.`number`, s.`topic`;--> statement-breakpoint
INSERT INTO `subscriptions_by_number` (`device`, `topic`, `app_id`, `id`, `automatic`, `created_at`)
SELECT d.`number`, s.`topic`, s.`app_id`, s.`id`, s.`automatic`, s.`created_at`
FROM `devices` d CROSS JOIN `subscriptions` s ON s.`device_id` = d.`id` WHERE d.`number` > 600000 AND d.`number` <= 900000 ORDER BY d.`number`, s.`topic`;--> statement-breakpoint
INSERT INTO `subscriptions_by_number` (`device`, `topic`, `app_id`, `id`, `automatic`, `created_at`)
SELECT d.`number`, s.`topic`, s.`app_id`, s.`id`, s.`automatic`, s.`created_at`
FROM `devices` d CROSS JOIN `subscriptions` s ON s.`device_id` = d.`id` WHERE d.`number` > 900000 AND d.`number` <= 1200000 ORDER BY d.`number`, s.`topic`;--> statement-breakpoint
INSERT INTO `subscriptions_by_number` (`device`, `topic`, `app_id`, `id`, `automatic`, `created_at`)
SELECT d.`number`, s.`topic`, s.`app_id`, s.`id`, s.`automatic`, s.`created_at`
FROM `devices` d CROSS JOIN `subscriptions` s ON s.`device_id` = d.`id` WHERE d.`number` > 1200000 AND d.`number` <= 1500000 ORDER BY d.`number`, s.`topic`;--> statement-breakpoint
INSERT INTO `subscriptions_by_number` (`device`, `topic`, `app_id`, `id`, `automatic`, `created_at`)
SELECT d.`number`, s.`topic`, s.`app_id`, s.`id`, s.`automatic`, s.`created_at`
FROM `devices` d CROSS JOIN `subscriptions` s ON s.`device_id` = d.`id` WHERE d.`number` > 1500000 AND d.`number` <= 1800000 ORDER BY d.`number`, s.`topic`;--> statement-breakpoint
INSERT INTO `subscriptions_by_number` (`device`, `topic`, `app_id`, `id`, `automatic`, `created_at`)
SELECT d.`number`, s.`topic`, s.`app_id`, s.`id`, s.`automatic`, s.`created_at`
FROM `devices` d CROSS JOIN `subscriptions` s ON s.`device_id` = d.`id` WHERE d.`number` > 1800000 AND d.`number` <= 2100000 ORDER BY d.`number`, s.`topic`;--> statement-breakpoint
INSERT INTO `subscriptions_by_number` (`device`, `topic`, `app_id`, `id`, `automatic`, `created_at`)
SELECT d.`number`, s.`topic`, s.`app_id`, s.`id`, s.`automatic`, s.`created_at`
FROM `devices` d CROSS JOIN `subscriptions` s ON s.`device_id` = d.`id` WHERE d.`number` > 2100000 AND d.`number` <= 2400000 ORDER BY d.`number`, s.`topic`;--> statement-breakpoint
INSERT INTO `subscriptions_by_number` (`device`, `topic`, `app_id`, `id`, `automatic`, `created_at`)
SELECT d.`number`, s.`topic`, s.`app_id`, s.`id`, s.`automatic`, s.`created_at`
FROM `devices` d CROSS JOIN `subscriptions` s ON s.`device_id` = d.`id` WHERE d.`number` > 2400000 AND d.`number` <= 2700000 ORDER BY d.`number`, s.`topic`;--> statement-breakpoint
INSERT INTO `subscriptions_by_number` (`device`, `topic`, `app_id`, `id`, `automatic`, `created_at`)
SELECT d.`number`, s.`topic`, s.`app_id`, s.`id`, s.`automatic`, s.`created_at`
FROM `devices` d CROSS JOIN `subscriptions` s ON s.`device_id` = d.`id` WHERE d.`number` > 2700000 AND d.`number` <= 3000000 ORDER BY d.`number`, s.`topic`;--> statement-breakpoint
INSERT INTO `subscriptions_by_number` (`device`, `topic`, `app_id`, `id`, `automatic`, `created_at`)
SELECT d.`number`, s.`topic`, s.`app_id`, s.`id`, s.`automatic`, s.`created_at`
FROM `devices` d CROSS JOIN `subscriptions` s ON s.`device_id` = d.`id` WHERE d.`number` > 3000000 ORDER BY d.`number`, s.`topic`;--> statement-breakpoint
DROP TABLE `subscriptions`;--> statement-breakpoint
ALTER TABLE `subscriptions_by_number` RENAME TO `subscriptions`;--> statement-breakpoint
CREATE INDEX `subscriptions_by_topic` ON `subscriptions` (`app_id`,`topic`,`device`);--> statement-breakpoint
CREATE UNIQUE INDEX `subscriptions_id` ON `subscriptions` (`id`) WHERE "subscriptions"."id" IS NOT NULL;--> statement-breakpoint
-- Topics that are going begin anew with what is left of them, and messages go on behind the same device of a topic.
UPDATE `catalogue` SET `description` = '[0,0]' WHERE `dialect` LIKE '%/going';--> statement-breakpoint
UPDATE `sends` SET `after` = coalesce((SELECT d.`number` FROM `devices` d WHERE d.`id` <= `sends`.`after` ORDER BY d.`id` DESC LIMIT 1), 0)
WHERE `state` = 'planning' AND `after` <> '' AND `parts` ->> ('$[' || `part` || '].by') = 'topic';
