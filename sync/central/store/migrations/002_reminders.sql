-- What a second notice needs once the sealed request is erased.
ALTER TABLE requests ADD COLUMN lang TEXT NOT NULL DEFAULT '';
ALTER TABLE requests ADD COLUMN channel TEXT NOT NULL DEFAULT '';    -- phone or email: where the first notice went
ALTER TABLE requests ADD COLUMN guardian INTEGER NOT NULL DEFAULT 0; -- asked for as a parent or guardian
ALTER TABLE requests ADD COLUMN reminded INTEGER NOT NULL DEFAULT 0; -- how often a new code was asked for

-- Wishes for a new code that are not worked on yet.
CREATE TABLE reminders (
	request TEXT NOT NULL REFERENCES requests ON DELETE CASCADE,
	n       INTEGER NOT NULL,
	other   INTEGER NOT NULL, -- the other contact on file, if there is one
	due     INTEGER NOT NULL,
	PRIMARY KEY (request, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX reminders_due ON reminders (due);
