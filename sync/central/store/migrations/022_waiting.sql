-- Requests that wait for what they need: who handed them in, their place among all that
-- wait, why they cannot be opened yet, and when the kiosk hears of the answer.
ALTER TABLE requests ADD COLUMN kiosk TEXT NOT NULL DEFAULT '';     -- SHA-256 of its certificate; '' from before there was this column
ALTER TABLE requests ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;    -- those with an earlier one go first
ALTER TABLE requests ADD COLUMN held TEXT NOT NULL DEFAULT '';      -- why this program cannot read it, '' when it can
ALTER TABLE requests ADD COLUMN arrived INTEGER NOT NULL DEFAULT 0; -- milliseconds since 1970, as the next one
ALTER TABLE requests ADD COLUMN shown INTEGER NOT NULL DEFAULT 0;   -- from then on the kiosk hears that it is answered, once it is
UPDATE requests SET turn = due, arrived = made * 1000;
DROP INDEX requests_due;
CREATE INDEX requests_due ON requests (due) WHERE state IN ('received', 'processing') AND held = '';
CREATE INDEX requests_turn ON requests (turn, due) WHERE state IN ('received', 'processing') AND held = '';
CREATE INDEX requests_held ON requests (expires) WHERE held <> '';

-- How many requests of each kiosk wait, and how many bytes they are.
CREATE TABLE waiting (
	kiosk TEXT PRIMARY KEY,
	n     INTEGER NOT NULL,
	bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO waiting SELECT kiosk, count(*), coalesce(sum(length(envelope)), 0) FROM requests WHERE state IN ('received', 'processing') GROUP BY kiosk;
CREATE TRIGGER waiting_more AFTER INSERT ON requests WHEN NEW.state IN ('received', 'processing') BEGIN
	INSERT INTO waiting VALUES (NEW.kiosk, 1, coalesce(length(NEW.envelope), 0))
		ON CONFLICT (kiosk) DO UPDATE SET n = n + 1, bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER waiting_less AFTER UPDATE OF state ON requests
	WHEN OLD.state IN ('received', 'processing') AND NEW.state NOT IN ('received', 'processing') BEGIN
	UPDATE waiting SET n = n - 1, bytes = bytes - coalesce(length(OLD.envelope), 0) WHERE kiosk = OLD.kiosk;
	DELETE FROM waiting WHERE kiosk = OLD.kiosk AND n <= 0;
END;
CREATE TRIGGER waiting_gone AFTER DELETE ON requests WHEN OLD.state IN ('received', 'processing') BEGIN
	UPDATE waiting SET n = n - 1, bytes = bytes - coalesce(length(OLD.envelope), 0) WHERE kiosk = OLD.kiosk;
	DELETE FROM waiting WHERE kiosk = OLD.kiosk AND n <= 0;
END;

-- When it was last tried whether the database can be written to, in milliseconds.
CREATE TABLE probed (at INTEGER NOT NULL) STRICT;
INSERT INTO probed VALUES (0);
