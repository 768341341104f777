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
