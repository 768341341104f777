package desk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// world is every port of a desk, told by the tests how to misbehave.
type world struct {
	mu         sync.Mutex
	v          visit.Visit
	log        strings.Builder
	saveErr    error
	saving     func(context.Context) error // nil: at once
	audit      func(context.Context)       // nil: at once
	unlock     func() (string, error)
	resend     func() (int, error)
	record     func() (record.Record, error)
	render     func() (Document, error)
	print      func(context.Context, func(Progress)) Result
	ready      *fault.Fault
	saves      int
	readies    int
	personal   []bool // of each document that came to the printer
	printing   int    // documents in the printer now
	how        Page   // of the record drawn last
	audits     []fault.Outcome
	whys       []fault.Code // of the audits: codes of faults
	stillValid error        // what central says of the record by the time it is printed
	desk       *Desk
	moreWorld
}

func (w *world) Save(ctx context.Context, _ request.Request) (Saved, error) {
	w.saves++
	if w.saving != nil {
		return Saved{}, w.saving(ctx)
	}
	return Saved{Key: "0123456789abcdef", Receipt: request.ReceiptFor("0123456789abcdef")}, w.saveErr
}
func (w *world) Answered(context.Context, string) error { return nil }
func (w *world) Unlock(context.Context, string, string, string, string) (string, error) {
	return w.unlock()
}
func (w *world) Resend(context.Context, string, string, bool) (int, error) { return w.resend() }
func (w *world) SignIn(context.Context, string, string) (string, error)    { return w.unlock() }
func (w *world) Vouch(context.Context, string, string, string, string) (string, error) {
	return w.unlock()
}
func (w *world) Record(context.Context, string) (record.Record, error) { return w.record() }
func (w *world) StillValid(context.Context, record.Record) error       { return w.stillValid }
func (w *world) Printed(ctx context.Context, _, _ string, how Result, _ int) error {
	w.mu.Lock()
	w.audits, w.whys = append(w.audits, how.Outcome), append(w.whys, how.Fault.Code)
	w.mu.Unlock()
	if w.audit != nil {
		w.audit(ctx)
	}
	return ctx.Err()
}

func (w *world) Render(_ record.Record, how Page) (Document, error) {
	w.how = how
	return w.render()
}

func (w *world) Ready(context.Context) *fault.Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.readies++
	return w.ready
}

// asked is how often the printer was asked whether it can print.
func (w *world) asked() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.readies
}

func (w *world) setReady(f *fault.Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ready = f
}

func (w *world) Print(ctx context.Context, d Document, p func(Progress)) Result {
	w.mu.Lock()
	w.personal = append(w.personal, d.Personal)
	w.printing++
	busy := w.printing
	w.mu.Unlock()
	defer func() { w.mu.Lock(); w.printing--; w.mu.Unlock() }()
	if busy > 1 {
		panic("two documents in the printer")
	}
	return w.print(ctx, p)
}

// seen is the last snapshot shown.
func (w *world) seen() visit.Visit {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.v
}

func (w *world) do(actions ...visit.Action) {
	for _, a := range actions {
		w.desk.Post(visit.Event{Visit: w.seen().Number, Do: a})
		synctest.Wait()
	}
}

// newWorld is a desk in a world where all goes well.
func newWorld() *world {
	w := &world{
		unlock: func() (string, error) { return "pass", nil },
		record: func() (record.Record, error) { return record.Record{Family: "Nguyễn", Birth: "1970-02-28"}, nil },
		render: func() (Document, error) { return Document{PDF: []byte("%PDF"), Pages: 2}, nil },
		print: func(_ context.Context, p func(Progress)) Result {
			p(Progress{Page: 1})
			return Result{Outcome: fault.Printed}
		},
	}
	w.desk = &Desk{
		Outbox: w, Reports: w, Central: w, Renderer: w, Printer: w,
		Show: func(v visit.Visit, _ time.Time) { w.mu.Lock(); w.v = v; w.mu.Unlock() },
		Log:  slog.New(slog.NewTextHandler(&w.log, nil)),
	}
	return w
}

// run opens a desk in a bubble of its own time and closes it after the test.
func run(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	runWith(t, func(*world) {}, test)
}

