package store

import (
	"fmt"
	"testing"
)

// undo takes a migration back, so that a database can be made as it was before.
var undo = map[int]string{
	17: `ALTER TABLE doses DROP COLUMN not_valid; ALTER TABLE doses DROP COLUMN historical`,
	18: `ALTER TABLE prints DROP COLUMN reason; ALTER TABLE prints DROP COLUMN kiosk_name`,
	22: `DROP TRIGGER waiting_more; DROP TRIGGER waiting_less; DROP TRIGGER waiting_gone; DROP TABLE waiting; DROP TABLE probed;
		DROP INDEX requests_turn; DROP INDEX requests_held; DROP INDEX requests_due;
		ALTER TABLE requests DROP COLUMN kiosk; ALTER TABLE requests DROP COLUMN turn; ALTER TABLE requests DROP COLUMN held;
		ALTER TABLE requests DROP COLUMN arrived; ALTER TABLE requests DROP COLUMN shown;
		CREATE INDEX requests_due ON requests (due) WHERE state IN ('received', 'processing')`,
}

// backTo makes a database what it was before migration n, and closes it.
func backTo(t *testing.T, s *Store, n int) {
	t.Helper()
	var last int
	if err := s.db.QueryRow(`SELECT max(n) FROM version`).Scan(&last); err != nil {
		t.Fatal(err)
	}
	for ; last >= n; last-- {
		if _, err := s.one.Exec(undo[last] + fmt.Sprintf("; DELETE FROM version WHERE n = %d", last)); err != nil {
			t.Fatalf("migration %d: %v", last, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
