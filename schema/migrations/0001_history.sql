DROP INDEX `receipts_by_app`;--> statement-breakpoint
CREATE INDEX `receipts_by_message` ON `receipts` (`app_id`,`message_id`,`device_id`,`kind`);--> statement-breakpoint
CREATE INDEX `events_by_user` ON `events` (`app_id`,detail ->> '$.userId') WHERE detail ->> '$.userId' IS NOT NULL;