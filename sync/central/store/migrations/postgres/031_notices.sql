-- migrations/031_notices.sql says what for.
ALTER TABLE notices ADD COLUMN ref TEXT;
ALTER TABLE notices ADD COLUMN contact TEXT;
ALTER TABLE notices ADD COLUMN state TEXT NOT NULL DEFAULT 'handed-over'
	CHECK (state IN ('waiting', 'handed-over', 'delivered', 'failed', 'unknown', 'held-back'));
ALTER TABLE notices ADD COLUMN fault TEXT NOT NULL DEFAULT '';
ALTER TABLE notices ADD COLUMN tries BIGINT NOT NULL DEFAULT 1;
ALTER TABLE notices ADD COLUMN doubts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE notices ADD COLUMN since BIGINT NOT NULL DEFAULT 0;
ALTER TABLE notices ADD COLUMN settled BIGINT NOT NULL DEFAULT 0;
UPDATE notices SET since = at, state = CASE WHEN kind = 'held-back' THEN 'held-back' ELSE 'handed-over' END;
CREATE UNIQUE INDEX notices_ref ON notices (ref);
CREATE INDEX notices_request ON notices (request);
CREATE INDEX notices_left ON notices (since) WHERE settled = 0 AND state IN ('waiting', 'failed', 'unknown');
CREATE INDEX notices_contact ON notices (at) WHERE contact IS NOT NULL;
ALTER TABLE reminders ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
CREATE TABLE refused (
	contact TEXT NOT NULL,
	why TEXT NOT NULL CHECK (why IN ('dead', 'stopped')),
	until BIGINT NOT NULL,
	PRIMARY KEY (contact, why)
);
CREATE INDEX refused_until ON refused (until) WHERE until > 0;
