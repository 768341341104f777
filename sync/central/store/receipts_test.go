package store

import (
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/access"
)

// handed keeps a request with a receipt.
func handed(t *testing.T, s *Store, id, receipt string, at time.Time) {
	t.Helper()
	_, err := s.AddRequest(t.Context(), Request{ID: id, Receipt: receipt, BodyHash: []byte("h"), Envelope: []byte("s"), Made: at, Expires: at.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
}

// Whoever makes a key for a receipt that they have seen gets nothing by it, and shuts nobody out.
func TestAReceiptIsItsFirstOwnersAsLongAsTheirRequestLives(t *testing.T) {
	s, _ := open(t)
	const receipt = "7KQ2-M4V9-3X1"
	handed(t, s, "owner", receipt, now)
	handed(t, s, "stranger", receipt, now.Add(time.Minute))
	at := now.Add(2 * time.Minute)
	for _, typed := range []string{receipt, "7KQ2-M4V0"} {
		if try, err := s.TakeTryByReceipt(t.Context(), typed, at, time.Hour, access.Use{}); err != nil || try.ID != "owner" {
			t.Errorf("%s is of %q, %v", typed, try.ID, err)
		}
	}
	if _, err := s.AddResendByReceipt(t.Context(), receipt, false, at, time.Hour, access.Use{}); err != nil {
		t.Fatal(err)
	}
	var whose string
	if err := s.db.QueryRow(`SELECT request FROM reminders`).Scan(&whose); err != nil || whose != "owner" {
		t.Errorf("a new code goes to %q, %v", whose, err)
	}
	late := now.Add(time.Hour + time.Second)
	if try, err := s.TakeTryByReceipt(t.Context(), receipt, late, time.Hour, access.Use{}); err != nil || try.ID != "stranger" {
		t.Errorf("after the first one's life it is of %q, %v", try.ID, err)
	}
}

// Who has asked before the update collects with the number they have.
func TestReceiptsOfAnOlderDatabaseStillCollect(t *testing.T) {
	s, _ := open(t)
	const id = "0123456789abcdef"
	handed(t, s, id, request.OldReceiptFor(id), now)
	if _, err := s.one.Exec(`DROP TRIGGER waiting_more; DROP TRIGGER waiting_less; DROP TRIGGER waiting_gone; DROP TABLE waiting; DROP TABLE probed;
		DROP INDEX requests_turn; DROP INDEX requests_held; DROP INDEX requests_due;
		ALTER TABLE requests DROP COLUMN kiosk; ALTER TABLE requests DROP COLUMN turn; ALTER TABLE requests DROP COLUMN held;
		ALTER TABLE requests DROP COLUMN arrived; ALTER TABLE requests DROP COLUMN shown;
		CREATE INDEX requests_due ON requests (due) WHERE state IN ('received', 'processing')`); err != nil {
		t.Fatal(err)
	}
	s.migrateAgain(t, 22)
	for _, receipt := range []string{request.OldReceiptFor(id), request.ReceiptFor(id)} {
		if try, err := s.TakeTryByReceipt(t.Context(), receipt, now, time.Hour, access.Use{}); err != nil || try.ID != id {
			t.Errorf("%s is of %q, %v", receipt, try.ID, err)
		}
	}
	if j, ok, err := s.TakeJob(t.Context(), now); !ok || err != nil || j.ID != id {
		t.Errorf("it is not worked on: %v, %v", j.ID, err)
	}
}
