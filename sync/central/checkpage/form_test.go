package checkpage

import (
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

var forms = []struct {
	form  Form
	birth string // read from it
	wrong string // keys of problems
}{
	{Form{"7kq2 m4vg oxyl 9abc", "3", "4", "1958"}, "1958-03-04", ""},
	{Form{"7KQ2-M4VG-0XY1-9ABC", "03", "04", "1958"}, "1958-03-04", ""},
	{Form{"7KQ2-M4VG-0XY1-9ABC", "2", "29", "2024"}, "2024-02-29", ""},
	{Form{"7KQ2-M4VG-0XY1-9ABC", "2", "29", "2023"}, "", "birth-none"},
	{Form{"7KQ2-M4VG-0XY1-9ABC", "", "4", "1958"}, "", "birth-missing"},
	{Form{"7KQ2-M4VG-0XY1-9ABC", "3", "4", "58"}, "", "birth-year"},
	{Form{"7KQ2-M4VG-0XY1-9ABC", "3", "4", "+958"}, "", "birth-none"},
	{Form{"7KQ2-M4VG-0XY1-9ABC", "3", "-4", "1958"}, "", "birth-none"},
	{Form{"7KQ2-M4VG-0XY1-9ABC", "3", "４", "1958"}, "", "birth-none"},
	{Form{"7KQ2-M4VG-0XY1-9ABC", "11", "24", "2026"}, "2026-11-24", ""}, // tomorrow here is today somewhere
	{Form{"7KQ2-M4VG-0XY1-9ABC", "11", "25", "2026"}, "", "birth-future"},
	{Form{"7KQ2-M4VG-0XY1", "3", "4", "1958"}, "1958-03-04", "code-wrong"},
	{Form{"", "", "", ""}, "", "code-missing birth-missing"},
}

func TestAFormIsReadOrSaysWhatIsWrong(t *testing.T) {
	for _, c := range forms {
		code, birth, problems := c.form.Check(issued)
		var keys []string
		for _, p := range problems {
			keys = append(keys, p.Key)
		}
		if got := strings.Join(keys, " "); got != c.wrong {
			t.Errorf("%q: %q, want %q", [4]string{c.form.Code, c.form.Month, c.form.Day, c.form.Year}, got, c.wrong)
		}
		if c.wrong == "" && (birth.String() != c.birth || code != "7KQ2-M4VG-0XY1-9ABC") {
			t.Errorf("read as %s, %s", code, birth)
		}
	}
}

func TestAFormIsInTheBodyOnly(t *testing.T) {
	r := httptest.NewRequest("POST", "/check?code=a&year=1958", strings.NewReader("month=+3+&day="+strings.Repeat("9", 100)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if f := ReadForm(r); f != (Form{Month: "3", Day: strings.Repeat("9", 40)}) {
		t.Error("something else is read")
	}
}

// Only what has brought an answer is asked once more for the other language: a form
// that was refused would spend a try, and one with a mistake might by the next day.
func TestOnlyAnAnswerIsAskedForAgainInTheOtherLanguage(t *testing.T) {
	typed := Form{"7KQ2-M4VG-0XY1-9ABC", "3", "4", "1958"}
	for what, p := range map[string]Page{
		"answer":               {Code: typed.Code, Deep: true, Answer: &Answer{State: "unchanged", Birth: "1958-03-04", Issued: issued}},
		"answer without a way": {Answer: &Answer{State: "withdrawn", Issued: issued}},
		"refused":              {Code: typed.Code, Deep: true, Refused: true, Problems: []Problem{{"birth", "refused"}}},
		"a mistake":            {Problems: []Problem{{"birth", "birth-future"}}},
		"wait":                 {Notice: "wait"},
	} {
		p.Lang, p.Form = "en", typed
		all, _ := read(t, p)
		sent, asks := Form{}, false
		for _, n := range all {
			asks = asks || n.name == "form" && n.at["action"] == p.Action()+"?lang=es" && n.at["method"] == "post"
			if strings.Contains(n.at["href"]+n.at["action"], typed.Year) {
				t.Errorf("%s: the birth date is in an address", what)
			}
			if n.at["type"] == "hidden" {
				*map[string]*string{"code": &sent.Code, "month": &sent.Month, "day": &sent.Day, "year": &sent.Year}[n.at["name"]] = n.at["value"]
			}
		}
		want := Form{}
		if p.Answer != nil {
			want = typed
			if p.Code != "" {
				want.Code = "" // it is in the address
			}
		}
		if sent != want || asks != (p.Answer != nil) {
			t.Errorf("%s: asks again: %v", what, asks)
		}
	}
}

var goodCode = regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$`)

// Whatever is sent, a page comes back in which it is text and nothing else.
func FuzzForm(f *testing.F) {
	for _, c := range forms {
		f.Add(c.form.Code, c.form.Month, c.form.Day, c.form.Year)
	}
	f.Add(hostile, `"><b id="x">`, "{{.}}", "javascript:1")
	f.Fuzz(func(t *testing.T, code, month, day, year string) {
		body := url.Values{"code": {code}, "month": {month}, "day": {day}, "year": {year}}.Encode()
		r := httptest.NewRequest("POST", "/check", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		form := ReadForm(r)
		read, birth, problems := form.Check(issued)
		if len(problems) == 0 && (!goodCode.MatchString(read) || !birth.Exists() || birth.String() > issued.Add(zonesAhead).Format(time.DateOnly)) {
			t.Fatalf("read as %q, %s", read, birth)
		}
		w := httptest.NewRecorder()
		if err := Write(w, 422, Page{Lang: "en", Form: form, Problems: problems}); err != nil {
			t.Fatal(err)
		}
		if strings.Count(w.Body.String(), "<") != tags(t, len(problems)) {
			t.Fatal("what was typed makes elements")
		}
	})
}

// tags is how many tags the form has with so many problems.
func tags(t *testing.T, problems int) int {
	t.Helper()
	all := []Problem{{"code", "code-wrong"}, {"birth", "birth-none"}}
	w := httptest.NewRecorder()
	if err := Write(w, 422, Page{Lang: "en", Problems: all[:problems]}); err != nil {
		t.Fatal(err)
	}
	return strings.Count(w.Body.String(), "<")
}
