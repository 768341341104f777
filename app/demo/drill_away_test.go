package demo

import (
	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
)

// Central is away before, during and after each call of a visit.

// awayStep is one call of a visit.
type awayStep struct {
	name, route string
	staff       bool // on the way with staff instead of the code
	faults      map[when]fault.Code
}

// A call that finds nobody, or loses half its answer, says so; after a whole answer
// the next call does. Paper needs no central, so its audit waits unseen.
var shown = map[when]fault.Code{before: fault.Away, during: fault.Away, after: fault.Away}

var awaySteps = []awayStep{
	{"the request goes out", saveRoute, false, shown},
	{"the answer is waited for", watchRoute, false, shown},
	{"a new code is asked for", remindRoute, false, shown},
	{"staff signs in", signInRoute, true, shown},
	{"staff vouches", unlockRoute, true, shown},
	{"the code is tried", unlockRoute, false, shown},
	{"the record is fetched", recordRoute, false, shown}, // no record without the list of revoked cards
	{"the print is audited", printRoute, false, nil},
}

func awayDrills() []drill {
	var all []drill
	for _, step := range awaySteps {
		for _, w := range []when{before, during, after} {
			all = append(all, drill{
				fault: "central away", when: string(w) + ": " + step.name, code: step.faults[w],
				walk: func(g *guest) { g.walkWithout(step, w) },
			})
		}
	}
	return all
}

// walkWithout is a whole visit that central leaves at one call.
func (g *guest) walkWithout(step awayStep, w when) {
	g.t.Helper()
	g.start()
	g.line.breakAt(step.route, w)
	g.send()
	if step.route == saveRoute || step.route == watchRoute {
		g.triesInVain()
	}
	g.until("the answer", func(v visit.Visit) bool { return v.Unlock.Answered })
	g.message()
	g.do(visit.Missing{})
	g.await(visit.NoCode)
	g.onward("a new code", func() []visit.Action { return []visit.Action{visit.Resend{}} })
	if step.route == remindRoute && w == after {
		g.triesInVain()
	}
	var code string
	for range visit.ResendsInAll - g.seen().Unlock.Resends {
		code = g.message()
	}
	if step.staff {
		g.vouched()
		code = ""
	}
	g.onward("an open record", func() []visit.Action { return g.unlocks(code) })
	g.print()
	if step.route == printRoute {
		<-g.line.broken
	}
	g.mend()
	if step.route != printRoute || w != after {
		g.line.await(printRoute, 1)
	}
	if n := g.papers(); n != 1 {
		g.t.Errorf("printed %d times", n)
	}
}

// triesInVain is for calls whose answer the screen does not wait for: it stays as
// it is, and whoever tries a code meanwhile is told.
func (g *guest) triesInVain() {
	g.t.Helper()
	<-g.line.broken
	g.wants(g.call("a code tried in vain", g.unlocks("482913")...), visit.Unlocking, fault.Away)
	g.mend()
	g.do(visit.Back{})
	g.await(visit.Sent)
}

// vouched has a staff member see a passport.
func (g *guest) vouched() {
	g.t.Helper()
	g.do(visit.CallStaff{})
	g.await(visit.StaffIn)
	g.onward("staff signed in", g.signsIn)
	g.await(visit.StaffCheck)
	g.do(visit.SawID{Kind: visit.Passport}, visit.Next{})
	g.await(visit.Unlocking)
}

// signsIn are the touches of a staff member who signs in.
func (g *guest) signsIn() []visit.Action {
	nurse := Staff[0]
	return []visit.Action{visit.TypeStaffID{Text: nurse.ID}, visit.TypeStaffPIN{Digits: nurse.PIN}, visit.Next{}}
}

// onward makes a call until it goes well; when central turns out to be away, it
// comes back.
func (g *guest) onward(what string, actions func() []visit.Action) {
	g.t.Helper()
	for range 3 { // the second time, a connection that died with central may be taken for a living one
		f := g.call(what, actions()...)
		if f == nil {
			return
		}
		if f.Code != fault.Away {
			g.t.Fatalf("waiting for %s: %s", what, f.Code)
		}
		g.mend()
	}
	g.t.Fatalf("waiting for %s: still away", what)
}
