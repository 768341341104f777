package demo

import (
	"strings"

	"vaxkiosk/app/config"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/seal"
)

// Corrections and slips: a correction is told as saved like a request, and a
// number is on the screen whatever becomes of its slip.

const (
	amendRoute = "POST /v1/amendments"
	trackRoute = "GET /v1/amendments/{ref}"
)

func correctionDrills() []drill {
	var all []drill
	for _, w := range []when{before, during, after} {
		all = append(all, drill{"central away", string(w) + ": a correction goes out", "", func(g *guest) {
			g.start()
			g.line.breakAt(amendRoute, w)
			g.correct()
			<-g.line.broken
			g.mend()
			g.leave()
		}}, drill{"central away", string(w) + ": a correction is looked up", map[when]fault.Code{before: fault.Away, during: fault.Away}[w], func(g *guest) {
			g.start()
			number := g.correct()
			g.line.await(amendRoute, 1)
			g.line.breakAt(trackRoute, w)
			g.leave()
			g.do(visit.Begin{Lang: "en"}, visit.Amend{}, visit.Agree{}, visit.LookUp{}, visit.TypeReceipt{Text: number})
			g.onward("how far it is", func() []visit.Action { return []visit.Action{visit.Next{}} })
			if g.seen().Track.Progress == "" {
				g.t.Error("nothing is said of the correction")
			}
			<-g.line.broken
			g.mend()
			g.leave()
		}})
	}
	return append(
		all,
		drill{"disk full", "when a correction is saved", fault.Database, func(g *guest) {
			d := g.smallDisk()
			g.start()
			d.fill()
			g.do(g.wishes()...)
			g.fault(visit.Review, fault.Database)
			if g.seen().Track.Number != "" {
				g.t.Error("a number was given")
			}
			d.free()
			g.do(visit.Send{})
			g.await(visit.Amended)
			g.leave()
		}},
		drill{"printer switched off", "before it prints a slip, the visitor asks again", fault.Offline, func(g *guest) {
			p := newPress(g.t)
			g.cfg.Printer = config.Printer{URI: "ipp://" + p.address + "/ipp/print"}
			g.start()
			g.send()
			p.switchOff()
			g.wants(g.call("a slip", visit.Slip{}), visit.Sent, fault.Offline)
			g.gated(fault.Offline)
			p.switchOn()
			g.ungated()
			if f := g.call("a slip", visit.Slip{}); f != nil || g.seen().Print.Slip != fault.Printed {
				g.t.Errorf("slip %q, fault %v", g.seen().Print.Slip, f)
			}
			g.leave()
		}},
	)
}

// correct asks for a correction and is told its number.
func (g *guest) correct() (tracking string) {
	g.t.Helper()
	g.do(g.wishes()...)
	g.await(visit.Amended)
	return g.seen().Track.Number
}

// tracked waits until every correction told as saved has left the kiosk, and
// checks that it is at central exactly once.
func (g *guest) tracked() {
	g.t.Helper()
	g.eventually("the corrections to be at central", func() bool {
		c, err := g.s.Kiosk.Box.Counts(g.t.Context(), seal.ForAmend)
		if err != nil || c.Refused != 0 {
			g.t.Fatalf("outbox %+v, %v", c, err)
		}
		return c.Waiting == 0
	})
	all, err := g.s.Central.Amendments(g.t.Context(), true)
	if err != nil || len(all) != len(g.numbers) {
		g.t.Errorf("central has %d corrections, %v; %d were told", len(all), err, len(g.numbers))
	}
	for _, a := range all {
		if !g.numbers[strings.ToUpper(a.Ref)] {
			g.t.Error("central has a correction that nobody was told of")
		}
	}
}
