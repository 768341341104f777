package usage

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

var ten = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// note counts a name n times at one moment and returns what was handed out.
func note(c *Counter, name string, n int, at time.Time) (out []Batch) {
	for range n {
		out = append(out, c.Note(name, at)...)
	}
	return out
}

func want(t *testing.T, what string, got []Batch, want ...Batch) {
	t.Helper()
	if len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestAnHourIsHandedOutOnceWhenItIsOver(t *testing.T) {
	var c Counter
	want(t, "in the hour", note(&c, Visit, 3, ten))
	want(t, "later in the hour", note(&c, Visit, 4, ten.Add(59*time.Minute)))
	want(t, "in the hour", c.Turn(ten.Add(time.Hour-1)))
	want(t, "the hour is over", c.Note(Help, ten.Add(time.Hour)), Batch{ten, map[string]int{Visit: 7}})
	want(t, "handed out before", c.Turn(ten.Add(time.Hour)))
}

func TestTurnEndsAnHourInWhichNobodyCameAfter(t *testing.T) {
	var c Counter
	note(&c, Visit, 5, ten)
	want(t, "a weekend later", c.Turn(ten.Add(60*time.Hour)), Batch{ten, map[string]int{Visit: 5}})
	want(t, "and an hour later", c.Turn(ten.Add(61*time.Hour)))
}

func TestFlushEndsTheRunningHour(t *testing.T) {
	var c Counter
	note(&c, Visit, 5, ten)
	want(t, "the running hour", c.Flush(ten.Add(time.Minute)), Batch{ten, map[string]int{Visit: 5}})
	want(t, "nothing is left", c.Flush(ten.Add(2*time.Minute)))
	note(&c, Visit, 5, ten.Add(3*time.Minute))
	want(t, "an hour that was over", c.Flush(ten.Add(2*time.Hour)), Batch{ten, map[string]int{Visit: 5}})
	want(t, "a counter without counts", (&Counter{}).Flush(ten))
}

// Nothing could be told of a town in which few come in an hour, if the kiosk left them out.
func TestEveryCountIsHandedOutHoweverSmall(t *testing.T) {
	var c Counter
	note(&c, Visit, 1, ten)
	note(&c, Staff, 4, ten)
	want(t, "small ones", c.Flush(ten), Batch{ten, map[string]int{Visit: 1, Staff: 4}})
	want(t, "an hour without any", c.Turn(ten.Add(time.Hour)))
}

func TestANameThatIsNotListedIsNotCounted(t *testing.T) {
	var c Counter
	for _, name := range []string{
		"", "Imogen", "imogen-fairweather", "Visit", "visit ", "language-", "language-english", "language-imogen",
		"language-en-fairweather", "language-e1", "language-en\n", "printed-8305",
	} {
		note(&c, name, 5, ten)
	}
	want(t, "flush", c.Flush(ten))
}

func TestEveryListedNameIsCountedAndIsLowerCaseWords(t *testing.T) {
	var c Counter
	all := append(slices.Clone(names), Language("en"), Language("es"), Language("pt-BR"), Language("zh-Hant"), Language("fil"))
	counts := map[string]int{}
	for _, name := range all {
		counts[name] = 5
		note(&c, name, 5, ten)
		for _, r := range name {
			if (r < 'a' || r > 'z') && r != '-' || len(name) > 32 {
				t.Errorf("%q is not lower-case words", name)
			}
		}
	}
	if len(counts) != len(all) {
		t.Error("two names are the same")
	}
	want(t, "flush", c.Flush(ten), Batch{ten, counts})
}

func TestNoBatchHasMoreNamesThanTheAPITakes(t *testing.T) {
	var c Counter
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'e'; b++ {
			note(&c, Language(string([]rune{a, b})), 5, ten)
		}
	}
	got := c.Flush(ten)
	if len(got) != 1 || len(got[0].Counts) != Most {
		t.Errorf("got %v", got)
	}
}

func TestHoursAreUTCAndWholeInEveryZone(t *testing.T) {
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("India", 5*3600+1800), time.FixedZone("Nepal", 5*3600+2700), time.FixedZone("Boston", -5*3600)} {
		var c Counter
		note(&c, Visit, 5, ten.Add(20*time.Minute).In(zone))
		want(t, zone.String(), c.Turn(ten.Add(time.Hour).In(zone)), Batch{ten, map[string]int{Visit: 5}})
	}
}

func TestAClockThatWasAheadTakesItsHourBackAndLosesNothing(t *testing.T) {
	for _, ahead := range []time.Duration{20 * time.Minute, time.Hour, 3 * time.Hour, 24 * time.Hour, 365 * 24 * time.Hour} {
		var c Counter
		wrong := ten.Add(50 * time.Minute).Add(ahead)
		note(&c, Visit, 3, wrong)
		want(t, "set back", note(&c, Visit, 4, ten.Add(50*time.Minute)))
		want(t, ahead.String(), c.Turn(ten.Add(time.Hour)), Batch{ten, map[string]int{Visit: 7}})
	}
}

func TestAClockThatStartedYearsBehindPutsNothingInItsHour(t *testing.T) {
	var c Counter
	note(&c, Visit, 3, time.Unix(100, 0))
	want(t, "set right", note(&c, Visit, 4, ten))
	want(t, "the hour is over", c.Turn(ten.Add(time.Hour)), Batch{ten, map[string]int{Visit: 7}})
}

func TestASmallStepBackOverTheEdgeEndsNoHourTwice(t *testing.T) {
	var c Counter
	note(&c, Visit, 5, ten.Add(-time.Second))
	want(t, "over the edge", note(&c, Visit, 2, ten), Batch{ten.Add(-time.Hour), map[string]int{Visit: 5}})
	want(t, "back", note(&c, Visit, 3, ten.Add(-time.Second)))
	want(t, "over it again", note(&c, Visit, 4, ten.Add(time.Second)))
	want(t, "at the end", c.Turn(ten.Add(time.Hour)), Batch{ten, map[string]int{Visit: 9}})
}

func TestABatchIsTheSameBytesEveryTime(t *testing.T) {
	b := Batch{ten, map[string]int{Visit: 12, Staff: 5, Language("es"): 7}}
	const want = `{"counts":{"language-es":7,"staff":5,"visit":12},"hour":"2026-11-23T10:00:00Z"}`
	for range 20 {
		if got := string(b.Encode()); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
}

// Whatever the clock does: nothing is counted twice or lost,
// and every hour is one that the clock has said.
func FuzzWhateverTheClockDoes(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 0, 60, 60, 200, 3, 120})
	f.Add([]byte{255, 255, 255, 255, 255, 255, 0, 130, 130, 130, 130, 130})
	f.Fuzz(func(t *testing.T, steps []byte) {
		var c Counter
		var out []Batch
		now, said := ten, map[time.Time]bool{}
		for _, s := range steps {
			step := time.Duration(int(s)-96) * time.Minute // from 96 minutes back to 159 ahead
			if s == 255 {
				step = 100 * Far
			}
			now = now.Add(step)
			said[now.Truncate(time.Hour)] = true
			out = append(out, c.Note(Visit, now)...)
		}
		total := 0
		for _, b := range append(out, c.Flush(now)...) {
			total += b.Counts[Visit]
			if b.Counts[Visit] < 1 || !said[b.Hour] {
				t.Errorf("handed out %v", b)
			}
		}
		if total != len(steps) {
			t.Errorf("%d counted of %d", total, len(steps))
		}
	})
}
