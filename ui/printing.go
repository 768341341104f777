package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// printing follows the printer; trouble it waits for is shown while it waits.
func (k *kit) printing() *page {
	title, since := k.middleText(true, ""), k.middleText(false, "")
	meter := parts.NewMeter(k.st)
	trouble := k.faultNote(k.oneWide)
	staff := parts.NewNote(k.st, k.oneWide, "", "")
	take := parts.NewNote(k.st, k.oneWide, "", "")
	p := &page{
		k: k, middle: true,
		head: []fyne.CanvasObject{k.emblem("print"), title, since, meter, trouble, staff},
		tail: []fyne.CanvasObject{take},
		footer: k.footer(k.oneWide,
			k.sure(k.end("printing.erase", "printing.erase")), parts.Spec{}),
	}
	p.update = func(v visit.Visit, now time.Time) {
		title.Set(k.printingWords(v))
		since.Set(k.since(v.Waiting, now))
		meter.Set(0.1)
		if v.Print.Pages > 0 {
			meter.Set((float32(v.Print.Page) - 0.5) / float32(v.Print.Pages))
		}
		meter.Hidden = v.Fault != nil || v.Print.Release != ""
		trouble.Set("", k.faultWords(v.Fault))
		staff.Set("", k.staffWords(v.Fault))
		note := "printing.note"
		if v.Print.Release != "" {
			note = "printing.held-note"
		}
		take.Set("", k.w.Show(note))
		take.Hidden = v.Fault != nil && v.Print.Release == ""
	}
	return p
}

func (k *kit) printingWords(v visit.Visit) string {
	switch {
	case v.Print.Release != "": // whatever else is wrong: nothing comes out without it
		return k.w.Show("printing.held", "n", v.Print.Release)
	case v.Fault != nil:
		return k.w.Show("printing.waiting")
	case v.Print.Pages == 0:
		return k.w.Show("printing.preparing")
	case v.Print.Pages == 1:
		return k.w.Show("printing.one")
	}
	return k.w.Show("printing.page", "n", fmt.Sprint(max(1, v.Print.Page)), "m", fmt.Sprint(v.Print.Pages))
}

// notPrinted is a failed print or one nobody knows about. Only the visitor
// prints again.
func (k *kit) notPrinted() *page {
	key := "failed"
	if k.v.State == visit.PrintUnknown {
		key = "unknown"
	}
	trouble, staff := k.faultNote(k.oneWide), parts.NewNote(k.st, k.oneWide, "", "")
	p := &page{
		k: k, middle: true,
		head: []fyne.CanvasObject{
			k.middleText(true, k.w.Show(key+".title")), k.middleText(false, k.w.Show(key+".lead")), trouble,
		},
		tail: []fyne.CanvasObject{staff},
		footer: k.footer(k.oneWide, k.eraseSpec("printed.finish"),
			parts.Spec{Tag: "printed.again", Icon: "print", Title: k.w.Show("printed.again"), Tap: k.tap(visit.Print{})}),
	}
	p.footer.top(k, k.oneWide, k.staffSpec("printed.staff"))
	p.update = func(v visit.Visit, _ time.Time) {
		f := v.Fault
		if v.PrinterDown != nil && v.PrinterDown.Code != "" {
			f = v.PrinterDown // what is in the way of printing again
		}
		trouble.Set("", k.faultWords(f))
		staff.Set("", k.staffWords(f))
		p.main().Turn(v.PrinterDown == nil)
	}
	return p
}
