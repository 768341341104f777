-- People of the registry. The keys are what requests are matched on.
CREATE TABLE people (
	number    INTEGER PRIMARY KEY,
	given     TEXT NOT NULL,
	family    TEXT NOT NULL,
	birth     TEXT NOT NULL,
	gender    TEXT NOT NULL,
	phone     TEXT NOT NULL,
	email     TEXT NOT NULL,
	phone_key TEXT, -- NULL when there is none to match on
	email_key TEXT
) STRICT;
CREATE INDEX people_phone ON people (birth, phone_key) WHERE phone_key IS NOT NULL;
CREATE INDEX people_email ON people (birth, email_key) WHERE email_key IS NOT NULL;

CREATE TABLE doses (
	person       INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
	n            INTEGER NOT NULL, -- newest first
	date         TEXT NOT NULL,
	cvx          TEXT NOT NULL,
	product      TEXT NOT NULL,
	manufacturer TEXT NOT NULL,
	lot          TEXT NOT NULL,
	performer    TEXT NOT NULL,
	status       TEXT NOT NULL,
	PRIMARY KEY (person, n)
) STRICT, WITHOUT ROWID;

-- Requests by idempotency key. Times are seconds since 1970.
CREATE TABLE requests (
	id           TEXT PRIMARY KEY,
	receipt      TEXT NOT NULL,
	body_hash    BLOB NOT NULL,
	state        TEXT NOT NULL CHECK (state IN ('received', 'processing', 'answered', 'expired')),
	made         INTEGER NOT NULL,
	expires      INTEGER NOT NULL,
	envelope     BLOB,                       -- sealed; erased when answered
	due          INTEGER NOT NULL,           -- not to be worked on before
	failures     INTEGER NOT NULL DEFAULT 0, -- notices that could not be handed over
	tries        INTEGER NOT NULL DEFAULT 0, -- of PIN and code, counted before they are compared
	pin_hash     BLOB,
	code_hash    BLOB,
	code_expires INTEGER NOT NULL DEFAULT 0,
	person       INTEGER,                    -- whose record it opens, NULL for nobody's
	verdict      TEXT NOT NULL DEFAULT '',
	reasons      TEXT NOT NULL DEFAULT ''    -- codes, no values
) STRICT;
CREATE INDEX requests_receipt ON requests (receipt, made);
CREATE INDEX requests_due ON requests (due) WHERE state IN ('received', 'processing');
CREATE INDEX requests_expires ON requests (expires);

-- Tries with receipts that nobody has, counted like all others.
CREATE TABLE strays (
	receipt TEXT PRIMARY KEY,
	tries   INTEGER NOT NULL,
	expires INTEGER NOT NULL
) STRICT;

CREATE TABLE tokens (
	hash    BLOB PRIMARY KEY,
	request TEXT NOT NULL,
	person  INTEGER NOT NULL,
	kiosk   TEXT NOT NULL, -- SHA-256 of its certificate
	expires INTEGER NOT NULL
) STRICT;

-- Audit: what happened, never about whom.
CREATE TABLE prints (
	request TEXT NOT NULL,
	job     TEXT NOT NULL,
	outcome TEXT NOT NULL,
	pages   INTEGER NOT NULL,
	kiosk   TEXT NOT NULL,
	at      INTEGER NOT NULL,
	PRIMARY KEY (request, job)
) STRICT;
CREATE TABLE notices (
	request TEXT NOT NULL,
	kind    TEXT NOT NULL,
	channel TEXT NOT NULL,
	at      INTEGER NOT NULL
) STRICT;
