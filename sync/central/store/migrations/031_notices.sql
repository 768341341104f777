-- What becomes of a notice. It has a row from its first try on and a ref for all of them, by which
-- bounces and receipts name it.
ALTER TABLE notices ADD COLUMN ref TEXT;                             -- NULL for those of before
ALTER TABLE notices ADD COLUMN contact TEXT;                         -- keyed hash of whom it goes to; erased when nothing comes back any more
ALTER TABLE notices ADD COLUMN state TEXT NOT NULL DEFAULT 'handed-over'
	CHECK (state IN ('waiting', 'handed-over', 'delivered', 'failed', 'unknown', 'held-back'));
ALTER TABLE notices ADD COLUMN fault TEXT NOT NULL DEFAULT '';       -- in words of ours
ALTER TABLE notices ADD COLUMN tries INTEGER NOT NULL DEFAULT 1;
ALTER TABLE notices ADD COLUMN doubts INTEGER NOT NULL DEFAULT 0;    -- tries of which nobody knows how they ended
ALTER TABLE notices ADD COLUMN since INTEGER NOT NULL DEFAULT 0;     -- first try
ALTER TABLE notices ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;   -- another one has taken its place
UPDATE notices SET since = at, state = CASE WHEN kind = 'held-back' THEN 'held-back' ELSE 'handed-over' END;
CREATE UNIQUE INDEX notices_ref ON notices (ref);
CREATE INDEX notices_request ON notices (request);
CREATE INDEX notices_left ON notices (since) WHERE settled = 0 AND state IN ('waiting', 'failed', 'unknown');
CREATE INDEX notices_contact ON notices (at) WHERE contact IS NOT NULL;

ALTER TABLE reminders ADD COLUMN failures INTEGER NOT NULL DEFAULT 0; -- notices that could not be handed over

-- Contacts that nothing is sent to.
CREATE TABLE refused (
	contact TEXT NOT NULL, -- keyed hash: of one spelling, or when they said so of all
	why     TEXT NOT NULL CHECK (why IN ('dead', 'stopped')), -- there is none, or whoever has it said so
	until   INTEGER NOT NULL, -- 0: until they say otherwise
	PRIMARY KEY (contact, why)
) STRICT, WITHOUT ROWID;
CREATE INDEX refused_until ON refused (until) WHERE until > 0;
