CREATE TABLE "kept_states" (
	"subject" text COLLATE "C" PRIMARY KEY NOT NULL,
	"app_id" text COLLATE "C" NOT NULL,
	"dialect" text COLLATE "C" NOT NULL,
	"device_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"document" text COLLATE "C",
	"sealed" text COLLATE "C",
	"at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "undos" ADD COLUMN "kind" text COLLATE "C" DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "kept_states_by_device" ON "kept_states" USING btree ("app_id","dialect","device_id");--> statement-breakpoint
CREATE INDEX "kept_states_by_user" ON "kept_states" USING btree ("app_id","user_id") WHERE "user_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "kept_states_oldest" ON "kept_states" USING btree ("at");--> statement-breakpoint
CREATE INDEX "kept_states_open" ON "kept_states" USING btree ("at","subject") WHERE "document" IS NOT NULL;