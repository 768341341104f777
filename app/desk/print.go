package desk

import (
	"context"
	"time"

	"vaxkiosk/app/visit"
)

// One document is at the printer at a time: the next one waits until the job
// before it has ended and is gone (promise P8).

// takePrinter waits for the printer; false when ctx ends first, while the job
// before is still being removed.
func (d *Desk) takePrinter(ctx context.Context) bool {
	select {
	case d.printer <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (d *Desk) leavePrinter() { <-d.printer }

func (d *Desk) print(ctx context.Context, f visit.PrintRecord) {
	job, cancel := context.WithTimeout(ctx, visit.PrintLimit-printMargin)
	defer cancel()
	if !d.takePrinter(job) {
		d.answer(ctx, f.Visit, f.Call, visit.NotPrinted{Fault: Fault{Code: visit.FaultSlow}})
		return
	}
	defer d.leavePrinter()
	doc, err := d.Renderer.Render(f.Record, f.Lang, f.Receipt)
	if err != nil {
		d.Log.Error("page failed its check and was not printed", "cause", err)
		d.answer(ctx, f.Visit, f.Call, visit.NotPrinted{Fault: Fault{Code: visit.FaultPage}})
		d.audit(f.Pass, Failed, 0)
		return
	}
	d.answer(ctx, f.Visit, f.Call, visit.PrintStarted{Pages: doc.Pages})
	result := d.Printer.Print(job, doc, func(p Progress) {
		d.answer(ctx, f.Visit, f.Call, visit.PrintProgress{Page: p.Page, Fault: p.Fault})
	})
	d.Log.Info("print ended", "outcome", result.Outcome, "pages", doc.Pages, "fault", result.Fault.Code)
	d.answer(ctx, f.Visit, f.Call, outcomeEvent(result))
	d.audit(f.Pass, result.Outcome, doc.Pages)
}

// printMargin leaves the printer time to confirm that a late job is gone before
// the visit's own deadline.
const printMargin = 20 * time.Second

func outcomeEvent(r Result) visit.Action {
	switch r.Outcome {
	case Printed:
		return visit.Printed{}
	case Failed:
		return visit.NotPrinted{Fault: r.Fault}
	case Unknown:
		return visit.Unsure{Fault: r.Fault}
	}
	return visit.Unsure{Fault: r.Fault}
}

// printSlip prints a number. Nothing personal is on a slip, so its outcome is
// told but not audited.
func (d *Desk) printSlip(ctx context.Context, f visit.PrintSlip) {
	job, cancel := context.WithTimeout(ctx, visit.SlipLimit-printMargin)
	defer cancel()
	if !d.takePrinter(job) {
		d.answer(ctx, f.Visit, f.Call, visit.NotPrinted{Fault: Fault{Code: visit.FaultSlow}})
		return
	}
	defer d.leavePrinter()
	doc, err := d.Renderer.Slip(f.Kind, f.Number, f.Lang)
	if err != nil {
		d.Log.Error("slip not drawn", "cause", err)
		d.answer(ctx, f.Visit, f.Call, visit.NotPrinted{Fault: Fault{Code: visit.FaultPage}})
		return
	}
	result := d.Printer.Print(job, doc, func(p Progress) {
		d.answer(ctx, f.Visit, f.Call, visit.PrintProgress{Page: p.Page, Fault: p.Fault})
	})
	d.Log.Info("slip ended", "outcome", result.Outcome, "fault", result.Fault.Code)
	d.answer(ctx, f.Visit, f.Call, outcomeEvent(result))
}

// readyEvery is how often the printer is asked whether it can print.
const readyEvery = 20 * time.Second

// watchPrinter tells the visit when the printer can no longer print, and when it
// can again. While a document is at the printer it is not asked: some serve one
// connection at a time, and the job itself tells how it goes.
func (d *Desk) watchPrinter(ctx context.Context) {
	every := time.NewTicker(readyEvery)
	defer every.Stop()
	blind := false
	for {
		select {
		case d.printer <- struct{}{}:
			blind = d.askPrinter(ctx, blind)
			<-d.printer
		default:
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// askPrinter tells the visit when the printer is blind and was not, or the other
// way round.
func (d *Desk) askPrinter(ctx context.Context, before bool) (blind bool) {
	fault := d.Printer.Ready(ctx)
	blind = fault != nil
	if blind == before || ctx.Err() != nil {
		return before
	}
	if blind {
		d.Log.Warn("printer cannot print", "fault", fault.Code, "detail", fault.Detail)
	} else {
		d.Log.Info("printer can print again")
	}
	d.answer(ctx, 0, 0, visit.PrinterBlind{Blind: blind})
	return blind
}
