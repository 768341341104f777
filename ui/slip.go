package ui

import (
	"strings"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// slip is the button that prints a number, and what became of it.
type slip struct {
	k              *kit
	button         *parts.Button
	keep           *parts.Note // what the number is for
	outcome, staff *parts.Note
}

// slip adds the button to a page, and below it what became of the slip. What only
// staff reads stands beside it on a lying screen, where there is room.
func (p *page) slip(note string) *slip {
	k := p.k
	p.wordy = true
	s := &slip{
		k: k, keep: parts.NewNote(k.st, k.bw, "", k.w.Show(note)),
		outcome: parts.NewNote(k.st, k.bw, "", ""), staff: parts.NewNote(k.st, k.hw, "", ""),
		button: parts.NewButton(k.st, parts.Spec{
			Tag: "slip.print", Kind: parts.Secondary, Icon: "print", Title: k.w.Show("number.print"), Width: k.bw, Tap: k.tap(visit.Slip{}),
		}),
	}
	if k.v.Print.Slip != fault.Printed && k.v.Print.Slip != fault.HandedOn {
		s.outcome.Trouble()
	}
	p.body = append(p.body, s.keep, s.button, s.outcome)
	if k.st.Wide {
		p.head = append(p.head, s.staff)
	} else {
		p.body = append(p.body, s.staff)
	}
	if k.v.Print.Slip != "" {
		p.reveal = s.outcome
	}
	return s
}

// tell says how the slip ended, and whether one can be printed. What the number is
// for makes room: the slip says it, or the visitor has read it before.
func (s *slip) tell(v visit.Visit) {
	k := s.k
	s.button.Turn(v.PrinterDown == nil)
	heading, why, f := "", k.faultWords(v.Fault), v.Fault
	if v.PrinterDown != nil { // what is in the way now
		why, f = k.downWords(v), v.PrinterDown
	}
	s.keep.Hidden = v.Print.Slip != ""
	switch {
	case v.Print.Slip == fault.Printed, v.Print.Slip == fault.HandedOn:
		s.outcome.Set("", k.w.Show("number."+endings[v.Print.Slip]))
		return
	case v.Print.Slip != "":
		heading = k.w.Show("number." + endings[v.Print.Slip])
	case v.PrinterDown == nil:
		s.outcome.Set("", "")
		return
	}
	s.outcome.Set(heading, strings.TrimSpace(why+" "+k.w.Show("number.instead")))
	if !k.terse {
		s.staff.Set("", k.staffWords(f))
	}
}

// slipping waits for the printer. What it waits for itself is shown.
func (k *kit) slipping() *page {
	p := k.waiting("slipping.title", "slipping.lead")
	trouble, staff := k.faultNote(k.oneWide), parts.NewNote(k.st, k.oneWide, "", "")
	p.head = append(p.head, trouble, staff)
	since := p.update
	p.update = func(v visit.Visit, now time.Time) {
		since(v, now)
		trouble.Set("", k.faultWords(v.Fault))
		staff.Set("", k.staffWords(v.Fault))
	}
	return p
}
