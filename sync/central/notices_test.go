package central_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/registry"
)

// Where notices go, and that they do not tell what is on file.

func relations(r request.Request) map[string]request.Request {
	self, child, represented := r, r, r
	child.Relation, child.Birth, child.Asker = request.Child, request.Date{Year: 2018, Month: 5, Day: 6}, request.Name{Given: "Ana", Family: "Asker"}
	represented.Relation, represented.Capacity, represented.Asker = request.Represented, request.Attorney, child.Asker
	return map[string]request.Request{"N1": self, "N2": child, "N3": represented}
}

// elm is a request that registries answer in different ways.
var elm = request.Request{
	Version: request.EncodingVersion, Relation: request.Self, Given: "Zuzanna", Family: "Elm",
	Birth: request.Date{Year: 1980, Month: 5, Day: 6}, Gender: request.Female, Contact: request.ByPhone, Phone: "+16175550142",
	PIN: testPIN, Lang: "en", Consent: request.Consent{Policy: "1", Declaration: "1"},
}

// answered are the messages that a request causes with people on file, and the verdict on it.
func answered(t *testing.T, r request.Request, on ...registry.Person) (sent []notice.Message, v match.Verdict) {
	t.Helper()
	phone := &notice.Phone{}
	w := idle(t, phone)
	if err := w.ImportPeople(w.t.Context(), on); err != nil {
		t.Fatal(err)
	}
	asked := match.Asked(r, request.DateOf(w.now()))
	candidates, err := w.Store.Candidates(t.Context(), asked[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := w.finish(t.Context(), w.jobOf("the-same-request-0001", r)); err != nil {
		t.Fatal(err)
	}
	sent = phone.Messages()
	for i := range sent {
		sent[i].At, sent[i].Ref = time.Time{}, "" // each town has refs of its own
	}
	return sent, match.Decide(asked, candidates).Verdict
}

// given is the contact that the visitor named first.
func given(r request.Request) string {
	if r.Contact == request.ByEmail {
		return r.Email
	}
	return r.Phone
}

func residentOf(number int, r request.Request) registry.Person {
	return registry.Person{
		Number: 1000 + number, Given: r.Given, Family: r.Family, Birth: r.Birth, Gender: r.Gender, Phone: r.Phone, Email: r.Email,
	}
}

// Whoever types a neighbour's name and their own phone gets this notice.
func TestANotFoundNoticeTellsNothingOfTheRegistry(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	for reason, r := range relations(elm) {
		sister := residentOf(1, r)
		sister.Given = "Rosa"
		moved := residentOf(2, r)
		moved.Phone = "+16175550143"
		none, v := answered(t, r)
		if v != match.None || len(none) != 1 || none[0].To != r.Phone || !strings.Contains(none[0].Text, "Reason "+reason+":") {
			t.Fatalf("%s: %s: %d messages", reason, v, len(none))
		}
		for what, on := range map[string]struct {
			people  []registry.Person
			verdict match.Verdict
		}{
			"review":         {[]registry.Person{sister}, match.Review},
			"several agree":  {[]registry.Person{residentOf(1, r), residentOf(2, r)}, match.Review},
			"another number": {[]registry.Person{moved}, match.None},
		} {
			if got, v := answered(t, r, on.people...); !slices.Equal(got, none) || v != on.verdict {
				t.Errorf("%s, %s (%s): %d messages, the first to %q", reason, what, v, len(got), got[0].Text)
			}
		}
	}
}

// twoContacts is elm's request with two contacts, either one named first.
func twoContacts() (byPhone, byEmail request.Request) {
	byPhone = elm
	byPhone.Email = "zuzanna@example.org"
	byEmail = byPhone
	byEmail.Contact = request.ByEmail
	return byPhone, byEmail
}

func TestOfTwoContactsTheOneOnFileGetsTheCode(t *testing.T) {
	byPhone, byEmail := twoContacts()
	on := residentOf(1, byPhone)
	noPhone, noEmail := on, on
	noPhone.Phone, noEmail.Email = "+16175550143", ""
	madeUp, noNumber := byPhone, on
	madeUp.Phone, noNumber.Phone = "+16179999999", "" // somebody has it, but registries write it for none
	tagged := byEmail
	tagged.Email = strings.Replace(byEmail.Email, "@", "+tag@", 1)
	for name, c := range map[string]struct {
		asked request.Request
		on    []registry.Person
		to    string // the code, if any
		other bool   // a second notice
	}{
		"both on file, phone first":    {byPhone, []registry.Person{on}, byPhone.Phone, false},
		"both on file, e-mail first":   {byEmail, []registry.Person{on}, byPhone.Email, false},
		"e-mail on file, phone first":  {byPhone, []registry.Person{noPhone}, byPhone.Email, true},
		"phone on file, e-mail first":  {byEmail, []registry.Person{noEmail}, byPhone.Phone, true},
		"a placeholder first":          {madeUp, []registry.Person{noNumber}, byPhone.Email, true},
		"e-mail with a tag":            {tagged, []registry.Person{on}, byPhone.Email, false},
		"nobody on file, phone first":  {byPhone, nil, "", true},
		"nobody on file, e-mail first": {byEmail, nil, "", true},
	} {
		got, _ := answered(t, c.asked, c.on...)
		to, other := "", false
		for _, m := range got {
			if sixDigits.MatchString(m.Text) {
				to = m.To
			} else {
				other = true
			}
		}
		if to != c.to || other != c.other {
			t.Errorf("%s: a code to %q, another notice %v", name, to, other)
		}
	}
}

// Somebody who types their own phone first and a neighbour's e-mail as well must
// not learn from their phone whether the neighbour is on file.
func TestTheContactNamedFirstDoesNotTellThatTheOtherIsOnFile(t *testing.T) {
	byPhone, byEmail := twoContacts()
	for name, r := range map[string]request.Request{"phone": byPhone, "e-mail": byEmail} {
		on := residentOf(1, r)
		if r.Contact == request.ByPhone {
			on.Phone = ""
		} else {
			on.Email = ""
		}
		none, _ := answered(t, r)
		found, v := answered(t, r, on)
		if v != match.Release || len(none) != 1 || len(found) != 2 || none[0] != found[0] || none[0].To != given(r) {
			t.Errorf("%s first: %s, %d and %d messages", name, v, len(none), len(found))
		}
	}
}

func TestOneOfTwoNamesOrContactsIsEnoughToCollect(t *testing.T) {
	w := newTown(t, nil)
	k, p := w.kiosk("one"), w.people[0]
	r := asks(p)
	r.Family, r.Other = "Married-Now", request.Name{Family: p.Family}
	r.Contact, r.Email = request.ByEmail, "new@example.org"
	key := k.post(r)
	k.await(key)
	k.opens(key, w.codeFor(p.Phone))
}

func TestARepresentedPersonsSecondNoticeReadsLikeTheFirst(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	r := asks(w.people[0])
	r.Relation, r.Capacity, r.Asker = request.Represented, request.CourtGuardian, request.Name{Given: "Ana", Family: "Asker"}
	key := k.post(r)
	k.await(key)
	rings := w.ring()
	first := w.phone.Messages()[0]
	k.resend(key, "same")
	if again := <-rings; sixDigits.ReplaceAllString(first.Text, "") != sixDigits.ReplaceAllString(again.Text, "") || !strings.Contains(first.Text, "acts for somebody else") {
		t.Errorf("first %q, then %q", sixDigits.ReplaceAllString(first.Text, ""), sixDigits.ReplaceAllString(again.Text, ""))
	}
}

func TestSomebodyWithOneNameGetsTheirRecord(t *testing.T) {
	w := newTown(t, nil)
	k, p := w.kiosk("one"), w.people[0]
	p.Number, p.Given, p.Family, p.Phone = 1000, "", "Sukarno", "+16175550142"
	if err := w.ImportPeople(w.t.Context(), []registry.Person{p}); err != nil {
		t.Fatal(err)
	}
	key, pickup := k.ready(p)
	token := into[api.Release](t, k.unlock(key, testPIN, pickup), http.StatusOK).Token
	if r := k.fetch(token); r.Family != "Sukarno" || r.Given != "" || len(r.Doses) != len(p.Doses) {
		t.Errorf("another record, with %d doses", len(r.Doses))
	}
	ref := k.amend(w.corrects(p, token, func(d *request.Draft) { d.Single = true }))
	if a := w.kept(ref); a.Person != p.Number {
		t.Errorf("a correction of person %d", a.Person)
	}
}
