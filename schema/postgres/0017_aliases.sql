ALTER TABLE "mirror_ids" ADD COLUMN "used_at" bigint;--> statement-breakpoint
CREATE INDEX "mirror_ids_aliases" ON "mirror_ids" USING btree ("used_at") WHERE "used_at" IS NOT NULL;