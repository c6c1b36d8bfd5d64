CREATE TABLE `send_counts` (
	`send_id` text NOT NULL,
	`app_id` text NOT NULL,
	`provider` text NOT NULL,
	`platform` text NOT NULL,
	`outcome` text NOT NULL,
	`hour` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`send_id`, `provider`, `platform`, `outcome`, `hour`)
);
--> statement-breakpoint
CREATE INDEX `send_counts_by_app` ON `send_counts` (`app_id`);--> statement-breakpoint
CREATE TABLE `send_failures` (
	`send_id` text NOT NULL,
	`app_id` text NOT NULL,
	`push_token_id` text NOT NULL,
	`device_id` text,
	`provider` text NOT NULL,
	`outcome` text NOT NULL,
	`reason` text NOT NULL,
	`attempts` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`send_id`, `push_token_id`)
);
--> statement-breakpoint
CREATE INDEX `send_failures_by_app` ON `send_failures` (`app_id`);--> statement-breakpoint
CREATE TABLE `send_pages` (
	`send_id` text NOT NULL,
	`app_id` text NOT NULL,
	`run` integer NOT NULL,
	`number` integer NOT NULL,
	`lane` text NOT NULL,
	`provider` text NOT NULL,
	`priority` integer NOT NULL,
	`tokens` text NOT NULL,
	`result` text NOT NULL,
	`attempts` text NOT NULL,
	`due_at` integer,
	`lease` text,
	PRIMARY KEY(`send_id`, `run`, `number`)
);
--> statement-breakpoint
CREATE INDEX `send_pages_by_app` ON `send_pages` (`app_id`);--> statement-breakpoint
CREATE INDEX `send_pages_leased` ON `send_pages` (`lease`) WHERE "send_pages"."lease" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `send_pages_due` ON `send_pages` (`lane`,`priority`,`due_at`) WHERE "send_pages"."due_at" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `sends` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`external_id` text NOT NULL,
	`body` text NOT NULL,
	`audience` text NOT NULL,
	`dialects` text NOT NULL,
	`parts` text NOT NULL,
	`schedule` text NOT NULL,
	`ttl` integer,
	`priority` integer NOT NULL,
	`ignored` text NOT NULL,
	`idempotency_key` text,
	`idempotency_hash` text,
	`idempotency_until` integer NOT NULL,
	`state` text NOT NULL,
	`due_at` integer,
	`run` integer NOT NULL,
	`run_at` integer,
	`part` integer NOT NULL,
	`after` text NOT NULL,
	`pages` integer NOT NULL,
	`open_pages` integer NOT NULL,
	`created_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sends_identity` ON `sends` (`app_id`,`dialect`,`external_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `sends_key` ON `sends` (`app_id`,`dialect`,`idempotency_key`) WHERE "sends"."idempotency_key" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `sends_newest` ON `sends` (`app_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `sends_scheduled` ON `sends` (`due_at`) WHERE "sends"."state" = 'scheduled';--> statement-breakpoint
CREATE INDEX `sends_planning` ON `sends` (`priority`,`due_at`) WHERE "sends"."state" = 'planning';--> statement-breakpoint
CREATE INDEX `sends_finished` ON `sends` (`finished_at`) WHERE "sends"."finished_at" IS NOT NULL;