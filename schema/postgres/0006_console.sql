CREATE TABLE "activity" (
	"app_id" text COLLATE "C" NOT NULL,
	"hour" bigint NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"dialect" text COLLATE "C" NOT NULL,
	"facet" text COLLATE "C" NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "activity_app_id_hour_kind_dialect_facet_pk" PRIMARY KEY("app_id","hour","kind","dialect","facet")
);
--> statement-breakpoint
CREATE TABLE "operator_keys" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"parent" text COLLATE "C",
	"about" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"expires_at" bigint,
	"last_used_at" bigint
);
--> statement-breakpoint
CREATE INDEX "activity_oldest" ON "activity" USING btree ("hour");--> statement-breakpoint
CREATE UNIQUE INDEX "operator_keys_by_hash" ON "operator_keys" USING btree ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "operator_keys_names" ON "operator_keys" USING btree ("name") WHERE "kind" = 'token';--> statement-breakpoint
CREATE INDEX "operator_keys_listed" ON "operator_keys" USING btree ("kind","created_at","id");--> statement-breakpoint
CREATE INDEX "operator_keys_by_parent" ON "operator_keys" USING btree ("parent") WHERE "parent" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "operator_keys_expiring" ON "operator_keys" USING btree ("expires_at") WHERE "expires_at" IS NOT NULL;