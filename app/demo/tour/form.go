package tour

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"vaxkiosk/app/demo"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/assets"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
)

// How the visitor of a tour answers the questions of the form.

// blank is a field to type into.
type blank struct {
	tag, text string
	of        func(request.Draft) string // what has arrived of it
}

// begin is the way from the first touch to the form.
func (g *guide) begin() []step {
	return []step{
		{"welcome", g.touch(visit.Welcome, "welcome."+g.lang)},
		{"choosing", g.touch(visit.Choosing, "choose.ask")},
		{"consent", g.touch(visit.Consent, "consent.agree")},
	}
}

// form asks for somebody's record.
func (g *guide) form(p registry.Person) []step {
	return slices.Concat(g.whose(p), []step{
		{"name", g.fill(request.AskName, nameOf(p)...)},
		{"birth date", g.date(request.AskBirth, p.Birth, func(d request.Draft) request.Date { return d.Birth })},
		{"gender", g.pick(request.AskGender, "gender."+string(p.Gender), func(v visit.Visit) bool { return v.Form.Draft.Gender == p.Gender })},
		{"contact", g.contact(p)},
		{"contact", g.next(request.AskContact)},
	}, g.makePIN(p))
}

// whose says whose record it is, and for a child who asks.
func (g *guide) whose(p registry.Person) []step {
	relation := request.Self
	if p.Birth.Age(g.today()) < request.AdultAge {
		relation = request.Child
	}
	all := []step{
		{"whose record", func(ctx context.Context) error {
			g.person = p
			return g.touch(visit.Declaring, "declare."+string(relation))(ctx)
		}},
		{"declaration", g.touch(visit.Declaring, "declare.accept")},
	}
	if relation == request.Self {
		return all
	}
	asker := guardianOf(p)
	return append(all, step{"who asks", g.fill(
		request.AskAsker,
		blank{"form.asker-given", asker.Given, func(d request.Draft) string { return d.Asker.Given }},
		blank{"form.asker-family", asker.Family, func(d request.Draft) string { return d.Asker.Family }},
	)})
}

// guardianOf is who asks for a child: an adult who shares the contact.
func guardianOf(p registry.Person) request.Name {
	for _, a := range demo.People() {
		if a.Phone == p.Phone && a.Email == p.Email && a.Birth.Age(madeup.DemoDay) >= request.AdultAge {
			return request.Name{Given: a.Given, Family: a.Family}
		}
	}
	return request.Name{Given: "Clementine", Family: p.Family}
}

func nameOf(p registry.Person) []blank {
	return []blank{
		{"form.given", p.Given, func(d request.Draft) string { return d.Given }},
		{"form.family", p.Family, func(d request.Draft) string { return d.Family }},
	}
}

// fill types into the fields of a question and goes on.
func (g *guide) fill(q request.Question, all ...blank) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := g.typeInto(q, all...)(ctx); err != nil {
			return err
		}
		return g.next(q)(ctx)
	}
}

// typeInto types into the fields of a question. What is there already stays.
func (g *guide) typeInto(q request.Question, all ...blank) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := g.question(ctx, q); err != nil {
			return err
		}
		for _, b := range all {
			g.typed = append(g.typed, b.text)
			if b.of(g.now().Form.Draft) == b.text {
				continue
			}
			if err := g.into(ctx, b.tag); err != nil {
				return err
			}
			before := g.touched()
			if err := g.enter(ctx, b.text, func(v visit.Visit) bool { return b.of(v.Form.Draft) == b.text }); err != nil {
				return err
			}
			if q != request.AskContact && q != request.AskSecond {
				g.letters += g.touched() - before
			}
		}
		return nil
	}
}

// into touches a field, unless it is typed into already.
func (g *guide) into(ctx context.Context, tag string) error {
	there := false
	g.window.Wait(func() { there = g.robot.Focused() == tag })
	if there {
		return nil
	}
	return g.tap(ctx, tag)
}

// next pictures an answered question and goes on.
func (g *guide) next(q request.Question) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := g.question(ctx, q); err != nil {
			return err
		}
		g.picture("form-" + string(q) + "-filled")
		return g.tap(ctx, "form.next")
	}
}