// runWith is run in a world that is changed before it begins.
func runWith(t *testing.T, change func(*world), test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		change(w)
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { w.desk.Run(ctx, visit.New(house())); close(done) }()
		defer func() { stop(); <-done }()
		synctest.Wait()
		test(t, w)
	})
}

func house() visit.Site {
	declaration := map[request.Relation]visit.Declaration{request.Self: {Version: "1"}}
	return visit.Site{
		Languages: []visit.Language{{Tag: "en", Name: "English"}},
		Texts:     map[string]visit.Texts{"en": {PolicyVersion: "1", Declarations: declaration}}, Zone: time.UTC,
	}
}

// toReview fills in the form (a bubble's clock begins in 2000), toReady goes on to the record.
func (w *world) toReview() {
	w.do(visit.Begin{Lang: "en"}, visit.Ask{}, visit.Agree{}, visit.Choose{Relation: request.Self}, visit.Declare{},
		visit.Type{Field: request.FieldGiven, Text: "Linh"}, visit.Type{Field: request.FieldFamily, Text: "Nguyễn"}, visit.Next{},
		visit.PickBirth{Date: request.Date{Year: 1970, Month: 2, Day: 28}}, visit.Next{}, visit.PickGender{Gender: request.Female}, visit.Next{},
		visit.PickContact{Kind: request.ByEmail}, visit.Type{Field: request.FieldEmail, Text: "linh@example.org"}, visit.Next{},
		visit.Type{Field: request.FieldPIN, Text: "8317"}, visit.Next{}, visit.Type{Field: request.FieldPINAgain, Text: "8317"}, visit.Next{})
}

func (w *world) toReady() {
	w.toReview()
	w.do(visit.Send{}, visit.Unlock{}, visit.TypeCode{Digits: "482913"}, visit.Next{}, visit.TypePIN{Digits: "8317"}, visit.Next{})
}

func (w *world) want(t *testing.T, s visit.State) {
	t.Helper()
	if w.seen().State != s {
		t.Fatalf("state %d, want %d (fault %v)", w.seen().State, s, w.seen().Fault)
	}
}

func TestAVisitRunsFromTheFirstTouchToThePaper(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.toReady()
		w.want(t, visit.Ready)
		w.do(visit.Print{})
		w.want(t, visit.Done)
		time.Sleep(visit.DoneLimit + time.Second)
		synctest.Wait()
		w.want(t, visit.Welcome)
		if fmt.Sprint(w.audits) != "[printed]" || w.saves != 1 {
			t.Errorf("audits %v, saves %d", w.audits, w.saves)
		}
	})
}

func TestEachWayACallToCentralEndsHasItsFault(t *testing.T) {
	for err, code := range map[error]fault.Code{
		fault.Busy: fault.Busy, fault.Fault{Code: fault.OutOfUse, Detail: "its detail is for the log"}: fault.OutOfUse,
		errors.New("what nobody thought of"): fault.Away,
		&Refusal{Left: 3}:                    fault.Refused, &Refusal{}: fault.NoTries,
	} {
		run(t, func(t *testing.T, w *world) {
			w.unlock = func() (string, error) { return "", fmt.Errorf("unlock: %w", err) }
			w.toReady()
			w.want(t, visit.Unlocking)
			if w.seen().Fault == nil || w.seen().Fault.Code != code {
				t.Errorf("%v: fault %v, want %s", err, w.seen().Fault, code)
			}
		})
	}
}

func TestARecordThatFailsItsChecksIsNotShown(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.record = func() (record.Record, error) { return record.Record{}, fault.Record }
		w.toReady()
		w.want(t, visit.Unlocking)
		if w.seen().Unlock.Record != nil || w.seen().Fault.Code != fault.Record {
			t.Errorf("record %v, fault %v", w.seen().Unlock.Record, w.seen().Fault)
		}
	})
}

func TestAFailedSaveIsToldAndTheFormIsKept(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.saveErr = errors.New("disk full")
		w.toReview()
		w.do(visit.Send{})
		w.want(t, visit.Review)
		if w.seen().Fault.Code != fault.Database || w.seen().Form.Draft.Given != "Linh" {
			t.Errorf("fault %v, draft kept: %v", w.seen().Fault, w.seen().Form.Draft.Given == "Linh")
		}
		w.saveErr = nil
		w.do(visit.Send{})
		w.want(t, visit.Sent)
	})
}

