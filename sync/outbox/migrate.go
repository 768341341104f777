package outbox

import (
	"database/sql"
	"fmt"
)

// The schema, step by step. Rules: a released step is never changed; a step adds
// and carries over, it never drops what waits; each runs in a transaction of its
// own together with its number (PRAGMA user_version); there is no way back, so a
// file of a newer release is refused.

// steps[n] leads from version n to n+1.
var steps = []string{
	`CREATE TABLE request (
		seq      INTEGER PRIMARY KEY,
		key      TEXT NOT NULL UNIQUE,
		envelope BLOB, -- sealed; NULL once central has it
		state    TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'refused')),
		saved    INTEGER NOT NULL, -- times are milliseconds since 1970
		due      INTEGER NOT NULL,
		tries    INTEGER NOT NULL DEFAULT 0,
		reason   TEXT NOT NULL DEFAULT '', -- code of the last postponing or refusal
		id       TEXT NOT NULL DEFAULT '', -- central's
		expires  INTEGER,
		CHECK (state = 'sent' OR envelope IS NOT NULL)
	) STRICT;
	CREATE INDEX request_due ON request (due, seq) WHERE state = 'waiting';`,

	`CREATE TABLE bootstrap (
		one  INTEGER PRIMARY KEY CHECK (one = 1),
		jws  BLOB NOT NULL,
		etag TEXT NOT NULL
	) STRICT;`,

	// Until here there were only requests. "later" is 1 for what no visitor waits for.
	`ALTER TABLE request ADD COLUMN purpose TEXT NOT NULL DEFAULT 'request'
		CHECK (purpose IN ('request', 'amend', 'report', 'usage'));
	ALTER TABLE request ADD COLUMN later INTEGER NOT NULL
		GENERATED ALWAYS AS (purpose IN ('report', 'usage')) VIRTUAL;
	DROP INDEX request_due;
	CREATE INDEX request_due ON request (later, due, seq) WHERE state = 'waiting';`,
}

// Schema is the number of the schema that this release leaves in a file. In the header of the
// file it is SQLite's user_version: four bytes at 60, the highest first, which the script of an
// older package reads before it takes the place of this release.
func Schema() int { return len(steps) }

// applicationID marks an outbox in the file's header: "VaxO".
const applicationID = 0x5661784f

func migrate(db *sql.DB, from int) error {
	for n := from; n < len(steps); n++ {
		if err := step(db, n); err != nil {
			return fmt.Errorf("schema step %d: %w", n+1, err)
		}
	}
	return nil
}

func step(db *sql.DB, n int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // does nothing after Commit
	marks := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, n+1)
	if _, err := tx.Exec(steps[n] + marks); err != nil {
		return err
	}
	return tx.Commit()
}
