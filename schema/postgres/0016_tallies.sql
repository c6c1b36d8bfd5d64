CREATE TABLE "tallies" (
	"metric" text COLLATE "C" NOT NULL,
	"labels" text COLLATE "C" NOT NULL,
	"amount" bigint NOT NULL,
	CONSTRAINT "tallies_metric_labels_pk" PRIMARY KEY("metric","labels")
);
