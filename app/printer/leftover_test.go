package printer

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/printer/printertest"
)

// count is how many jobs the fake has taken.
func (f *fake) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.jobs)
}

// is is the state of a job of the fake.
func (f *fake) is(id int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.jobs[id].state
}

// leavesOne prints a page whose visit ends, and which the fake says it has cancelled
// and has not.
func (f *fake) leavesOne() *ipp {
	f.t.Helper()
	f.cancel = 50 * time.Millisecond
	f.on[goipp.OpCancelJob] = refuse(goipp.StatusOk)
	ctx, end := context.WithCancel(f.t.Context())
	defer end()
	f.visitEnds(end)
	p := f.printer()
	if r := p.Print(ctx, page(1), ignore); r.Outcome != fault.Unknown {
		f.t.Fatalf("%+v", r)
	}
	return p
}

func TestNothingIsPrintedUntilAnEarlierPageIsGone(t *testing.T) {
	f := newFake(t)
	p := f.leavesOne()
	if wrong := p.Ready(soon(t)); wrong == nil || wrong.Code != fault.LeftBehind {
		t.Errorf("ready: %+v", wrong)
	}
	if len(p.left.jobs) != 1 {
		t.Errorf("%d jobs are left, want the one", len(p.left.jobs))
	}
	r := p.Print(soon(t), page(2), ignore)
	honest(t, r)
	if r.Outcome != fault.Failed || r.Fault.Code != fault.LeftBehind || f.count() != 1 {
		t.Errorf("print: %+v, %d jobs", r, f.count())
	}
	f.mu.Lock()
	delete(f.on, goipp.OpCancelJob) // it comes round
	f.looked = func(j *fakeJob, _ int) {
		if j.id > 1 {
			j.state = jobCompleted
		}
	}
	f.mu.Unlock()
	if wrong := p.Ready(soon(t)); wrong != nil {
		t.Errorf("ready once it is gone: %+v", *wrong)
	}
	if r := p.Print(soon(t), page(2), ignore); r.Outcome != fault.Printed || f.is(1) != jobCanceled {
		t.Errorf("%+v, the page before is in state %d", r, f.is(1))
	}
}

// Staff reads of the page that is still there before they mend what keeps it from
// coming out.
func TestAPageLeftBehindIsToldBeforeWhatHoldsItUp(t *testing.T) {
	f := newFake(t)
	p := f.leavesOne()
	f.mu.Lock()
	f.reasons = []string{"media-empty-error", "media-jam-error"}
	f.mu.Unlock()
	wrong := p.Ready(soon(t))
	if row, _ := fault.PrinterFaultOf(codeOf(wrong)); row.Code != fault.LeftBehind || !row.Gate || !strings.Contains(wrong.Detail, "media-jam") {
		t.Errorf("ready: %+v, want the page left behind, and the jam with it", wrong)
	}
	f.mu.Lock()
	delete(f.on, goipp.OpCancelJob)
	f.mu.Unlock()
	if wrong := p.Ready(soon(t)); codeOf(wrong) != fault.Jam {
		t.Errorf("ready once it is gone: %+v, want the jam", wrong)
	}
}

func TestOfAJobLeftBehindOnlyWhatThePrinterKnowsItByIsKept(t *testing.T) {
	f := newFake(t)
	f.reasons = []string{"media-empty-error"}
	p := f.leavesOne()
	if len(p.left.jobs) != 1 {
		t.Fatalf("%d jobs left", len(p.left.jobs))
	}
	j := p.left.jobs[0]
	if j.id != 1 || j.who.uuid == "" || j.able.up == 0 {
		t.Errorf("job %d %q of a printer up for %d s", j.id, j.who.uuid, j.able.up)
	}
	if j.doc.PDF != nil || j.doc.Pages != 0 || j.tell != nil || j.last != (desk.Progress{}) || j.sent != nil {
		t.Errorf("%d pages of the visit are still held, %+v", j.doc.Pages, j.last)
	}
}

