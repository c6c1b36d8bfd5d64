CREATE TABLE `mirror_copies` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`line` text NOT NULL,
	`device` text NOT NULL,
	`route` text NOT NULL,
	`same` text NOT NULL,
	`once` integer NOT NULL,
	`sealed` text NOT NULL,
	`tries` integer NOT NULL,
	`created_at` integer NOT NULL,
	`due_at` integer,
	`lease` text
);
--> statement-breakpoint
CREATE INDEX `mirror_copies_due` ON `mirror_copies` (`line`,`due_at`,`id`) WHERE "mirror_copies"."due_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `mirror_copies_leased` ON `mirror_copies` (`lease`) WHERE "mirror_copies"."lease" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `mirror_copies_by_device` ON `mirror_copies` (`device`,`id`);--> statement-breakpoint
CREATE INDEX `mirror_copies_by_app` ON `mirror_copies` (`app_id`,`dialect`,`id`);--> statement-breakpoint
CREATE TABLE `mirror_ids` (
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`device` text NOT NULL,
	`ours` text NOT NULL,
	`vendor` text NOT NULL,
	PRIMARY KEY(`app_id`, `dialect`, `ours`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mirror_ids_by_vendor` ON `mirror_ids` (`app_id`,`dialect`,`vendor`);--> statement-breakpoint
CREATE INDEX `mirror_ids_by_device` ON `mirror_ids` (`device`);