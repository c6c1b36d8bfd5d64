-- Of a token's hash, its first 128 bits are kept, as bytes. The column has another name, so that an older build that still runs
-- fails on it instead of finding nothing by it. The copy is made in pieces of a million, since a statement of D1's may take
-- no longer than half a minute.
CREATE TABLE `push_tokens_by_digest` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`provider` text NOT NULL,
	`digest` blob NOT NULL,
	`token` text NOT NULL,
	`environment` text NOT NULL,
	`keys` text,
	`state` text NOT NULL,
	`state_reason` text,
	`state_at` integer NOT NULL,
	`dialects` text NOT NULL,
	`created_at` integer NOT NULL,
	`registered_at` integer NOT NULL,
	`delivered_at` integer
);
--> statement-breakpoint
INSERT INTO `push_tokens_by_digest` (`id`, `app_id`, `provider`, `digest`, `token`, `environment`, `keys`, `state`, `state_reason`, `state_at`, `dialects`, `created_at`, `registered_at`, `delivered_at`)
SELECT `id`, `app_id`, `provider`, coalesce(unhex(substr(`hash`, 1, 32)), CAST(`hash` AS blob)), `token`, `environment`, `keys`, `state`, `state_reason`, `state_at`, `dialects`, `created_at`, `registered_at`, `delivered_at`
FROM `push_tokens` WHERE `rowid` <= 1000000;--> statement-breakpoint
INSERT INTO `push_tokens_by_digest` (`id`, `app_id`, `provider`, `digest`, `token`, `environment`, `keys`, `state`, `state_reason`, `state_at`, `dialects`, `created_at`, `registered_at`, `delivered_at`)
SELECT `id`, `app_id`, `provider`, coalesce(unhex(substr(`hash`, 1, 32)), CAST(`hash` AS blob)), `token`, `environment`, `keys`, `state`, `state_reason`, `state_at`, `dialects`, `created_at`, `registered_at`, `delivered_at`
FROM `push_tokens` WHERE `rowid` > 1000000 AND `rowid` <= 2000000;--> statement-breakpoint
INSERT INTO `push_tokens_by_digest` (`id`, `app_id`, `provider`, `digest`, `token`, `environment`, `keys`, `state`, `state_reason`, `state_at`, `dialects`, `created_at`, `registered_at`, `delivered_at`)
SELECT `id`, `app_id`, `provider`, coalesce(unhex(substr(`hash`, 1, 32)), CAST(`hash` AS blob)), `token`, `environment`, `keys`, `state`, `state_reason`, `state_at`, `dialects`, `created_at`, `registered_at`, `delivered_at`
FROM `push_tokens` WHERE `rowid` > 2000000 AND `rowid` <= 3000000;--> statement-breakpoint
INSERT INTO `push_tokens_by_digest` (`id`, `app_id`, `provider`, `digest`, `token`, `environment`, `keys`, `state`, `state_reason`, `state_at`, `dialects`, `created_at`, `registered_at`, `delivered_at`)
SELECT `id`, `app_id`, `provider`, coalesce(unhex(substr(`hash`, 1, 32)), CAST(`hash` AS blob)), `token`, `environment`, `keys`, `state`, `state_reason`, `state_at`, `dialects`, `created_at`, `registered_at`, `delivered_at`
FROM `push_tokens` WHERE `rowid` > 3000000;--> statement-breakpoint
DROP TABLE `push_tokens`;--> statement-breakpoint
ALTER TABLE `push_tokens_by_digest` RENAME TO `push_tokens`;--> statement-breakpoint
CREATE UNIQUE INDEX `push_tokens_identity` ON `push_tokens` (`app_id`,`provider`,`digest`);--> statement-breakpoint
CREATE INDEX `push_tokens_newest` ON `push_tokens` (`app_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `push_tokens_gone` ON `push_tokens` (`state_at`) WHERE "push_tokens"."state" = 'gone';
