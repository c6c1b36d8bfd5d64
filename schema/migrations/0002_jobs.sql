CREATE TABLE `job_items` (
	`job_id` text NOT NULL,
	`position` integer NOT NULL,
	`label` text NOT NULL,
	`input` text,
	`state` text NOT NULL,
	`reason` text,
	PRIMARY KEY(`job_id`, `position`)
);
--> statement-breakpoint
CREATE INDEX `job_items_waiting` ON `job_items` (`job_id`,`position`) WHERE "job_items"."state" = 'pending';--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`state` text NOT NULL,
	`total` integer NOT NULL,
	`lease` text,
	`leased_until` integer NOT NULL,
	`created_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE INDEX `jobs_by_app` ON `jobs` (`app_id`,`dialect`);--> statement-breakpoint
CREATE INDEX `jobs_waiting` ON `jobs` (`created_at`,`id`) WHERE "jobs"."state" = 'pending';--> statement-breakpoint
CREATE INDEX `jobs_leased` ON `jobs` (`lease`) WHERE "jobs"."lease" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `jobs_finished` ON `jobs` (`finished_at`) WHERE "jobs"."finished_at" IS NOT NULL;