-- The last diagnostics of each kiosk that was asked for them.
CREATE TABLE diagnostics (
	kiosk TEXT PRIMARY KEY,  -- kiosks.fingerprint
	at    INTEGER NOT NULL,
	text  TEXT NOT NULL
) STRICT;
