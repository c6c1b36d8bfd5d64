CREATE TABLE "mirror_copy_subjects" (
	"app_id" text COLLATE "C" NOT NULL,
	"mark" text COLLATE "C" NOT NULL,
	"copy_id" text COLLATE "C" NOT NULL,
	CONSTRAINT "mirror_copy_subjects_app_id_mark_copy_id_pk" PRIMARY KEY("app_id","mark","copy_id")
);
--> statement-breakpoint
ALTER TABLE "mirror_copies" ADD COLUMN "owner" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "removals" ADD COLUMN "mark" text COLLATE "C";--> statement-breakpoint
CREATE INDEX "mirror_copy_subjects_by_copy" ON "mirror_copy_subjects" USING btree ("copy_id");--> statement-breakpoint
CREATE INDEX "mirror_copies_by_owner" ON "mirror_copies" USING btree ("owner") WHERE "owner" IS NOT NULL;