-- The schema as migrations/001 to 029 leave it, for a new database of PostgreSQL 15 or newer.
-- What tables and columns mean stands there. Booleans are 0 and 1, as in SQLite; rowid is the
-- order in which rows came, which SQLite has by itself.

CREATE TABLE people (
	number BIGINT PRIMARY KEY,
	given TEXT NOT NULL,
	family TEXT NOT NULL,
	birth TEXT NOT NULL,
	gender TEXT NOT NULL,
	phone TEXT NOT NULL,
	email TEXT NOT NULL,
	phone_key TEXT,
	email_key TEXT,
	run BIGINT NOT NULL DEFAULT 0,
	source BIGINT NOT NULL DEFAULT 0,
	updated BIGINT NOT NULL DEFAULT 0,
	content BIGINT,
	inactive BIGINT NOT NULL DEFAULT 0,
	deceased BIGINT NOT NULL DEFAULT 0,
	restricted BIGINT NOT NULL DEFAULT 0,
	disputed BIGINT NOT NULL DEFAULT 0,
	merged BIGINT NOT NULL DEFAULT 0,
	root BIGINT,
	master TEXT,
	more TEXT NOT NULL DEFAULT ''
);
CREATE INDEX people_phone ON people (birth, phone_key) WHERE phone_key IS NOT NULL;
CREATE INDEX people_email ON people (birth, email_key) WHERE email_key IS NOT NULL;
CREATE INDEX people_root ON people (root) WHERE root IS NOT NULL;
CREATE INDEX people_master ON people (master) WHERE master IS NOT NULL;
CREATE TABLE doses (
	person BIGINT NOT NULL REFERENCES people ON DELETE CASCADE,
	n BIGINT NOT NULL,
	date TEXT NOT NULL,
	cvx TEXT NOT NULL,
	product TEXT NOT NULL,
	manufacturer TEXT NOT NULL,
	lot TEXT NOT NULL,
	performer TEXT NOT NULL,
	status TEXT NOT NULL,
	not_valid BIGINT NOT NULL DEFAULT 0,
	historical BIGINT NOT NULL DEFAULT 0,
	id TEXT NOT NULL DEFAULT '',
	id_key BIGINT,
	shared BIGINT NOT NULL DEFAULT 0,
	site TEXT NOT NULL DEFAULT '',
	about BIGINT NOT NULL DEFAULT 0,
	unread TEXT NOT NULL DEFAULT '',
	updated BIGINT NOT NULL DEFAULT 0,
	run BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (person, n)
);
CREATE INDEX doses_id ON doses (id_key) WHERE id_key IS NOT NULL;
CREATE TABLE requests (
	id TEXT PRIMARY KEY,
	receipt TEXT NOT NULL,
	body_hash BYTEA NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('received', 'processing', 'answered', 'expired')),
	made BIGINT NOT NULL,
	expires BIGINT NOT NULL,
	envelope BYTEA,
	due BIGINT NOT NULL,
	failures BIGINT NOT NULL DEFAULT 0,
	tries BIGINT NOT NULL DEFAULT 0,
	pin_hash BYTEA,
	code_hash BYTEA,
	code_expires BIGINT NOT NULL DEFAULT 0,
	person BIGINT,
	verdict TEXT NOT NULL DEFAULT '',
	reasons TEXT NOT NULL DEFAULT '',
	lang TEXT NOT NULL DEFAULT '',
	channel TEXT NOT NULL DEFAULT '',
	reminded BIGINT NOT NULL DEFAULT 0,
	relation TEXT NOT NULL DEFAULT '',
	renamed BIGINT NOT NULL DEFAULT 0,
	told BIGINT NOT NULL DEFAULT 0,
	candidates TEXT NOT NULL DEFAULT '',
	chosen BIGINT,
	kiosk TEXT NOT NULL DEFAULT '',
	turn BIGINT NOT NULL DEFAULT 0,
	held TEXT NOT NULL DEFAULT '',
	arrived BIGINT NOT NULL DEFAULT 0,
	shown BIGINT NOT NULL DEFAULT 0,
	rowid BIGINT GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX requests_receipt ON requests (receipt, made);
