package ui

import (
	"cmp"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// Numbers to keep: the tracking number of a correction, how far it is, and the
// slip that any number can be printed on.

// corrected shows the tracking number of a correction that is saved. It is the
// same whether or not there is such a record (promise P5).
func (k *kit) corrected() *page {
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

// tracking asks for a tracking number, and then says how far it is.
func (k *kit) tracking() *page {
	if k.v.Track.Progress != "" {
		return k.progressOf()
	}
	p := k.numberPage("tracking", "tracking.number")
	p.footer = k.nav("tracking.show", "tracking.show", visit.Next{})
	return p
}

// numberPage asks for a number as it stands on a slip, typed or scanned.
func (k *kit) numberPage(section, label string) *page {
	p := &page{k: k, head: k.heading(section+".title", section+".lead")}
	field := parts.NewField(k.st, parts.FieldSpec{
		Tag: section + ".number", Label: k.w.Show(label), Mode: parts.Receipt, Of: request.FieldNumber, Width: k.hw,
		Changed: func(s string) { k.do(visit.TypeReceipt{Text: s}) }, Submit: k.tap(visit.Next{}),
	})
	field.Fill(k.v.Track.Typed)
	keyboard := k.keyboard(parts.Receipt, k.tap(visit.Next{}))
	field.OnFocus(keyboard.SetTarget)
	keyboard.SetTarget(field)
	p.body = []fyne.CanvasObject{field}
	p.tells(field)
	p.board, p.focus, p.reveal = keyboard, field.Target(), field
	p.update = func(v visit.Visit, _ time.Time) {
		field.Tell(cmp.Or(k.tooMuch(request.FieldNumber, v.Track.Typed), k.faultWords(v.Fault)))
	}
	return p
}

// progressOf says how far a correction is, without saying what it is about.
func (k *kit) progressOf() *page {
	key := "progress." + string(k.v.Track.Progress)
	icon := "clock"
	if k.v.Track.Progress == visit.Closed {
		icon = "check"
	}
	return &page{
		k: k, middle: true,
		head: []fyne.CanvasObject{
			k.emblem(icon), k.middleText(true, k.w.Show(key)), k.middleText(false, k.w.Show(key+"-lead")),
			k.middleText(false, k.w.Show("progress.number", "number", k.v.Track.Typed)),
		},
		tail: k.helpPhoneWide(),
		footer: k.footer(k.oneWide, k.backSpec(),
			k.end("progress.finish", "done.finish")),
	}
}

// trackAsking waits for central to say.
func (k *kit) trackAsking() *page { return k.waiting("track-asking.title", "track-asking.lead") }
