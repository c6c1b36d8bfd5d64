DROP INDEX `outbox_lane`;--> statement-breakpoint
ALTER TABLE `outbox` ADD `lease` text;--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`webhook_id`,`due_at`);--> statement-breakpoint
CREATE INDEX `outbox_leased` ON `outbox` (`webhook_id`,`due_at`) WHERE "outbox"."lease" IS NOT NULL;--> statement-breakpoint
ALTER TABLE `jobs` ADD `due_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE `jobs` SET `due_at` = `leased_until`;
