package desk

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
)

// What takes too long: every port may hang, and the desk must come to an end.

func TestAPrintThatNeverGetsThePrinterIsToldAsNotPrinted(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		gone := make(chan struct{})
		defer close(gone)
		w.print = func(context.Context, func(Progress)) Result { <-gone; return Result{Outcome: fault.Unknown} }
		w.toReady()
		w.do(visit.Print{})
		w.do(visit.Leave{})
		w.toReady()
		w.do(visit.Print{}) // the job before is never removed
		time.Sleep(visit.PrintLimit - printMargin + time.Second)
		synctest.Wait()
		w.want(t, visit.PrintFailed)
		if w.seen().Fault == nil || w.seen().Fault.Code != fault.PrintSlow {
			t.Errorf("fault %v", w.seen().Fault)
		}
	})
}

func TestThePrintersTimeIsNotProlongedByTheWaitForIt(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		first := true
		w.print = func(ctx context.Context, _ func(Progress)) Result {
			<-ctx.Done()
			if first {
				first = false
				time.Sleep(2 * printMargin) // to be removed
				return Result{Outcome: fault.Failed}
			}
			return Result{Outcome: fault.Failed, Fault: fault.Fault{Code: fault.Paper}}
		}
		w.toReady()
		w.do(visit.Print{})
		w.do(visit.Leave{})
		w.toReady()
		w.do(visit.Print{})
		time.Sleep(visit.PrintLimit - time.Second)
		synctest.Wait()
		w.want(t, visit.PrintFailed) // as the printer said, not in doubt
	})
}

func TestASaveThatHangsIsGivenUpBeforeTheVisitDoes(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.saving = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
		w.toReview()
		w.do(visit.Send{})
		time.Sleep(visit.SaveLimit - time.Second)
		synctest.Wait()
		w.want(t, visit.Review)
		if w.seen().Fault == nil || w.seen().Fault.Code != fault.Database {
			t.Errorf("fault %v", w.seen().Fault)
		}
	})
}

func TestThePrinterIsLeftAloneWhileItPrints(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.print = func(context.Context, func(Progress)) Result {
			time.Sleep(3 * readyEvery)
			return Result{Outcome: fault.Printed}
		}
		w.toReady()
		before := w.asked()
		w.do(visit.Print{})
		time.Sleep(2 * readyEvery)
		synctest.Wait()
		if n := w.asked() - before; n != 0 {
			t.Errorf("it was asked %d times whether it can print", n)
		}
		time.Sleep(3 * readyEvery)
		synctest.Wait()
		if w.asked() == before {
			t.Error("it was not asked again afterwards")
		}
	})
}

func TestNobodyWaitsForADeskThatHasStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		ctx, stop := context.WithCancel(t.Context())
		stop()
		w.desk.Run(ctx, visit.New(house()))
		for range 1000 {
			w.desk.Post(visit.Event{Do: visit.Touch{}})
		}
	})
}

func TestAnAuditHoldsTheEndUpForMomentsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.audit = func(ctx context.Context) { <-ctx.Done() } // central is away
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { w.desk.Run(ctx, visit.New(house())); close(done) }()
		synctest.Wait()
		w.toReady()
		w.do(visit.Print{})
		w.want(t, visit.Done)
		stopped := time.Now()
		stop()
		<-done
		if took := time.Since(stopped); took > auditGrace {
			t.Errorf("the end took %s", took)
		}
		if fmt.Sprint(w.audits) != "[printed]" {
			t.Errorf("audits %v", w.audits)
		}
	})
}

func TestPagesThatAPrintServerTookAreNeverCalledPrinted(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.print = func(context.Context, func(Progress)) Result { return Result{Outcome: fault.HandedOn} }
		w.toReady()
		w.do(visit.Print{})
		w.want(t, visit.Done)
		if !w.seen().Print.HandedOn || w.seen().Unlock.Record == nil || fmt.Sprint(w.audits) != "[sent]" {
			t.Errorf("handed on: %t, record kept: %t, audits %v", w.seen().Print.HandedOn, w.seen().Unlock.Record != nil, w.audits)
		}
		w.print = func(context.Context, func(Progress)) Result { return Result{Outcome: fault.Printed} }
		w.do(visit.Print{}) // nothing was in the tray
		w.want(t, visit.Done)
		if w.seen().Print.HandedOn || w.seen().Unlock.Record != nil {
			t.Error("the record is still there after it was printed")
		}
	})
}
