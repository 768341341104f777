package central_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/access"
)

// What the check page tells to those who guess: nothing.

const nobodysCode = "/check/7KQ2-M4VG-0XYZ-9ABC"

var neverBorn = request.Date{Year: 1931, Month: 2, Day: 3}

// One answer, byte for byte but for the code itself, for a wrong birth date, a code
// that nobody has, one that is too old, one without tries and one that is withdrawn.
func TestTheCheckPageHasOneAnswerForAllThatDoesNotFit(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w := newTown(t, nil)
	k, phone := w.kiosk("town hall"), w.anybody()
	p := w.people[0]
	paths := map[string]string{"unknown": nobodysCode}
	for _, name := range []string{"wrong date", "old", "over", "withdrawn"} {
		_, paths[name] = k.printed(p)
		if name == "withdrawn" {
			continue
		}
		w.db().ForgetTries()
	}
	kept := func(name string) []byte { return w.Keeper.CheckHash(strings.TrimPrefix(paths[name], "/check/")) }
	w.db().AgeCheck(kept("old"))
	w.db().ExhaustCheck(kept("over"))
	w.db().WithdrawCheck(kept("withdrawn"))
	answer := func(path string, d request.Date) reply {
		r := phone.check(path, born(d))
		r.body = []byte(strings.ReplaceAll(string(r.body), strings.TrimPrefix(path, "/check/"), "CODE"))
		r.header.Del("Date")
		return r
	}
	want := answer(paths["wrong date"], neverBorn)
	if want.status != http.StatusForbidden || want.header.Get("Retry-After") != "" {
		t.Fatalf("status %d", want.status)
	}
	for name, path := range paths {
		same(t, name, answer(path, neverBorn), want)
	}
	right := answer(paths["old"], p.Birth)
	same(t, "too old and right, no tries left and right", answer(paths["over"], p.Birth), right)
	same(t, "unknown, and the date of somebody", answer(nobodysCode, p.Birth), right)
	for name, path := range paths { // before a date is given, all look alike
		got := phone.call("GET", path, nil)
		got.body = []byte(strings.ReplaceAll(string(got.body), strings.TrimPrefix(path, "/check/"), "CODE"))
		if first := phone.call("GET", nobodysCode, nil); got.status != 200 || string(got.body) != strings.ReplaceAll(string(first.body), strings.TrimPrefix(nobodysCode, "/check/"), "CODE") {
			t.Errorf("%s: the form differs, status %d", name, got.status)
		}
	}
}

func TestTimeTellsNoCodeFromOneThatNobodyHas(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w := newTown(t, nil)
	w.Keeper.Unlimited = true
	k, phone := w.kiosk("town hall"), w.anybody()
	_, wrongDate := k.printed(w.people[1]) // 40 doses
	_, over := k.printed(w.people[0])
	over = strings.TrimPrefix(over, "/check/")
	ask := func(path string) func() reply { return func() reply { return phone.check(path, born(neverBorn)) } }
	kinds := map[string]kind{
		"wrong date":   {ask(wrongDate), "wrong date"},
		"unknown":      {ask(nobodysCode), "wrong date"},
		"no tries":     {ask("/check/" + over), "wrong date"},
		overNow:        {func() reply { return phone.call("GET", wrongDate, nil) }, "wrong date"}, // the control: no database
		"another code": {ask("/check/0000-0000-0000-0000"), "unknown"},
	}
	w.indistinct(kinds, func() {
		w.db().RenewChecks()
		w.db().ExhaustCheck(w.Keeper.CheckHash(over))
	})
}

func TestTheCheckPageKeepsEverybodyElseOut(t *testing.T) {
	w := newTown(t, nil)
	k, phone := w.kiosk("town hall"), w.anybody()
	p := w.people[0]
	_, path := k.printed(p)
	for what, r := range map[string]reply{
		"form": phone.call("GET", path, nil), "answer": phone.check(path, born(p.Birth)), "refused": phone.check(nobodysCode, born(p.Birth)),
		"no code": phone.call("GET", "/check", nil), "bad code": phone.call("GET", "/check/7KQ2", nil), "style": phone.call("GET", "/check.css", nil),
		"problem": phone.check(path, nil),
	} {
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"Referrer-Policy":         "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "X-Robots-Tag": "noindex",
			"Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			"Set-Cookie": "", "Access-Control-Allow-Origin": "",
		} {
			if got := r.header.Get(name); got != want {
				t.Errorf("%s: %s is %q", what, name, got)
			}
		}
		if !strings.Contains(r.header.Get("Permissions-Policy"), "camera=()") {
			t.Errorf("%s: %q", what, r.header.Get("Permissions-Policy"))
		}
	}
	for path, css := range map[string]string{"/check": `href="check.css"`, "/check/": `href="../check.css"`, path: `href="../check.css"`, "/check/7KQ2": `href="../check.css"`} {
		if r := phone.call("GET", path, nil); !strings.Contains(string(r.body), css) {
			t.Errorf("%s does not find its style sheet: status %d", path, r.status)
		}
	}
	if r := phone.call("GET", "/check/7KQ2", nil); r.status != http.StatusNotFound {
		t.Errorf("half a code: status %d", r.status)
	}
	if r := phone.call("GET", "/check.css", nil); !strings.HasPrefix(r.header.Get("Content-Type"), "text/css") || len(r.body) == 0 {
		t.Errorf("style: %s", r.header.Get("Content-Type"))
	}
	// A birth date in the address is not looked at, and not written down.
	q, _ := url.ParseQuery(string(born(p.Birth)))
	says(t, "GET", phone.call("GET", path+"?lang=en&"+q.Encode(), nil), 200, []string{"Birth date on the print"}, stands, p.Family)
	says(t, "POST", phone.call("POST", path+"?lang=en&"+q.Encode(), nil), http.StatusUnprocessableEntity, nil, stands, p.Family)
}

