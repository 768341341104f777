package central_test

import (
	"errors"
	"slices"
	"testing"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/registry"
)

// People as hospitals have them on file: with several contacts and names, through the
// database.

const secondPhone = "+16175550177"

// codesTo are the contacts that got a code.
func codesTo(sent []notice.Message) (to []string) {
	for _, m := range sent {
		if sixDigits.MatchString(m.Text) {
			to = append(to, m.To)
		}
	}
	return to
}

func TestWhoeverIsOnFileWithMoreIsFoundByItAndGetsTheCodeThere(t *testing.T) {
	kid := relations(elm)["N2"]
	bySecond, kidBySecond, byMail, before := elm, kid, elm, elm
	bySecond.Phone, kidBySecond.Phone = secondPhone, secondPhone
	byMail.Contact, byMail.Phone, byMail.Email = request.ByEmail, "", "at+work@example.org"
	before.Family = "Harper"
	more := func(all ...registry.Contact) func(*registry.Person) {
		return func(p *registry.Person) { p.More = all }
	}
	parents := more(registry.Contact{Phone: secondPhone, Guardian: true})
	harper := func(p *registry.Person) { p.Also = []request.Name{{Given: p.Given, Family: "Harper"}} }
	for name, c := range map[string]struct {
		asked   request.Request
		on      request.Request
		change  func(*registry.Person)
		verdict match.Verdict
		to      string
	}{
		"a second phone":                {bySecond, elm, more(registry.Contact{Phone: secondPhone}), match.Release, secondPhone},
		"an e-mail address at work":     {byMail, elm, more(registry.Contact{Phone: secondPhone}, registry.Contact{Email: "at@example.org"}), match.Release, "at@example.org"},
		"a parent's phone, for a child": {kidBySecond, kid, parents, match.Release, secondPhone},
		"a parent's phone, of an adult": {bySecond, elm, parents, match.Review, ""},
		"a maiden name":                 {before, elm, harper, match.Release, elm.Phone},
		"restricted":                    {elm, elm, func(p *registry.Person) { p.Restricted = true }, match.Review, ""},
		"deceased":                      {elm, elm, func(p *registry.Person) { p.Deceased = true }, match.Review, ""},
		"deceased, a child":             {kid, kid, func(p *registry.Person) { p.Deceased = true }, match.Release, kid.Phone},
		"no longer used":                {elm, elm, func(p *registry.Person) { p.Inactive = true }, match.None, ""},
	} {
		p := residentOf(1, c.on)
		c.change(&p)
		sent, v := answered(t, c.asked, p)
		var want []string
		if c.to != "" {
			want = []string{c.to}
		}
		if to := codesTo(sent); v != c.verdict || !slices.Equal(to, want) {
			t.Errorf("%s: %s, codes to %q", name, v, to)
		}
	}
}

func TestANewCodeGoesToTheSecondPhoneAgain(t *testing.T) {
	phone := &notice.Phone{}
	w := idle(t, phone)
	p := residentOf(1, elm)
	p.More = []registry.Contact{{Phone: secondPhone}}
	r := elm
	r.Phone = secondPhone
	if err := w.ImportPeople(t.Context(), []registry.Person{p}); err != nil {
		t.Fatal(err)
	}
	j := w.job(r)
	if err := w.finish(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	for _, other := range []bool{false, true} {
		_, err := w.Store.AddResend(t.Context(), j.ID, other, w.now())
		if worked, workErr := w.Worker.Next(t.Context(), w.now()); !worked || errors.Join(err, workErr) != nil {
			t.Fatal(worked, err, workErr)
		}
	}
	if to := codesTo(phone.Messages()); !slices.Equal(to, []string{secondPhone, secondPhone, elm.Phone}) {
		t.Errorf("codes to %q", to)
	}
}
