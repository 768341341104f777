package central_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"vaxkiosk/sync/central/registry"
)

// The check page in a real browser. Tests of what it answers are in check_test.go;
// here is what only a browser tells: keys, touches, focus, what is sent where.

func TestTheCheckPageInARealBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	r := newReader(t)
	for _, each := range []struct {
		name string
		run  func(*testing.T, *reader)
	}{
		{"a keyboard is enough, without scripts", byKeyboard},
		{"a finger is enough", byFinger},
		{"an answer is there in the other language, too", inBothLanguages},
		{"five wrong birth dates lock it, and look like an unknown code", fiveWrong},
		{"a print is superseded, then withdrawn", corrected},
		{"every page is for everybody", forEverybody},
		{"nothing personal leaves but in the form", keptApart},
		{"nothing from elsewhere runs", nothingRuns},
	} {
		t.Run(each.name, func(t *testing.T) {
			each.run(t, r)
			if said := r.complaints(); len(said) > 0 {
				t.Errorf("the browser complains: %q", said)
			}
		})
	}
}

func byKeyboard(t *testing.T, r *reader) {
	p := r.people[1]
	rec, path := r.k.printed(p)
	b := r.open(t, false)
	b.visit(path + "?lang=en")
	for _, want := range []string{"Español", "birth", "day", "year", "Check this record"} {
		b.keys(kb.Tab)
		b.focuses(want)
	}
	b.answer(path, "en", neverBorn)
	b.reads("Error: Check a vaccine record", nothing)
	b.focuses("problems")
	b.keys(kb.Tab, kb.Enter)
	b.focuses("birth")
	b.answer(path, "en", p.Birth)
	b.reads(stands, rec.Given+" "+rec.Family, "Doses, as printed (40)", rec.CheckCode())
	for _, d := range rec.Doses {
		b.reads(d.Lot)
	}
	b.answer(path, "es", p.Birth)
	b.reads("Nada ha cambiado", "Dosis, como se imprimieron (40)")
	b.visit("/check?lang=en")
	b.keys(kb.Tab, kb.Tab, strings.ToLower(rec.CheckCode()), kb.Tab)
	b.keys(date(p.Birth, "en")...)
	b.keys(kb.Tab)
	b.leads(press(' ')) // the button
	b.reads(stands)
}

func byFinger(t *testing.T, r *reader) {
	p := r.people[0]
	rec, path := r.k.printed(p)
	b := r.open(t, true)
	b.visit(path + "?lang=es")
	b.leads(chromedp.Tap(".switch a"))
	b.reads("Check a vaccine record", rec.CheckCode())
	b.leads(chromedp.Tap("button"))
	b.reads("Choose the month. Type the day and the year.")
	b.do(chromedp.Tap(".problem a"))
	b.focuses("birth")
	b.do(chromedp.Tap("#birth"))
	b.keys(time.Month(p.Birth.Month).String(), kb.Enter)
	b.do(chromedp.Tap("#day"))
	b.keys(strconv.Itoa(p.Birth.Day))
	b.do(chromedp.Tap("#year"))
	b.keys(strconv.Itoa(p.Birth.Year))
	b.leads(chromedp.Tap("button"))
	b.reads(stands, rec.Given+" "+rec.Family)
	b.leads(chromedp.Tap("main > p:last-child a"))
	b.reads("Code on the print")
}

// inBothLanguages turns answers into the other language and back, by keys and fingers:
// no try is spent, nothing personal gets into an address, and who was refused gets no
// second try by it.
func inBothLanguages(t *testing.T, r *reader) {
	p := r.people[3]
	rec, path := r.k.printed(p)
	b := r.open(t, false)
	tries := func(want int) {
		t.Helper()
		if got := r.db().CheckTries(r.Keeper.CheckHash(rec.CheckCode())); got != want {
			t.Errorf("%d tries are spent, want %d", got, want)
		}
	}
	at := func(want string) {
		t.Helper()
		if got := value[string](b, "location.pathname + location.search + location.hash"); got != want {
			t.Errorf("the address is %d letters long, want %s", len(got), want)
		}
	}
	b.answer(path, "en", p.Birth)
	for range 2 {
		b.keys(kb.Tab)
		b.focuses("Español")
		b.leads(press(enter))
		b.reads("Nada ha cambiado", rec.Given+" "+rec.Family)
		at(path + "?lang=es")
		b.leads(chromedp.Tap(".switch button"))
		b.reads(stands, rec.Given+" "+rec.Family)
		at(path + "?lang=en")
	}
	b.visit("/check?lang=es")
	b.keys(kb.Tab, kb.Tab, rec.CheckCode(), kb.Tab)
	b.keys(date(p.Birth, "es")...)
	b.leads(press(enter))
	b.keys(kb.Tab)
	b.leads(press(' '))
	b.reads(stands, rec.CheckCode())
	at("/check?lang=en")
	tries(0)
	b.answer(path, "en", neverBorn)
	b.leads(chromedp.Tap(".switch a"))
	b.reads("Fecha de nacimiento que está en la hoja")
	tries(1)
}

