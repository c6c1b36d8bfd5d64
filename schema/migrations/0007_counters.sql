CREATE TABLE `clocks` (
	`name` text PRIMARY KEY NOT NULL,
	`trusted_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	`steady_since` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `counters` (
	`app_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`amount` integer NOT NULL,
	PRIMARY KEY(`app_id`, `kind`, `name`)
);
--> statement-breakpoint
CREATE INDEX `counters_spent` ON `counters` (`app_id`,`kind`,`name`) WHERE "counters"."amount" = 0;--> statement-breakpoint
ALTER TABLE `devices` ADD `updated_by` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `devices_superseded` ON `devices` (CASE WHEN superseded_at > last_seen_at THEN superseded_at ELSE last_seen_at END) WHERE "devices"."superseded_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `devices_alike` ON `devices` (`app_id`,`dialect`,`user_id`,`platform`,`name`,`model`,`id`) WHERE enabled = 1 AND user_id IS NOT NULL AND name <> '' AND model <> '';--> statement-breakpoint
ALTER TABLE `push_tokens` ADD `delivered_at` integer;--> statement-breakpoint
INSERT INTO `counters` (app_id, kind, name, amount)
SELECT d.app_id, 'devices', d.dialect || '/' || d.platform || '/' || coalesce(p.provider, '') || '/'
    || CASE WHEN d.enabled = 1 AND p.state = 'live' THEN 1 ELSE 0 END AS bucket, count(*)
FROM devices d LEFT JOIN push_tokens p ON p.id = d.push_token_id GROUP BY d.app_id, bucket;--> statement-breakpoint
INSERT INTO `counters` (app_id, kind, name, amount)
SELECT app_id, 'day', date(created_at / 1000, 'unixepoch') AS day, count(*) FROM devices GROUP BY app_id, day;--> statement-breakpoint
INSERT INTO `counters` (app_id, kind, name, amount)
SELECT s.app_id, 'topic', s.topic, count(*)
FROM subscriptions s JOIN devices d ON d.id = s.device_id LEFT JOIN push_tokens p ON p.id = d.push_token_id
WHERE d.enabled = 1 AND d.superseded_at IS NULL AND (p.id IS NULL OR p.state = 'live')
GROUP BY s.app_id, s.topic;
