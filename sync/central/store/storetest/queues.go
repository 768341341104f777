package storetest

import (
	"fmt"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/store"
)

// queues looks at those of a time.
func (s *subject) queues(t *testing.T, at time.Time) store.Queues {
	t.Helper()
	q, err := s.Queues(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func (on suite) TestQueuesSayWhatWaitsAndSinceWhen(t *testing.T) {
	s := on.open(t)
	for _, id := range []string{"one", "two", "three"} {
		if err := handIn(s, id, "hall", access.Use{}, access.Use{}); err != nil {
			t.Fatal(err)
		}
	}
	later := now.Add(time.Minute)
	if q := s.queues(t, later); q != (store.Queues{Waiting: 3, Oldest: q.Oldest}) || !q.Oldest.Equal(now) {
		t.Errorf("three that wait: %+v", q)
	}
	if q := s.queues(t, now.AddDate(0, 0, 8)); q != (store.Queues{}) {
		t.Errorf("when all have expired: %+v", q)
	}
	id, _ := take(t, s, now)
	if err := s.PutOff(t.Context(), id, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if id, _ = take(t, s, now); s.Hold(t.Context(), id, "why") != nil {
		t.Fatal("not held")
	}
	q := s.queues(t, later)
	if q.Waiting != 1 || q.Failing != 1 || !q.OldestFailing.Equal(now) || q.Held != 1 {
		t.Errorf("one put off, one held: %+v", q)
	}
	if q = s.queues(t, now.Add(2*time.Hour)); q.Waiting != 2 || !q.Oldest.Equal(now) {
		t.Errorf("when the one is due again: %+v", q)
	}
}

// askedAgo keeps a request of a kiosk that came so long ago.
func askedAgo(t *testing.T, s *subject, id, kiosk string, ago time.Duration) {
	t.Helper()
	made := now.Add(-ago)
	if _, err := s.AddRequest(t.Context(), store.Request{
		ID: id, BodyHash: []byte("hash"), Envelope: []byte("sealed"), Made: made, Expires: made.Add(request.Life), Kiosk: kiosk,
	}); err != nil {
		t.Fatal(err)
	}
}

func (on suite) TestVolumesSayHowMuchIsAskedForAtEachKiosk(t *testing.T) {
	s := on.open(t)
	if err := s.AddKiosk(t.Context(), store.Kiosk{ID: "a", Fingerprint: "a", Name: "hall", Issued: now, Begun: now, Until: now.AddDate(1, 0, 0)}, "adopted", ""); err != nil {
		t.Fatal(err)
	}
	for i, ago := range []time.Duration{time.Minute, 2 * time.Hour, 26 * time.Hour, 50 * time.Hour, 50 * time.Hour, 400 * 24 * time.Hour} {
		askedAgo(t, s, fmt.Sprint(i), "a", ago)
	}
	for range 5 { // the oldest has come to its end
		id, _ := take(t, s, now)
		verdict := match.Review
		if id == "1" {
			verdict = match.None
		}
		if err := s.PutAnswer(t.Context(), store.Answer{ID: id, Decision: match.Decision{Verdict: verdict}}, now); err != nil {
			t.Fatal(err)
		}
	}
	for range store.MaxTries {
		if _, err := s.TakeTry(t.Context(), "0", now); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.Volumes(t.Context(), now, request.Life)
	want := store.Volume{Kiosk: "hall", Hour: 1, Day: 2, Answered: 2, Nobody: 1, Spent: 1, Before: 3, Days: 2}
	if err != nil || len(all) != 1 || all[0] != want {
		t.Fatalf("%+v, %v, want %+v", all, err, want)
	}
}

func (on suite) TestKeysHaveADayAndPoolsTheirConnections(t *testing.T) {
	s := on.open(t)
	if err := s.Adopt(t.Context(), []store.KeyPrint{{Kind: "card", Print: "one"}}, now); err != nil {
		t.Fatal(err)
	}
	if since, err := s.KeysSince(t.Context()); err != nil || !since["card"].Equal(now) || len(since) != 1 {
		t.Errorf("%v, %v", since, err)
	}
	for use, p := range s.Pools() {
		if p.MaxOpenConnections < 1 {
			t.Errorf("%s: %+v", use, p)
		}
	}
}
