-- What each kiosk said last of how it does; nothing of it is about a visitor. It goes with the kiosk.
CREATE TABLE heartbeats (
	kiosk     TEXT PRIMARY KEY,  -- kiosks.fingerprint
	at        INTEGER NOT NULL,
	version   TEXT NOT NULL,
	screen    TEXT NOT NULL,
	waiting   INTEGER NOT NULL, refused INTEGER NOT NULL,
	oldest    INTEGER NOT NULL,  -- seconds
	printer   TEXT NOT NULL,     -- '' when it was not asked yet
	settings  INTEGER,           -- seconds; NULL here and below: not known
	disk_free INTEGER,           -- MiB
	skew      INTEGER            -- seconds that the kiosk's clock is ahead
) STRICT;
