package ui

import (
	"cmp"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// Numbers to keep: the tracking number of a correction, how far it is, and the
// slip that any number can be printed on.

// corrected shows the tracking number of a correction that is saved. It is the
// same whether or not there is such a record (promise P5).
func (k *kit) corrected() *page {
	slip, outcome := k.slip()
	p := &page{
		k: k, head: k.heading("corrected.title", "corrected.lead"),
		body: []fyne.CanvasObject{
			parts.NewReceiptCard(k.st, k.bw, k.w.Show("corrected.number"), k.v.Tracking),
			parts.NewNote(k.st, k.bw, "", k.w.Show("corrected.note")), slip, outcome,
		},
	}
	p.tail = k.askStaff("corrected.staff")
	p.update = func(v visit.Visit, _ time.Time) { k.tellSlip(v, slip, outcome) }
	if k.v.Slip != "" {
		p.reveal = outcome
	}
	if k.v.Record != nil {
		p.footer = k.footer(k.fw, k.eraseSpec("corrected.leave"),
			parts.Spec{Tag: "corrected.back", Title: k.w.Show("corrected.back"), Tap: k.tap(visit.Back{})})
	} else {
		p.footer = k.footer(k.fw, parts.Spec{},
			k.end("corrected.finish", "done.finish"))
	}
	return p
}

// slip is the button that prints a number, and a note on what became of it.
func (k *kit) slip() (*parts.Button, *parts.Note) {
	button := parts.NewButton(k.st, parts.Spec{
		Tag: "slip.print", Kind: parts.Secondary, Icon: "print", Title: k.w.Show("number.print"), Width: k.bw, Tap: k.tap(visit.Slip{}),
	})
	outcome := parts.NewNote(k.st, k.bw, "", "")
	if k.v.Slip != visit.SlipPrinted && k.v.Slip != visit.SlipSent {
		outcome.Trouble()
	}
	return button, outcome
}

// tellSlip says how the slip ended, and whether one can be printed.
func (k *kit) tellSlip(v visit.Visit, button *parts.Button, outcome *parts.Note) {
	button.Turn(!v.Blind)
	heading, why, f := "", k.faultWords(v.Fault), v.Fault
	if v.Blind { // what is in the way now
		why, f = k.blindWords(v), &v.Why
	}
	switch {
	case v.Slip == visit.SlipPrinted, v.Slip == visit.SlipSent:
		outcome.Set("", k.w.Show("number."+string(v.Slip)))
		return
	case v.Slip != "":
		heading = k.w.Show("number." + string(v.Slip))
	case !v.Blind:
		outcome.Set("", "")
		return
	}
	outcome.Set(heading, strings.TrimSpace(why+" "+k.w.Show("number.instead")+"\n"+k.staffWords(f)))
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
	if k.v.Progress != "" {
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
	field.Fill(k.v.Typed)
	keyboard := k.keyboard(parts.Receipt, k.tap(visit.Next{}))
	field.OnFocus(keyboard.SetTarget)
	keyboard.SetTarget(field)
	p.body = []fyne.CanvasObject{field}
	p.board, p.focus, p.reveal = keyboard, field.Target(), field
	p.update = func(v visit.Visit, _ time.Time) {
		told := cmp.Or(k.tooMuch(request.FieldNumber, v.Typed), k.faultWords(v.Fault))
		field.Tell(told)
		p.head[1].(*parts.Text).Hidden = told != "" // the trouble takes its room
	}
	return p
}

// progressOf says how far a correction is, without saying what it is about.
func (k *kit) progressOf() *page {
	key := "progress." + string(k.v.Progress)
	icon := "clock"
	if k.v.Progress == visit.Closed {
		icon = "check"
	}
	return &page{
		k: k, middle: true,
		head: []fyne.CanvasObject{
			k.emblem(icon), k.middleText(true, k.w.Show(key)), k.middleText(false, k.w.Show(key+"-lead")),
			k.middleText(false, k.w.Show("progress.number", "number", k.v.Typed)),
		},
		tail: k.helpPhoneWide(),
		footer: k.footer(k.oneWide, k.backSpec(),
			k.end("progress.finish", "done.finish")),
	}
}

// trackAsking waits for central to say.
func (k *kit) trackAsking() *page { return k.waiting("track-asking.title", "track-asking.lead") }
