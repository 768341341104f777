package ui

import (
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// amended shows the tracking number of an amendment that is saved. It is the
// same whether or not there is such a record (promise P5).
func (k *kit) amended() *page {
	p := &page{
		k: k, head: k.heading("corrected.title", "corrected.lead"),
		body: []fyne.CanvasObject{parts.NewReceiptCard(k.st, k.bw, k.w.Show("corrected.number"), k.v.Track.Number)},
		tail: k.askStaff("corrected.staff"),
	}
	slip := p.slip("corrected.note")
	p.update = func(v visit.Visit, _ time.Time) { slip.tell(v) }
	if k.v.Unlock.Record != nil {
		p.footer = k.footer(k.fw, k.eraseSpec("corrected.leave"),
			parts.Spec{Tag: "corrected.back", Title: k.w.Show("corrected.back"), Tap: k.tap(visit.Back{})})
	} else {
		p.footer = k.footer(k.fw, parts.Spec{}, k.end("corrected.finish", "done.finish"))
	}
	return p
}
