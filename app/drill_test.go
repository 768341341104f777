package main

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/notice"
)

// The fault drill: whole kiosks in which one thing breaks. Each fault must reach
// the screen as its own code, which has a sentence for the visitor and a hint for
// staff (a test of the words says so), and nothing that was told may be lost.

// badPrinter prints nothing and ends each job as it is told.
type badPrinter struct{ result desk.Result }

func (b badPrinter) Print(_ context.Context, _ desk.Document, progress func(desk.Progress)) desk.Result {
	progress(desk.Progress{Fault: &b.result.Fault})
	return b.result
}

func (b badPrinter) Ready(context.Context) *desk.Fault { return &b.result.Fault }

// swapPrinter is a printer that tests exchange for another.
type swapPrinter struct {
	mu  sync.Mutex
	now desk.Printer
}

func (s *swapPrinter) swap(p desk.Printer) (before desk.Printer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, s.now = s.now, p
	return before
}

func (s *swapPrinter) present() desk.Printer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *swapPrinter) Print(ctx context.Context, d desk.Document, p func(desk.Progress)) desk.Result {
	return s.present().Print(ctx, d, p)
}

func (s *swapPrinter) Ready(ctx context.Context) *desk.Fault { return s.present().Ready(ctx) }

// open goes on to the open record.
func (p *visitor) open() {
	p.t.Helper()
	p.ask()
	p.unlock(p.code(), testPIN)
	p.await(visit.Ready)
}

func (p *visitor) fault(s visit.State, code string) {
	p.t.Helper()
	p.until("fault "+code, func(v visit.Visit) bool { return v.State == s && v.Fault != nil && v.Fault.Code == code })
}

func TestEveryPrinterFaultIsShownAndTheRecordCanBePrintedAfterwards(t *testing.T) {
	for name, c := range map[string]struct {
		result desk.Result
		state  visit.State
	}{
		"out of paper": {desk.Result{Outcome: desk.Failed, Fault: desk.Fault{Code: visit.FaultPaper}}, visit.PrintFailed},
		"jam":          {desk.Result{Outcome: desk.Failed, Fault: desk.Fault{Code: visit.FaultJam}}, visit.PrintFailed},
		"toner":        {desk.Result{Outcome: desk.Failed, Fault: desk.Fault{Code: visit.FaultToner}}, visit.PrintFailed},
		"away":         {desk.Result{Outcome: desk.Failed, Fault: desk.Fault{Code: visit.FaultPrinter}}, visit.PrintFailed},
		"unknown":      {desk.Result{Outcome: desk.Unknown, Fault: desk.Fault{Code: visit.FaultNoAnswer}}, visit.PrintUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			p := arrive(t)
			p.open()
			good := p.printer.swap(badPrinter{c.result})
			p.do(visit.Print{})
			p.fault(c.state, c.result.Fault.Code)
			if p.seen().Record == nil {
				t.Fatal("the record is gone")
			}
			p.printer.swap(good) // staff has mended it
			p.do(visit.Back{})
			p.printed()
		})
	}
}

func TestAPageThatDoesNotSayWhatCentralSignedIsNotPrinted(t *testing.T) {
	p := arrive(t)
	p.open()
	p.swapKeys() // from here on no code on a page verifies
	p.do(visit.Print{})
	p.fault(visit.PrintFailed, visit.FaultPage)
}

func TestARecordThatNobodyTrustedSignedIsNotShown(t *testing.T) {
	p := arrive(t)
	p.ask()
	code := p.code()
	p.swapKeys()
	p.unlock(code, testPIN)
	p.fault(visit.Unlocking, visit.FaultRecord)
	if p.seen().Record != nil {
		t.Error("the record is on the screen")
	}
}

// swapKeys has the kiosk pin card keys that sign nothing.
func (p *visitor) swapKeys() {
	b := *p.s.kiosk.rules.now.Load()
	k := b.CardKeys.Keys[0]
	k.Kid = "another"
	b.CardKeys = api.JWKS{Keys: []api.JWK{k}}
	p.s.kiosk.rules.now.Store(&b)
}

// noOutbox keeps nothing.
type noOutbox struct {
	desk.Outbox
	err error
}

func (o noOutbox) Save(context.Context, request.Request) (desk.Saved, error) {
	return desk.Saved{}, o.err
}

func TestCentralAwayAtEachStepLosesNothing(t *testing.T) {
	p := arrive(t)
	p.ask()
	code := p.code()
	p.s.stop()
	p.unlock(code, testPIN)
	p.fault(visit.Unlocking, visit.FaultAway)
	p.serveAgain()
	p.do(visit.Back{})
	p.unlock(code, testPIN)
	p.await(visit.Ready)
	p.s.stop() // the audit of the print waits; the paper does not
	p.printed()
	p.serveAgain()
}

func TestAKioskThatCannotTrustCentralClosesAndOpensAgainByItself(t *testing.T) {
	p := arrive(t)
	p.s.stop()
	impostor := &stage{log: p.s.log}
	var err error
	impostor.central, err = central.Open(central.Options{Dir: filepath.Join(t.TempDir(), "impostor"), Sender: &notice.Phone{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := impostor.serve(p.s.address); err != nil {
		t.Fatal(err)
	}
	p.ask() // saved all the same
	p.until("the kiosk to notice", func(v visit.Visit) bool { return v.Out != nil && v.Out.Code == visit.FaultCertificate })
	p.do(visit.Leave{})
	p.await(visit.OutOfService)
	impostor.stop()
	if err := impostor.central.Close(); err != nil {
		t.Fatal(err)
	}
	p.serveAgain()
	p.await(visit.Welcome)
}

// serveAgain brings central back where it was.
func (p *visitor) serveAgain() {
	p.t.Helper()
	if err := p.s.serve(p.s.address); err != nil {
		p.t.Fatal(err)
	}
}

func TestAnOutboxThatCannotBeWrittenIsToldAndNothingIsClaimed(t *testing.T) {
	p := arrive(t)
	broken := errors.New("disk full")
	good := p.s.kiosk.desk.Outbox
	p.s.kiosk.desk.Outbox = noOutbox{err: broken}
	p.fillIn()
	p.do(visit.Send{})
	p.fault(visit.Review, visit.FaultDatabase)
	if p.seen().Receipt != "" || p.seen().Draft.Family != p.person.Family {
		t.Error("a receipt was given, or the form is gone")
	}
	p.s.kiosk.desk.Outbox = good
	p.do(visit.Send{})
	p.await(visit.Sent)
}
