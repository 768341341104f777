-- Files of people that were read, each run with how far it came. It is written in
-- the transaction that writes the people, so a run can go on after a crash.
CREATE TABLE imports (
	run      INTEGER PRIMARY KEY AUTOINCREMENT,
	file     TEXT NOT NULL,              -- without its folder
	bulk     INTEGER NOT NULL,           -- the registry was empty when it began
	bytes    INTEGER NOT NULL DEFAULT 0, -- that are done
	line     INTEGER NOT NULL DEFAULT 0, -- that are done
	digest   BLOB,                       -- state of SHA-256 over these bytes
	kept     INTEGER NOT NULL DEFAULT 0,
	refused  INTEGER NOT NULL DEFAULT 0,
	finished INTEGER NOT NULL DEFAULT 0  -- when; 0 is not yet
) STRICT;

-- The run that wrote a person last: a number that comes twice in one file is two people.
ALTER TABLE people ADD COLUMN run INTEGER NOT NULL DEFAULT 0;

-- Numbers of people whose id in the source is no number.
CREATE TABLE person_ids (
	id     TEXT PRIMARY KEY,
	number INTEGER NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;
