CREATE INDEX `push_tokens_gone` ON `push_tokens` (`state_at`) WHERE "push_tokens"."state" = 'gone';--> statement-breakpoint
CREATE INDEX `receipts_oldest` ON `receipts` (`last_at`);