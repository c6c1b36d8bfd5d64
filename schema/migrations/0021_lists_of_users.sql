DROP INDEX `outbox_by_users`;--> statement-breakpoint
CREATE INDEX `outbox_by_users` ON `outbox` (`app_id`,`id`) WHERE event ->> '$.users' IS NOT NULL;