package ui

import (
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// sent is the same whether or not a record exists (promise P5): once central
// has dealt with the request it says what would have happened in either case, and
// after two minutes the way out for those who got no code stands out. Until then
// the request may still be on its way, and nobody can have a code.
func (k *kit) sent() *page {
	lead := parts.Lead(k.st, k.hw, "")
	missing := k.card("sent.no-code", "phone", "nocode.open", "nocode.open-sub", visit.Missing{})
	p := &page{
		k:    k,
		head: []fyne.CanvasObject{parts.Title(k.st, k.hw, k.w.Show("sent.title")), lead},
		body: []fyne.CanvasObject{parts.NewReceiptCard(k.st, k.bw, k.w.Show("sent.receipt"), k.v.Unlock.Receipt)},
		tail: k.askStaff("sent.staff"),
		footer: k.footer(k.fw,
			k.end("sent.leave", "sent.leave"),
			parts.Spec{Tag: "sent.unlock", Title: k.w.Show("sent.unlock"), Tap: k.tap(visit.Unlock{})}),
	}
	slip := p.slip("sent.note")
	p.body = append(p.body, missing)
	p.focus = p.main()
	p.update = func(v visit.Visit, now time.Time) {
		key, late := "sent.lead", v.CodeIsLate(now)
		switch {
		case late && !v.Unlock.Answered:
			key = "sent.late-waiting"
		case late:
			key = "sent.late"
		case v.Unlock.Resent:
			key = "sent.resent"
		case v.Unlock.Answered:
			key = "sent.answered"
		}
		lead.Set(k.w.Show(key))
		missing.Pick(late && v.Unlock.Answered)
		slip.tell(v)
	}
	return p
}