func TestAJobLeftBehindIsNotCancelledUnseen(t *testing.T) {
	f := newFake(t)
	f.add()
	f.looked = func(*fakeJob, int) {}
	f.on[goipp.OpGetJobAttributes] = f.firstFew(1, func(http.ResponseWriter, *goipp.Message) { panic(http.ErrAbortHandler) })
	p := f.printer()
	p.left.asked, p.left.jobs = true, []*job{{ipp: p, id: 1, who: identity{uuid: "of an earlier start"}}}
	if wrong := p.Ready(soon(t)); wrong == nil || wrong.Code != fault.LeftBehind {
		t.Errorf("ready without a look: %+v", wrong)
	}
	if wrong := p.Ready(soon(t)); wrong != nil || f.did(goipp.OpCancelJob) {
		t.Errorf("ready: %+v; somebody else's job was cancelled: %t", wrong, f.did(goipp.OpCancelJob))
	}
}

func TestAPrinterThatWasSwitchedOffHasNothingLeft(t *testing.T) {
	f := newFake(t)
	p := f.leavesOne()
	f.mu.Lock()
	f.reboot()
	other := f.add() // somebody else's, under the same number
	f.mu.Unlock()
	if wrong := p.Ready(soon(t)); wrong != nil || f.is(other.id) != 3 {
		t.Errorf("ready: %+v, somebody else's job is in state %d", wrong, f.is(other.id))
	}
}

func TestAPageThatSurvivesASwitchOffIsRemoved(t *testing.T) {
	for name, uuid := range map[string]string{"with a UUID": "urn:uuid:1", "without": ""} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.looked = func(*fakeJob, int) {}
			f.up = 7 // it keeps its jobs on a disk
			kept := f.add()
			kept.name, kept.user, kept.uuid, kept.document, kept.state = jobName, "lobby", uuid, []byte("%PDF"), jobProcessing
			p := f.printer()
			p.left.asked, p.left.jobs = true, []*job{{ipp: p, id: kept.id, who: identity{uuid: uuid}, able: about{up: 900}}}
			if wrong := p.Ready(soon(t)); wrong != nil || f.is(kept.id) != jobCanceled {
				t.Errorf("ready: %+v while the page is in state %d", wrong, f.is(kept.id))
			}
		})
	}
}

func TestAPageThatSurvivesARestartUnderAnotherNumberIsRemoved(t *testing.T) {
	f := newFake(t)
	f.noUUID = true
	at(2, func(f *fake, j *fakeJob) {
		f.reboot()
		f.add()
		f.jobs[2] = j // it keeps its jobs on a disk, and numbers them again
		j.id, j.state = 2, jobProcessing
	})(f, nil)
	p := f.printer()
	if r := p.Print(soon(t), page(1), ignore); r.Outcome != fault.Unknown || r.Fault.Code != fault.Restarted {
		t.Fatalf("%+v", r)
	}
	if wrong := p.Ready(soon(t)); wrong != nil || f.is(1) != 3 || f.is(2) != jobCanceled {
		t.Errorf("ready: %+v, somebody else's job is in state %d, the page in state %d", wrong, f.is(1), f.is(2))
	}
}

func TestOnlyAPrinterWithoutAListIsNotAskedAgain(t *testing.T) {
	for status, ready := range map[goipp.Status]bool{
		goipp.StatusErrorOperationNotSupported: true,
		goipp.StatusErrorNotFound:              true,
		goipp.StatusErrorBusy:                  false,
		goipp.StatusErrorInternal:              false,
	} {
		f := newFake(t)
		f.looked = func(*fakeJob, int) {}
		kept := f.add()
		kept.name, kept.user, kept.document, kept.state = jobName, "lobby", []byte("%PDF"), jobProcessing
		f.on[goipp.OpGetJobs] = refuse(status)
		p := f.printer()
		if wrong := p.Ready(soon(t)); (wrong == nil) != ready {
			t.Errorf("%s: ready: %+v", status, wrong)
		}
		delete(f.on, goipp.OpGetJobs)
		wrong := p.Ready(soon(t))
		if gone := f.is(kept.id) == jobCanceled; wrong != nil || gone == ready {
			t.Errorf("%s: asked again: %t, ready: %+v", status, gone, wrong)
		}
	}
}

