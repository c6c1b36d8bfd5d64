DROP INDEX `outbox_due`;--> statement-breakpoint
ALTER TABLE `outbox` ADD `webhook_id` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `outbox` ADD `round` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `outbox` ADD `taken` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `outbox_lane` ON `outbox` (`webhook_id`,`taken`,`due_at`);--> statement-breakpoint
ALTER TABLE `webhooks` ADD `sealed` text;--> statement-breakpoint
ALTER TABLE `webhooks` ADD `failures` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `webhooks` ADD `resting_until` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `webhooks` ADD `rounds` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `webhooks_by_id` ON `webhooks` (`id`);--> statement-breakpoint
UPDATE `outbox` SET `webhook_id` = coalesce((SELECT w.`id` FROM `webhooks` w WHERE w.`app_id` = `outbox`.`app_id` AND w.`dialect` = `outbox`.`dialect` AND w.`name` = `outbox`.`webhook`), '');--> statement-breakpoint
DELETE FROM `outbox` WHERE `webhook_id` = '';
