CREATE TABLE `vault_state` (
	`name` text PRIMARY KEY NOT NULL,
	`mark` text,
	`sealed` text,
	`state` text NOT NULL,
	`place` text NOT NULL,
	`done` integer NOT NULL,
	`resealed` integer NOT NULL,
	`failed` integer NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	`lease` text,
	`due_at` integer NOT NULL
);