CREATE INDEX requests_expires ON requests (expires);
CREATE INDEX requests_person ON requests (person) WHERE person IS NOT NULL;
CREATE INDEX requests_living ON requests (expires) WHERE state <> 'expired';
CREATE INDEX requests_review ON requests (made) WHERE verdict = 'review' AND envelope IS NOT NULL;
CREATE INDEX requests_chosen ON requests (due) WHERE chosen IS NOT NULL;
CREATE INDEX requests_due ON requests (due) WHERE state IN ('received', 'processing') AND held = '';
CREATE INDEX requests_turn ON requests (turn, due) WHERE state IN ('received', 'processing') AND held = '';
CREATE INDEX requests_held ON requests (expires) WHERE held <> '';
CREATE TABLE strays (
	receipt TEXT PRIMARY KEY,
	tries BIGINT NOT NULL,
	expires BIGINT NOT NULL,
	reminded BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX strays_expires ON strays (expires);
CREATE TABLE tokens (
	hash BYTEA PRIMARY KEY,
	request TEXT NOT NULL,
	person BIGINT NOT NULL,
	kiosk TEXT NOT NULL,
	expires BIGINT NOT NULL
);
CREATE INDEX tokens_person ON tokens (person);
CREATE INDEX tokens_expires ON tokens (expires);
CREATE TABLE prints (
	request TEXT NOT NULL,
	job TEXT NOT NULL,
	outcome TEXT NOT NULL,
	pages BIGINT NOT NULL,
	kiosk TEXT NOT NULL,
	at BIGINT NOT NULL,
	reason TEXT NOT NULL DEFAULT '',
	kiosk_name TEXT NOT NULL DEFAULT '',
	rowid BIGINT GENERATED ALWAYS AS IDENTITY,
	PRIMARY KEY (request, job)
);
CREATE TABLE notices (
	request TEXT NOT NULL,
	kind TEXT NOT NULL,
	channel TEXT NOT NULL,
	at BIGINT NOT NULL,
	rowid BIGINT GENERATED ALWAYS AS IDENTITY
);
CREATE TABLE reminders (
	request TEXT NOT NULL REFERENCES requests ON DELETE CASCADE,
	n BIGINT NOT NULL,
	other BIGINT NOT NULL,
	due BIGINT NOT NULL,
	PRIMARY KEY (request, n)
);
CREATE INDEX reminders_due ON reminders (due);
CREATE TABLE staff (
	id TEXT PRIMARY KEY CHECK (id = lower(id)),
	id_hash BYTEA NOT NULL UNIQUE,
	pin BYTEA NOT NULL
);
CREATE TABLE staff_sessions (
	hash BYTEA PRIMARY KEY,
	staff TEXT NOT NULL REFERENCES staff ON DELETE CASCADE,
	kiosk TEXT NOT NULL,
	expires BIGINT NOT NULL
);
CREATE TABLE releases (
	request TEXT NOT NULL,
	staff TEXT NOT NULL,
	id_kind TEXT NOT NULL,
	kiosk TEXT NOT NULL,
	at BIGINT NOT NULL,
	rowid BIGINT GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX releases_at ON releases (at);
CREATE TABLE amendments (
	key TEXT PRIMARY KEY,
	ref TEXT NOT NULL,
	body_hash BYTEA NOT NULL,
	kind TEXT NOT NULL,
	verified BIGINT NOT NULL,
	person BIGINT,
	state TEXT NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'in-review', 'closed')),
	made BIGINT NOT NULL,
	expires BIGINT NOT NULL,
	envelope BYTEA
);
CREATE INDEX amendments_ref ON amendments (ref, made);
CREATE INDEX amendments_expires ON amendments (expires);
CREATE INDEX amendments_person ON amendments (person) WHERE person IS NOT NULL;
CREATE INDEX amendments_open ON amendments (expires) WHERE state <> 'closed';
CREATE TABLE amendment_looks (
	amendment TEXT NOT NULL REFERENCES amendments ON DELETE CASCADE,
	action TEXT NOT NULL CHECK (action IN ('show', 'close')),
	staff TEXT NOT NULL,
	os_user TEXT NOT NULL,
	at BIGINT NOT NULL,
	rowid BIGINT GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX amendment_looks_amendment ON amendment_looks (amendment);
CREATE TABLE problems (
	key TEXT PRIMARY KEY,
	body_hash BYTEA NOT NULL,
	kind TEXT NOT NULL,
	screen TEXT NOT NULL,
	hour BIGINT NOT NULL,
	kiosk TEXT NOT NULL,
	made BIGINT NOT NULL
);
CREATE INDEX problems_made ON problems (made);
CREATE TABLE usage_batches (
	key TEXT PRIMARY KEY,
	body_hash BYTEA NOT NULL,
	made BIGINT NOT NULL
);
CREATE INDEX usage_batches_made ON usage_batches (made);
CREATE TABLE imports (
	run BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
	file TEXT NOT NULL,
	bulk BIGINT NOT NULL,
	bytes BIGINT NOT NULL DEFAULT 0,
	line BIGINT NOT NULL DEFAULT 0,
	digest BYTEA,
	kept BIGINT NOT NULL DEFAULT 0,
	refused BIGINT NOT NULL DEFAULT 0,
	finished BIGINT NOT NULL DEFAULT 0,
	source BIGINT NOT NULL DEFAULT 0,
	began BIGINT NOT NULL DEFAULT 0,
	counts TEXT NOT NULL DEFAULT ''
);
CREATE TABLE limits (
	key BYTEA PRIMARY KEY,
	empty BIGINT NOT NULL,
	counted BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE cards (
	kid TEXT NOT NULL,
	rid TEXT NOT NULL,
	person BIGINT,
	issued BIGINT NOT NULL,
	revoked BIGINT,
	PRIMARY KEY (kid, rid)
);
CREATE UNIQUE INDEX cards_person ON cards (person, kid) WHERE person IS NOT NULL;
CREATE INDEX cards_revoked ON cards (kid) WHERE revoked IS NOT NULL;
CREATE TABLE card_lists (
	kid TEXT PRIMARY KEY,
	ctr BIGINT NOT NULL
);
CREATE TABLE recommendations (
	person BIGINT NOT NULL REFERENCES people ON DELETE CASCADE,
	n BIGINT NOT NULL,
	cvx TEXT NOT NULL,
	status TEXT NOT NULL,
	date TEXT NOT NULL,
	as_of TEXT NOT NULL,
	disease TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (person, n)
);
CREATE TABLE checks (
	code BYTEA PRIMARY KEY,
	birth BYTEA NOT NULL,
	person BIGINT,
	issued BIGINT NOT NULL,
	expires BIGINT NOT NULL,
	state TEXT NOT NULL,
	tries BIGINT NOT NULL DEFAULT 0,
	printed BYTEA
);
CREATE INDEX checks_person ON checks (person) WHERE person IS NOT NULL;
CREATE INDEX checks_expires ON checks (expires);
CREATE TABLE purged (
	at BIGINT NOT NULL
);
CREATE TABLE review_looks (
	request TEXT NOT NULL REFERENCES requests ON DELETE CASCADE,
	action TEXT NOT NULL CHECK (action IN ('show', 'release', 'close')),
	staff TEXT NOT NULL,
	os_user TEXT NOT NULL,
	at BIGINT NOT NULL,
	rowid BIGINT GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX review_looks_request ON review_looks (request);
CREATE TABLE folder (
	one BIGINT PRIMARY KEY CHECK (one = 1),
	place TEXT NOT NULL,
	rests BIGINT
);
CREATE TABLE folder_keys (
	kind TEXT NOT NULL,
	print TEXT NOT NULL,
	since BIGINT NOT NULL,
	gone BIGINT,
	PRIMARY KEY (kind, print)
);
CREATE TABLE kiosks (
	fingerprint TEXT PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	issued BIGINT NOT NULL,
	last_seen BIGINT,
	revoked BIGINT,
	reason TEXT NOT NULL DEFAULT '',
	revoked_by TEXT NOT NULL DEFAULT '',
	suspended BIGINT
);
CREATE INDEX kiosks_revoked ON kiosks (revoked) WHERE revoked IS NOT NULL;
CREATE TABLE staff_tries (
	id_hash BYTEA NOT NULL,
	kiosk TEXT NOT NULL,
	failures BIGINT NOT NULL,
	locks BIGINT NOT NULL,
	locked_until BIGINT NOT NULL,
	at BIGINT NOT NULL,
	rowid BIGINT GENERATED ALWAYS AS IDENTITY,
	PRIMARY KEY (id_hash, kiosk)
);
CREATE INDEX staff_tries_at ON staff_tries (at);
CREATE TABLE waiting (
	kiosk TEXT PRIMARY KEY,
	n BIGINT NOT NULL,
	bytes BIGINT NOT NULL
);
CREATE TABLE probed (
	at BIGINT NOT NULL
);
CREATE TABLE usage_days (
	day TEXT NOT NULL,
	kiosk TEXT NOT NULL,
	name TEXT NOT NULL,
	n BIGINT NOT NULL,
	PRIMARY KEY (day, kiosk, name)
);
CREATE TABLE usage_periods (
	period TEXT PRIMARY KEY,
	published BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE usage_published (
	period TEXT NOT NULL,
	kiosk TEXT NOT NULL,
	name TEXT NOT NULL,
	n BIGINT NOT NULL,
	exact BIGINT NOT NULL,
	PRIMARY KEY (period, kiosk, name)
);
CREATE TABLE sealing_replaced (
	kid TEXT PRIMARY KEY,
	since BIGINT NOT NULL
);
CREATE TABLE sources (
	n BIGINT PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
);
CREATE TABLE person_ids (
	source BIGINT NOT NULL,
	id TEXT NOT NULL,
	number BIGINT NOT NULL UNIQUE,
	PRIMARY KEY (source, id)
);
CREATE TABLE links (
	other BIGINT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('merged', 'linked', 'index')),
	one BIGINT NOT NULL,
	PRIMARY KEY (other, kind, one)
);
CREATE INDEX links_one ON links (one);
CREATE TABLE contacts (
	person BIGINT NOT NULL REFERENCES people ON DELETE CASCADE,
	n BIGINT NOT NULL,
	birth TEXT NOT NULL,
	key TEXT NOT NULL,
	PRIMARY KEY (person, n)
);
CREATE INDEX contacts_key ON contacts (birth, key);
CREATE TABLE forecasts (
	person BIGINT PRIMARY KEY REFERENCES people ON DELETE CASCADE,
	as_of TEXT NOT NULL,
	unread BIGINT NOT NULL DEFAULT 0,
	run BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE acts (
	n BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
	at BIGINT NOT NULL,
	what TEXT NOT NULL CHECK (what IN ('link', 'unlink', 'remove-dose')),
	person BIGINT NOT NULL,
	other BIGINT NOT NULL,
	staff TEXT NOT NULL,
	os_user TEXT NOT NULL
);
CREATE TABLE kiosk_certs (
	fingerprint TEXT PRIMARY KEY,
	kiosk TEXT NOT NULL,
	name TEXT NOT NULL,
	issued BIGINT NOT NULL,
	until BIGINT NOT NULL,
	invitation BYTEA,
	begun BIGINT,
	ended BIGINT,
	rowid BIGINT GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX kiosk_certs_kiosk ON kiosk_certs (kiosk);
CREATE TABLE invitations (
	id BYTEA PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	kiosk TEXT,
	secret BYTEA NOT NULL,
	printer TEXT NOT NULL,
	printer_pin TEXT NOT NULL,
	paper TEXT NOT NULL,
	made BIGINT NOT NULL,
	expires BIGINT NOT NULL,
	by_whom TEXT NOT NULL,
	taken BIGINT
);
CREATE TABLE kiosk_changes (
	n BIGINT PRIMARY KEY,
	at BIGINT NOT NULL,
	kiosk TEXT NOT NULL,
	what TEXT NOT NULL,
	by_whom TEXT NOT NULL,
	reason TEXT NOT NULL
);
CREATE TABLE heartbeats (
	kiosk TEXT PRIMARY KEY,
	at BIGINT NOT NULL,
	version TEXT NOT NULL,
	screen TEXT NOT NULL,
	waiting BIGINT NOT NULL,
	refused BIGINT NOT NULL,
	oldest BIGINT NOT NULL,
	printer TEXT NOT NULL,
	settings BIGINT,
	disk_free BIGINT,
	skew BIGINT
);
CREATE TABLE kiosk_orders (
	id TEXT PRIMARY KEY,
	kiosk TEXT NOT NULL,
	what TEXT NOT NULL,
	jws TEXT NOT NULL,
	expires BIGINT NOT NULL,
	rowid BIGINT GENERATED ALWAYS AS IDENTITY,
	UNIQUE (kiosk, what)
);
CREATE TABLE diagnostics (
	kiosk TEXT PRIMARY KEY,
	at BIGINT NOT NULL,
	text TEXT NOT NULL
);

CREATE FUNCTION waiting_more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	INSERT INTO waiting (kiosk, n, bytes) VALUES (NEW.kiosk, 1, coalesce(length(NEW.envelope), 0))
		ON CONFLICT (kiosk) DO UPDATE SET n = waiting.n + 1, bytes = waiting.bytes + excluded.bytes;
	RETURN NULL;
END $$;
CREATE FUNCTION waiting_less() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	UPDATE waiting SET n = n - 1, bytes = bytes - coalesce(length(OLD.envelope), 0) WHERE kiosk = OLD.kiosk;
	DELETE FROM waiting WHERE kiosk = OLD.kiosk AND n <= 0;
	RETURN NULL;
END $$;
CREATE TRIGGER waiting_more AFTER INSERT ON requests FOR EACH ROW WHEN (NEW.state IN ('received', 'processing')) EXECUTE FUNCTION waiting_more();
CREATE TRIGGER waiting_less AFTER UPDATE OF state ON requests FOR EACH ROW
	WHEN (OLD.state IN ('received', 'processing') AND NEW.state NOT IN ('received', 'processing')) EXECUTE FUNCTION waiting_less();
CREATE TRIGGER waiting_gone AFTER DELETE ON requests FOR EACH ROW WHEN (OLD.state IN ('received', 'processing')) EXECUTE FUNCTION waiting_less();

-- Takes the try of a code that nobody has. No birth date has this hash.
INSERT INTO checks (code, birth, person, issued, expires, state) VALUES ('', decode(repeat('00', 32), 'hex'), NULL, 0, 9223372036854775807, 'withdrawn');
INSERT INTO sources (n, name) VALUES (0, '');
INSERT INTO probed (at) VALUES (0);

-- What is erased leaves the pages soon.
ALTER TABLE requests SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 100);
ALTER TABLE amendments SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 100);
ALTER TABLE tokens SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 100);
ALTER TABLE people SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 100);
ALTER TABLE contacts SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 100);
ALTER TABLE doses SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 100);
