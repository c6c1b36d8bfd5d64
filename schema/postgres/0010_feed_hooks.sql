CREATE TABLE "feed_hooks" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"app_id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"url" text COLLATE "C" NOT NULL,
	"kinds" text COLLATE "C",
	"sealed" text COLLATE "C" NOT NULL,
	"event" bigint NOT NULL,
	"part" text COLLATE "C" NOT NULL,
	"epoch" bigint NOT NULL,
	"failures" bigint NOT NULL,
	"failing_since" bigint,
	"tries" bigint NOT NULL,
	"stopped" text COLLATE "C",
	"delivered" bigint NOT NULL,
	"last_at" bigint,
	"last_status" bigint,
	"last_error" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"lease" text COLLATE "C",
	"due_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "feed_letters" (
	"hook" text COLLATE "C" NOT NULL,
	"event" bigint NOT NULL,
	"part" text COLLATE "C" NOT NULL,
	"app_id" text COLLATE "C" NOT NULL,
	"device" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"dead" bigint NOT NULL,
	"tries" bigint NOT NULL,
	"status" bigint,
	"error" text COLLATE "C",
	"at" bigint NOT NULL,
	"tried_at" bigint,
	"due_at" bigint,
	CONSTRAINT "feed_letters_hook_event_part_pk" PRIMARY KEY("hook","event","part")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "feed_hooks_by_name" ON "feed_hooks" USING btree ("app_id","name");--> statement-breakpoint
CREATE INDEX "feed_hooks_due" ON "feed_hooks" USING btree ("due_at","id") WHERE "stopped" IS NULL;--> statement-breakpoint
CREATE INDEX "feed_hooks_leased" ON "feed_hooks" USING btree ("lease") WHERE "lease" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "feed_letters_due" ON "feed_letters" USING btree ("hook","due_at") WHERE "due_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "feed_letters_by_device" ON "feed_letters" USING btree ("hook","device","dead","event");--> statement-breakpoint
CREATE INDEX "feed_letters_by_state" ON "feed_letters" USING btree ("hook","dead","event","part");--> statement-breakpoint
CREATE INDEX "feed_letters_by_app" ON "feed_letters" USING btree ("app_id");--> statement-breakpoint
CREATE INDEX "feed_letters_oldest" ON "feed_letters" USING btree ("event");