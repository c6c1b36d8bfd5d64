CREATE TABLE `tag_types` (
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`source` text NOT NULL,
	PRIMARY KEY(`app_id`, `dialect`, `name`)
);
--> statement-breakpoint
CREATE TABLE `user_work` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`dialect` text NOT NULL,
	`user_id` text NOT NULL,
	`target` text,
	`input` text NOT NULL,
	`cause` text NOT NULL,
	`asked_at` integer NOT NULL,
	`after` text NOT NULL,
	`upto` text NOT NULL,
	`turn_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `user_work_by_app` ON `user_work` (`app_id`,`dialect`,`asked_at`,`id`);--> statement-breakpoint
CREATE INDEX `user_work_turns` ON `user_work` (`turn_at`,`id`);--> statement-breakpoint
ALTER TABLE `devices` ADD `tag_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `devices` ADD `tag_bytes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
INSERT INTO `tag_types` (`app_id`, `dialect`, `name`, `type`, `source`)
SELECT app_id, dialect, name, type, 'value' FROM (
  SELECT d.app_id, d.dialect, t.name, t.type,
    row_number() OVER (PARTITION BY d.app_id, d.dialect, t.name ORDER BY count(*) DESC, min(t.updated_at), t.type) AS place
  FROM tags t JOIN devices d ON d.id = t.device_id GROUP BY d.app_id, d.dialect, t.name, t.type)
WHERE place = 1;
--> statement-breakpoint
UPDATE `devices` SET (`tag_count`, `tag_bytes`) = (
  SELECT count(*), coalesce(sum(length(CAST(t.name AS BLOB)) + length(CAST(t.value AS BLOB))), 0) FROM tags t WHERE t.device_id = devices.id)
WHERE id IN (SELECT device_id FROM tags);