func TestTheCheckPageIsLookedAtSoOftenOnly(t *testing.T) {
	w := newTown(t, nil)
	k, phone := w.kiosk("town hall"), w.anybody()
	p, other := w.people[0], w.people[1]
	r, path := k.printed(p)
	_, another := k.printed(other)
	w.fill(access.CheckLooks, r.CheckCode(), 1)
	says(t, "the last look", phone.check(path, born(p.Birth)), 200, []string{stands})
	over := phone.check(path, born(p.Birth))
	says(t, "one more", over, http.StatusTooManyRequests, []string{"Please wait"}, stands, p.Family)
	w.again(over, access.CheckLooks)
	w.fill(access.CheckLooks, strings.TrimPrefix(nobodysCode, "/check/"), 0)
	says(t, "a code that nobody has", phone.check(nobodysCode, born(p.Birth)), http.StatusTooManyRequests, []string{"Please wait"})
	says(t, "another code", phone.check(another, born(other.Birth)), 200, []string{stands})
	w.pass(access.CheckLooks.Each() + time.Second)
	says(t, "later", phone.check(path, born(p.Birth)), 200, []string{stands})
}

func TestTheCheckPageTakesSoManyWrongDatesOfEverybodyOnly(t *testing.T) {
	w := newTown(t, nil)
	k, phone := w.kiosk("town hall"), w.anybody()
	p := w.people[0]
	_, path := k.printed(p)
	all := w.Keeper.Use(access.AllChecks, "")
	fill := func(d time.Duration) { w.db().SetFill(all, w.now(), d) }
	says(t, "wrong", phone.check(path, born(neverBorn)), http.StatusForbidden, []string{nothing})
	if by, _ := w.db().Filled(all); by != time.Second {
		t.Errorf("a wrong one fills %v", by)
	}
	fill(access.AllChecks.Window / 2)
	_, before := w.db().Filled(all)
	says(t, "right", phone.check(path, born(p.Birth)), 200, []string{stands})
	if _, after := w.db().Filled(all); !after.Equal(before) {
		t.Errorf("a right one counts: %v, then %v", before, after)
	}
	fill(access.AllChecks.Window + time.Minute)
	for range 2 {
		r := phone.check(nobodysCode, born(p.Birth))
		says(t, "too many everywhere", r, http.StatusTooManyRequests, []string{"Please wait"}, stands)
		if s := r.header.Get("Retry-After"); len(s) != 2 {
			t.Errorf("again after %q seconds", s)
		}
	}
	says(t, "a right code does not wait", phone.check(path, born(p.Birth)), 200, []string{stands})
	says(t, "its tries count all the same", phone.check(path, born(neverBorn)), http.StatusForbidden, []string{nothing})
	says(t, "and nothing is given back that was not taken", phone.check(nobodysCode, born(p.Birth)), http.StatusTooManyRequests, []string{"Please wait"})
	if n := strings.Count(w.log.String(), "come to the check page"); n != 1 {
		t.Errorf("said %d times", n)
	}
	w.pass(2 * time.Minute)
	says(t, "two minutes later", phone.check(nobodysCode, born(p.Birth)), http.StatusForbidden, []string{nothing})
}

// What cannot be counted is not compared, and the page says that it says nothing.
func TestADatabaseThatFailsSaysNothingOfARecord(t *testing.T) {
	w := newTown(t, nil)
	k, phone := w.kiosk("town hall"), w.anybody()
	p := w.people[0]
	_, path := k.printed(p)
	back := w.db().Lose("checks")
	for _, each := range []string{path, nobodysCode} {
		says(t, each, phone.check(each, born(p.Birth)), http.StatusInternalServerError, []string{"We cannot answer right now."}, stands, p.Family)
	}
	if !strings.Contains(w.log.String(), "a call failed") || strings.Contains(w.log.String(), p.Birth.String()) {
		t.Error("not in the log, or with a birth date")
	}
	back()
	says(t, "again", phone.check(path, born(p.Birth)), 200, []string{stands})
}
