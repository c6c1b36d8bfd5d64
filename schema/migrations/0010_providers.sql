CREATE TABLE `lane_secrets` (
	`app_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`version` text NOT NULL,
	`mark` text NOT NULL,
	`sealed` text NOT NULL,
	`made_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`app_id`, `kind`, `name`)
);
--> statement-breakpoint
CREATE TABLE `providers` (
	`app_id` text NOT NULL,
	`kind` text NOT NULL,
	`version` text NOT NULL,
	`sealed` text NOT NULL,
	`shown` text NOT NULL,
	`dialect` text,
	`state` text NOT NULL,
	`reason` text,
	`since` integer,
	`failures` integer DEFAULT 0 NOT NULL,
	`resting_until` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`app_id`, `kind`)
);
