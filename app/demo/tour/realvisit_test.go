package tour

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/demo"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/registry"
)

// The way of a visitor through a real window.

// visitorOf is who visits a real window: an adult with a phone and several doses.
func visitorOf(t *testing.T) registry.Person {
	t.Helper()
	for _, p := range demo.People() {
		if p.Phone != "" && p.Birth.Age(madeup.DemoDay) > 30 && len(p.Doses) == 14 {
			return p
		}
	}
	t.Fatal("no such resident")
	return registry.Person{}
}

// fillIn answers all questions of the form for p, up to the review.
func (r *real) fillIn(p registry.Person) {
	r.t.Helper()
	r.goes("welcome.en", "choosing")
	r.goes("choose.ask", "consent")
	r.goes("consent.agree", "declaring")
	r.goes("declare.self", "declaring-self")
	r.goes("declare.accept", "form-name")
	r.write("form.given", p.Given, func(v visit.Visit) string { return v.Form.Draft.Given })
	r.write("form.family", p.Family, func(v visit.Visit) string { return v.Form.Draft.Family })
	r.goes("form.next", "form-birth")
	r.write("", american(p.Birth), func(v visit.Visit) string { return american(v.Form.Draft.Birth) })
	r.goes("form.next", "form-gender")
	r.do("gender."+string(p.Gender), func(v visit.Visit) bool { return v.Form.Draft.Gender == p.Gender })
	r.goes("form.next", "form-contact")
	r.do("contact.phone", func(v visit.Visit) bool { return v.Form.Draft.Contact != "" })
	r.write("", strings.TrimPrefix(p.Phone, "+1"), func(v visit.Visit) string { return v.Form.Draft.Phone })
	r.goes("form.next", "form-pin")
	r.write("", pinFor(p), func(v visit.Visit) string { return v.Form.Draft.PIN })
	r.goes("form.next", "form-pin-again")
	r.write("", pinFor(p), func(v visit.Visit) string { return v.Form.Draft.PINAgain })
	r.goes("form.next", "review")
}

// american is a date as it is written on a keyboard in the United States.
func american(d request.Date) string { return fmt.Sprintf("%02d/%02d/%04d", d.Month, d.Day, d.Year) }

// write types into a field with a real keyboard; "" is what has the focus.
func (r *real) write(tag, text string, arrived func(visit.Visit) string) {
	r.t.Helper()
	if tag != "" {
		x, y := r.middle(tag)
		r.until("the focus on "+tag, func() bool {
			var focus string
			if r.asks("focus", &focus); focus == tag {
				return true
			}
			r.tapAt(x, y)
			time.Sleep(100 * time.Millisecond)
			return false
		})
	}
	r.types(text)
	r.await("what was typed", func(v visit.Visit) bool { return arrived(v) == text })
}

// opens goes on from the review to the open record.
func (r *real) opens(p registry.Person) {
	r.t.Helper()
	r.goes("review.send", "sent")
	var messages []notice.Message
	r.until("a pickup code", func() bool { r.asks("phone", &messages); return len(messages) > 0 })
	r.await("the answer", func(v visit.Visit) bool { return v.Unlock.Answered })
	r.goes("sent.unlock", "unlocking")
	r.write("", sixDigits.FindString(messages[len(messages)-1].Text), func(v visit.Visit) string { return v.Unlock.Code })
	r.goes("unlock.next", "unlocking-pin")
	r.write("", pinFor(p), func(v visit.Visit) string { return v.Unlock.PIN })
	r.goes("unlock.next", "ready")
}
