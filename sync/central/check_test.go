package central_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// anybody shows no certificate.
func (w *town) anybody() *kiosk { return w.visitor(filepath.Join(w.dir, operator.CAFile)) }

// printed gets the record of a resident, and returns it with the path of its check page.
func (k *kiosk) printed(p registry.Person) (r record.Record, path string) {
	k.w.t.Helper()
	key, code := k.ready(p)
	r = k.fetch(into[api.Release](k.w.t, k.unlock(key, testPIN, code), http.StatusOK).Token)
	path, ok := strings.CutPrefix(r.Check, issuer)
	if code := r.CheckCode(); !ok || path != record.CheckPath+code || len(code) != 19 {
		k.w.t.Fatalf("the record has the check page %q", r.Check)
	}
	return r, path
}

// born is the form with a birth date.
func born(d request.Date, more ...string) []byte {
	f := url.Values{"year": {d.String()[:4]}, "month": {d.String()[5:7]}, "day": {d.String()[8:]}}
	for i := 0; i < len(more); i += 2 {
		f.Set(more[i], more[i+1])
	}
	return []byte(f.Encode())
}

func (k *kiosk) check(path string, form []byte) reply {
	k.w.t.Helper()
	return k.call("POST", path+"?lang=en", form, "Content-Type", "application/x-www-form-urlencoded")
}

// text is what a page says, which must be well-formed.
func text(t *testing.T, r reply) string {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(r.body))
	var said []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return strings.Join(strings.Fields(strings.Join(said, " ")), " ")
		}
		if err != nil {
			t.Fatalf("status %d: %v\n%s", r.status, err, r.body)
		}
		if c, ok := token.(xml.CharData); ok {
			said = append(said, string(c))
		}
	}
}

// says wants a status, and what the page says or does not say.
func says(t *testing.T, what string, r reply, status int, want []string, not ...string) {
	t.Helper()
	got := text(t, r)
	for _, s := range want {
		if !strings.Contains(got, s) {
			t.Errorf("%s: not said: %q in\n%s", what, s, got)
		}
	}
	for _, s := range not {
		if strings.Contains(got, s) {
			t.Errorf("%s: said: %q", what, s)
		}
	}
	if r.status != status {
		t.Errorf("%s: status %d, want %d", what, r.status, status)
	}
}

const (
	stands, changed, gone = "Nothing has changed", "The record has changed", "This print is withdrawn"
	nothing               = "We cannot answer for this code and this birth date."
)

func TestAPrintIsUnchangedSupersededOrWithdrawnAsTheRegistrySays(t *testing.T) {
	w := newTown(t, nil)
	k, phone := w.kiosk("town hall"), w.anybody()
	p := w.people[1]
	r, path := k.printed(p)
	name := r.Given + " " + r.Family
	first := slices.IndexFunc(p.Doses, record.Dose.Completed)
	says(t, "at once", phone.check(path, born(p.Birth)), 200, []string{stands, name, "Doses, as printed (40)", p.Doses[first].Lot, r.CheckCode(), registryName}, changed, gone)
	says(t, "typed in small letters", phone.check("/check", born(p.Birth, "code", strings.ToLower(r.CheckCode()))), 200, []string{stands, name})

	w.pass(48 * time.Hour)
	now := p
	now.Doses = append(slices.Clone(p.Doses), record.Dose{Date: w.now().UTC().Format(time.DateOnly), CVX: "140", Lot: "SINCETHEN", Status: record.StatusCompleted})
	w.imports(now)
	says(t, "a dose given since", phone.check(path, born(p.Birth)), 200, []string{stands, "(40)"}, changed, "SINCETHEN")

	now.Doses[first].Lot = "CORRECTED"
	w.imports(now)
	says(t, "a corrected dose", phone.check(path, born(p.Birth)), 200, []string{changed, "private"},
		stands, p.Family, name, "CORRECTED", "SINCETHEN", "CVX", "Lot", "Doses")
	_, newer := k.printed(p)
	says(t, "the print after it", phone.check(newer, born(p.Birth)), 200, []string{stands, "CORRECTED"})

	if err := w.RemovePerson(w.t.Context(), "2"); err != nil {
		t.Fatal(err)
	}
	for _, each := range []string{path, newer} {
		says(t, "removed", phone.check(each, born(p.Birth)), 200, []string{gone}, stands, changed, "CORRECTED", p.Family, "Doses")
	}
	for _, secret := range []string{name, p.Family, r.CheckCode(), strings.ReplaceAll(r.CheckCode(), "-", ""), p.Birth.String(), "CORRECTED"} {
		if strings.Contains(w.log.String(), secret) {
			t.Error("a personal value or a code is in the log")
		}
	}
	for name, content := range filesIn(t, w.dir) {
		if bytes.Contains(content, []byte(r.CheckCode())) || bytes.Contains(content, []byte(strings.ReplaceAll(r.CheckCode(), "-", ""))) {
			t.Errorf("%s has the code", name)
		}
	}
	if !strings.Contains(w.log.String(), `route="POST /check/{code}"`) {
		t.Error("the log does not know these calls")
	}
}

