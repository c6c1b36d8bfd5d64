ALTER TABLE `documents` ADD `offered` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `documents_to_offer` ON `documents` (`kind`) WHERE "documents"."offered" = 0;