package storetest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"vaxkiosk/sync/central/store"
)

// saidBy lists the last heartbeats of kiosks, by their IDs.
func (s *subject) saidBy(t *testing.T, ids ...string) (text string) {
	t.Helper()
	all, err := s.Heartbeats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if h, is := all[id]; is {
			text += fmt.Sprintf("%s %s %d; ", id, h.Version, h.Waiting)
		}
	}
	if len(ids) < len(all) {
		t.Errorf("%d heartbeats of %d kiosks", len(all), len(ids))
	}
	return text
}

func (on suite) TestTheLastHeartbeatOfAListedKioskIsKept(t *testing.T) {
	s := on.open(t)
	for _, id := range []string{"a", "b"} {
		k := store.Kiosk{Fingerprint: id, Name: "kiosk " + id, Issued: now, Until: now.Add(time.Hour)}
		if err := s.AddKiosk(t.Context(), k, "added", ""); err != nil {
			t.Fatal(err)
		}
	}
	ahead := -7
	for i, id := range []string{"a", "b", "a", "nobody"} {
		h := store.Heartbeat{Kiosk: id, At: now, Version: "0.3.0", Waiting: i, Oldest: time.Minute, Skew: &ahead}
		if err := s.KeepHeartbeat(t.Context(), h); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.saidBy(t, "a", "b", "nobody"); got != "a 0.3.0 2; b 0.3.0 1; " {
		t.Error(got)
	}
	want := store.Heartbeat{Kiosk: "a", At: time.Unix(now.Unix(), 0), Version: "0.3.0", Waiting: 2, Oldest: time.Minute, Skew: &ahead}
	if all, err := s.Heartbeats(t.Context()); err != nil || !reflect.DeepEqual(all["a"], want) {
		t.Errorf("%+v, %v", all["a"], err)
	}
	if _, err := s.RevokeKiosk(t.Context(), "kiosk a", "stolen", "ana", now); err != nil {
		t.Fatal(err)
	}
	if err := s.KeepHeartbeat(t.Context(), store.Heartbeat{Kiosk: "a", At: now}); err != nil { // it was under way
		t.Fatal(err)
	}
	if got := s.saidBy(t, "a", "b"); got != "b 0.3.0 1; " {
		t.Errorf("after one was revoked: %s", got)
	}
}
