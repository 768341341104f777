package tour

import (
	"fmt"
	"testing"
	"time"

	"vaxkiosk/app/exit"
	"vaxkiosk/app/visit"
)

// stallShort and stallLong are how long a kiosk is stopped: longer than Fyne keeps
// what it has drawn, and longer than a visit lasts without a touch.
const (
	stallShort = 20 * time.Second
	stallLong  = 140 * time.Second
)

// After a stop the window shows what the visit is: the same screen, which goes on, or
// the welcome screen when the visit has ended meanwhile. The touch that comes first
// prolongs nothing.
func TestAfterAStopTheWindowShowsWhatTheVisitIs(t *testing.T) {
	p := visitorOf(t)
	places := map[string]struct {
		get func(*real)
		on  string // what can be touched there, and
		to  string // where it leads
	}{
		"name": {func(r *real) {
			r.goes("welcome.en", "choosing")
			r.goes("choose.ask", "consent")
			r.goes("consent.agree", "declaring")
			r.goes("declare.self", "declaring-self")
			r.goes("declare.accept", "form-name")
		}, "form.back", "declaring-self"},
		"record": {func(r *real) { r.fillIn(p); r.opens(p) }, "record.print", "done"},
		"done":   {func(r *real) { r.fillIn(p); r.opens(p); r.goes("record.print", "done") }, "done.finish", "welcome"},
	}
	for name, place := range places {
		for _, d := range []time.Duration{stallShort, stallLong} {
			t.Run(fmt.Sprintf("%s %s", name, d), func(t *testing.T) {
				t.Parallel()
				r := openReal(t, "1080x1920", puppetUnaided+"=yes")
				welcome := r.still()
				place.get(r)
				before := r.still()
				r.keep("before", before)
				r.stop(d)
				if d == stallLong {
					r.tapAt(int(r.x.Root.WidthInPixels/2), int(r.x.Root.HeightInPixels/2))
					r.awaitScreen("welcome")
					r.shows("welcome", welcome, 0.001)
					r.keep("after", r.picture())
					return
				}
				r.keep("after", r.still())
				r.goes(place.on, place.to)
				if place.to == "welcome" {
					r.shows("welcome", welcome, 0.001)
				} else {
					r.until("another picture", func() bool { return differ(r.picture(), before) > 0.01 })
				}
				r.still()
			})
		}
	}
}

// The clock of the machine is set in the middle of a visit.
func TestWhenTheClockIsSetTheWindowShowsWhatTheVisitIs(t *testing.T) {
	r := openReal(t, "1080x1920")
	welcome := r.still()
	r.goes("welcome.en", "choosing")
	menu := r.still()
	r.tells("clock -3h")
	r.goes("choose.help", "helping")
	r.until("another picture", func() bool { return differ(r.picture(), menu) > 0.01 })
	r.tells("clock 3h")
	r.awaitScreen("welcome")
	r.shows("welcome", welcome, 0.001)
	r.goes("welcome.en", "choosing")
	r.shows("the menu", menu, 0.001)
}

// When Fyne forgets which window everything is in, for whatever reason, the next
// screens are shown all the same.
func TestAWindowThatStandsStillIsBuiltAnew(t *testing.T) {
	r := openReal(t, "540x960")
	r.goes("welcome.en", "choosing")
	menu := r.still()
	r.do("top.contrast", func(v visit.Visit) bool { return v.Look.Contrast == 1 })
	r.until("another picture", func() bool { return differ(r.picture(), menu) > 0.01 })
	r.tells("lose")
	r.do("top.contrast", func(v visit.Visit) bool { return v.Look.Contrast == 2 })
	r.do("top.contrast", func(v visit.Visit) bool { return v.Look.Contrast == 3 })
	r.do("top.contrast", func(v visit.Visit) bool { return v.Look.Contrast == 0 })
	r.shows("the menu", menu, 0.001)
}

func TestAWindowThatHangsEndsTheProgramWithAStatusOfItsOwn(t *testing.T) {
	r := openReal(t, "540x960")
	r.tells("hang")
	if status := r.status(); status != exit.Frozen {
		t.Errorf("status %d, want %d", status, exit.Frozen)
	}
}