func TestAStartRemovesWhatThisKioskLeftAndNothingElse(t *testing.T) {
	f := newFake(t)
	for _, j := range []struct{ name, user string }{{jobName, "lobby"}, {jobName, "town-hall"}, {"minutes", "lobby"}} {
		left := f.add()
		left.name, left.user, left.document, left.state = j.name, j.user, []byte("%PDF"), jobProcessing
	}
	f.looked = func(*fakeJob, int) {}
	p := f.printer()
	for range 2 {
		if wrong := p.Ready(soon(t)); wrong != nil {
			t.Errorf("ready: %+v", *wrong)
		}
	}
	if f.is(1) != jobCanceled || f.is(2) != jobProcessing || f.is(3) != jobProcessing {
		t.Errorf("states %d, %d, %d; want only the first cancelled", f.is(1), f.is(2), f.is(3))
	}
	lists := 0
	for _, op := range f.seen {
		if op == goipp.OpGetJobs {
			lists++
		}
	}
	if lists != 1 {
		t.Errorf("asked %d times for jobs", lists)
	}
}

func TestAJobWithoutANumberIsFoundAndRemoved(t *testing.T) {
	f := newFake(t)
	f.ops = f.ops[:1]
	f.looked = func(*fakeJob, int) {}
	p := f.printer()
	for i, day := range []func(http.ResponseWriter, *http.Request, *goipp.Message) bool{f.swallow, f.keeps(500), f.keeps(503)} {
		f.on[goipp.OpPrintJob] = day
		if r := p.Print(soon(t), page(1), ignore); r.Outcome != fault.Unknown {
			t.Fatalf("%+v", r)
		}
		if n := f.count(); n != i+1 {
			t.Fatalf("%d jobs, want %d: it was sent again", n, i+1)
		}
		if wrong := p.Ready(soon(t)); wrong != nil || f.is(i+1) != jobCanceled {
			t.Errorf("ready: %+v, its job is in state %d", wrong, f.is(i+1))
		}
	}
}

// abandon has a printer take a page that waits for paper, as of a kiosk that was
// switched off then.
func abandon(t *testing.T, p *ipp) {
	t.Helper()
	j := &job{ipp: p, doc: page(1), tell: ignore}
	if err := j.create(soon(t)); err != nil {
		t.Fatal(err)
	}
	if d := j.send(soon(t)); d.err != nil {
		t.Fatal(d.err)
	}
}

func TestARealPrinterRemovesWhatAnEarlierRunLeft(t *testing.T) {
	e := printertest.Start(t, "read line < $DIR/go\nexit 0\n", nil)
	abandon(t, client(t, e.URI))
	p := client(t, e.URI)
	p.http.Transport = afterCancel{p.http.Transport, e.Go} // it waits for the end of its script
	for wrong := p.Ready(soon(t)); wrong != nil; wrong = p.Ready(soon(t)) {
		if wrong.Code != fault.LeftBehind {
			t.Fatalf("%+v", *wrong)
		}
	}
	if s, err := (&job{ipp: p, id: 1}).state(soon(t)); err != nil || s.state != jobCanceled {
		t.Errorf("its job is in state %d, %v", s.state, err)
	}
}

func TestAPrintServerRemovesWhatAnEarlierRunLeft(t *testing.T) {
	_, s, p := rigServer(t, "read line < $DIR/go\nexit 0\n")
	abandon(t, p)
	again := client(t, s.URI)
	for wrong := again.Ready(soon(t)); wrong != nil; wrong = again.Ready(soon(t)) {
		if wrong.Code != fault.LeftBehind {
			t.Fatalf("%+v", *wrong)
		}
	}
	forgot(t, s, p)
}
