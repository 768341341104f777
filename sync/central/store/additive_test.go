package store

import (
	"regexp"
	"testing"
)

// firstAdditive is the first migration that came when there could be several instances.
const firstAdditive = 31

// While instances are replaced one after the other, those of the version before go on with the new schema:
// so what they know of it stays.
var takesAway = regexp.MustCompile(`(?im)\bDROP\s+(TABLE|COLUMN|INDEX|TRIGGER|FUNCTION)\b|\bRENAME\b|\bALTER\s+COLUMN\b|\bSET\s+NOT\s+NULL\b|\bTRUNCATE\b|\bADD\s+COLUMN\s+(\w+\s+)+NOT\s+NULL\s*;`)

func TestAMigrationTakesNothingFromTheVersionBefore(t *testing.T) {
	steps, err := (&dialect{migrations: "migrations/postgres/*.sql"}).steps()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range steps {
		text, err := migrations.ReadFile(m.file)
		if err != nil {
			t.Fatal(err)
		}
		if what := takesAway.Find(text); m.n >= firstAdditive && what != nil {
			t.Errorf("%s: %q: an instance of the version before would break", m.file, what)
		}
	}
	for text, breaks := range map[string]bool{
		"ALTER TABLE a ADD COLUMN b BIGINT NOT NULL;": true, "ALTER TABLE a ADD COLUMN b BIGINT NOT NULL DEFAULT 0;": false, "ALTER TABLE a RENAME TO b;": true,
		"ALTER TABLE a DROP COLUMN b;": true, "ALTER TABLE a DROP CONSTRAINT c;": false, "CREATE TABLE a (b BIGINT NOT NULL);": false,
	} {
		if takesAway.MatchString(text) != breaks {
			t.Errorf("%s", text)
		}
	}
}
