-- A case for review keeps its sealed request until staff has decided or its life ends.
ALTER TABLE requests ADD COLUMN candidates TEXT NOT NULL DEFAULT ''; -- numbers of those who may be meant
ALTER TABLE requests ADD COLUMN chosen INTEGER;                      -- the one whom staff has chosen, until it is worked on
CREATE INDEX requests_review ON requests (made) WHERE verdict = 'review' AND envelope IS NOT NULL;
CREATE INDEX requests_chosen ON requests (due) WHERE chosen IS NOT NULL;

-- Audit: who looked into a case for review or decided it, never what it says.
CREATE TABLE review_looks (
	request TEXT NOT NULL REFERENCES requests ON DELETE CASCADE,
	action  TEXT NOT NULL CHECK (action IN ('show', 'release', 'close')),
	staff   TEXT NOT NULL, -- the account that was named, if one was
	os_user TEXT NOT NULL, -- who ran the program
	at      INTEGER NOT NULL
) STRICT;
CREATE INDEX review_looks_request ON review_looks (request);