func TestAPageThatFailsItsCheckNeverReachesThePrinter(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.render = func() (Document, error) { return Document{}, errors.New("code 1 does not decode") }
		w.print = func(context.Context, func(Progress)) Result { t.Error("printed"); return Result{} }
		w.toReady()
		w.do(visit.Print{})
		w.want(t, visit.PrintFailed)
		if w.seen().Fault.Code != fault.Page || fmt.Sprint(w.audits) != "[failed]" {
			t.Errorf("fault %v, audits %v", w.seen().Fault, w.audits)
		}
	})
}

func TestTheNextPrintWaitsUntilTheJobBeforeIsGone(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		cancelled := false
		w.print = func(ctx context.Context, _ func(Progress)) Result {
			if cancelled {
				return Result{Outcome: fault.Printed}
			}
			<-ctx.Done()
			time.Sleep(9 * time.Second) // the printer takes its time to confirm
			cancelled = true
			return Result{Outcome: fault.Failed, Fault: fault.Fault{Code: fault.Cancelled}}
		}
		w.toReady()
		w.do(visit.Print{})
		w.want(t, visit.Printing)
		w.do(visit.Leave{})
		w.want(t, visit.Welcome)
		w.toReady()
		w.do(visit.Print{})
		w.want(t, visit.Printing) // world.Print panics on two documents at once
		time.Sleep(10 * time.Second)
		synctest.Wait()
		w.want(t, visit.Done)
	})
}

func TestAnAnswerForAVisitorWhoLeftIsDropped(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		gate := make(chan struct{})
		w.unlock = func() (string, error) { <-gate; return "pass", nil }
		w.toReady()
		w.want(t, visit.Fetching)
		w.do(visit.Leave{})
		w.do(visit.Begin{Lang: "en"})
		close(gate)
		synctest.Wait()
		w.want(t, visit.Choosing)
	})
}

func TestAPrinterThatHangsEndsInDoubtBeforeTheVisitsOwnDeadline(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.print = func(ctx context.Context, _ func(Progress)) Result {
			<-ctx.Done()
			return Result{Outcome: fault.Unknown, Fault: fault.Fault{Code: fault.NoAnswer}}
		}
		w.toReady()
		w.do(visit.Print{})
		time.Sleep(visit.PrintLimit - printMargin + time.Second)
		synctest.Wait()
		w.want(t, visit.PrintUnknown)
		if fmt.Sprint(w.audits) != "[unknown]" {
			t.Errorf("audits %v", w.audits)
		}
	})
}

func TestAPrinterThatIsDownIsSeenAndItsReturnToo(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.setReady(&fault.Fault{Code: fault.Paper})
		time.Sleep(readyEvery + time.Second)
		synctest.Wait()
		if w.seen().PrinterDown == nil {
			t.Error("the visit does not know that the printer is blind")
		}
		w.setReady(nil)
		time.Sleep(readyEvery)
		synctest.Wait()
		if w.seen().PrinterDown != nil {
			t.Error("the visit does not know that the printer is back")
		}
	})
}

func TestNoLogLineHoldsAPersonalValue(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.saveErr = errors.New("disk full")
		w.toReview()
		w.do(visit.Send{})
		w.saveErr = nil
		w.unlock = func() (string, error) { return "", fault.Away }
		w.do(visit.Send{}, visit.Unlock{}, visit.TypeCode{Digits: "482913"}, visit.Next{}, visit.TypePIN{Digits: "8317"}, visit.Next{})
		w.unlock = func() (string, error) { return "pass", nil }
		w.do(visit.Next{}, visit.TypePIN{Digits: "8317"}, visit.Next{}, visit.Print{})
		w.want(t, visit.Done)
		for _, secret := range []string{"Linh", "Nguy", "1970", "linh@", "8317", "482913", "0123456789abcdef"} {
			if strings.Contains(w.log.String(), secret) {
				t.Errorf("the log holds %q:\n%s", secret, w.log.String())
			}
		}
		if w.log.Len() == 0 {
			t.Error("nothing was logged at all")
		}
	})
}
