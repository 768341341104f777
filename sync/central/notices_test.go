package central

import (
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/people"
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

// answered is the one message that a request causes with people on file, and the verdict on it.
func answered(t *testing.T, r request.Request, on ...people.Person) (sent notice.Message, v match.Verdict) {
	t.Helper()
	phone := &notice.Phone{}
	w := idle(t, phone)
	if err := w.ImportPeople(on); err != nil {
		t.Fatal(err)
	}
	asked := match.Asked(r)
	candidates, err := w.store.Candidates(t.Context(), asked[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := w.finish(t.Context(), w.jobOf("the-same-request-0001", r)); err != nil {
		t.Fatal(err)
	}
	all := phone.Messages()
	if len(all) != 1 {
		t.Fatalf("%d messages", len(all))
	}
	sent = all[0]
	sent.At = time.Time{}
	return sent, match.Decide(asked, candidates).Verdict
}

func residentOf(number int, r request.Request) people.Person {
	return people.Person{
		Number: 1000 + number, Given: r.Given, Family: r.Family, Birth: r.Birth, Gender: r.Gender, Phone: r.Phone, Email: r.Email,
	}
}

// Whoever types a neighbour's name and their own phone gets this notice.
func TestANotFoundNoticeTellsNothingOfTheRegistry(t *testing.T) {
	for reason, r := range relations(elm) {
		sister := residentOf(1, r)
		sister.Given = "Rosa"
		moved := residentOf(2, r)
		moved.Phone = "+16175550143"
		none, v := answered(t, r)
		if v != match.None || none.To != r.Phone || !strings.Contains(none.Text, "Reason "+reason+":") {
			t.Fatalf("%s: %s: %q", reason, v, none.Text)
		}
		for what, on := range map[string]struct {
			people  []people.Person
			verdict match.Verdict
		}{
			"review":         {[]people.Person{sister}, match.Review},
			"several agree":  {[]people.Person{residentOf(1, r), residentOf(2, r)}, match.Review},
			"another number": {[]people.Person{moved}, match.None},
		} {
			if got, v := answered(t, r, on.people...); got != none || v != on.verdict {
				t.Errorf("%s, %s (%s): %q, want %q", reason, what, v, got.Text, none.Text)
			}
		}
	}
}

func TestOfTwoContactsTheOneNamedFirstGetsTheAnswer(t *testing.T) {
	r := elm
	r.Email = "zuzanna@example.org"
	byEmail := r
	byEmail.Contact = request.ByEmail
	on := residentOf(1, r)
	noPhone, noEmail := on, on
	noPhone.Phone, noEmail.Email = "+16175550143", ""
	for name, c := range map[string]struct {
		asked request.Request
		on    []people.Person
		to    string
		found bool
	}{
		"both on file, phone first":    {r, []people.Person{on}, r.Phone, true},
		"both on file, e-mail first":   {byEmail, []people.Person{on}, r.Email, true},
		"e-mail on file, phone first":  {r, []people.Person{noPhone}, r.Email, true},
		"phone on file, e-mail first":  {byEmail, []people.Person{noEmail}, r.Phone, true},
		"nobody on file, phone first":  {r, nil, r.Phone, false},
		"nobody on file, e-mail first": {byEmail, nil, r.Email, false},
	} {
		got, _ := answered(t, c.asked, c.on...)
		if got.To != c.to || (sixDigits.FindString(got.Text) != "") != c.found {
			t.Errorf("%s: to the phone %v, with a code %v", name, got.To == r.Phone, !c.found)
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
	k.remind(key, "same")
	if again := <-rings; sixDigits.ReplaceAllString(first.Text, "") != sixDigits.ReplaceAllString(again.Text, "") || !strings.Contains(first.Text, "acts for somebody else") {
		t.Errorf("first %q, then %q", sixDigits.ReplaceAllString(first.Text, ""), sixDigits.ReplaceAllString(again.Text, ""))
	}
}
