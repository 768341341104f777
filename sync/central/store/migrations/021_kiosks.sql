-- The kiosks that are let in. A name is one kiosk's for good, so that the audit stays
-- unambiguous.
CREATE TABLE kiosks (
	fingerprint TEXT PRIMARY KEY,     -- SHA-256 of its certificate, in hex
	name        TEXT NOT NULL UNIQUE,
	issued      INTEGER NOT NULL,
	last_seen   INTEGER,              -- NULL: never
	revoked     INTEGER,              -- NULL: let in
	reason      TEXT NOT NULL DEFAULT '',
	revoked_by  TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX kiosks_revoked ON kiosks (revoked) WHERE revoked IS NOT NULL;

-- Failures in a row to sign in, now by kiosk as well: of ids that nobody has like of all
-- others, so under a hash of what was typed.
DROP TABLE staff_tries;
CREATE TABLE staff_tries (
	id_hash      BLOB NOT NULL,
	kiosk        TEXT NOT NULL,    -- SHA-256 of its certificate
	failures     INTEGER NOT NULL,
	locks        INTEGER NOT NULL, -- in a row, each twice as long as the one before
	locked_until INTEGER NOT NULL, -- 0 when not locked
	at           INTEGER NOT NULL, -- of the last failure, or the end of the lock; the earliest is forgotten first
	PRIMARY KEY (id_hash, kiosk)
) STRICT;
CREATE INDEX staff_tries_at ON staff_tries (at);
CREATE INDEX releases_at ON releases (at);
