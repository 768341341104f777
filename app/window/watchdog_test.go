package window

import (
	"testing"
	"time"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui"
)

func TestTheWatchdogActsOnAWindowThatStandsStillAndOnNoOther(t *testing.T) {
	welcome := ui.SightOf(visit.Visit{Number: 1})
	menu := ui.SightOf(visit.Visit{Number: 1, State: visit.Choosing})
	typed := ui.SightOf(visit.Visit{Number: 1, State: visit.Choosing, Person: visit.Person{IdleWarning: true}})
	never := func(int, *watchdog) {}
	for name, c := range map[string]struct {
		begins  bool
		each    func(look int, d *watchdog)
		rebuild int // look at which the window is built anew, 0 for never
		giveUp  int
	}{
		"it shows what is due":       {true, func(_ int, d *watchdog) { d.seen(menu) }, 0, 0},
		"it stands still":            {true, never, rebuildLook, giveUpLook},
		"it never opens":             {false, never, 0, openLook},
		"it opens slowly":            {false, func(look int, d *watchdog) { seenAt(look, 200, d, menu) }, 0, 0},
		"building it anew helps":     {true, func(look int, d *watchdog) { seenAt(look, rebuildLook+2, d, menu) }, rebuildLook, 0},
		"it is slow, and gets there": {true, func(look int, d *watchdog) { seenAt(look%10, 9, d, typed) }, 0, 0},
		"its goroutine hangs": {true, func(look int, d *watchdog) {
			if look == 1 {
				d.seen(menu)
				d.ask(func(func()) {}, nil)
			}
		}, rebuildLook + 1, giveUpLook + 1},
	} {
		d := &watchdog{}
		if c.begins {
			d.show(welcome)
			d.seen(welcome)
			if v, _ := d.look(); v != fine {
				t.Fatalf("%s: a window that has just opened", name)
			}
		}
		d.show(menu)
		got := map[verdict]int{}
		for look := 1; look <= 2*openLook; look++ {
			c.each(look, d)
			if v, _ := d.look(); v != fine && got[v] == 0 {
				got[v] = look
			}
			if got[giveUp] > 0 {
				break
			}
		}
		if got[rebuild] != c.rebuild || got[giveUp] != c.giveUp {
			t.Errorf("%s: built anew at look %d, given up at %d; want %d and %d", name, got[rebuild], got[giveUp], c.rebuild, c.giveUp)
		}
	}
	if late := rebuildLook * lookEvery; late < 3*time.Second || late > 4*time.Second {
		t.Errorf("a window that stands still is built anew after %s", late)
	}
}

func seenAt(look, at int, d *watchdog, s ui.Sight) {
	if look >= at {
		d.seen(s)
	}
}

func TestASignOfLifeIsAskedForOneAtATime(t *testing.T) {
	d, asked := &watchdog{}, 0
	var answer func()
	do := func(f func()) { asked++; answer = f }
	d.ask(do, nil)
	d.ask(do, nil)
	answer()
	d.ask(do, nil)
	if asked != 2 {
		t.Errorf("asked %d times, want once until it is answered", asked)
	}
}

// The welcome screen stands still all night: nothing is due, and frames come all the same.
func TestAWindowThatPaintsNoFrameIsFoundThoughNothingElseIsDue(t *testing.T) {
	welcome := ui.SightOf(visit.Visit{Number: 1})
	for name, c := range map[string]struct {
		paints bool
		want   verdict
	}{"it paints": {true, fine}, "it does not": {false, rebuild}} {
		d := &watchdog{}
		d.show(welcome)
		d.seen(welcome)
		worst, frames := fine, 0
		for range frameLook + rebuildLook + 2 {
			v, painted := d.look()
			worst = max(worst, v)
			if painted {
				frames++
			}
			var later func()
			d.ask(func(f func()) { later = f }, func() {
				if c.paints {
					d.seen(welcome)
				}
			})
			if later != nil {
				later()
			}
		}
		if worst != c.want {
			t.Errorf("%s: verdict %d, want %d", name, worst, c.want)
		}
		if !c.paints && frames > 1 {
			t.Errorf("%s: %d frames are told", name, frames)
		}
	}
}

func TestAnEmptyWindowIsNotTheFirstFrame(t *testing.T) {
	d := &watchdog{}
	welcome := ui.SightOf(visit.Visit{Number: 1})
	for _, c := range []struct {
		what string
		do   func()
		want bool
	}{
		{"an empty window", func() { d.seen(ui.Sight{}) }, false},
		{"it is still empty when there is something to show", func() { d.show(welcome); d.seen(ui.Sight{}) }, false},
		{"it shows that", func() { d.seen(welcome) }, true},
		{"nothing new", func() {}, false},
	} {
		c.do()
		if _, painted := d.look(); painted != c.want {
			t.Errorf("%s: painted is %t", c.what, painted)
		}
	}
}
