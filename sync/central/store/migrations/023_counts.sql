-- Keyed hashes of the doses on a print, one after the other: which of those on file its check page may
-- show. NULL for prints of before, of which nobody knows it.
ALTER TABLE checks ADD COLUMN printed BLOB;

-- What kiosks counted, however little. Only publishing reads it (package counts), and erases it with its month.
CREATE TABLE usage_days (
	day   TEXT NOT NULL, -- YYYY-MM-DD, of this service's time zone
	kiosk TEXT NOT NULL, -- its name
	name  TEXT NOT NULL, -- of what happened
	n     INTEGER NOT NULL,
	PRIMARY KEY (day, kiosk, name)
) STRICT, WITHOUT ROWID;
INSERT INTO usage_days SELECT strftime('%Y-%m-%d', hour, 'unixepoch', 'localtime'), kiosk, name, sum(n) FROM usage_counts GROUP BY 1, 2, 3;
DROP TABLE usage_counts;

-- Days and months that nothing is counted into any more, and whether they are published.
CREATE TABLE usage_periods (
	period    TEXT PRIMARY KEY, -- YYYY-MM-DD or YYYY-MM
	published INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- What may be shown to anybody. It never changes.
CREATE TABLE usage_published (
	period TEXT NOT NULL,
	kiosk  TEXT NOT NULL,    -- its name; '' for all together
	name   TEXT NOT NULL,
	n      INTEGER NOT NULL,
	exact  INTEGER NOT NULL, -- 0: at least so many
	PRIMARY KEY (period, kiosk, name)
) STRICT, WITHOUT ROWID;

-- Since when kiosks are given another key to seal to than this one.
CREATE TABLE sealing_replaced (
	kid   TEXT PRIMARY KEY,
	since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