func fiveWrong(t *testing.T, r *reader) {
	p := r.people[0]
	_, path := r.k.printed(p)
	b := r.open(t, false)
	looks := func(path string) string {
		code := strings.TrimPrefix(path, "/check/")
		return strings.ReplaceAll(value[string](b, "document.documentElement.outerHTML"), code, "CODE")
	}
	for i := range 5 {
		if i == 4 {
			b.answer(path, "en", p.Birth)
			b.reads(stands)
		}
		b.answer(path, "en", neverBorn)
		b.reads(nothing)
	}
	wrong := looks(path)
	b.answer(path, "en", p.Birth)
	b.reads(nothing)
	locked := looks(path)
	b.answer(nobodysCode, "en", neverBorn)
	if looks(nobodysCode) != wrong {
		t.Error("a code that nobody has looks different from a wrong birth date")
	}
	b.answer(nobodysCode, "en", p.Birth)
	if looks(nobodysCode) != locked {
		t.Error("a code that nobody has looks different from one that is locked")
	}
}

func corrected(t *testing.T, r *reader) {
	p := r.people[2]
	_, path := r.k.printed(p)
	b := r.open(t, false)
	b.answer(path, "en", p.Birth)
	b.reads(stands)
	r.amends(p)
	b.answer(path, "en", p.Birth)
	b.reads(changed, "Do not rely on this print.", "private")
	if said := value[string](b, "document.documentElement.outerHTML"); strings.Contains(said, "CORRECTED") || strings.Contains(said, p.Family) || strings.Contains(said, "CVX") {
		t.Error("a superseded print shows something of the record")
	}
	_, newer := r.k.printed(p)
	b.answer(newer, "en", p.Birth)
	b.reads(stands, "CORRECTED")
	must(t, r.RemovePerson(t.Context(), strconv.Itoa(p.Number)))
	b.answer(newer, "en", p.Birth)
	b.reads(gone, "Do not rely on this print.")
}

// amends corrects the lot of a person's first dose.
func (r *reader) amends(p registry.Person) {
	p.Doses = append(p.Doses[:0:0], p.Doses...)
	for i := range p.Doses {
		if p.Doses[i].Completed() {
			p.Doses[i].Lot = "CORRECTED"
			break
		}
	}
	r.imports(p)
}

// What is typed goes in the body of a POST, and in no address, header or log.
func keptApart(t *testing.T, r *reader) {
	r.mu.Lock()
	defer r.mu.Unlock()
	posts := 0
	for _, s := range r.sent {
		if s.Method == http.MethodPost {
			posts++
		}
		if !address.MatchString(strings.TrimPrefix(s.URL, r.url)) {
			t.Errorf("%s %s", s.Method, s.URL)
		}
	}
	for _, h := range r.headers {
		for name, v := range h {
			if telling := []string{"referer", "cookie"}; slices.Contains(telling, strings.ToLower(name)) {
				t.Errorf("a header %s: %v", name, v)
			}
		}
	}
	if posts < 15 || len(r.headers) < len(r.sent)/2 {
		t.Errorf("only %d forms and %d headers were seen", posts, len(r.headers))
	}
	said := r.log.String()
	secrets := []string{neverBorn.String(), strings.TrimPrefix(nobodysCode, "/check/")}
	for _, p := range r.people[:3] {
		secrets = append(secrets, p.Birth.String(), p.Family, p.Given)
	}
	for _, s := range secrets {
		if strings.Contains(said, s) {
			t.Error("a personal value or a code is in the log")
		}
	}
	if !strings.Contains(said, `route="POST /check/{code}" status=403`) {
		t.Error("the log does not know these calls")
	}
}

// address is what may be asked for: no more than a code and a language.
var address = regexp.MustCompile(`^(/check(/[0-9A-Z-]{4,19})?(\?lang=(en|es))?|/check\.css|about:blank)$`)

// A page that somebody has got something into would still not run it, show it or
// send it away.
func nothingRuns(t *testing.T, r *reader) {
	b := r.open(t, true)
	b.visit(nobodysCode + "?lang=en")
	for what, put := range map[string]string{
		"script":    `const e = document.createElement('script'); e.text = 'window.ran = true'; document.body.append(e)`,
		"handler":   `document.querySelector('h1').setAttribute('onclick', 'window.ran = true'); document.querySelector('h1').click()`,
		"style":     `const e = document.createElement('style'); e.textContent = 'body { outline: 7px solid }'; document.head.append(e)`,
		"picture":   `const e = new Image(); e.src = '/healthz?picture'; document.body.append(e)`,
		"call":      `fetch('/healthz?call').catch(() => {})`,
		"frame":     `const e = document.createElement('iframe'); e.src = '/check'; document.body.append(e)`,
		"elsewhere": `document.querySelector('form').action = 'https://127.0.0.1:1/'; document.querySelector('form').requestSubmit()`,
	} {
		got := value[string](b, fmt.Sprintf(`new Promise(told => { document.addEventListener('securitypolicyviolation', e => told(e.effectiveDirective), {once: true}); %s })`, put))
		if got == "" {
			t.Errorf("%s is not refused", what)
		}
	}
	if value[bool](b, "window.ran === true || getComputedStyle(document.body).outlineWidth == '7px'") {
		t.Error("something has run")
	}
	if said := r.complaints(); len(said) < 7 {
		t.Errorf("the browser complains of %d things: %q", len(said), said)
	}
}
