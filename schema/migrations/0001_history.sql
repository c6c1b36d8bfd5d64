DROP INDEX `receipts_by_app`;--> statement-breakpoint
CREATE INDEX `receipts_by_message` ON `receipts` (`app_id`,`message_id`,`device_id`,`kind`);--> statement-breakpoint
DROP INDEX `devices_by_user`;--> statement-breakpoint
CREATE INDEX `devices_tokenless` ON `devices` (`app_id`,`created_at`,`id`) WHERE "devices"."push_token_id" IS NULL;--> statement-breakpoint
CREATE INDEX `devices_by_user` ON `devices` (`app_id`,`user_id`,`created_at`,`id`) WHERE "devices"."user_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `events_by_user` ON `events` (`app_id`,detail ->> '$.userId') WHERE detail ->> '$.userId' IS NOT NULL;