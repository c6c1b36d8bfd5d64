DROP INDEX "events_by_device";--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "events_of_device" ON "events" USING btree ("app_id","device_id","id");