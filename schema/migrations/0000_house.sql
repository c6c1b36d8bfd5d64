CREATE TABLE `app_dialects` (
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`identifier` text NOT NULL,
	`options` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`app_id`, `dialect`)
);
--> statement-breakpoint
CREATE TABLE `apps` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`settings` text NOT NULL,
	`vapid_public` text NOT NULL,
	`vapid_private` text NOT NULL,
	`vapid_subject` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `apps_newest` ON `apps` (`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `credentials` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`kind` text NOT NULL,
	`name` text,
	`hash` text NOT NULL,
	`sealed` text,
	`scopes` text NOT NULL,
	`lookup` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `credentials_by_app` ON `credentials` (`app_id`,`dialect`);--> statement-breakpoint
CREATE UNIQUE INDEX `credentials_lookup` ON `credentials` (`dialect`,`lookup`) WHERE "credentials"."lookup" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `devices` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`external_id` text NOT NULL,
	`platform` text NOT NULL,
	`push_token_id` text,
	`user_id` text,
	`user_proved` integer NOT NULL,
	`enabled` integer NOT NULL,
	`superseded_at` integer,
	`expires_at` integer,
	`name` text,
	`model` text,
	`os_version` text,
	`app_version` text,
	`sdk_version` text,
	`language` text,
	`timezone` text,
	`details` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `devices_identity` ON `devices` (`app_id`,`dialect`,`external_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `devices_token` ON `devices` (`push_token_id`,`dialect`) WHERE "devices"."push_token_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `devices_newest` ON `devices` (`app_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `devices_by_user` ON `devices` (`app_id`,`user_id`) WHERE "devices"."user_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `devices_expiring` ON `devices` (`expires_at`) WHERE "devices"."expires_at" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`app_id` text NOT NULL,
	`device_id` text NOT NULL,
	`kind` text NOT NULL,
	`cause` text NOT NULL,
	`detail` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `events_by_device` ON `events` (`app_id`,`device_id`);--> statement-breakpoint
CREATE TABLE `identifiers` (
	`dialect` text NOT NULL,
	`value` text NOT NULL,
	`app_id` text NOT NULL,
	PRIMARY KEY(`dialect`, `value`)
);
--> statement-breakpoint
CREATE INDEX `identifiers_by_app` ON `identifiers` (`app_id`);--> statement-breakpoint
CREATE TABLE `push_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`provider` text NOT NULL,
	`hash` text NOT NULL,
	`token` text NOT NULL,
	`environment` text NOT NULL,
	`keys` text,
	`state` text NOT NULL,
	`state_reason` text,
	`state_at` integer NOT NULL,
	`dialects` text NOT NULL,
	`created_at` integer NOT NULL,
	`registered_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `push_tokens_identity` ON `push_tokens` (`app_id`,`provider`,`hash`);--> statement-breakpoint
CREATE INDEX `push_tokens_newest` ON `push_tokens` (`app_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `receipts` (
	`device_id` text NOT NULL,
	`message_id` text NOT NULL,
	`kind` text NOT NULL,
	`app_id` text NOT NULL,
	`count` integer NOT NULL,
	`first_at` integer NOT NULL,
	`last_at` integer NOT NULL,
	`details` text NOT NULL,
	PRIMARY KEY(`device_id`, `message_id`, `kind`)
);
--> statement-breakpoint
CREATE INDEX `receipts_by_app` ON `receipts` (`app_id`,`last_at`);--> statement-breakpoint
CREATE TABLE `subscriptions` (
	`device_id` text NOT NULL,
	`topic` text NOT NULL,
	`app_id` text NOT NULL,
	`id` text,
	`automatic` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`device_id`, `topic`)
);
--> statement-breakpoint
CREATE INDEX `subscriptions_by_topic` ON `subscriptions` (`app_id`,`topic`,`device_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `subscriptions_id` ON `subscriptions` (`id`) WHERE "subscriptions"."id" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `tags` (
	`device_id` text NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`device_id`, `name`)
);
