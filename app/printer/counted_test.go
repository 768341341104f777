package printer

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
)

// A printer's word and its counters.

// sidesOut, pagesOut and sheetsOut count a job; none is a counter without a value.
func sidesOut(n int) goipp.Attribute {
	return integers("job-impressions-completed", goipp.TagInteger, n)
}
func pagesOut(n int) goipp.Attribute { return integers("job-pages-completed", goipp.TagInteger, n) }
func sheetsOut(n int) goipp.Attribute {
	return integers("job-media-sheets-completed", goipp.TagInteger, n)
}

func none(tag goipp.Tag) goipp.Attribute {
	return goipp.MakeAttr("job-impressions-completed", tag, goipp.Void{})
}

// completes has jobs of the fake complete with counters and for a reason.
func (f *fake) completes(reason string, counts ...goipp.Attribute) {
	f.looked = func(j *fakeJob, _ int) {
		j.state, j.counts = jobCompleted, counts
		if reason != "" {
			j.reasons = []string{reason}
		}
	}
}

func TestPrintedIsSaidOnlyWhenTheCountersAgree(t *testing.T) {
	for name, c := range map[string]struct {
		counts    []goipp.Attribute
		oneSide   bool // is announced
		uncounted bool // is set up
		never     bool // it has counted nothing before
		doubt     string
	}{
		"no counter":                       {},
		"a counter without a value":        {counts: []goipp.Attribute{none(goipp.TagNoValue)}},
		"a counter that is not known":      {counts: []goipp.Attribute{none(goipp.TagUnknown)}},
		"all sides":                        {counts: []goipp.Attribute{sidesOut(3)}},
		"all pages":                        {counts: []goipp.Attribute{pagesOut(3)}},
		"all sheets":                       {counts: []goipp.Attribute{sheetsOut(3)}, oneSide: true},
		"sheets, and sides it never has":   {counts: []goipp.Attribute{sidesOut(0), sheetsOut(3)}},
		"more than the document has":       {counts: []goipp.Attribute{sidesOut(6)}},
		"sheets that may have two sides":   {counts: []goipp.Attribute{sheetsOut(2)}},
		"nothing":                          {counts: []goipp.Attribute{sidesOut(0)}, doubt: "counted 0 of 3"},
		"nothing, as it always says":       {counts: []goipp.Attribute{sidesOut(0)}, never: true},
		"no pages, as it always says":      {counts: []goipp.Attribute{sidesOut(0), pagesOut(0)}, never: true},
		"no sides and no sheets":           {counts: []goipp.Attribute{sidesOut(0), sheetsOut(0)}, never: true, doubt: "counted 0 of 3"},
		"no sheets":                        {counts: []goipp.Attribute{sheetsOut(0)}, never: true, doubt: "counted 0 of 3"},
		"some, for the first time":         {counts: []goipp.Attribute{sidesOut(1)}, never: true, doubt: "counted 1 of 3"},
		"no pages":                         {counts: []goipp.Attribute{pagesOut(0)}, doubt: "counted 0 of 3"},
		"some sides":                       {counts: []goipp.Attribute{sidesOut(1)}, doubt: "counted 1 of 3"},
		"some sheets of one side":          {counts: []goipp.Attribute{sheetsOut(2)}, oneSide: true, doubt: "counted 2 of 3"},
		"nothing, which it always says":    {counts: []goipp.Attribute{sidesOut(0), sheetsOut(0)}, uncounted: true},
		"some, and its counters are wrong": {counts: []goipp.Attribute{sidesOut(1)}, uncounted: true},
	} {
		for _, atOnce := range []bool{false, true} {
			f := newFake(t)
			f.completes("", c.counts...)
			if atOnce {
				f.ops = f.ops[:1]
			}
			if c.oneSide {
				f.says = able(letter)
			}
			p := f.printer()
			p.uncounted, p.counts = c.uncounted, !c.never
			r := p.Print(soon(t), desk.Document{PDF: page(1).PDF, Pages: 3}, ignore)
			honest(t, r)
			sure := r == desk.Result{Outcome: fault.Printed}
			doubt := r.Outcome == fault.Unknown && r.Fault.Code == fault.Unclear && strings.Contains(r.Fault.Detail, c.doubt)
			if c.doubt == "" && !sure || c.doubt != "" && !doubt {
				t.Errorf("%s (Print-Job: %t): %+v, want doubt %q", name, atOnce, r, c.doubt)
			}
		}
	}
}

