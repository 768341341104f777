-- Where files of people come from. Ids, references and doses live in one of them; 0 is the default.
CREATE TABLE sources (
	n    INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO sources (n, name) VALUES (0, '');
ALTER TABLE imports ADD COLUMN source INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN began INTEGER NOT NULL DEFAULT 0; -- milliseconds: entries without a date are as of then
ALTER TABLE imports ADD COLUMN counts TEXT NOT NULL DEFAULT '';  -- JSON: what became of people, doses and forecasts

-- Numbers of people by their id in a source. Ids of the default source that are numbers need no row.
CREATE TABLE ids (
	source INTEGER NOT NULL,
	id     TEXT NOT NULL,
	number INTEGER NOT NULL UNIQUE,
	PRIMARY KEY (source, id)
) STRICT, WITHOUT ROWID;
INSERT INTO ids (source, id, number) SELECT 0, id, number FROM person_ids;
DROP TABLE person_ids;
ALTER TABLE ids RENAME TO person_ids;

-- A row is what one source says of somebody. Those who are linked or merged have one root.
ALTER TABLE people ADD COLUMN source INTEGER NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN updated INTEGER NOT NULL DEFAULT 0;    -- when the source changed it, in milliseconds
ALTER TABLE people ADD COLUMN content INTEGER;                       -- hash of all that the source says; NULL: not known
ALTER TABLE people ADD COLUMN inactive INTEGER NOT NULL DEFAULT 0;   -- the source no longer uses it
ALTER TABLE people ADD COLUMN deceased INTEGER NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN restricted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN disputed INTEGER NOT NULL DEFAULT 0;   -- the source has sent somebody else under the id since
ALTER TABLE people ADD COLUMN merged INTEGER NOT NULL DEFAULT 0;     -- replaced by another one: nobody is found by it
ALTER TABLE people ADD COLUMN root INTEGER;                          -- number of who this is, NULL: itself
ALTER TABLE people ADD COLUMN master TEXT;                           -- id in an index that several sources share
CREATE INDEX people_root ON people (root) WHERE root IS NOT NULL;
CREATE INDEX people_master ON people (master) WHERE master IS NOT NULL;

-- Why rows are one person. Who another is replaced by may not have come yet.
CREATE TABLE links (
	other INTEGER NOT NULL,
	kind  TEXT NOT NULL CHECK (kind IN ('merged', 'linked', 'index')),
	one   INTEGER NOT NULL,
	PRIMARY KEY (other, kind, one)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_one ON links (one);

-- Further contacts and names are in the row, to be read with it; contacts are what people are found by beside phone_key and email_key.
ALTER TABLE people ADD COLUMN more TEXT NOT NULL DEFAULT '';         -- JSON
CREATE TABLE contacts (
	person INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
	n      INTEGER NOT NULL, -- best first
	birth  TEXT NOT NULL,    -- of the person
	key    TEXT NOT NULL,
	PRIMARY KEY (person, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX contacts_key ON contacts (birth, key);

-- Doses are reports of doses from here on: registry.Compose makes doses of them.
ALTER TABLE doses ADD COLUMN id TEXT NOT NULL DEFAULT '';          -- in the source
ALTER TABLE doses ADD COLUMN id_key INTEGER;                       -- hash of source and id, NULL: it has none
ALTER TABLE doses ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;    -- the source uses the id for several
ALTER TABLE doses ADD COLUMN site TEXT NOT NULL DEFAULT '';
ALTER TABLE doses ADD COLUMN about INTEGER NOT NULL DEFAULT 0;     -- the date is what the source says in words
ALTER TABLE doses ADD COLUMN unread TEXT NOT NULL DEFAULT '';      -- why it cannot be read
ALTER TABLE doses ADD COLUMN updated INTEGER NOT NULL DEFAULT 0;   -- when the source changed it, in milliseconds
ALTER TABLE doses ADD COLUMN run INTEGER NOT NULL DEFAULT 0;       -- in which it came last
CREATE INDEX doses_id ON doses (id_key) WHERE id_key IS NOT NULL;

-- A forecast may be empty, or have what cannot be read.
ALTER TABLE recommendations ADD COLUMN disease TEXT NOT NULL DEFAULT '';
CREATE TABLE forecasts (
	person INTEGER PRIMARY KEY REFERENCES people ON DELETE CASCADE,
	as_of  TEXT NOT NULL,
	unread INTEGER NOT NULL DEFAULT 0, -- recommendations that could not be read
	run    INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO forecasts (person, as_of) SELECT person, max(as_of) FROM recommendations GROUP BY person;
