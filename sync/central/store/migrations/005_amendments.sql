-- Corrections that people asked for. What is to be corrected is in the envelope only.
CREATE TABLE amendments (
	key       TEXT PRIMARY KEY,
	ref       TEXT NOT NULL,   -- the tracking number
	body_hash BLOB NOT NULL,
	kind      TEXT NOT NULL,
	verified  INTEGER NOT NULL, -- asked for from the open record
	person    INTEGER,          -- whose record was open, NULL when not verified
	state     TEXT NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'in-review', 'closed')),
	made      INTEGER NOT NULL,
	expires   INTEGER NOT NULL,
	envelope  BLOB              -- sealed; erased when closed
) STRICT;
CREATE INDEX amendments_ref ON amendments (ref, made);
CREATE INDEX amendments_expires ON amendments (expires);

-- Audit: who looked into a correction or closed it, never what it says.
CREATE TABLE amendment_looks (
	amendment TEXT NOT NULL REFERENCES amendments ON DELETE CASCADE,
	action    TEXT NOT NULL CHECK (action IN ('show', 'close')),
	staff     TEXT NOT NULL, -- the account that was named, if one was
	os_user   TEXT NOT NULL, -- who ran the program
	at        INTEGER NOT NULL
) STRICT;
CREATE INDEX amendment_looks_amendment ON amendment_looks (amendment);

-- How many unknown tracking numbers a kiosk has asked for.
CREATE TABLE amendment_misses (
	kiosk TEXT PRIMARY KEY, -- SHA-256 of its certificate
	n     INTEGER NOT NULL,
	until INTEGER NOT NULL  -- then it begins anew
) STRICT;

-- Technical problems that visitors reported, chosen from lists.
CREATE TABLE problems (
	key       TEXT PRIMARY KEY,
	body_hash BLOB NOT NULL,
	kind      TEXT NOT NULL,
	screen    TEXT NOT NULL,
	hour      INTEGER NOT NULL,
	kiosk     TEXT NOT NULL, -- its name
	made      INTEGER NOT NULL
) STRICT;
CREATE INDEX problems_made ON problems (made);

-- Counts of what happened. A kiosk may send an hour in more than one batch.
CREATE TABLE usage_batches (
	key       TEXT PRIMARY KEY,
	body_hash BLOB NOT NULL,
	made      INTEGER NOT NULL
) STRICT;
CREATE INDEX usage_batches_made ON usage_batches (made);
CREATE TABLE usage_counts (
	hour  INTEGER NOT NULL,
	kiosk TEXT NOT NULL, -- its name
	name  TEXT NOT NULL, -- of what happened
	n     INTEGER NOT NULL,
	PRIMARY KEY (hour, kiosk, name)
) STRICT, WITHOUT ROWID;
