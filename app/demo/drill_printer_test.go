package demo

import (
	"vaxkiosk/app/config"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
)

// A printer in trouble, through a real IPP conversation, while a visitor waits.

// trouble is what happens to the printer and how it ends.
type trouble struct {
	fault, when string
	code        fault.Code
	before      func(*press) // the visitor asks to print
	hit         func(*press, *pressJob)
	ends        visit.State // Printing when the printer goes on once mended
	mend        func(*press)
	out         int // documents that come out in all; a lost job's page is not seen
}

func printerDrills() []drill {
	all := []drill{
		{"printer out of paper", "the visitor leaves meanwhile", fault.Paper, (*guest).leavesWhileItWaits},
	}
	for _, t := range append(waiting(), failing()...) {
		all = append(all, drill{t.fault, t.when, t.code, func(g *guest) { g.printWith(t) }})
	}
	return all
}

// waiting are troubles that hold a page up: mended, it comes out by itself.
func waiting() []trouble {
	reason := func(r string) func(*press, *pressJob) {
		return func(p *press, _ *pressJob) { p.reasons = []string{r} }
	}
	const when = "while it prints, mended"
	return []trouble{
		{"printer out of paper", when, fault.Paper, nil, reason("media-empty-error"), visit.Printing, (*press).mended, 1},
		{"paper tray missing", when, fault.Paper, nil, reason("input-tray-missing"), visit.Printing, (*press).mended, 1},
		{"paper of another size", when, fault.Media, nil, reason("input-media-size-change-error"), visit.Printing, (*press).mended, 1},
		{"printer busy", "before it prints, it has time again", fault.PrinterBusy, func(p *press) {
			p.is(func() { p.busy = true })
		}, nil, visit.Printing, (*press).mended, 1},
		{"printer jammed", when, fault.Jam, nil, reason("media-jam-error"), visit.Printing, (*press).mended, 1},
		{"printer cover open", when, fault.Cover, nil, reason("cover-open-error"), visit.Printing, (*press).mended, 1},
		{"printer out of toner", when, fault.Toner, nil, reason("toner-empty-error"), visit.Printing, (*press).mended, 1},
		{"printer offline", when, fault.Offline, nil, reason("offline-report"), visit.Printing, (*press).mended, 1},
		{
			"printer frozen", "while it prints, it comes round", fault.Frozen, nil,
			func(p *press, _ *pressJob) { p.freeze() }, visit.Printing, (*press).thaw, 1,
		},
	}
}

// failing are troubles that end the job: the visitor asks again.
func failing() []trouble {
	const asks = "the visitor asks again"
	return []trouble{
		{"printer jammed", "it gives the job up, " + asks, fault.Jam, nil, func(p *press, _ *pressJob) {
			p.reasons = []string{"media-jam-error"}
			p.aborts = true
		}, visit.PrintFailed, (*press).mended, 1},
		{"printer switched off", "before it prints, " + asks, fault.Offline, (*press).switchOff, nil, visit.PrintFailed, (*press).switchOn, 1},
		{
			"printer takes no jobs", "before it prints, " + asks, fault.NotAccepting,
			func(p *press) { p.is(func() { p.refuses = true }) }, nil, visit.PrintFailed, (*press).mended, 1,
		},
		{"printing stopped at the printer", "while it prints, " + asks, fault.Cancelled, nil, func(_ *press, j *pressJob) {
			j.state = pressCanceled
		}, visit.PrintFailed, (*press).mended, 1},
		{"printer answers unknown", "it forgets the job, " + asks, fault.NoAnswer, nil, func(p *press, _ *pressJob) {
			p.restart()
		}, visit.PrintUnknown, (*press).mended, 1},
		{"printer answers unknown", "it gives the number to another job, " + asks, fault.Restarted, nil, func(p *press, _ *pressJob) {
			p.restart()
			p.jobs = append(p.jobs, &pressJob{state: pressCompleted, uuid: "urn:uuid:another"})
		}, visit.PrintUnknown, (*press).mended, 2},
	}
}

// atPress opens a kiosk with a printer and goes on to the open record.
func (g *guest) atPress() *press {
	g.t.Helper()
	p := newPress(g.t)
	g.cfg.Printer = config.Printer{URI: "ipp://" + p.address + "/ipp/print"}
	g.start()
	g.toRecord()
	return p
}

func (g *guest) toRecord() {
	g.t.Helper()
	g.send()
	if f := g.call("unlocked", g.unlocks(g.message())...); f != nil {
		g.t.Fatalf("not unlocked: %s", f.Code)
	}
	g.await(visit.Ready)
}

// printWith is a whole visit with one trouble of the printer.
func (g *guest) printWith(t trouble) {
	g.t.Helper()
	p := g.atPress()
	p.hit = t.hit
	if t.before != nil {
		t.before(p)
	}
	g.do(visit.Print{})
	g.fault(t.ends, t.code)
	if g.seen().Unlock.Record == nil {
		g.t.Error("the record is gone")
	}
	if row, _ := fault.PrinterFaultOf(t.code); row.Gate && t.ends == visit.PrintFailed {
		g.gated(t.code)
	}
	t.mend(p)
	if t.ends != visit.Printing {
		g.ungated()
		if f := g.call("printed", visit.Print{}); f != nil {
			g.t.Fatalf("not printed: %s", f.Code)
		}
	}
	g.await(visit.Done)
	if out, in := p.came(); out != t.out || in != 0 {
		g.t.Errorf("%d documents came out, %d are still to come", out, in)
	}
	g.leave()
}

// gated waits until no print can be started, for a fault.
func (g *guest) gated(code fault.Code) {
	g.t.Helper()
	g.until("the gate to close", func(v visit.Visit) bool { return v.PrinterDown != nil && v.PrinterDown.Code == code })
}

// ungated waits until a print can be started.
func (g *guest) ungated() {
	g.t.Helper()
	g.until("the gate to open", func(v visit.Visit) bool { return v.PrinterDown == nil })
}

// leavesWhileItWaits has a visitor leave a printer without paper: refilled, it
// must not print the page of somebody who is gone.
func (g *guest) leavesWhileItWaits() {
	g.t.Helper()
	p := g.atPress()
	p.says("media-empty-error")
	g.do(visit.Print{})
	g.fault(visit.Printing, fault.Paper)
	g.leave()
	p.mended()
	g.toRecord()
	g.ungated()
	g.print() // waits until the job before is gone
	if out, in := p.came(); out != 1 || in != 0 {
		g.t.Errorf("%d documents came out, %d are still to come", out, in)
	}
}
