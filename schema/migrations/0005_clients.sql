ALTER TABLE `clients` ADD `external_id` text;--> statement-breakpoint
CREATE INDEX `clients_by_device` ON `clients` (`app_id`,`dialect`,`external_id`) WHERE "clients"."external_id" IS NOT NULL;--> statement-breakpoint
UPDATE `clients` SET `external_id` = about ->> '$.device.id' WHERE `dialect` = 'mobilefirst' AND json_type(about, '$.device.id') = 'text';
