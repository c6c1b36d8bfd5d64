-- Devices that others replaced are counted from here on: a limit on the devices of an app leaves them out.
INSERT INTO `counters` (`app_id`, `kind`, `name`, `amount`)
SELECT `app_id`, 'superseded', '', count(*) FROM `devices` WHERE `superseded_at` IS NOT NULL GROUP BY `app_id`;
