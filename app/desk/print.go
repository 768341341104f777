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
