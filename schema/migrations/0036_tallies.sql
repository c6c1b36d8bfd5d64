CREATE TABLE `tallies` (
	`metric` text NOT NULL,
	`labels` text NOT NULL,
	`amount` integer NOT NULL,
	PRIMARY KEY(`metric`, `labels`)
);
