package printer

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
)

func TestABadDayEndsHonestly(t *testing.T) {
	for _, c := range slices.Concat(jobsEnd(), printersRestart(), printersRefuse(), connectionsBreak(), nobodyKnows(), visitsEnd()) {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t)
			ctx, end := context.WithCancel(soon(t))
			defer end()
			c.day(f, end)
			p := f.printer()
			var told []string
			r := p.Print(ctx, large(), func(g desk.Progress) {
				if g.Fault != nil {
					told = append(told, string(g.Fault.Code))
				}
			})
			if r.Outcome != c.outcome || r.Fault.Code != c.wrong || !strings.Contains(r.Fault.Detail, c.detail) {
				t.Errorf("%+v, want %s %s %q", r, c.outcome, c.wrong, c.detail)
			}
			if faults := strings.Join(told, " "); faults != c.faults {
				t.Errorf("told %q on the way, want %q", faults, c.faults)
			}
			honest(t, r)
			if got := f.did(goipp.OpCancelJob); got != c.cancels {
				t.Errorf("cancelled at the printer: %t, want %t", got, c.cancels)
			}
		})
	}
}

// honest fails unless an outcome and its fault go together by the table.
func honest(t *testing.T, r desk.Result) {
	t.Helper()
	row, known := fault.PrinterFaultOf(r.Fault.Code)
	switch {
	case r.Outcome == printed && r.Fault != (fault.Fault{}):
		t.Errorf("%+v: printed with a fault", r)
	case r.Outcome != printed && !known:
		t.Errorf("%+v: a fault without a row", r)
	case r.Outcome != printed && (r.Outcome == isUnknown) != (row.Retry == fault.Looks):
		t.Errorf("%+v: the rule for it is %q", r, row.Retry)
	}
}

// large is a document that does not fit the buffers of a connection.
func large() desk.Document {
	return desk.Document{PDF: append(page(1).PDF, make([]byte, 8<<20)...), Pages: 3}
}

func TestADocumentIsSentOnceWithItsLengthAndAConstantName(t *testing.T) {
	f := newFake(t)
	p := f.printer()
	if r := p.Print(soon(t), page(1), ignore); r.Outcome != printed {
		t.Fatalf("%+v", r)
	}
	sent := 0
	for i, op := range f.seen {
		if f.lengths[i] <= 0 {
			t.Errorf("%v without a length", op)
		}
		if op == goipp.OpSendDocument || op == goipp.OpPrintJob {
			sent++
		}
	}
	if sent != 1 || fmt.Sprint(f.names) != "["+jobName+"]" {
		t.Errorf("sent %d times as %q", sent, f.names)
	}
}

func TestPagesAreCountedWhenThePrinterCounts(t *testing.T) {
	f := newFake(t)
	f.looked = func(j *fakeJob, look int) {
		if look > 2 {
			j.counts = goipp.Attributes{sidesOut(look - 2)}
		}
		if look == 6 {
			j.state = jobCompleted
		}
	}
	p := f.printer()
	var pages []int
	r := p.Print(soon(t), desk.Document{PDF: page(1).PDF, Pages: 3}, func(g desk.Progress) { pages = append(pages, g.Page) })
	if r.Outcome != printed {
		t.Fatalf("%+v", r)
	}
	for i, n := range pages {
		if n > 3 || i > 0 && n <= pages[i-1] {
			t.Fatalf("pages told: %v", pages)
		}
	}
	if len(pages) == 0 || pages[len(pages)-1] != 3 {
		t.Errorf("pages told: %v, want to end with 3", pages)
	}
}

func TestReadySaysWhyNot(t *testing.T) {
	for _, c := range []struct {
		name string
		day  func(f *fake)
		code fault.Code
	}{
		{"good", func(*fake) {}, ""},
		{"low paper", func(f *fake) { f.reasons = []string{"media-low-report", "toner-low-warning"} }, ""},
		{"a tray empty, others not", func(f *fake) { f.reasons = []string{"media-empty-warning"} }, ""},
		{"empty and stopped", func(f *fake) { f.reasons, f.stopped = []string{"media-empty-warning"}, true }, fault.Paper},
		{"paper", func(f *fake) { f.reasons = []string{"media-empty-error"} }, fault.Paper},
		{"jam before paper", func(f *fake) { f.reasons = []string{"media-empty-error", "media-jam-error"} }, fault.Jam},
		{"toner", func(f *fake) { f.reasons = []string{"marker-supply-empty-error"} }, fault.Toner},
		{"stopped", func(f *fake) { f.stopped = true }, fault.PrinterStopped},
		{"refusing", func(f *fake) { f.refuses = true }, fault.NotAccepting},
		{"no PDF", func(f *fake) { f.formats = nil }, fault.NoPDF},
		{"frozen", func(f *fake) { f.on[goipp.OpGetPrinterAttributes], f.limits.answer = freeze, 50*time.Millisecond }, fault.Frozen},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t)
			c.day(f)
			wrong := f.printer().Ready(t.Context())
			if wrong == nil && c.code != "" || wrong != nil && wrong.Code != c.code {
				t.Errorf("%+v, want %q", wrong, c.code)
			}
		})
	}
}

func TestAPrinterThatIsSwitchedOffIsAFault(t *testing.T) {
	f := newFake(t)
	p := f.printer()
	f.server.Close()
	if wrong := p.Ready(t.Context()); wrong == nil || wrong.Code != fault.Offline {
		t.Errorf("ready: %+v", wrong)
	}
	if r := p.Print(soon(t), page(1), ignore); r.Outcome != isFailed || r.Fault.Code != fault.Offline {
		t.Errorf("print: %+v", r)
	}
}

func TestOnlyThePinnedKeyIsSpokenTo(t *testing.T) {
	f := newFake(t)
	f.server.StartTLS()
	sum := sha256.Sum256(f.server.Certificate().RawSubjectPublicKeyInfo)
	p := f.open("ipps", sum[:])
	if r := p.Print(soon(t), page(1), ignore); r.Outcome != printed {
		t.Fatalf("the pinned key: %+v", r)
	}
	before := len(f.documents())
	for _, pin := range [][]byte{make([]byte, sha256.Size), nil} {
		r := f.open("ipps", pin).Print(soon(t), page(1), ignore)
		if r.Outcome != isFailed || r.Fault.Code != fault.PrinterKey || !strings.Contains(r.Fault.Detail, "another key") {
			t.Errorf("another key: %+v", r)
		}
	}
	if len(f.documents()) != before {
		t.Error("a document went to another key")
	}
}

func TestTheDeadlineIsSaid(t *testing.T) {
	f := newFake(t)
	f.looked = func(*fakeJob, int) {}
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if r := f.printer().Print(ctx, page(1), ignore); r.Outcome != isFailed || r.Fault.Code != fault.PrintSlow {
		t.Errorf("%+v, want failed, slow", r)
	}
}
