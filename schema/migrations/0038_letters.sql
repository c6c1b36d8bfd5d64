DROP INDEX `feed_letters_due`;--> statement-breakpoint
DROP INDEX `feed_letters_by_app`;--> statement-breakpoint
CREATE INDEX `feed_letters_due` ON `feed_letters` (`hook`,`due_at`,`event`) WHERE "feed_letters"."due_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `feed_letters_by_app` ON `feed_letters` (`app_id`,`device`);