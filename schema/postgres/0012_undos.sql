CREATE TABLE "undo_counts" (
	"undo" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"amount" bigint NOT NULL,
	CONSTRAINT "undo_counts_undo_name_pk" PRIMARY KEY("undo","name")
);
--> statement-breakpoint
CREATE TABLE "undos" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"app_id" text COLLATE "C" NOT NULL,
	"about" text COLLATE "C" NOT NULL,
	"from_at" bigint NOT NULL,
	"until_at" bigint NOT NULL,
	"dry_run" bigint NOT NULL,
	"forced" bigint NOT NULL,
	"actor" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"place" bigint NOT NULL,
	"finished_at" bigint
);
--> statement-breakpoint
CREATE INDEX "undos_newest" ON "undos" USING btree ("app_id","created_at","id");--> statement-breakpoint
CREATE INDEX "undos_open" ON "undos" USING btree ("created_at","id") WHERE "finished_at" IS NULL;