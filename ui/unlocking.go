package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// unlocking asks for the pickup code, then for the PIN.
func (k *kit) unlocking() *page {
	switch {
	case k.v.Unlock.Over:
		return k.over()
	case k.v.NotShown():
		return k.notShown()
	}
	spec := parts.DigitsSpec{
		Tag: "unlock.code", N: request.CodeDigits, Width: k.hw,
		Changed: func(s string) { k.do(visit.TypeCode{Digits: s}) }, Submit: k.tap(visit.Next{}),
	}
	key, value := "unlock", k.v.Unlock.Code
	if k.v.Unlock.AtPIN {
		spec.Tag, spec.N, spec.Hidden = "unlock.pin", request.PINDigits, true
		spec.Changed = func(s string) { k.do(visit.TypePIN{Digits: s}) }
		key, value = "unlock-pin", k.v.Unlock.PIN
	}
	digits := parts.NewDigits(k.st, spec)
	digits.Fill(value)
	lead := key + ".lead"
	switch {
	case k.v.Staff.Vouched:
		lead = "unlock-pin.vouched"
	case k.v.Unlock.Resent && !k.v.Unlock.AtPIN:
		lead = "unlock.resent"
	}
	p := k.padPage(digits, key+".title", lead, k.v.Unlock.AtPIN)
	word := "button.next"
	if k.v.Unlock.AtPIN {
		word = "unlock-pin.show"
	}
	p.tail = []fyne.CanvasObject{k.stuck()}
	p.footer = k.nav("unlock.next", word, visit.Next{})
	p.update = func(v visit.Visit, _ time.Time) {
		p.tell(digits, k.refusal(v))
		p.main().Turn(len(digits.Text()) == spec.N)
	}
	return p
}

// refusal is what went wrong with the last try, and how many tries are left.
func (k *kit) refusal(v visit.Visit) string {
	words := k.faultWords(v.Fault)
	if v.Staff.Vouched && v.Fault != nil && k.w.Has("unlock-pin."+string(v.Fault.Code)) { // no code was typed
		words = k.w.Show("unlock-pin." + string(v.Fault.Code))
	}
	switch {
	case words == "" || v.Unlock.Left < 0 || v.Fault.Code != fault.Refused:
		return words
	case v.Unlock.Left == 1:
		return words + " " + k.w.Show("unlock.left-one")
	}
	return words + " " + k.w.Show("unlock.left", "n", fmt.Sprint(v.Unlock.Left))
}

// over ends a request after five wrong tries.
func (k *kit) over() *page {
	p := &page{
		k: k, middle: true,
		head: []fyne.CanvasObject{
			k.middleText(true, k.w.Show("over.title")),
			parts.NewNote(k.st, k.oneWide, "", k.faultWords(&fault.Fault{Code: fault.NoTries})).Trouble(),
		},
		tail: k.helpPhoneWide(),
		footer: k.footer(k.oneWide, parts.Spec{},
			k.end("over.finish", "button.start-over")),
	}
	p.footer.top(k, k.oneWide, k.staffSpec("unlock.staff"))
	return p
}

// notShown is a record that failed a check: no code mends that, and staff reads why.
func (k *kit) notShown() *page {
	p := &page{
		k: k, middle: true,
		head: []fyne.CanvasObject{
			k.middleText(true, k.w.Show("not-shown.title")),
			parts.NewNote(k.st, k.oneWide, "", k.faultWords(k.v.Fault)).Trouble(),
		},
		tail:   []fyne.CanvasObject{parts.NewNote(k.st, k.oneWide, "", k.staffWords(k.v.Fault))},
		footer: k.footer(k.oneWide, k.backSpec(), k.eraseSpec("not-shown.finish")),
	}
	p.footer.top(k, k.oneWide, k.staffSpec("unlock.staff"))
	return p
}
