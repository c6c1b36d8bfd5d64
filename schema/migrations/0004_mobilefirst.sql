CREATE TABLE `catalogue` (
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`name` text NOT NULL,
	`id` text NOT NULL,
	`description` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`app_id`, `dialect`, `name`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `catalogue_oldest` ON `catalogue` (`app_id`,`dialect`,`id`);--> statement-breakpoint
CREATE TABLE `clients` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`sealed` text NOT NULL,
	`about` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `clients_by_app` ON `clients` (`app_id`,`dialect`);--> statement-breakpoint
CREATE INDEX `clients_oldest` ON `clients` (`updated_at`);--> statement-breakpoint
CREATE TABLE `documents` (
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`kind` text NOT NULL,
	`sealed` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`app_id`, `dialect`, `kind`)
);
--> statement-breakpoint
CREATE TABLE `grants` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`client_id` text NOT NULL,
	`detail` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `grants_expiring` ON `grants` (`expires_at`);--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`webhook` text NOT NULL,
	`kind` text NOT NULL,
	`event` text NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`due_at`);--> statement-breakpoint
CREATE INDEX `outbox_by_webhook` ON `outbox` (`app_id`,`dialect`,`webhook`);--> statement-breakpoint
CREATE TABLE `signing_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`public_key` text NOT NULL,
	`sealed` text NOT NULL,
	`created_at` integer NOT NULL,
	`signs_until` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `signing_keys_by_app` ON `signing_keys` (`app_id`,`dialect`,`signs_until`);--> statement-breakpoint
CREATE TABLE `webhooks` (
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`name` text NOT NULL,
	`id` text NOT NULL,
	`url` text NOT NULL,
	`events` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`app_id`, `dialect`, `name`)
);
--> statement-breakpoint
CREATE INDEX `credentials_by_name` ON `credentials` (`dialect`,`kind`,`name`) WHERE "credentials"."name" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `devices_by_dialect` ON `devices` (`app_id`,`dialect`,`id`);--> statement-breakpoint
CREATE INDEX `devices_by_dialect_user` ON `devices` (`app_id`,`dialect`,`user_id`,`id`) WHERE "devices"."user_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `devices_by_platform_name` ON `devices` (`app_id`,`dialect`,details ->> '$.platformName',`id`) WHERE details ->> '$.platformName' IS NOT NULL;