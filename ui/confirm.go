package ui

import (
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// confirmPIN asks for the PIN of the record before, which shows that it is still
// the same visitor. Back goes on with an empty form.
func (k *kit) confirmPIN() *page {
	digits := parts.NewDigits(k.st, parts.DigitsSpec{
		Tag: "recall.pin", N: request.PINDigits, Hidden: true, Width: k.hw,
		Changed: func(s string) { k.do(visit.TypePIN{Digits: s}) }, Submit: k.tap(visit.Next{}),
	})
	digits.Fill(k.v.Unlock.PIN)
	p := k.padPage(digits, "recall.title", "recall.lead", true)
	p.footer = k.footer(k.fw,
		parts.Spec{Tag: "recall.without", Title: k.w.Show("recall.without"), Tap: k.tap(visit.Back{})},
		parts.Spec{Tag: "recall.next", Title: k.w.Show("button.next"), Tap: k.tap(visit.Next{})})
	p.update = func(v visit.Visit, _ time.Time) {
		p.tell(digits, k.faultWords(v.Fault))
		p.main().Turn(len(digits.Text()) == request.PINDigits)
	}
	return p
}
