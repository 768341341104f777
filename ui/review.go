package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
)

// review shows all answers, each with a button to change it. What is optional
// and empty is left out, and a second contact is offered.
func (k *kit) review() *page {
	p := &page{k: k, progress: k.progress(""), head: k.heading("review.title", "review.lead")}
	p.body = []fyne.CanvasObject{parts.NewStack(k.st, look.Near, k.answers()...)}
	if !k.v.Form.Draft.Both {
		p.tail = []fyne.CanvasObject{parts.NewButton(k.st, parts.Spec{
			Tag: "review.second", Kind: parts.Small, Icon: string(k.v.Form.Draft.SecondKind()), Title: k.secondWords(),
			Width: k.hw, Tap: k.tap(visit.Change{Question: request.AskSecond}),
		})}
	}
	fault := k.faultNote(k.hw)
	p.head = append(p.head, fault)
	p.update = func(v visit.Visit, _ time.Time) { fault.Set("", k.faultWords(v.Fault)) }
	p.footer = k.nav("review.send", "review.send", visit.Send{})
	return p
}

// answers are the rows of a request.
func (k *kit) answers() []fyne.CanvasObject {
	d := k.v.Form.Draft
	var rows []fyne.CanvasObject
	add := func(q request.Question, key, value string) {
		if value != "" {
			rows = append(rows, k.answer(q, key, value))
		}
	}
	relation, given := k.w.Show("declare."+string(d.Relation)), d.Given
	if d.Relation == request.Represented {
		relation += "\n" + k.w.Show("declare."+string(d.Capacity))
	}
	if d.Single {
		given = ""
	}
	add(request.AskRelation, "review.relation", relation)
	if d.Relation != request.Self {
		add(request.AskAsker, "review.asker", joined(d.Asker.Given, d.Asker.Family))
	}
	add(request.AskName, k.ask("review.name"), joined(given, d.Family))
	add(request.AskMiddle, "review.middle", k.middle())
	add(request.AskOther, "review.other", joined(d.Other.Given, d.Other.Family))
	add(request.AskBirth, "review.birth", k.w.Date(d.Birth))
	add(request.AskGender, "review.gender", k.w.Show("gender."+string(d.Gender)))
	add(request.AskContact, "review."+string(d.Contact), k.contact(d.Contact))
	if d.Both {
		add(request.AskSecond, "review."+string(d.SecondKind()), k.contact(d.SecondKind()))
	}
	add(request.AskPIN, "review.pin", strings.TrimSpace(strings.Repeat("• ", len(d.PIN))))
	return rows
}

// answer is a row of the review.
func (k *kit) answer(q request.Question, key, value string) fyne.CanvasObject {
	return parts.NewAnswer(k.st, parts.AnswerSpec{
		Tag: "review.change." + string(q), Name: k.w.Show(key), Value: value, Change: k.w.Show("review.change"),
		Width: k.bw, Tap: k.tap(visit.Change{Question: q}),
	})
}

// contact is a number or an address as people read it.
func (k *kit) contact(kind request.ContactKind) string {
	if kind == request.ByPhone {
		return request.FormatPhone(k.v.Form.Draft.Phone)
	}
	return k.v.Form.Draft.Email
}
