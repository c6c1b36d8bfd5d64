ALTER TABLE `mirror_ids` ADD `used_at` integer;--> statement-breakpoint
CREATE INDEX `mirror_ids_aliases` ON `mirror_ids` (`used_at`) WHERE "mirror_ids"."used_at" IS NOT NULL;