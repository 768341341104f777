package storetest

import (
	"slices"
	"testing"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/store"
)

// handed keeps a request with a receipt.
func handed(t *testing.T, s *subject, id, receipt string, at time.Time) {
	t.Helper()
	_, err := s.AddRequest(t.Context(), store.Request{ID: id, Receipt: receipt, BodyHash: []byte("h"), Envelope: []byte("s"), Made: at, Expires: at.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
}

// Whoever makes a key for a receipt that they have seen gets nothing by it, and shuts nobody out.
func (on suite) TestAReceiptIsItsFirstOwnersAsLongAsTheirRequestLives(t *testing.T) {
	s := on.open(t)
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
	if whose := s.db.Resends(); !slices.Equal(whose, []string{"owner"}) {
		t.Errorf("a new code goes to %q", whose)
	}
	late := now.Add(time.Hour + time.Second)
	if try, err := s.TakeTryByReceipt(t.Context(), receipt, late, time.Hour, access.Use{}); err != nil || try.ID != "stranger" {
		t.Errorf("after the first one's life it is of %q, %v", try.ID, err)
	}
}
