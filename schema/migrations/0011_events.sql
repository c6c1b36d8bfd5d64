ALTER TABLE `events` ADD `dialect` text;--> statement-breakpoint
ALTER TABLE `events` ADD `external_id` text;--> statement-breakpoint
ALTER TABLE `events` ADD `change` integer;--> statement-breakpoint
CREATE INDEX `events_by_external_id` ON `events` (`app_id`,`external_id`) WHERE "events"."external_id" IS NOT NULL;