// on touches something beside a question.
func (g *guide) on(q request.Question, tag string) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := g.question(ctx, q); err != nil {
			return err
		}
		return g.tap(ctx, tag)
	}
}

// pick chooses an answer and goes on.
func (g *guide) pick(q request.Question, tag string, picked func(visit.Visit) bool) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := g.on(q, tag)(ctx); err != nil {
			return err
		}
		if err := g.await(ctx, "the choice", picked); err != nil {
			return err
		}
		return g.next(q)(ctx)
	}
}

// date enters a date, part by part in the order of the language, and goes on.
func (g *guide) date(q request.Question, want request.Date, of func(request.Draft) request.Date) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := g.question(ctx, q); err != nil {
			return err
		}
		g.typed = append(g.typed, want.String())
		for _, part := range assets.Words(g.lang)["birth.order"].Shown {
			if err := g.datePart(ctx, part, want, of); err != nil {
				return err
			}
		}
		return g.next(q)(ctx)
	}
}

func (g *guide) datePart(ctx context.Context, part rune, want request.Date, of func(request.Draft) request.Date) error {
	switch part {
	case 'm':
		if err := g.tap(ctx, fmt.Sprintf("month.%d", want.Month)); err != nil {
			return err
		}
		return g.await(ctx, "the month", func(v visit.Visit) bool { return of(v.Form.Draft).Month == want.Month })
	case 'd':
		return g.enter(ctx, dayDigits(want.Day), func(v visit.Visit) bool { return of(v.Form.Draft).Day == want.Day && !v.Form.Half.Waits() })
	default:
		return g.enter(ctx, fmt.Sprint(want.Year), func(v visit.Visit) bool { return of(v.Form.Draft).Year == want.Year })
	}
}

// dayDigits are what a day is typed with: two digits, unless none can follow the first.
func dayDigits(day int) string {
	if day > 3 && day < 10 {
		return fmt.Sprint(day)
	}
	return fmt.Sprintf("%02d", day)
}

// contact gives the contact on file, unless it is there already.
func (g *guide) contact(p registry.Person) func(context.Context) error {
	kind := request.ByPhone
	b := blank{"form.phone", strings.TrimPrefix(p.Phone, "+1"), func(d request.Draft) string {
		return strings.TrimPrefix(request.NormalPhone(d.Phone), "+1")
	}}
	if p.Phone == "" {
		kind, b = request.ByEmail, blank{"form.email", p.Email, func(d request.Draft) string { return d.Email }}
	}
	return func(ctx context.Context) error {
		if err := g.question(ctx, request.AskContact); err != nil {
			return err
		}
		g.typed = append(g.typed, request.FormatPhone(b.text))
		if g.now().Form.Draft.Contact != kind {
			if err := g.tap(ctx, "contact."+string(kind)); err != nil {
				return err
			}
			if err := g.await(ctx, "the field", func(v visit.Visit) bool { return v.Form.Draft.Contact == kind }); err != nil {
				return err
			}
		}
		return g.typeInto(request.AskContact, b)(ctx)
	}
}

// pinFor is the first of some PINs that the policy lets a resident take.
func pinFor(p registry.Person) string {
	for _, pin := range []string{"8317", "9052", "6284", "3906"} {
		if request.CheckPIN(pin, p.Birth, p.Phone) == "" {
			return pin
		}
	}
	return "7153"
}

// makePIN types a PIN twice.
func (g *guide) makePIN(p registry.Person) []step {
	pin := pinFor(p)
	type field struct {
		q  request.Question
		of func(request.Draft) string
	}
	var all []step
	for _, f := range []field{
		{request.AskPIN, func(d request.Draft) string { return d.PIN }},
		{request.AskPINAgain, func(d request.Draft) string { return d.PINAgain }},
	} {
		all = append(all, step{string(f.q), func(ctx context.Context) error {
			if err := g.question(ctx, f.q); err != nil {
				return err
			}
			g.typed = append(g.typed, pin)
			if err := g.enter(ctx, pin, func(v visit.Visit) bool { return f.of(v.Form.Draft) == pin }); err != nil {
				return err
			}
			return g.next(f.q)(ctx)
		}})
	}
	return all
}