// A print and its cards say that a dose counts until the registry finds out otherwise.
func TestADoseThatTurnsOutNotValidSupersedesThePrintAndIsNamed(t *testing.T) {
	w := newTown(t, nil)
	k, phone := w.kiosk("town hall"), w.anybody()
	p := w.people[1]
	const notValid, historical = "Not valid, does not count", "Historical, from an older record"
	_, path := k.printed(p)
	says(t, "as printed", phone.check(path, born(p.Birth)), 200, []string{stands, notValid, historical})
	list := w.db().Count("card_lists")

	p.Doses = slices.Clone(p.Doses)
	p.Doses[len(p.Doses)-1].Historical = false // who gave it has reported it since
	w.imports(p)
	says(t, "a historical dose was reported", phone.check(path, born(p.Birth)), 200, []string{changed}, stands)

	r, path := k.printed(p)
	given := slices.IndexFunc(p.Doses, record.Dose.FitsCard)
	onCard := r.Doses[given].Card
	p.Doses[given].NotValid = true
	w.imports(p)
	says(t, "a dose turned out not valid", phone.check(path, born(p.Birth)), 200, []string{changed}, stands, notValid)
	if now := w.db().Count("card_lists"); onCard == 0 || list != 0 || now != 1 {
		t.Errorf("the dose was on card %d; lists of revoked cards: %d, then %d", onCard, list, now)
	}
}

// Whoever prints in the morning and is vaccinated in the afternoon has left the print with somebody.
func TestADoseGivenLaterOnTheDayOfThePrintIsNotShown(t *testing.T) {
	w := newTown(t, nil)
	k, phone := w.kiosk("town hall"), w.anybody()
	p := w.people[1]
	_, path := k.printed(p)
	p.Doses = append(slices.Clone(p.Doses), record.Dose{Date: w.now().UTC().Format(time.DateOnly), CVX: "140", Lot: "AFTERNOON", Status: record.StatusCompleted})
	w.imports(p)
	says(t, "a dose of the same day", phone.check(path, born(p.Birth)), 200, []string{stands, "(40)"}, changed, "AFTERNOON")
}

func (w *town) imports(p registry.Person) {
	w.t.Helper()
	if err := w.ImportPeople(w.t.Context(), []registry.Person{p}); err != nil {
		w.t.Fatal(err)
	}
}

// What is on the print is what its reader has: the birth date of that day opens it.
func TestACorrectedNameOrBirthDateSupersedesAndIsNotTold(t *testing.T) {
	w := newTown(t, nil)
	k, phone := w.kiosk("town hall"), w.anybody()
	p := w.people[0]
	_, path := k.printed(p)
	now := p
	now.Family, now.Birth = "Newname", p.Birth
	w.imports(now)
	says(t, "another name", phone.check(path, born(p.Birth)), 200, []string{changed}, "Newname", p.Family)
	now.Family, now.Birth = "Newname", request.Date{Year: p.Birth.Year - 1, Month: p.Birth.Month, Day: p.Birth.Day}
	w.imports(now)
	says(t, "the birth date on the print", phone.check(path, born(p.Birth)), 200, []string{changed}, "Newname")
	says(t, "that of today", phone.check(path, born(now.Birth)), http.StatusForbidden, []string{nothing})
	now.Given = "Somebodyelse"
	now.Birth.Year--
	w.imports(now) // two of three have changed: the number is another person's
	says(t, "somebody else", phone.check(path, born(p.Birth)), 200, []string{gone}, "Newname", "Somebodyelse", "Doses")
}

func TestARecordWithoutCardsHasACheckPageToo(t *testing.T) {
	w := newTown(t, nil)
	k, phone := w.kiosk("town hall"), w.anybody()
	p := w.people[0]
	p.Doses = nil
	w.imports(p)
	_, path := k.printed(p)
	says(t, "none", phone.check(path, born(p.Birth)), 200, []string{stands, "(0)", "No doses are on the print"})
	p.Doses = []record.Dose{{Date: "2001-02-03", CVX: "03", Lot: "LATE", Status: record.StatusCompleted}}
	w.imports(p)
	says(t, "a dose from before", phone.check(path, born(p.Birth)), 200, []string{changed}, stands, "LATE", "February 3, 2001", "MMR")
	if n := w.db().Count("card_lists"); n != 0 {
		t.Error("who never got a card is on a list of cards")
	}
}

