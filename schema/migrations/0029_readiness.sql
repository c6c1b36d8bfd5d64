CREATE TABLE `readiness_counts` (
	`run` integer NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`day` integer NOT NULL,
	`imported` integer NOT NULL,
	`seen` integer NOT NULL,
	`live_only` integer NOT NULL,
	`active` integer NOT NULL,
	`active_seen` integer NOT NULL,
	`dead` integer NOT NULL,
	`placeholders` integer NOT NULL,
	`reachable` integer NOT NULL,
	`early` integer NOT NULL,
	PRIMARY KEY(`run`, `kind`, `name`, `day`)
);
--> statement-breakpoint
CREATE TABLE `readiness_records` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`note` text,
	`document` text NOT NULL,
	`digest` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `readiness_records_newest` ON `readiness_records` (`app_id`,`at`,`id`);--> statement-breakpoint
CREATE TABLE `readiness_runs` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`since` integer NOT NULL,
	`active_days` integer NOT NULL,
	`started_at` integer NOT NULL,
	`after` text NOT NULL,
	`walked` integer NOT NULL,
	`finished_at` integer,
	`result` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `readiness_runs_open` ON `readiness_runs` (`app_id`,`dialect`,`since`,`active_days`) WHERE "readiness_runs"."finished_at" IS NULL;--> statement-breakpoint
CREATE INDEX `readiness_runs_done` ON `readiness_runs` (`app_id`,`dialect`,`since`,`active_days`,`number`);--> statement-breakpoint
CREATE INDEX `readiness_runs_oldest` ON `readiness_runs` (`started_at`);--> statement-breakpoint
CREATE TABLE `readiness_starts` (
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`imported_at` integer NOT NULL,
	`exported_at` integer,
	PRIMARY KEY(`app_id`, `dialect`)
);
