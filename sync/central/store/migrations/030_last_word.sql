-- When the source changed a forecast, in milliseconds: of two of one day the newer one stays.
ALTER TABLE forecasts ADD COLUMN updated INTEGER NOT NULL DEFAULT 0;

-- Doses that are restricted, and how many of them a row of people has: staff decide before
-- such a record is given out.
ALTER TABLE doses ADD COLUMN restricted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN guarded INTEGER NOT NULL DEFAULT 0;

-- Reports of doses that were removed by hand. They stay as their source sends them and count
-- for nothing, until the removal is taken back.
CREATE TABLE removed_doses (
	id_key INTEGER PRIMARY KEY -- as doses.id_key: of source and id, whoever has it
) STRICT;

CREATE TABLE acts_now (
	n       INTEGER PRIMARY KEY,
	at      INTEGER NOT NULL,
	what    TEXT NOT NULL CHECK (what IN ('link', 'unlink', 'remove-dose', 'restore-dose')),
	person  INTEGER NOT NULL,
	other   INTEGER NOT NULL,
	staff   TEXT NOT NULL, -- account that was named, or ''
	os_user TEXT NOT NULL  -- user of the machine
) STRICT;
INSERT INTO acts_now (n, at, what, person, other, staff, os_user) SELECT n, at, what, person, other, staff, os_user FROM acts;
DROP TABLE acts;
ALTER TABLE acts_now RENAME TO acts;
