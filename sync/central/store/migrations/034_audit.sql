-- The chain of the audit: package audit has what its columns mean. No row is ever changed, and
-- none is erased but all up to one of which a signed head says so.
CREATE TABLE audit (
	n       INTEGER PRIMARY KEY, -- 1, 2, 3, without a gap
	at      INTEGER NOT NULL,    -- milliseconds
	actor   TEXT NOT NULL,
	kiosk   TEXT NOT NULL,       -- its name, or ''
	kind    TEXT NOT NULL,
	request TEXT NOT NULL,       -- its id, or ''
	person  INTEGER NOT NULL,    -- number, or 0
	other   INTEGER NOT NULL,
	outcome TEXT NOT NULL,
	prev    BLOB NOT NULL,       -- hash of the row before
	hash    BLOB NOT NULL
) STRICT;
CREATE INDEX audit_person ON audit (person) WHERE person <> 0;
CREATE INDEX audit_other ON audit (other) WHERE other <> 0;
CREATE INDEX audit_request ON audit (request) WHERE request <> '';
CREATE INDEX audit_settings ON audit (n) WHERE kind = 'settings.changed';

-- The signed heads up to which rows were erased.
CREATE TABLE audit_cuts (
	n    INTEGER PRIMARY KEY,
	head TEXT NOT NULL
) STRICT;
