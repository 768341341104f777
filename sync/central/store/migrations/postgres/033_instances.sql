-- migrations/033_instances.sql says what for.
CREATE TABLE instances (
	id BIGINT PRIMARY KEY,
	beat BIGINT NOT NULL
);
CREATE TABLE claims (
	key TEXT PRIMARY KEY,
	request TEXT NOT NULL,
	instance BIGINT REFERENCES instances ON DELETE CASCADE,
	awaited BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX claims_instance ON claims (instance);
CREATE TABLE key_files (
	name TEXT PRIMARY KEY,
	sealed BYTEA NOT NULL
);
