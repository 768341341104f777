package demo

import (
	"path/filepath"
	"strings"

	"vaxkiosk/app/config"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/printer/printertest"
	"vaxkiosk/app/visit"
)

// The same troubles with a real IPP Everywhere printer in software, CUPS'
// ippeveprinter. It cannot freeze, restart or forget a job: those are the press's.

func eveDrills() []drill {
	return append([]drill{
		{"real printer out of paper", "while it prints, refilled", fault.Paper, func(g *guest) {
			// Each job finds the tray empty and waits for a line from staff.
			e := newRealPress(g, "echo 'STATE: +media-empty-error' >&2\nread line < $DIR/go\necho 'STATE: -media-empty-error' >&2\ncame\n")
			g.toRecord()
			g.do(visit.Print{})
			g.fault(visit.Printing, fault.Paper)
			e.Go()
			e.printed(1)
		}},
		{"real printer jammed", "it gives the job up, the visitor asks again", fault.Jam, func(g *guest) {
			// The first job jams and ends once staff has torn the sheet out; the second prints.
			e := newRealPress(g, "[ -e $DIR/jammed ] && came && exit 0\ntouch $DIR/jammed\necho 'STATE: +media-jam-error' >&2\nread line < $DIR/go\n"+
				"echo 'STATE: -media-jam-error' >&2\nexit 1\n")
			g.toRecord()
			g.do(visit.Print{})
			g.fault(visit.Printing, fault.Jam)
			e.Go()
			g.await(visit.PrintFailed)
			g.ungated()
			g.do(visit.Print{})
			e.printed(2) // it keeps what it was sent, also of the job it gave up
		}},
		{"print server that cannot tell", "the visitor finds no page and prints again", "", func(g *guest) {
			e := printertest.Start(g.t, "came\n", nil)
			s := printertest.StartServer(g.t, e.URI, "")
			g.cfg.Printer = config.Printer{URI: s.URI}
			g.start()
			g.toRecord()
			for range 2 {
				g.call("handed on", visit.Print{})
				if v := g.seen(); v.State != visit.Done || !v.Print.HandedOn || v.Unlock.Record == nil {
					g.t.Fatalf("%s, handed on: %t, record kept: %t", v.State, v.Print.HandedOn, v.Unlock.Record != nil)
				}
			}
			if n := s.Documents(); n != 0 {
				g.t.Errorf("the server keeps %d documents", n)
			}
			(&realPress{g, e}).printed(2)
		}},
	}, setUpDrills()...)
}

// setUpDrills are printers whose counters, or whose address, are not what the kiosk takes
// them for.
func setUpDrills() []drill {
	return []drill{
		{"real printer counts one page", "the visitor finds no more and prints again", fault.Unclear, func(g *guest) {
			// It calls both jobs complete; of the first all but a page is missing.
			e := newRealPress(g, "[ -e $DIR/lost ] && came && exit 0\ntouch $DIR/lost\necho 'ATTR: job-impressions-completed=1' >&2\n")
			g.toRecord()
			g.do(visit.Print{})
			g.fault(visit.PrintUnknown, fault.Unclear)
			g.do(visit.Print{})
			e.printed(2)
		}},
		{"real printer never counts", "its word is taken", "", func(g *guest) {
			e := printertest.Start(g.t, "exit 0\n", nil)
			g.cfg.Printer = config.Printer{URI: e.URI}
			g.start()
			g.toRecord()
			g.do(visit.Print{})
			(&realPress{g, e}).printed(1)
		}},
		{"real printer at another path", "its address is corrected", "", func(g *guest) {
			e := printertest.Start(g.t, "came\n", nil)
			g.cfg.Printer = config.Printer{URI: strings.TrimSuffix(e.URI, "/ipp/print") + "/printer"}
			g.start()
			g.gated(fault.PrinterPath)
			g.quit()
			g.cfg.Printer = config.Printer{URI: e.URI}
			g.start()
			g.ungated()
			g.toRecord()
			g.do(visit.Print{})
			(&realPress{g, e}).printed(1)
		}},
	}
}

// realPress is a running ippeveprinter that a kiosk prints to.
type realPress struct {
	*guest
	*printertest.Printer
}

// newRealPress starts one whose jobs run a script in the folder $DIR, and the kiosk.
func newRealPress(g *guest, script string) *realPress {
	g.t.Helper()
	e := &realPress{g, printertest.Start(g.t, script, nil)}
	g.cfg.Printer = config.Printer{URI: e.URI}
	g.start()
	return e
}

// printed ends the visit once the page is out; the printer was sent so many documents.
func (e *realPress) printed(documents int) {
	e.t.Helper()
	e.await(visit.Done)
	if all, err := filepath.Glob(filepath.Join(e.Dir, "spool", "*.pdf")); err != nil || len(all) != documents {
		e.t.Errorf("the printer was sent %d documents, %v", len(all), err)
	}
	e.leave()
}
