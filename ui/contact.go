package ui

import (
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
)

// askAnyContact asks for the first or the second contact, or about what was typed.
func (k *kit) askAnyContact() *page {
	switch {
	case k.v.Form.Hint != "":
		return k.askMeant()
	case k.v.Form.Question == request.AskSecond:
		return k.askSecond()
	}
	return k.askContact()
}

// askMeant asks whether another domain was meant: both addresses are there to be read.
// It is a screen of its own, so that the second tap on Next does not answer it.
func (k *kit) askMeant() *page {
	domain, typed := k.v.Form.Hint, k.v.Form.Draft.Email
	way := func(tag, address string, a visit.Action) fyne.CanvasObject {
		return parts.NewButton(k.st, parts.Spec{
			Tag: tag, Kind: parts.Choice, Icon: "email", Title: k.w.Show(tag, "domain", domain), Sub: address, Width: k.bw, Tap: k.tap(a),
		})
	}
	return &page{
		k: k, head: k.heading("meant.title", "meant.lead", "domain", domain), footer: k.onlyBack(),
		body: []fyne.CanvasObject{
			way("meant.yes", request.WithDomain(typed, domain), visit.TakeHint{}),
			way("meant.no", typed, visit.Next{}),
		},
	}
}

// askContact first asks which kind, then for the number or the address; the
// other kind stays one touch away, instead or too.
func (k *kit) askContact() *page {
	switch k.v.Form.Draft.Contact {
	case request.ByPhone:
		p := k.askPhone(k.ask("contact.phone-title"), k.ask("contact.phone-lead"))
		p.tail = append(p.tail, k.others(request.ByEmail))
		return p
	case request.ByEmail:
		p := k.askEmail(k.ask("contact.email-title"), k.ask("contact.email-lead"))
		p.tail = append(p.tail, k.others(request.ByPhone))
		return p
	}
	fault := parts.NewFault(k.st, k.hw)
	p := &page{
		k: k, head: k.heading(k.ask("contact.title"), k.ask("contact.lead")),
		body: []fyne.CanvasObject{
			k.card("contact.phone", "phone", "contact.phone", k.ask("contact.phone-sub"), visit.PickContact{Kind: request.ByPhone}),
			k.card("contact.email", "email", "contact.email", k.ask("contact.email-sub"), visit.PickContact{Kind: request.ByEmail}),
		},
		tail: []fyne.CanvasObject{fault},
	}
	p.update = func(v visit.Visit, _ time.Time) { fault.Set(k.problem(v, request.FieldContact)) }
	return p
}

// askSecond asks for the contact of the other kind, which may stay empty.
func (k *kit) askSecond() *page {
	if k.v.Form.Draft.SecondKind() == request.ByPhone {
		return k.askPhone("second.phone-title", k.ask("second.lead"))
	}
	return k.askEmail("second.email-title", k.ask("second.lead"))
}

// others are the buttons for the other kind of contact: instead of this one, or
// as a second one.
func (k *kit) others(kind request.ContactKind) fyne.CanvasObject {
	width := k.hw
	if k.v.Form.Draft.Contact == request.ByEmail { // beside the keyboard
		width = k.bw
	}
	width = (width - k.st.Px(look.Near)) / 2
	return parts.NewRow(k.st, look.Near,
		parts.NewButton(k.st, parts.Spec{
			Tag: "contact." + string(kind), Kind: parts.Small, Title: k.w.Show("contact.use-" + string(kind)),
			Width: width, Tap: k.tap(visit.PickContact{Kind: kind}),
		}),
		parts.NewButton(k.st, parts.Spec{
			Tag: "contact.second", Kind: parts.Small, Title: k.secondWords(),
			Width: width, Tap: k.tap(visit.Add{Question: request.AskSecond}),
		}))
}

// secondWords is what the button for the second contact does.
func (k *kit) secondWords() string {
	key := "second.add-"
	if k.v.Form.Draft.Both {
		key = "second.change-"
	}
	return k.w.Show(key + string(k.v.Form.Draft.SecondKind()))
}

// landline warns that a landline phone gets no code, because a number does not show what
// it belongs to. About an amendment staff calls, and a landline will do.
func (k *kit) landline() string {
	if k.v.Form.Task == visit.ToAmend && k.v.Form.Draft.Fix.Kind != request.AddContact {
		return ""
	}
	return k.w.Show(k.ask("contact.landline"))
}

// askPhone asks for a number.
func (k *kit) askPhone(title, lead string) *page {
	digits := parts.NewDigits(k.st, parts.DigitsSpec{
		Tag: "form.phone", Label: k.w.Show("contact.phone-label"), N: 10, Phone: true, Width: k.hw,
		Changed: func(s string) { k.do(visit.Type{Field: request.FieldPhone, Text: s}) },
		Submit:  k.tap(visit.Next{}),
	})
	digits.Fill(k.v.Form.Draft.Phone)
	p := k.padPage(digits, title, lead, false)
	landline := parts.NewNote(k.st, k.bw, "", k.landline())
	if k.st.Wide { // where there is room
		p.body = append([]fyne.CanvasObject{landline}, p.body...)
	} else {
		p.head = append(p.head, landline)
	}
	p.update = func(v visit.Visit, _ time.Time) {
		told := k.problem(v, request.FieldPhone, request.FieldContact)
		p.tell(digits, told)
		if told != "" { // the trouble takes its room
			landline.Set("", "")
		} else {
			landline.Set("", k.landline())
		}
	}
	return p
}

func (k *kit) askEmail(title, lead string) *page {
	p := &page{k: k, head: k.heading(title, lead), pinned: true}
	k.typing(p, parts.Email,
		k.blank("form.email", "contact.email-label", k.v.Form.Draft.Email, parts.Email, request.FieldEmail, request.FieldContact))
	return p
}
