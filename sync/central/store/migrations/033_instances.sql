-- Who serves the database. Of one in a file that is one program; a database on a server has
-- several, and each counts on here while it lives.
CREATE TABLE instances (
	id   INTEGER PRIMARY KEY, -- drawn when it begins
	beat INTEGER NOT NULL
) STRICT;

-- What is worked on, so that nobody else does at the same time: a request by its id, and each of
-- its contacts by a keyed hash. It ends with the work, or with the instance.
CREATE TABLE claims (
	key      TEXT PRIMARY KEY,
	request  TEXT NOT NULL,
	instance INTEGER REFERENCES instances ON DELETE CASCADE, -- NULL: a program that does not serve
	awaited  INTEGER NOT NULL DEFAULT 0                      -- somebody waits for its end
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_instance ON claims (instance);

-- Files of keys that change while the service runs, for the folders of the other instances:
-- encrypted with a key that is made of the pepper.
CREATE TABLE key_files (
	name   TEXT PRIMARY KEY,
	sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
