package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// What to do when no pickup code comes. Nothing here says whether there is a
// record, or a contact to send to (promise P5).

// resending waits for central to take the wish for a new code.
func (k *kit) resending() *page { return k.waiting("reminding.title", "reminding.lead") }

// noCode offers a new code, to the same contact or the other one on file, and
// to come back later.
func (k *kit) noCode() *page {
	left, later := parts.Body(k.st, k.bw, ""), parts.NewNote(k.st, k.bw, k.w.Show("nocode.later"), k.later())
	large := k.st.Text > 1 // what is wrong takes the room of the way back, and says it: all stands on one page
	trouble := k.faultNote(k.hw)
	again := k.card("nocode.again", "code", "nocode.again", "nocode.again-sub", visit.Resend{})
	other := k.card("nocode.other", "email", "nocode.other", "nocode.other-sub", visit.Resend{Other: true})
	lead := parts.Lead(k.st, k.hw, k.w.Show("nocode.lead"))
	p := &page{
		k:      k,
		head:   []fyne.CanvasObject{parts.Title(k.st, k.hw, k.w.Show("nocode.title")), lead},
		body:   []fyne.CanvasObject{again, other, left, later},
		tail:   k.askStaff("nocode.staff"),
		footer: k.nav("nocode.unlock", "nocode.unlock", visit.Unlock{}),
	}
	if large && k.st.Wide {
		trouble = k.faultNote(k.bw)
		p.body = append(p.body, trouble)
	} else {
		p.head = append(p.head, trouble)
	}
	p.update = func(v visit.Visit, _ time.Time) {
		words := k.faultWords(v.Fault)
		if large && words != "" {
			words += " " + k.w.Show("sent.receipt") + ": " + k.v.Unlock.Receipt
		}
		trouble.Set("", words)
		later.Hidden = large && words != ""
		again.Turn(v.Unlock.Resends > 0)
		other.Turn(v.Unlock.Resends > 0)
		left.Set(k.resends(v.Unlock.Resends))
		left.Hidden = v.Fault != nil && v.Fault.Code == fault.NoMoreCodes // which says so already
	}
	return p
}

// resends says how often a new code can still be asked for.
func (k *kit) resends(n int) string {
	switch {
	case n <= 0:
		return k.w.Show("nocode.left-none")
	case n == 1:
		return k.w.Show("nocode.left-one")
	}
	return k.w.Show("nocode.left", "n", fmt.Sprint(n))
}

// later says how to open the record another day, and whom to ask.
func (k *kit) later() string {
	s := k.w.Show("nocode.later-note", "receipt", k.v.Unlock.Receipt)
	if k.v.Site.HelpPhone != "" {
		s += " " + k.w.Show("helping.phone", "phone", k.v.Site.HelpPhone)
	}
	return s
}
