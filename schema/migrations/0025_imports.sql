CREATE TABLE `erasures` (
	`app_id` text NOT NULL,
	`mark` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`app_id`, `mark`)
);
--> statement-breakpoint
CREATE INDEX `erasures_oldest` ON `erasures` (`at`);--> statement-breakpoint
CREATE TABLE `import_chunks` (
	`id` text NOT NULL,
	`place` integer NOT NULL,
	`bytes` text NOT NULL,
	PRIMARY KEY(`id`, `place`)
);
--> statement-breakpoint
CREATE TABLE `import_counts` (
	`number` integer NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`amount` integer NOT NULL,
	PRIMARY KEY(`number`, `kind`, `name`)
);
--> statement-breakpoint
CREATE TABLE `import_errors` (
	`number` integer NOT NULL,
	`position` integer NOT NULL,
	`outcome` text NOT NULL,
	`reason` text,
	`warnings` text NOT NULL,
	`shown` text NOT NULL,
	`user_id` text,
	PRIMARY KEY(`number`, `position`)
);
--> statement-breakpoint
CREATE INDEX `import_errors_by_user` ON `import_errors` (`user_id`,`number`) WHERE "import_errors"."user_id" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `import_marks` (
	`app_id` text NOT NULL,
	`mark` blob NOT NULL,
	`device` integer NOT NULL,
	`number` integer NOT NULL,
	PRIMARY KEY(`app_id`, `mark`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `import_marks_by_device` ON `import_marks` (`device`);--> statement-breakpoint
CREATE TABLE `import_rows` (
	`number` integer NOT NULL,
	`position` integer NOT NULL,
	`round` integer NOT NULL,
	`dialect` text NOT NULL,
	`external_id` text NOT NULL,
	`device_id` text NOT NULL,
	`device` integer,
	`platform` text NOT NULL,
	`provider` text,
	`digest` blob,
	`token_id` text,
	`token` text,
	`environment` text NOT NULL,
	`keys` text,
	`user_id` text,
	`user_proved` integer NOT NULL,
	`enabled` integer,
	`expires_at` integer,
	`name` text,
	`model` text,
	`os_version` text,
	`app_version` text,
	`sdk_version` text,
	`language` text,
	`timezone` text,
	`details` text,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`as_of` integer,
	`order_key` text NOT NULL,
	`mark` blob NOT NULL,
	`topics` text NOT NULL,
	`tags` text NOT NULL,
	`ids` integer NOT NULL,
	`shown` text NOT NULL,
	`warnings` text NOT NULL,
	`outcome` text NOT NULL,
	`reason` text,
	`live` integer NOT NULL,
	`wins` integer NOT NULL,
	`takes` integer NOT NULL,
	`holder` integer,
	`left_id` text,
	`adopted` integer NOT NULL,
	`revives` integer NOT NULL,
	PRIMARY KEY(`number`, `position`)
);
--> statement-breakpoint
CREATE TABLE `imports` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`format` text NOT NULL,
	`dry_run` integer NOT NULL,
	`options` text NOT NULL,
	`state` text NOT NULL,
	`bytes` integer NOT NULL,
	`exported_at` integer,
	`rows_read` integer NOT NULL,
	`rows_done` integer NOT NULL,
	`rows_total` integer,
	`place` text NOT NULL,
	`error` text,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`finished_at` integer,
	`idempotency_key` text,
	`idempotency_until` integer NOT NULL,
	`shadow` integer NOT NULL,
	`lease` text,
	`due_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `imports_id` ON `imports` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `imports_key` ON `imports` (`app_id`,`idempotency_key`) WHERE "imports"."idempotency_key" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `imports_newest` ON `imports` (`app_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `imports_waiting` ON `imports` (`due_at`,`number`) WHERE "imports"."finished_at" IS NULL;--> statement-breakpoint
CREATE INDEX `imports_finished` ON `imports` (`finished_at`) WHERE "imports"."finished_at" IS NOT NULL;--> statement-breakpoint
ALTER TABLE `devices` ADD `imported_at` integer;--> statement-breakpoint
ALTER TABLE `devices` ADD `live_at` integer;--> statement-breakpoint
ALTER TABLE `devices` ADD `import_key` text;