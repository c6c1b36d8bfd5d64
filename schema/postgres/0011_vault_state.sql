CREATE TABLE "vault_state" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"mark" text COLLATE "C",
	"sealed" text COLLATE "C",
	"state" text COLLATE "C" NOT NULL,
	"place" text COLLATE "C" NOT NULL,
	"done" bigint NOT NULL,
	"resealed" bigint NOT NULL,
	"failed" bigint NOT NULL,
	"started_at" bigint NOT NULL,
	"finished_at" bigint,
	"lease" text COLLATE "C",
	"due_at" bigint NOT NULL
);
