ALTER TABLE `catalogue` ADD `lease` text;--> statement-breakpoint
ALTER TABLE `catalogue` ADD `due_at` integer;--> statement-breakpoint
CREATE INDEX `catalogue_going` ON `catalogue` (`due_at`) WHERE "catalogue"."due_at" IS NOT NULL;--> statement-breakpoint
ALTER TABLE `removals` ADD `lease` text;--> statement-breakpoint
ALTER TABLE `removals` ADD `due_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `user_work` ADD `lease` text;--> statement-breakpoint
ALTER TABLE `user_work` ADD `due_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE `catalogue` SET `due_at` = 0 WHERE `dialect` LIKE '%/going';