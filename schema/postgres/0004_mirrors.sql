CREATE TABLE "mirror_counts" (
	"app_id" text COLLATE "C" NOT NULL,
	"dialect" text COLLATE "C" NOT NULL,
	"since" bigint NOT NULL,
	"route" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"hour" bigint NOT NULL,
	"amount" bigint NOT NULL,
	CONSTRAINT "mirror_counts_app_id_dialect_since_route_name_hour_pk" PRIMARY KEY("app_id","dialect","since","route","name","hour")
);
--> statement-breakpoint
CREATE TABLE "mirror_diffs" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"app_id" text COLLATE "C" NOT NULL,
	"dialect" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	"drop_at" bigint NOT NULL,
	"mode" text COLLATE "C" NOT NULL,
	"route" text COLLATE "C" NOT NULL,
	"severity" text COLLATE "C" NOT NULL,
	"signature" text COLLATE "C" NOT NULL,
	"detail" text COLLATE "C" NOT NULL,
	"sample" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "mirror_marks" (
	"app_id" text COLLATE "C" NOT NULL,
	"dialect" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"mark" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "mirror_marks_app_id_dialect_kind_mark_pk" PRIMARY KEY("app_id","dialect","kind","mark")
);
--> statement-breakpoint
CREATE TABLE "mirror_signatures" (
	"app_id" text COLLATE "C" NOT NULL,
	"dialect" text COLLATE "C" NOT NULL,
	"signature" text COLLATE "C" NOT NULL,
	"route" text COLLATE "C" NOT NULL,
	"severity" text COLLATE "C" NOT NULL,
	"differences" text COLLATE "C" NOT NULL,
	"since" bigint NOT NULL,
	"count" bigint NOT NULL,
	"first_at" bigint NOT NULL,
	"last_at" bigint NOT NULL,
	"example" text COLLATE "C",
	"accepted" bigint DEFAULT 0 NOT NULL,
	"note" text COLLATE "C",
	CONSTRAINT "mirror_signatures_app_id_dialect_signature_pk" PRIMARY KEY("app_id","dialect","signature")
);
--> statement-breakpoint
CREATE TABLE "mirror_subjects" (
	"app_id" text COLLATE "C" NOT NULL,
	"mark" text COLLATE "C" NOT NULL,
	"diff_id" text COLLATE "C" NOT NULL,
	CONSTRAINT "mirror_subjects_app_id_mark_diff_id_pk" PRIMARY KEY("app_id","mark","diff_id")
);
--> statement-breakpoint
CREATE INDEX "mirror_counts_oldest" ON "mirror_counts" USING btree ("hour");--> statement-breakpoint
CREATE INDEX "mirror_diffs_newest" ON "mirror_diffs" USING btree ("app_id","dialect","at","id");--> statement-breakpoint
CREATE INDEX "mirror_diffs_by_signature" ON "mirror_diffs" USING btree ("app_id","dialect","signature");--> statement-breakpoint
CREATE INDEX "mirror_diffs_ending" ON "mirror_diffs" USING btree ("drop_at");--> statement-breakpoint
CREATE INDEX "mirror_subjects_by_diff" ON "mirror_subjects" USING btree ("diff_id");