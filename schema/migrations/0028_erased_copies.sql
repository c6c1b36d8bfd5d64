CREATE TABLE `mirror_copy_subjects` (
	`app_id` text NOT NULL,
	`mark` text NOT NULL,
	`copy_id` text NOT NULL,
	PRIMARY KEY(`app_id`, `mark`, `copy_id`)
);
--> statement-breakpoint
CREATE INDEX `mirror_copy_subjects_by_copy` ON `mirror_copy_subjects` (`copy_id`);--> statement-breakpoint
ALTER TABLE `mirror_copies` ADD `owner` text;--> statement-breakpoint
CREATE INDEX `mirror_copies_by_owner` ON `mirror_copies` (`owner`) WHERE "mirror_copies"."owner" IS NOT NULL;--> statement-breakpoint
ALTER TABLE `removals` ADD `mark` text;