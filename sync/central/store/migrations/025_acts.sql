-- What is done to people on file by hand: by whom and when, and no value of anybody.
CREATE TABLE acts (
	n       INTEGER PRIMARY KEY,
	at      INTEGER NOT NULL,
	what    TEXT NOT NULL CHECK (what IN ('link', 'unlink', 'remove-dose')),
	person  INTEGER NOT NULL,
	other   INTEGER NOT NULL,
	staff   TEXT NOT NULL, -- account that was named, or ''
	os_user TEXT NOT NULL  -- user of the machine
) STRICT;