func TestAPrintOfWhichLittleIsKnownIsCheckedLikeAnyOther(t *testing.T) {
	w := newTown(t, nil)
	k, phone := w.kiosk("town hall"), w.anybody()
	p := w.people[0]
	year := p.Birth.Year + 20
	p.Doses = []record.Dose{
		{Date: fmt.Sprintf("%d-06", year), CVX: "83", Status: record.StatusCompleted},
		{Date: fmt.Sprint(year), CVX: "935", Product: "Newer than the table", Status: record.StatusCompleted},
		{Date: fmt.Sprintf("%d-01-02", year), CVX: "96", Status: record.StatusCompleted},
	}
	w.imports(p)
	r, path := k.printed(p)
	if len(r.Cards) != 0 || r.Count() != 2 {
		t.Errorf("%d cards, %d doses", len(r.Cards), r.Count())
	}
	says(t, "as printed", phone.check(path, born(p.Birth)), 200, []string{
		stands, "as printed (2)", fmt.Sprintf("June %d: Hepatitis A", year), fmt.Sprintf("%d: Not known", year), "Newer than the table (CVX 935)",
		"Code not known here", "Day not on file", "Other entries", "Tuberculosis skin test",
	})
}

func TestFiveWrongBirthDatesEndACodeForGood(t *testing.T) {
	w := newTown(t, nil)
	k, phone := w.kiosk("town hall"), w.anybody()
	p := w.people[0]
	_, path := k.printed(p)
	_, other := k.printed(w.people[1])
	other2 := request.Date{Year: 1931, Month: 2, Day: 3}
	for i := range store.MaxTries {
		if i == store.MaxTries-1 {
			says(t, "right before the last", phone.check(path, born(p.Birth)), 200, []string{stands})
		}
		says(t, "wrong", phone.check(path, born(other2)), http.StatusForbidden, []string{nothing})
	}
	for range 2 {
		says(t, "the right one after five", phone.check(path, born(p.Birth)), http.StatusForbidden, []string{nothing}, stands, p.Family)
	}
	says(t, "another code", phone.check(other, born(w.people[1].Birth)), 200, []string{stands})
}

// However many ask at once, five are compared: a sixth guess never opens.
func TestWrongBirthDatesAtOnceAreFiveToo(t *testing.T) {
	w := newTown(t, nil)
	w.Keeper.Unlimited = true
	k := w.kiosk("town hall")
	_, path := k.printed(w.people[0])
	var all sync.WaitGroup
	for range 12 {
		phone := w.anybody()
		all.Go(func() { phone.check(path, born(request.Date{Year: 1931, Month: 2, Day: 3})) })
	}
	all.Wait()
	if n := w.db().AllCheckTries(); n != 5 {
		t.Errorf("%d tries are counted", n)
	}
	says(t, "right", w.anybody().check(path, born(w.people[0].Birth)), http.StatusForbidden, []string{nothing})
}

func TestWhatIsNotADateCostsNoTry(t *testing.T) {
	w := newTown(t, nil)
	k, phone := w.kiosk("town hall"), w.anybody()
	_, path := k.printed(w.people[0])
	for form, why := range map[string]string{
		"": "Choose the month", "month=3&day=4": "Choose the month", "month=2&day=30&year=1958": "no such day", "month=2&day=3&year=58": "four digits",
		"month=13&day=3&year=1958": "no such day", "month=2&day=-3&year=1958": "no such day", "month=2&day=3&year=9958": "not come yet",
		"month=2&day=3&year=%31%39x8": "no such day", "%zz": "Choose the month",
	} {
		says(t, form, phone.check(path, []byte(form)), http.StatusUnprocessableEntity, []string{"Please look at this again", why})
	}
	says(t, "no code", phone.check("/check", born(w.people[0].Birth)), http.StatusUnprocessableEntity, []string{"Type the code."})
	says(t, "half a code", phone.check("/check", born(w.people[0].Birth, "code", "7KQ2")), http.StatusUnprocessableEntity, []string{"not a whole code"})
	if n := w.db().AllCheckTries(); n != 0 {
		t.Errorf("%d tries are counted", n)
	}
}

func TestACodeIsForgottenWhenItsLifeEnds(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("town hall")
	p := w.people[0]
	_, path := k.printed(p)
	w.pass(access.CheckLife - time.Minute)
	w.stop()
	w.start(nil) // with a certificate of that day
	phone := w.anybody()
	says(t, "the last minute", phone.check(path, born(p.Birth)), 200, []string{stands})
	w.pass(2 * time.Minute)
	says(t, "after it", phone.check(path, born(p.Birth)), http.StatusForbidden, []string{nothing})
	if err := w.Worker.Purge(t.Context(), w.now()); err != nil {
		t.Fatal(err)
	}
	if n := w.db().Count("checks"); n != 1 { // the stand-in
		t.Errorf("%d codes are kept", n)
	}
	says(t, "when it is gone", phone.check(path, born(p.Birth)), http.StatusForbidden, []string{nothing})
}
