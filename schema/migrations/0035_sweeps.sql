CREATE TABLE `sweeps` (
	`app_id` text NOT NULL,
	`kind` text NOT NULL,
	`days` integer,
	`place` text DEFAULT '' NOT NULL,
	`lease` text,
	`due_at` integer,
	`dropped_id` integer DEFAULT 0 NOT NULL,
	`dropped_at` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`app_id`, `kind`)
);
--> statement-breakpoint
CREATE INDEX `sweeps_due` ON `sweeps` (`due_at`,`app_id`,`kind`) WHERE "sweeps"."due_at" IS NOT NULL;