-- Codes of the check page, one for each record that was handed out.
CREATE TABLE checks (
	code    BLOB PRIMARY KEY, -- keyed hash
	birth   BLOB NOT NULL,    -- keyed hash of the birth date as it was handed out
	person  INTEGER,          -- NULL when withdrawn
	issued  INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	state   TEXT NOT NULL,              -- unchanged, superseded or withdrawn
	tries   INTEGER NOT NULL DEFAULT 0  -- wrong birth dates
) STRICT, WITHOUT ROWID;
CREATE INDEX checks_person ON checks (person) WHERE person IS NOT NULL;
CREATE INDEX checks_expires ON checks (expires);

-- Takes the try of a code that nobody has, so that it costs what any other does.
-- No birth date has this hash.
INSERT INTO checks VALUES (x'', zeroblob(32), NULL, 0, 9223372036854775807, 'withdrawn', 0);
