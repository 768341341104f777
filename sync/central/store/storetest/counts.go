package storetest

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"vaxkiosk/sync/central/store"
)

// tallied is a registry to which kiosk "one" hands in counts.
type tallied struct {
	*subject
	t *testing.T
	n int
}

func (s *tallied) add(hour, now time.Time, visits int) {
	s.t.Helper()
	s.n++
	r := store.Report{Key: fmt.Sprint("key ", s.n), BodyHash: []byte{1}, Made: now}
	if err := s.AddUsage(s.t.Context(), r, "one", hour, map[string]int{"visit": visits}); err != nil {
		s.t.Fatal(err)
	}
}

// published publishes, and returns what is to be seen of kiosk "one", by period.
func (s *tallied) published(now time.Time) map[string]string {
	s.t.Helper()
	err := s.Publish(s.t.Context(), now, []string{"en"})
	all, err2 := s.Published(s.t.Context(), time.Time{})
	if err != nil || err2 != nil {
		s.t.Fatal(err, err2)
	}
	out := map[string]string{}
	for _, p := range all {
		if p.Kiosk == "one" && p.Name == "visit" {
			out[p.Period] = fmt.Sprint(p.N, " ", p.Exact)
		}
	}
	return out
}

func (s *tallied) want(what string, now time.Time, want map[string]string) {
	s.t.Helper()
	if got := s.published(now); !maps.Equal(got, want) {
		s.t.Errorf("%s: published are %v, want %v", what, got, want)
	}
}

// of is the 9th hour of a day of November and later, of this machine.
func of(day int) time.Time { return time.Date(2026, 11, day, 9, 0, 0, 0, time.Local) }

func (on suite) TestADayIsPublishedADayAfterItsEndAndStaysAsItWas(t *testing.T) {
	s := &tallied{subject: on.open(t), t: t}
	s.add(of(9), of(9), 6)
	s.add(of(9).Add(time.Hour), of(10), 3) // two hours, one of them small
	s.want("on the same day", of(9), nil)
	s.want("the day after", of(10), nil)
	s.want("two days after", of(11), map[string]string{"2026-11-09": "9 true"})
	s.add(of(9), of(11), 4) // from a kiosk that had no network: of today
	s.add(of(11), of(11), 2)
	s.want("what came late", of(12), map[string]string{"2026-11-09": "9 true"})
	s.want("and where it counts", of(13), map[string]string{"2026-11-09": "9 true", "2026-11-11": "6 true"})
	if later, err := s.Published(t.Context(), of(12)); err != nil || len(later) != 0 {
		t.Errorf("since the 12th: %v, %v", later, err)
	}
}

func (on suite) TestAMonthIsPublishedOnceAndWhatWasCountedIsErasedWithIt(t *testing.T) {
	s := &tallied{subject: on.open(t), t: t}
	for _, day := range []int{3, 4, 5, 6, 30} {
		s.add(of(day), of(day), 2)
	}
	s.want("while it lasts", of(31), nil) // December 1
	if got := s.published(of(32)); !maps.Equal(got, map[string]string{"2026-11": "10 true"}) {
		t.Errorf("a month of small days is published as %v", got)
	}
	if left := s.db.Count("usage_days"); left != 0 {
		t.Errorf("%d counts are kept", left)
	}
	s.add(of(30), of(32), 7)
	s.want("and what comes late", of(34), map[string]string{"2026-11": "10 true", "2026-12-02": "7 true"})
}

// Two instances over one database, or one that was stopped in between.
func (on suite) TestWhatIsPublishedTwiceIsPublishedOnce(t *testing.T) {
	s := &tallied{subject: on.open(t), t: t}
	s.add(of(9), of(9), 6)
	for _, each := range []*subject{s.subject, s.another(t), s.subject} {
		if err := each.Publish(t.Context(), of(20), nil); err != nil {
			t.Fatal(err)
		}
	}
	s.want("the day", of(20), map[string]string{"2026-11-09": "6 true"})
}

// A clock that was years ahead ends no day that nothing was counted on.
func (on suite) TestAClockThatWasAheadLosesNoCount(t *testing.T) {
	s := &tallied{subject: on.open(t), t: t}
	s.add(of(9), of(9), 6)
	s.want("years ahead", of(9).AddDate(3, 0, 0), map[string]string{"2026-11-09": "6 true", "2026-11": "6 true"})
	s.add(of(9), of(9), 8) // set right
	s.add(of(10), of(10), 5)
	s.want("on the day after", of(13), map[string]string{"2026-11-09": "6 true", "2026-11": "6 true", "2026-11-10": "13 true"})
}

func (on suite) TestWhatWasPublishedIsForgottenInTime(t *testing.T) {
	s := &tallied{subject: on.open(t), t: t}
	s.add(of(9), of(9), 6)
	s.add(of(10), of(10), 7)
	s.published(of(40))
	if err := s.PurgeReports(t.Context(), of(10), time.Hour, time.Hour); err != nil {
		t.Fatal(err)
	}
	s.want("the 9th is too old", of(40), map[string]string{"2026-11-10": "7 true", "2026-11": "13 true"})
}
