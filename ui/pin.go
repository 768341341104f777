package ui

import (
	"crypto/rand"
	shuffle "math/rand/v2"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// askPIN asks for the PIN, or for it again.
func (k *kit) askPIN(f request.Field, key string) *page {
	value := k.v.Form.Draft.PIN
	if f == request.FieldPINAgain {
		value = k.v.Form.Draft.PINAgain
	}
	digits := parts.NewDigits(k.st, parts.DigitsSpec{
		Tag: "form." + string(f), N: request.PINDigits, Hidden: true, Width: k.hw,
		Changed: func(s string) { k.do(visit.Type{Field: f, Text: s}) },
		Submit:  k.tap(visit.Next{}),
	})
	digits.Fill(value)
	p := k.padPage(digits, key+".title", key+".lead", true)
	note := parts.NewNote(k.st, k.hw, "", k.w.Show(key+".note"))
	p.tail = []fyne.CanvasObject{note}
	p.update = func(v visit.Visit, _ time.Time) {
		told := k.problem(v, f)
		p.tell(digits, told)
		note.Hidden = told != ""
	}
	return p
}

// padPage is a question answered with digits. Standing, they are right above
// the pad; lying, they are below the question.
func (k *kit) padPage(digits *parts.Digits, title, lead string, secret bool) *page {
	p := &page{k: k, pinned: true, focus: digits, head: k.heading(title, lead)}
	p.tells(digits)
	pad := k.pad(digits, secret)
	if k.st.Wide {
		p.head, p.reveal = append(p.head, digits), digits
		p.body = []fyne.CanvasObject{pad}
	} else {
		p.body = []fyne.CanvasObject{digits, pad}
	}
	return p
}

// pad is the number pad for digits. Those of a secret may stand in another order
// on each screen, so that the way of a finger tells a watcher nothing.
func (k *kit) pad(digits *parts.Digits, secret bool) *parts.Pad {
	spec := parts.PadSpec{Target: digits, Clear: k.w.Show("pin.clear"), Delete: k.w.Say("key.delete")}
	if secret {
		spec.Mix, spec.OnMix = k.w.Show("key.mix"), k.tap(visit.Mix{})
		if k.v.Mixed {
			spec.Mix, spec.Order = k.w.Show("key.in-order"), k.mix()
		}
	}
	return parts.NewPad(k.st, spec)
}

// mixedDigits is the ten digits in an order that nobody can know.
func mixedDigits() string {
	var seed [32]byte
	_, _ = rand.Read(seed[:]) // never fails
	order := []byte(parts.InOrder)
	shuffle.New(shuffle.NewChaCha8(seed)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	return string(order)
}

// tell shows what is wrong with digits.
func (p *page) tell(digits *parts.Digits, told string) { digits.Tell(told) }
