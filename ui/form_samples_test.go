package ui

import (
	"strings"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

func relation(r request.Relation) func(*visit.Visit) {
	return draft(func(d *request.Draft) { d.Relation = r })
}

// asks makes samples of one question.
func asks(lang string) func(string, request.Question, ...func(*visit.Visit)) sample {
	return func(name string, q request.Question, change ...func(*visit.Visit)) sample {
		return sample{name, at(lang, visit.Filling, append([]func(*visit.Visit){asking(q)}, change...)...)}
	}
}

// beginSamples are the screens before the form.
func beginSamples(lang string) []sample {
	return []sample{
		{"welcome", at("", visit.Welcome)},
		{"welcome-test", at("", visit.Welcome, triedOut)},
		{"choosing", at(lang, visit.Choosing)},
		{"choosing-blind", at(lang, visit.Choosing, blind(fault.Toner, "toner-empty"))},
		{"helping", at(lang, visit.Helping)},
		{"helping-answer", at(lang, visit.Helping, func(v *visit.Visit) { v.Help.Topic = "no-code" })},
		{"consent", at(lang, visit.Consent)},
		{"consent-full", at(lang, visit.Consent, func(v *visit.Visit) { v.Form.FullText = true })},
		{"declaring", at(lang, visit.Declaring, relation(""))},
		{"declaring-child", at(lang, visit.Declaring, relation(request.Child))},
		{"declaring-capacity", at(lang, visit.Declaring, relation(request.Represented))},
		{"declaring-represented", at(lang, visit.Declaring, draft(func(d *request.Draft) {
			d.Relation, d.Capacity = request.Represented, request.HealthAgent
		}))},
	}
}

func formSamples(lang string) []sample {
	ana := request.Name{Given: "Ana", Family: "Nguyễn"}
	long := func(d *request.Draft) {
		d.Relation, d.Given, d.Family = request.Child, "Nguyễn Thị Ánh Tuyết", "R2"
	}
	all := func(d *request.Draft) {
		d.Middle, d.Suffix, d.Other = "Guadalupe", "Jr.", request.Name{Given: "María José", Family: "Ruiz"}
	}
	born := func(year int, code request.Code, r request.Relation) func(*visit.Visit) {
		return func(v *visit.Visit) {
			v.Form.Draft.Birth.Year, v.Form.Draft.Relation = year, r
			v.Form.Problems = []request.Problem{{Field: request.FieldBirth, Code: code}}
		}
	}
	half := func(d request.Date, part request.Part, typed string) func(*visit.Visit) {
		return func(v *visit.Visit) { v.Form.Draft.Birth, v.Form.Half = d, request.Half{Part: part, Typed: typed} }
	}
	ask := asks(lang)
	return []sample{
		ask("asker", request.AskAsker, relation(request.Child), problems(request.Problem{Field: request.FieldAskerFamily, Code: request.Required})),
		ask("asker-again", request.AskAsker, relation(request.Represented), func(v *visit.Visit) { v.Form.Draft.Asker, v.Recall.Name = ana, ana }),
		ask("name-empty", request.AskName, draft(func(d *request.Draft) { d.Given, d.Family = "", "" })),
		ask("name-problems", request.AskName, draft(long), problems(request.Problem{Field: request.FieldFamily, Code: request.NotAName})),
		ask("name-only", request.AskName, draft(func(d *request.Draft) { d.Single, d.Family = true, "Sukarno" })),
		ask("more", request.AskMore),
		ask("more-filled", request.AskMore, relation(request.Child), draft(all), draft(func(d *request.Draft) { d.Single = true })),
		ask("middle", request.AskMiddle),
		ask("middle-filled", request.AskMiddle, draft(all), problems(request.Problem{Field: request.FieldMiddle, Code: request.NotAName})),
		ask("middle-only", request.AskMiddle, draft(all), draft(func(d *request.Draft) { d.Single = true })),
		ask("other", request.AskOther),
		ask("other-filled", request.AskOther, relation(request.Child), draft(all), problems(request.Problem{Field: request.FieldOtherFamily, Code: request.TooLong})),
		ask("birth", request.AskBirth),
		ask("birth-empty", request.AskBirth, draft(func(d *request.Draft) { d.Birth = request.Date{} }),
			problems(request.Problem{Field: request.FieldBirth, Code: request.Required})),
		ask("birth-day", request.AskBirth, half(request.Date{Month: 10, Day: 1}, request.DayPart, "1")),
		ask("birth-year", request.AskBirth, relation(request.Represented), half(request.Date{Month: 10, Day: 16}, request.YearPart, "19")),
		ask("birth-no-day", request.AskBirth, half(request.Date{Month: 2, Day: 30}, request.DayPart, ""),
			problems(request.Problem{Field: request.FieldBirth, Code: request.NoSuchDay})),
		ask("birth-minor", request.AskBirth, born(2016, request.Minor, request.Self)),
		ask("birth-grown-up", request.AskBirth, born(1999, request.NotAChild, request.Child)),
		ask("gender", request.AskGender),
	}
}

func contactSamples(lang string) []sample {
	ask := asks(lang)
	by := func(kind request.ContactKind, phone string) func(*visit.Visit) {
		return draft(func(d *request.Draft) { d.Contact, d.Phone = kind, phone })
	}
	told := func(f request.Field, c request.Code) func(*visit.Visit) {
		return problems(request.Problem{Field: f, Code: c})
	}
	meant := func(typed, domain string) func(*visit.Visit) {
		return func(v *visit.Visit) {
			v.Form.Draft.Email, v.Form.Draft.Both, v.Form.Hint = typed, v.Form.Draft.Phone != "", domain
		}
	}
	mixed := func(v *visit.Visit) { v.Mixed = true }
	return []sample{
		ask("contact", request.AskContact, by("", "")),
		ask("contact-phone", request.AskContact, by(request.ByPhone, "61755"), told(request.FieldPhone, request.BadPhone)),
		ask("contact-not-a-cell", request.AskContact, by(request.ByPhone, "8005550199"), told(request.FieldPhone, request.NotACell)),
		ask("contact-represented", request.AskContact, relation(request.Represented)),
		ask("contact-email", request.AskContact, by(request.ByEmail, "")),
		ask("contact-both", request.AskContact, by(request.ByEmail, "6175550123"), draft(func(d *request.Draft) { d.Both = true }),
			told(request.FieldEmail, request.BadEmail)),
		ask("contact-meant", request.AskContact, by(request.ByEmail, ""), meant("maria.jose@gmail.con", "gmail.com")),
		ask("contact-meant-long", request.AskSecond, by(request.ByPhone, "6175550123"),
			meant("a.very.long.address.of.somebody@department.university.example.ogr", "department.university.example.org")),
		ask("contact-phone-long", request.AskContact, by(request.ByPhone, "161755501234"), told(request.FieldPhone, request.TooLong)),
		ask("contact-email-long", request.AskContact, by(request.ByEmail, ""), draft(func(d *request.Draft) { d.Email = strings.Repeat("x", 255) }),
			told(request.FieldEmail, request.TooLong)),
		ask("second-email", request.AskSecond, draft(func(d *request.Draft) { d.Email = "" })),
		ask("second-phone", request.AskSecond, by(request.ByEmail, "617555"), told(request.FieldPhone, request.BadPhone)),
		ask("pin", request.AskPIN, draft(func(d *request.Draft) { d.PIN = "83" })),
		ask("pin-problem", request.AskPIN, told(request.FieldPIN, request.PINBirth)),
		ask("pin-mixed", request.AskPIN, mixed, draft(func(d *request.Draft) { d.PIN = "83" })),
		ask("pin-again", request.AskPINAgain, draft(func(d *request.Draft) { d.PINAgain = "" })),
	}
}

func reviewSamples(lang string) []sample {
	return []sample{
		{"review", at(lang, visit.Review)},
		{"review-child", at(lang, visit.Review, draft(func(d *request.Draft) {
			d.Relation, d.Asker, d.Birth.Year = request.Child, request.Name{Given: "Ana", Family: "O’Neill-García"}, 2018
		}))},
		{"review-full", at(lang, visit.Review, draft(func(d *request.Draft) {
			d.Relation, d.Capacity, d.Asker = request.Represented, request.HealthAgent, request.Name{Given: "Ana", Family: "Ruiz"}
			d.Middle, d.Suffix, d.Other = "Guadalupe", "Jr.", request.Name{Family: "Ruiz de la Torre"}
			d.Both = true
		}))},
		{"review-only", at(lang, visit.Review, draft(func(d *request.Draft) { d.Single, d.Family = true, "Sukarno" }))},
		{"review-fault", at(lang, visit.Review, trouble(fault.Database), draft(func(d *request.Draft) {
			d.Contact, d.Given, d.Relation, d.Capacity = request.ByEmail, strings.Repeat("Maximiliana ", 4), request.Represented, request.Attorney
			d.Email = "a.very.long.address.of.somebody@department.university.example.com"
		}))},
	}
}
