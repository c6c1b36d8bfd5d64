CREATE TABLE "sweeps" (
	"app_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"days" bigint,
	"place" text COLLATE "C" DEFAULT '' NOT NULL,
	"lease" text COLLATE "C",
	"due_at" bigint,
	"dropped_id" bigint DEFAULT 0 NOT NULL,
	"dropped_at" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "sweeps_app_id_kind_pk" PRIMARY KEY("app_id","kind")
);
--> statement-breakpoint
CREATE INDEX "sweeps_due" ON "sweeps" USING btree ("due_at","app_id","kind") WHERE "due_at" IS NOT NULL;