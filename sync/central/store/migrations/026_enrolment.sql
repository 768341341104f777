-- A kiosk has one certificate after the other: it renews them, and a new machine takes the
-- place of a broken one. What a kiosk has at central is kept under its first certificate. Rows of
-- certificates are never erased: one that is not listed is taken for one of before there was a list.
ALTER TABLE kiosks ADD COLUMN suspended INTEGER; -- NULL: not; else since when, with reason and revoked_by

CREATE TABLE kiosk_certs (
	fingerprint TEXT PRIMARY KEY,  -- SHA-256, in hex
	kiosk       TEXT NOT NULL,     -- kiosks.fingerprint; of a kiosk that is new its own, before there is such a row
	name        TEXT NOT NULL,
	issued      INTEGER NOT NULL,
	until       INTEGER NOT NULL,
	invitation  BLOB,              -- that it was given out for; NULL: files, or a renewal
	begun       INTEGER,           -- NULL: never used
	ended       INTEGER            -- from then on refused
) STRICT;
CREATE INDEX kiosk_certs_kiosk ON kiosk_certs (kiosk);
INSERT INTO kiosk_certs (fingerprint, kiosk, name, issued, until, begun)
	SELECT fingerprint, fingerprint, name, issued, issued + 2 * 365 * 86400, issued FROM kiosks;

-- Codes that enrol. A name has one at most.
CREATE TABLE invitations (
	id      BLOB PRIMARY KEY,      -- derived from the code
	name    TEXT NOT NULL UNIQUE,
	kiosk   TEXT,                  -- that is replaced; NULL: a new one
	secret  BLOB NOT NULL,         -- derived from the code, under the pepper
	printer TEXT NOT NULL, printer_pin TEXT NOT NULL, paper TEXT NOT NULL, -- '' when not said
	made    INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	by_whom TEXT NOT NULL,
	taken   INTEGER                -- when a certificate was given out for it last
) STRICT;

-- Who did what to kiosks, and when. Its last number tells that something has changed.
CREATE TABLE kiosk_changes (
	n       INTEGER PRIMARY KEY AUTOINCREMENT,
	at      INTEGER NOT NULL,
	kiosk   TEXT NOT NULL,         -- its name
	what    TEXT NOT NULL,
	by_whom TEXT NOT NULL,         -- '' when the kiosk did it itself
	reason  TEXT NOT NULL
) STRICT;
