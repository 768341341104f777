-- Staff who may vouch for visitors at a kiosk.
CREATE TABLE staff (
	id      TEXT PRIMARY KEY CHECK (id = lower(id)),
	id_hash BLOB NOT NULL UNIQUE, -- keyed; their tries are under it
	pin     BLOB NOT NULL         -- salt, then Argon2id
) STRICT;

-- Failures in a row to sign in: of ids that nobody has like of all others, so
-- under a hash of what was typed.
CREATE TABLE staff_tries (
	id_hash      BLOB PRIMARY KEY,
	failures     INTEGER NOT NULL,
	locked_until INTEGER NOT NULL, -- 0 when not locked
	at           INTEGER NOT NULL  -- of the last failure, or the end of the lock; the earliest is forgotten first
) STRICT;
CREATE INDEX staff_tries_at ON staff_tries (at);

CREATE TABLE staff_sessions (
	hash    BLOB PRIMARY KEY,
	staff   TEXT NOT NULL REFERENCES staff ON DELETE CASCADE,
	kiosk   TEXT NOT NULL, -- SHA-256 of its certificate
	expires INTEGER NOT NULL
) STRICT;

-- Audit: who vouched for which request, never for whom.
CREATE TABLE releases (
	request TEXT NOT NULL,
	staff   TEXT NOT NULL,
	id_kind TEXT NOT NULL,
	kiosk   TEXT NOT NULL,
	at      INTEGER NOT NULL
) STRICT;