func TestACompletedJobWithAReasonAgainstItIsNotCalledPrinted(t *testing.T) {
	for reason, against := range map[string]bool{
		"none": false, "job-completed-successfully": false, "job-completed-with-warnings": false,
		"job-completed-with-errors": true, "document-format-error": true, "unsupported-document-format": true,
		"document-unprintable-error": true, "job-canceled-by-user": true, "job-canceled-by-operator": true,
		"job-canceled-at-device": true, "aborted-by-system": true, "processing-to-stop-point": false,
		"submission-interrupted": true, "unsupported-compression": true, "queued-in-device": true,
	} {
		for _, counts := range [][]goipp.Attribute{nil, {sidesOut(1)}} { // also when it counted
			for _, queue := range []bool{false, true} {
				f := newFake(t)
				f.completes(reason, counts...)
				want := fault.Printed
				if queue {
					f.ops = append(f.ops, goipp.OpCupsGetPrinters)
					want = fault.HandedOn
				}
				r := f.printer().Print(soon(t), page(1), ignore)
				honest := r == desk.Result{Outcome: want}
				doubt := r.Outcome == fault.Unknown && r.Fault.Code == fault.Unclear && strings.Contains(r.Fault.Detail, reason)
				if against && !doubt || !against && !honest {
					t.Errorf("%s (queue %t): %+v", reason, queue, r)
				}
			}
		}
	}
}

// Some printers count a page after they have called it complete.
func TestCountersThatComeLateAreWaitedFor(t *testing.T) {
	f := newFake(t)
	f.looked = func(j *fakeJob, n int) {
		j.state, j.counts = jobCompleted, []goipp.Attribute{sidesOut(max(0, n-lagging+1))}
	}
	p := f.printer()
	p.counts = true
	if r := p.Print(soon(t), page(1), ignore); r != (desk.Result{Outcome: fault.Printed}) {
		t.Errorf("%+v, want printed", r)
	}
}

// A page that is complete as its visitor leaves is believed no more than any other.
func TestAJobThatCompletesAsItIsCancelledIsBelievedByItsCounters(t *testing.T) {
	for _, n := range []int{0, 1} {
		f := newFake(t)
		ctx, end := context.WithCancel(soon(t))
		defer end()
		f.visitEnds(end)
		f.on[goipp.OpCancelJob] = func(http.ResponseWriter, *http.Request, *goipp.Message) bool {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.jobs[1].state, f.jobs[1].counts = jobCompleted, []goipp.Attribute{sidesOut(n)}
			return false
		}
		p := f.printer()
		p.counts = true
		r := p.Print(ctx, page(1), ignore)
		if (r.Outcome == fault.Printed) != (n == 1) || (r.Fault.Code == fault.Unclear) != (n == 0) {
			t.Errorf("counted %d: %+v", n, r)
		}
	}
}

// Who looks after the kiosk reads in the log what the printer said, without anything personal.
func TestAContradictionIsLogged(t *testing.T) {
	var said bytes.Buffer
	f := newFake(t)
	f.completes("", sidesOut(0), sheetsOut(0))
	p := f.printer()
	p.log = slog.New(slog.NewTextHandler(&said, nil))
	p.Print(soon(t), page(1), ignore)
	if !strings.Contains(said.String(), "counted 0 of 1") {
		t.Errorf("logged %q", said.String())
	}
}

// A printer whose counter has never said anything is taken at its word until it has.
func TestACounterCountsOnceItHasCounted(t *testing.T) {
	f := newFake(t)
	p := f.printer()
	for i, job := range []struct {
		sides int
		want  fault.Outcome
	}{{0, fault.Printed}, {1, fault.Printed}, {0, fault.Unknown}} {
		f.completes("", sidesOut(job.sides))
		if r := p.Print(soon(t), page(1), ignore); r.Outcome != job.want {
			t.Errorf("job %d, counted %d: %+v, want %s", i+1, job.sides, r, job.want)
		}
	}
}
