package central_test

import (
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"vaxkiosk/app/request"
)

// Whether time tells one refusal from another. Each is measured over TLS as a kiosk
// would; one of each kind in every round, in random order, so that what else the
// machine does falls on all alike. What counts are ranks, not milliseconds: how
// often does one kind take longer than another? Half of the time when nothing
// tells them apart, always when one of them does not hash.

const (
	rounds = 60
	// apart is how far from a half counts as a difference. Chance alone is off by
	// 0.05 (the standard error of a Mann-Whitney test with 60 and 60), so by four
	// times that once in 10,000 comparisons, and three times in a row never.
	apart = 0.2
	again = 3
)

// takesLonger is how often a value of a is above one of b (the effect size of the
// Mann-Whitney test): 0 never, 0.5 as often as not, 1 always.
func takesLonger(a, b []time.Duration) float64 {
	n := 0.0
	for _, x := range a {
		for _, y := range b {
			switch {
			case x > y:
				n++
			case x == y:
				n += 0.5
			}
		}
	}
	return n / float64(len(a)*len(b))
}

// kind is a way to be refused: the call, and the kind it must not differ from.
type kind struct {
	call func() reply
	like string
}

// measured times so many rounds of all kinds.
func (w *town) measured(kinds map[string]kind, n int, before func()) map[string][]time.Duration {
	w.t.Helper()
	took := map[string][]time.Duration{}
	var names []string
	for name := range kinds {
		names = append(names, name)
	}
	for i := range n + 2 { // the first two warm up
		before()
		rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		for _, name := range names {
			start := time.Now()
			res := kinds[name].call()
			if d := time.Since(start); i > 1 {
				took[name] = append(took[name], d)
			}
			if res.status != http.StatusForbidden && name != overNow {
				w.t.Fatalf("%s: status %d", name, res.status)
			}
		}
	}
	return took
}

// differing names the kinds that take another time than those they must be like.
func differing(kinds map[string]kind, took map[string][]time.Duration) map[string]float64 {
	far := map[string]float64{}
	for name, k := range kinds {
		if a := takesLonger(took[name], took[k.like]); math.Abs(a-0.5) > apart {
			far[name] = a
		}
	}
	return far
}

// overNow is the control: a request that is over is refused without a hash, which
// anybody may know, and which this measurement must notice.
const overNow = "no tries left"

func TestTimeTellsNoRefusalFromAnother(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w, k := staffed(t)
	key, right := k.ready(w.people[0])
	old, oldCode := k.ready(w.people[1])
	over, _ := k.ready(w.people[2])
	none, broken := k.stranger(), "broken-request-000001"
	w.unreadable(broken)
	w.db().Age(old)
	unlock := func(key, pin, code string) func() reply { return func() reply { return k.unlock(key, pin, code) } }
	pickup := func(key, code string) func() reply {
		return func() reply { return k.pickup(request.ReceiptFor(key), testPIN, code) }
	}
	token := k.staffToken()
	vouch := func(key, pin string) func() reply { return func() reply { return k.vouch(key, token, pin) } }
	const wrongPIN = "wrong PIN"
	kinds := map[string]kind{
		wrongPIN:              {unlock(key, "8305", right), wrongPIN},
		"wrong code":          {unlock(key, testPIN, wrong(right)), wrongPIN},
		"no record":           {unlock(none, testPIN, right), wrongPIN},
		"not readable":        {unlock(broken, testPIN, right), wrongPIN},
		"code of yesterday":   {unlock(old, testPIN, oldCode), wrongPIN},
		"receipt, wrong code": {pickup(key, wrong(right)), wrongPIN},
		"unknown receipt":     {pickup("nobody has this", right), "receipt, wrong code"},
		"vouched, wrong PIN":  {vouch(key, "8305"), wrongPIN},
		"vouched, no record":  {vouch(none, testPIN), "vouched, wrong PIN"},
		"staff, wrong PIN":    {func() reply { return k.signIn("nurse", "295038") }, "staff, wrong PIN"},
		"staff, unknown id":   {func() reply { return k.signIn("nobody", "295038") }, "staff, wrong PIN"},
		overNow:               {unlock(over, testPIN, right), wrongPIN},
	}
	w.indistinct(kinds, func() {
		w.db().ForgetTries()
		w.db().ForgetStaffTries()
		w.db().Exhaust(over)
	})
}

// indistinct measures until nothing differs but the control, or the same kind has
// differed again and again.
func (w *town) indistinct(kinds map[string]kind, before func()) {
	w.t.Helper()
	suspects := map[string]int{}
	for turn := 1; ; turn++ {
		took := w.measured(kinds, rounds*turn, before)
		far := differing(kinds, took)
		if far[overNow] == 0 && takesLonger(took[overNow], took[kinds[overNow].like]) > apart {
			w.t.Error("the measurement does not notice what needs no hash")
		}
		delete(far, overNow)
		worst := 0
		for name, a := range far {
			suspects[name]++
			worst = max(worst, suspects[name])
			w.t.Logf("%s takes longer than %s in %.0f of 100 pairs (medians %v and %v)",
				name, kinds[name].like, 100*a, median(took[name]), median(took[kinds[name].like]))
		}
		switch {
		case len(far) == 0 || worst < turn:
			return
		case worst == again:
			w.t.Errorf("time tells refusals apart: %d times out of %d", worst, turn)
			return
		}
	}
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2].Round(10 * time.Microsecond)
}

// The statistic itself: what is alike, shifted a little, and apart.
func TestTheRankTestTellsAlikeFromApart(t *testing.T) {
	noisy := func(shift float64) (all []time.Duration) {
		for range rounds {
			all = append(all, time.Duration((10+shift+2*rand.ExpFloat64())*float64(time.Millisecond)))
		}
		return all
	}
	base := noisy(0)
	if a := takesLonger(base, base); a != 0.5 {
		t.Errorf("the same is longer in %v", a)
	}
	if a := takesLonger(noisy(8), base); a-0.5 < apart {
		t.Errorf("8 ms more are not noticed: %v", a)
	}
	if a := takesLonger(noisy(-8), base); 0.5-a < apart {
		t.Errorf("8 ms less are not noticed: %v", a)
	}
}
