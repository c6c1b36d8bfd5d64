CREATE TABLE "mirror_copies" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"app_id" text COLLATE "C" NOT NULL,
	"dialect" text COLLATE "C" NOT NULL,
	"line" text COLLATE "C" NOT NULL,
	"device" text COLLATE "C" NOT NULL,
	"route" text COLLATE "C" NOT NULL,
	"same" text COLLATE "C" NOT NULL,
	"once" bigint NOT NULL,
	"sealed" text COLLATE "C" NOT NULL,
	"tries" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"due_at" bigint,
	"lease" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "mirror_ids" (
	"app_id" text COLLATE "C" NOT NULL,
	"dialect" text COLLATE "C" NOT NULL,
	"device" text COLLATE "C" NOT NULL,
	"ours" text COLLATE "C" NOT NULL,
	"vendor" text COLLATE "C" NOT NULL,
	CONSTRAINT "mirror_ids_app_id_dialect_ours_pk" PRIMARY KEY("app_id","dialect","ours")
);
--> statement-breakpoint
CREATE INDEX "mirror_copies_due" ON "mirror_copies" USING btree ("line","due_at","id") WHERE "due_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "mirror_copies_leased" ON "mirror_copies" USING btree ("lease") WHERE "lease" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "mirror_copies_by_device" ON "mirror_copies" USING btree ("device","id");--> statement-breakpoint
CREATE INDEX "mirror_copies_by_app" ON "mirror_copies" USING btree ("app_id","dialect","id");--> statement-breakpoint
CREATE UNIQUE INDEX "mirror_ids_by_vendor" ON "mirror_ids" USING btree ("app_id","dialect","vendor");--> statement-breakpoint
CREATE INDEX "mirror_ids_by_device" ON "mirror_ids" USING btree ("device");