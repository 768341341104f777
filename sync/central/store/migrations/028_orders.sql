-- What operators ask of kiosks, signed, until the kiosk has answered. That it was asked, and what
-- came of it, stands in kiosk_changes.
CREATE TABLE kiosk_orders (
	id      TEXT PRIMARY KEY,
	kiosk   TEXT NOT NULL,     -- kiosks.fingerprint
	what    TEXT NOT NULL,
	jws     TEXT NOT NULL,
	expires INTEGER NOT NULL,
	UNIQUE (kiosk, what)
) STRICT;
