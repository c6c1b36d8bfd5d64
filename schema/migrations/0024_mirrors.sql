CREATE TABLE `mirror_counts` (
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`since` integer NOT NULL,
	`route` text NOT NULL,
	`name` text NOT NULL,
	`hour` integer NOT NULL,
	`amount` integer NOT NULL,
	PRIMARY KEY(`app_id`, `dialect`, `since`, `route`, `name`, `hour`)
);
--> statement-breakpoint
CREATE INDEX `mirror_counts_oldest` ON `mirror_counts` (`hour`);--> statement-breakpoint
CREATE TABLE `mirror_diffs` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`at` integer NOT NULL,
	`drop_at` integer NOT NULL,
	`mode` text NOT NULL,
	`route` text NOT NULL,
	`severity` text NOT NULL,
	`signature` text NOT NULL,
	`detail` text NOT NULL,
	`sample` text
);
--> statement-breakpoint
CREATE INDEX `mirror_diffs_newest` ON `mirror_diffs` (`app_id`,`dialect`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `mirror_diffs_by_signature` ON `mirror_diffs` (`app_id`,`dialect`,`signature`);--> statement-breakpoint
CREATE INDEX `mirror_diffs_ending` ON `mirror_diffs` (`drop_at`);--> statement-breakpoint
CREATE TABLE `mirror_marks` (
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`kind` text NOT NULL,
	`mark` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`app_id`, `dialect`, `kind`, `mark`)
);
--> statement-breakpoint
CREATE TABLE `mirror_signatures` (
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`signature` text NOT NULL,
	`route` text NOT NULL,
	`severity` text NOT NULL,
	`differences` text NOT NULL,
	`since` integer NOT NULL,
	`count` integer NOT NULL,
	`first_at` integer NOT NULL,
	`last_at` integer NOT NULL,
	`example` text,
	`accepted` integer DEFAULT 0 NOT NULL,
	`note` text,
	PRIMARY KEY(`app_id`, `dialect`, `signature`)
);
--> statement-breakpoint
CREATE TABLE `mirror_subjects` (
	`app_id` text NOT NULL,
	`mark` text NOT NULL,
	`diff_id` text NOT NULL,
	PRIMARY KEY(`app_id`, `mark`, `diff_id`)
);
--> statement-breakpoint
CREATE INDEX `mirror_subjects_by_diff` ON `mirror_subjects` (`diff_id`);