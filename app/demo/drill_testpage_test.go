package demo

import (
	"vaxkiosk/app/config"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
)

// A printer in trouble, through a real IPP conversation, while staff prints a test page.

func testPageDrills() []drill {
	const when = "staff prints a test page"
	empty := func(p *press, _ *pressJob) { p.reasons = []string{"media-empty-error"} }
	frozen := func(p *press, _ *pressJob) { p.freeze() }
	return []drill{
		{"none", when, "", func(g *guest) {
			p := g.atTestPage()
			g.testPrints(p, 1)
			g.leave()
		}},
		{"printer out of paper", when + ", mended", fault.Paper, func(g *guest) { g.testPageWaits(fault.Paper, empty, (*press).mended) }},
		{"printer frozen", when + ", it comes round", fault.Frozen, func(g *guest) { g.testPageWaits(fault.Frozen, frozen, (*press).thaw) }},
		{"printer out of paper", when + " and leaves meanwhile", fault.Paper, (*guest).leavesTheTestPage},
		{"printer switched off", when + ", on again", fault.Offline, (*guest).testPageFails},
	}
}

// atTestPage opens a kiosk with a printer and signs staff in.
func (g *guest) atTestPage() *press {
	g.t.Helper()
	p := newPress(g.t)
	g.cfg.Printer = config.Printer{URI: "ipp://" + p.address + "/ipp/print"}
	g.start()
	nurse := Staff[0]
	g.do(visit.Begin{Lang: "es"}, visit.CallStaff{}, visit.TypeStaffID{Text: nurse.ID}, visit.TypeStaffPIN{Digits: nurse.PIN}, visit.Next{})
	g.await(visit.Upkeep)
	return p
}

// tested waits for the end of a test page.
func (g *guest) tested(o fault.Outcome) {
	g.t.Helper()
	g.until("the test page to be "+string(o), func(v visit.Visit) bool { return v.State == visit.Upkeep && v.Print.Test == o })
}

// came wants that so many documents have come out, and none is still to come.
func (g *guest) came(p *press, want int) {
	g.t.Helper()
	if out, in := p.came(); out != want || in != 0 {
		g.t.Errorf("%d documents came out, want %d; %d are still to come", out, want, in)
	}
}

// testPrints prints a test page on a printer that is in order.
func (g *guest) testPrints(p *press, out int) {
	g.t.Helper()
	g.do(visit.TestPrint{})
	g.tested(fault.Printed)
	g.came(p, out)
}

// testPageWaits has a page wait at the printer until it is mended: then it comes out
// by itself.
func (g *guest) testPageWaits(code fault.Code, hit func(*press, *pressJob), mend func(*press)) {
	g.t.Helper()
	p := g.atTestPage()
	p.is(func() { p.hit = hit })
	g.do(visit.TestPrint{})
	g.fault(visit.TestPrinting, code)
	mend(p)
	g.tested(fault.Printed)
	g.came(p, 1)
	g.leave()
}

// leavesTheTestPage has staff leave a printer without paper: refilled, it prints the
// record of the next visitor, and no test page.
func (g *guest) leavesTheTestPage() {
	g.t.Helper()
	p := g.atTestPage()
	p.is(func() { p.hit = func(p *press, _ *pressJob) { p.reasons = []string{"media-empty-error"} } })
	g.do(visit.TestPrint{})
	g.fault(visit.TestPrinting, fault.Paper)
	g.leave()
	p.mended()
	g.toRecord()
	g.ungated()
	g.print()
	g.came(p, 1)
}

// testPageFails has the printer switched off: that is told, then nothing is started
// until it is on again.
func (g *guest) testPageFails() {
	g.t.Helper()
	p := g.atTestPage()
	p.switchOff()
	g.do(visit.TestPrint{})
	g.fault(visit.Upkeep, fault.Offline)
	g.tested(fault.Failed)
	g.gated(fault.Offline)
	g.do(visit.TestPrint{}) // refused
	p.switchOn()
	g.ungated()
	g.tested(fault.Failed)
	g.testPrints(p, 1)
	g.leave()
}
