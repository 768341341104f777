-- Revocation ids of health cards, one for each signing key and person who was given
-- cards. Cards are revoked that are dated before what revoked says: 0 is all of
-- them, NULL none.
CREATE TABLE cards (
	kid     TEXT NOT NULL,
	rid     TEXT NOT NULL,
	person  INTEGER,          -- NULL when the person has another one, or is gone
	issued  INTEGER NOT NULL, -- date of the newest card
	revoked INTEGER,
	PRIMARY KEY (kid, rid)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX cards_person ON cards (person, kid) WHERE person IS NOT NULL;
CREATE INDEX cards_revoked ON cards (kid) WHERE revoked IS NOT NULL;

-- How often the list of a key has changed, from 1.
CREATE TABLE card_lists (
	kid TEXT PRIMARY KEY,
	ctr INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a forecast recommends, all of one person as of one day.
CREATE TABLE recommendations (
	person INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
	n      INTEGER NOT NULL, -- in the order of the source
	cvx    TEXT NOT NULL,
	status TEXT NOT NULL,
	date   TEXT NOT NULL,    -- when it is due
	as_of  TEXT NOT NULL,
	PRIMARY KEY (person, n)
) STRICT, WITHOUT ROWID;
