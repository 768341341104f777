-- migrations/034_audit.sql says what for.
CREATE TABLE audit (
	n BIGINT PRIMARY KEY,
	at BIGINT NOT NULL,
	actor TEXT NOT NULL,
	kiosk TEXT NOT NULL,
	kind TEXT NOT NULL,
	request TEXT NOT NULL,
	person BIGINT NOT NULL,
	other BIGINT NOT NULL,
	outcome TEXT NOT NULL,
	prev BYTEA NOT NULL,
	hash BYTEA NOT NULL
);
CREATE INDEX audit_person ON audit (person) WHERE person <> 0;
CREATE INDEX audit_other ON audit (other) WHERE other <> 0;
CREATE INDEX audit_request ON audit (request) WHERE request <> '';
CREATE INDEX audit_settings ON audit (n) WHERE kind = 'settings.changed';
CREATE TABLE audit_cuts (
	n BIGINT PRIMARY KEY,
	head TEXT NOT NULL
);
-- What an act locks before it reads the last row, so that one comes after the other. It stays
-- empty: a row that each act wrote would slow all down while a dump or another long reader kept
-- its old versions, and a lock on audit itself would meet VACUUM.
CREATE TABLE audit_turn ();
