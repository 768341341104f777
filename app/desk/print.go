package desk

import (
	"context"
	"errors"
	"time"

	"vaxkiosk/app/fault"
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

// print prints a record that is still valid, and tells central how that ended. It may
// have been open for minutes, and be printed again later.
func (d *Desk) print(ctx context.Context, f visit.PrintRecord) {
	sheet := paper{number: f.Visit, call: f.Call, what: "record", limit: visit.PrintLimit, draw: func() (Document, error) {
		if err := d.Central.StillValid(ctx, f.Record); err != nil {
			return Document{}, err
		}
		doc, err := d.Renderer.Render(f.Record, Page{Lang: f.Lang, Receipt: f.Receipt, Large: f.Large})
		doc.Personal = true
		return doc, err
	}}
	if how, pages, tried := d.put(ctx, sheet); tried {
		d.audit(f.Token, how, pages) //nolint:contextcheck // told to central after the visit, too
	}
}

// printSlip prints a number. Nothing personal is on a slip, so its outcome is
// told but not audited.
func (d *Desk) printSlip(ctx context.Context, f visit.PrintSlip) {
	d.put(ctx, paper{number: f.Visit, call: f.Call, what: "slip", limit: visit.SlipLimit, draw: func() (Document, error) {
		return d.Renderer.Slip(f.Kind, f.Number, f.Lang)
	}})
}

// printTest prints a test page, of which only the log tells.
func (d *Desk) printTest(ctx context.Context, f visit.PrintTest) {
	d.put(ctx, paper{number: f.Visit, call: f.Call, what: "test page", limit: visit.PrintLimit, draw: func() (Document, error) {
		return d.Renderer.TestPage(f.Lang)
	}})
}

// testLimit is how long a test page may take that somebody asks for from afar.
const testLimit = 90 * time.Second

// PrintTestPage prints a test page beside any visit, once the document before is gone. Whoever
// asks for it sees to it that nobody is there, who would take it for theirs.
func (d *Desk) PrintTestPage(ctx context.Context, lang string) Result {
	d.queue()
	ctx, cancel := context.WithTimeout(ctx, testLimit)
	defer cancel()
	if !d.takePrinter(ctx) {
		return Result{fault.Failed, fault.Fault{Code: fault.PrintSlow}}
	}
	defer d.doubtPrinter() // once it is free
	defer d.leavePrinter()
	doc, err := drawn(func() (Document, error) { return d.Renderer.TestPage(lang) })
	if err != nil {
		d.Log.Error("test page failed its check and was not printed", "event", "print.page-check", "what", "test page", "cause", err)
		return Result{fault.Failed, fault.Fault{Code: fault.Page}}
	}
	how := d.Printer.Print(ctx, doc, func(Progress) {})
	d.Log.Info("print ended", "event", "print.ended", "what", "test page", "outcome", how.Outcome, "pages", doc.Pages, "fault", how.Fault.Code)
	return how
}

// paper is a document that a call of a visit wants printed.
type paper struct {
	number, call uint64
	what         string        // for the log
	limit        time.Duration // the visit's own deadline
	draw         func() (Document, error)
}

// put draws a document, brings it to the printer and tells the visit how it goes;
// tried is false when the document before is still at the printer.
func (d *Desk) put(ctx context.Context, p paper) (how Result, pages int, tried bool) {
	job, cancel := context.WithTimeout(ctx, p.limit-printMargin)
	defer cancel()
	if !d.takePrinter(job) {
		return d.notPut(ctx, p, fault.PrintSlow), 0, false
	}
	defer d.doubtPrinter() // once it is free
	defer d.leavePrinter()
	doc, err := drawn(p.draw)
	switch {
	case errors.Is(err, fault.Revoked):
		d.Log.Error("record was revoked since it was fetched and is not printed", "event", "print.revoked", "what", p.what, "cause", err)
		return d.notPut(ctx, p, fault.Revoked), 0, true
	case err != nil:
		d.Log.Error("page failed its check and was not printed", "event", "print.page-check", "what", p.what, "cause", err)
		return d.notPut(ctx, p, fault.Page), 0, true
	}
	d.answer(ctx, p.number, p.call, visit.PrintStarted{Pages: doc.Pages})
	result := d.Printer.Print(job, doc, func(g Progress) {
		d.answer(ctx, p.number, p.call, visit.PrintProgress{Page: g.Page, Fault: g.Fault, Release: g.Release})
	})
	d.Log.Info("print ended", "event", "print.ended", "what", p.what, "outcome", result.Outcome, "pages", doc.Pages, "fault", result.Fault.Code)
	d.answer(ctx, p.number, p.call, visit.Ended(result))
	return result, doc.Pages, true
}

// notPut tells the visit that nothing went to the printer, and why.
func (d *Desk) notPut(ctx context.Context, p paper, code fault.Code) Result {
	how := Result{fault.Failed, fault.Fault{Code: code}}
	d.answer(ctx, p.number, p.call, visit.Ended(how))
	return how
}

var errBroke = errors.New("it broke in the middle")

// drawn is a document, or an error of a panic: a name that a library cannot shape or
// draw must not end the kiosk. The panic's value may be personal.
func drawn(draw func() (Document, error)) (doc Document, err error) {
	defer func() {
		if recover() != nil {
			doc, err = Document{}, errBroke
		}
	}()
	return draw()
}

// printMargin leaves the printer time to confirm that a late job is gone before
// the visit's own deadline.
const printMargin = 20 * time.Second

// How often the printer is asked whether it can print, and whether it can again.
const (
	readyEvery = 20 * time.Second
	downEvery  = 4 * time.Second
)

// watchPrinter tells the visit when the printer can no longer print, and when it
// can again. While a document is at the printer it is not asked: some serve one
// connection at a time, and the job itself tells how it goes. After a print it is
// asked at once.
func (d *Desk) watchPrinter(ctx context.Context) {
	why := fault.Fault{}
	for {
		select {
		case d.printer <- struct{}{}:
			why = d.askPrinter(ctx, why)
			<-d.printer
		default:
		}
		pause := readyEvery
		if why.Code != "" {
			pause = downEvery
		}
		select {
		case <-ctx.Done():
			return
		case <-d.doubt:
		case <-time.After(pause):
		}
	}
}

// PrinterAsked reports whether it is known yet what the printer says: until then a visit that
// shows no fault says nothing of it.
func (d *Desk) PrinterAsked() bool { return d.asked.Load() }

// doubtPrinter asks watchPrinter to ask the printer soon.
func (d *Desk) doubtPrinter() {
	select {
	case d.doubt <- struct{}{}:
	default:
	}
}

// askPrinter tells the visit what keeps the printer from printing anything, when
// that is not what it was before.
func (d *Desk) askPrinter(ctx context.Context, before fault.Fault) (why fault.Fault) {
	defer d.asked.Store(true)
	if now := d.Printer.Ready(ctx); now != nil {
		if row, known := fault.PrinterFaultOf(now.Code); row.Gate || !known {
			why = *now
		}
	}
	if why.Code == before.Code || ctx.Err() != nil {
		return before
	}
	if why.Code != "" {
		d.Log.Warn("printer cannot print", "event", "printer.blind", "fault", why.Code, "detail", why.Detail)
		d.answer(ctx, 0, 0, visit.PrinterDown{Fault: why})
	} else {
		d.Log.Info("printer can print again", "event", "printer.back")
		d.answer(ctx, 0, 0, visit.PrinterUp{})
	}
	return why
}
