package ui

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
)

// On a machine that is no kiosk yet staff types where central is and the code of an
// invitation. Whoever stands here may never have seen the program: each screen says where to
// get what it asks for, and each snag what to do.

func (k *kit) firstStart() *page {
	if k.v.AtInvitation() {
		return k.invitation()
	}
	p, field := k.firstPage("first.title", "first.lead", parts.FieldSpec{
		Tag: "first.address", Label: k.w.Show("first.address"), Mode: parts.Address, Of: request.FieldCentral,
		Changed: func(s string) { k.do(visit.TypeAddress{Text: s}) },
	}, k.v.Joining.Address)
	p.footer = k.footer(k.fw, parts.Spec{}, parts.Spec{Tag: "first.next", Title: k.w.Show("button.next"), Tap: k.tap(visit.Next{})})
	p.update = func(v visit.Visit, _ time.Time) {
		field.Tell(cmp.Or(k.tooMuch(request.FieldCentral, v.Joining.Address), k.snag(v)))
		p.main().Turn(strings.TrimSpace(v.Joining.Address) != "")
	}
	return p
}

// invitation asks for the code. A line of text is too short for it, so below stands the whole
// of it as it is read, in groups as they are printed.
func (k *kit) invitation() *page {
	p, field := k.firstPage("first.code-title", "first.code-lead", parts.FieldSpec{
		Tag: "first.code", Label: k.w.Show("first.code"), Mode: parts.Receipt, Of: request.FieldInvitation,
		Changed: func(s string) { k.do(visit.TypeInvitation{Text: s}) },
	}, k.v.Joining.Code)
	read := parts.NewText(k.st, parts.Type{Size: k.st.Font(look.LeadSize), Bold: true, Color: k.st.Ink}, k.hw, "")
	p.head = append(p.head, parts.Body(k.st, k.hw, k.w.Show("first.central", "address", k.v.Site.Central)))
	count := parts.Lead(k.st, k.hw, "")
	p.body = append(p.body, parts.NewStack(k.st, look.Near, read, count))
	back := k.backSpec()
	if k.v.Site.CentralFixed {
		back = parts.Spec{}
	}
	p.footer = k.footer(k.fw, back, parts.Spec{Tag: "first.next", Title: k.w.Show("first.join"), Tap: k.tap(visit.Next{})})
	p.update = func(v visit.Visit, _ time.Time) {
		field.Tell(k.snag(v))
		read.Hidden = v.Joining.Typed() == 0
		read.Set(k.w.Show("first.read", "code", v.Joining.Grouped()))
		count.Set(k.w.Show("first.count", "n", fmt.Sprint(v.Joining.Typed())))
		p.main().Turn(v.Joining.Typed() > 0)
	}
	return p
}

// firstPage is a question to staff with one field.
func (k *kit) firstPage(title, lead string, spec parts.FieldSpec, text string) (*page, *parts.Field) {
	spec.Width, spec.Submit = k.hw, k.tap(visit.Next{})
	p := &page{k: k, progress: k.band(), head: k.heading(title, lead)}
	field := parts.NewField(k.st, spec)
	field.Fill(text)
	keyboard := k.keyboard(spec.Mode, k.tap(visit.Next{}))
	field.OnFocus(keyboard.SetTarget)
	keyboard.SetTarget(field)
	p.body = []fyne.CanvasObject{field}
	p.tells(field)
	p.board, p.focus, p.reveal = keyboard, field.Target(), field
	return p, field
}

// snag is why the machine is no kiosk yet, and what to do, "" for nothing.
func (k *kit) snag(v visit.Visit) string {
	j := v.Joining
	if j.Snag == "" {
		return ""
	}
	s := k.w.Show("first.snag-"+string(j.Snag), "sign", j.Strange(), "n", fmt.Sprint(j.Typed()), "address", v.Site.Central)
	if j.Detail != "" {
		s += " (" + j.Detail + ")"
	}
	return s
}

// enrolling waits for central.
func (k *kit) enrolling() *page {
	p := k.waiting("first.joining", "first.joining-lead")
	p.head = append(p.head, k.middleText(false, k.w.Show("first.central", "address", k.v.Site.Central)))
	p.footer = k.footer(k.oneWide, parts.Spec{Tag: "first.stop", Title: k.w.Show("first.stop"), Tap: k.tap(visit.Back{})}, parts.Spec{})
	return p
}
