package checkpage

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"

	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

const hostile = `<script>alert("1")</script>&'`

var (
	issued = time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)
	doses  = []record.Dose{
		{Date: "2025-10-02", CVX: "309", Product: hostile, Lot: "LX2231", Performer: "Springfield Health Center", Status: record.StatusCompleted},
		{Date: "2024-01-01", CVX: "777", Status: record.StatusNotDone},
		{Date: "2023-01-01", CVX: "140", Status: record.StatusError},
		{Date: "2022-01-01", CVX: "140", Status: "odd"},
		{Date: "2021-01-01", CVX: "03", Status: record.StatusCompleted, NotValid: true},
		{Date: "2020-01-01", CVX: "10", Status: record.StatusCompleted, Historical: true},
		{Date: "2019-01-01", CVX: "10", Status: record.StatusCompleted, NotValid: true, Historical: true},
		{Date: "2018-06", CVX: "83", Status: record.StatusCompleted},
		{Date: "1990", About: true, CVX: "935", Product: "Told", Status: record.StatusCompleted, Unknown: true},
		{Date: "2018-05-01", Product: "In words", Status: record.StatusCompleted, Unknown: true},
		{Date: "2018-04-01", CVX: "96", Status: record.StatusCompleted},
	}
)

// pages are all kinds of pages.
func pages() map[string]Page {
	const code = "7KQ2-M4VG-0XYZ-9ABC"
	answer := func(state string) *Answer {
		return &Answer{State: state, Name: hostile, Birth: "1958-03-04", Issued: issued, Doses: doses}
	}
	return map[string]Page{
		"form":     {Code: code, Deep: true},
		"no code":  {},
		"bad link": {Deep: true, Problems: []Problem{{"code", "link-wrong"}}},
		"typed":    {Form: Form{hostile, "3", hostile, "58"}, Problems: []Problem{{"code", "code-wrong"}, {"birth", "birth-year"}}},
		"missing":  {Problems: []Problem{{"code", "code-missing"}, {"birth", "birth-missing"}}},
		"no day":   {Code: code, Deep: true, Problems: []Problem{{"birth", "birth-none"}}},
		"future":   {Code: code, Deep: true, Problems: []Problem{{"birth", "birth-future"}}},
		"refused":  {Code: code, Deep: true, Refused: true, Problems: []Problem{{"birth", "refused"}}},
		"wait":     {Notice: "wait"},
		"down":     {Code: code, Deep: true, Notice: "down"},
		"same":     {Code: code, Deep: true, Answer: answer("unchanged")},
		"changed":  {Form: Form{Code: code}, Answer: answer("superseded")},
		"gone":     {Code: code, Deep: true, Answer: answer("withdrawn")},
		"empty":    {Code: code, Deep: true, Answer: &Answer{State: "unchanged", Name: "A", Birth: "unknown", Issued: issued}},
	}
}

// node is an element of a page with its attributes.
type node struct {
	name string
	at   map[string]string
}

// read writes a page and reads it as XML, which it is, too: every element is closed.
func read(t *testing.T, p Page) (all []node, text string) {
	t.Helper()
	w := httptest.NewRecorder()
	if err := Write(w, 200, p); err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(w.Body.Bytes()))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all, strings.Join(strings.Fields(text), " ")
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, w.Body)
		}
		switch x := token.(type) {
		case xml.CharData:
			text += string(x) + " "
		case xml.StartElement:
			n := node{x.Name.Local, map[string]string{}}
			for _, a := range x.Attr {
				n.at[a.Name.Local] = a.Value
			}
			all = append(all, n)
		}
	}
}

func each(t *testing.T, check func(t *testing.T, p Page, all []node, text string)) {
	for _, l := range assets.Languages {
		for name, p := range pages() {
			t.Run(name+" "+l.Tag, func(t *testing.T) {
				p.Lang, p.Registry, p.HelpPhone = l.Tag, "Registry of "+hostile, "617-555-0100"
				all, text := read(t, p)
				check(t, p, all, text)
			})
		}
	}
}

func TestEveryPageIsMadeForEverybodyAndRunsNothing(t *testing.T) {
	allowed := strings.Fields("html head meta title link body header main footer svg path p a h1 h2 h3 div ul ol li form label input select option fieldset legend strong button dl dt dd bdi")
	each(t, func(t *testing.T, p Page, all []node, text string) {
		ids, count := map[string]bool{}, map[string]int{}
		for _, n := range all {
			count[n.name]++
			if id := n.at["id"]; id != "" {
				if ids[id] {
					t.Errorf("two elements have the id %s", id)
				}
				ids[id] = true
			}
			runs := slices.ContainsFunc(slices.Collect(maps.Keys(n.at)), func(a string) bool { return strings.HasPrefix(a, "on") || a == "style" })
			if runs || !slices.Contains(allowed, n.name) {
				t.Errorf("element %s, attributes %v", n.name, n.at)
			}
		}
		if all[0].at["lang"] != p.Lang || count["h1"] != 1 || count["title"] != 1 || count["main"] != 1 || count["link"] != 1 {
			t.Errorf("language %q, %v", all[0].at["lang"], count)
		}
		for _, n := range all {
			pointsSomewhere(t, n, ids)
		}
		if strings.Contains(text, "{") || strings.Contains(text, "ZgotmplZ") {
			t.Errorf("a place is not filled in: %s", text)
		}
	})
}

// pointsSomewhere wants labels, descriptions and links to lead to something.
func pointsSomewhere(t *testing.T, n node, ids map[string]bool) {
	t.Helper()
	to := strings.Fields(n.at["for"] + " " + n.at["aria-describedby"] + " " + n.at["aria-labelledby"])
	if id, ok := strings.CutPrefix(n.at["href"], "#"); ok {
		to = append(to, id)
	}
	for _, id := range to {
		if !ids[id] {
			t.Errorf("%s leads to %q, which is not there", n.name, id)
		}
	}
	if strings.Contains(n.at["href"]+n.at["action"], "//") || strings.HasPrefix(n.at["href"]+n.at["action"], "/") {
		t.Errorf("%s leads away: %s", n.name, n.at["href"]+n.at["action"])
	}
}

func TestEveryFieldHasALabelAndAnErrorIsTiedToIt(t *testing.T) {
	each(t, func(t *testing.T, p Page, all []node, text string) {
		labels := map[string]bool{}
		for _, n := range all {
			labels[n.at["for"]] = true
		}
		fields := 0
		for _, n := range all {
			if (n.name == "input" || n.name == "select") && n.at["type"] != "hidden" {
				fields++
				isField(t, p, n, labels)
			}
		}
		form := p.Answer == nil && p.Notice == ""
		if want := map[bool]int{true: 3}[form]; fields != want && (p.Code != "" || !form || fields != 4) {
			t.Errorf("%d fields", fields)
		}
		for _, x := range p.Problems {
			if n := strings.Count(text, p.w(x.Key)); n != 2 { // in the summary and at the field
				t.Errorf("%s is said %d times", x.Key, n)
			}
		}
		if error := strings.HasPrefix(text, "Error: "); error != (len(p.Problems) > 0 || p.Notice != "") {
			t.Errorf("the title tells of an error: %v", error)
		}
	})
}

// isField wants a label, no memory of what was typed, and the error in reach.
func isField(t *testing.T, p Page, n node, labels map[string]bool) {
	t.Helper()
	name, wrong := n.at["name"], p.Problem("birth")
	if name == "code" {
		wrong = p.Problem("code")
	}
	if !labels[n.at["id"]] || n.at["autocomplete"] != "off" && n.name == "input" {
		t.Errorf("%s has no label, or is remembered", name)
	}
	if (n.at["aria-invalid"] == "true") != (wrong != "") || strings.Contains(n.at["aria-describedby"], "-problem") != (wrong != "") {
		t.Errorf("%s: invalid %q, described by %q", name, n.at["aria-invalid"], n.at["aria-describedby"])
	}
}

// w is W before the page is written.
func (p Page) w(key string) string { return words()[p.Lang][key] }

func TestAnAnswerSaysNoMoreThanItMay(t *testing.T) {
	each(t, func(t *testing.T, p Page, _ []node, text string) {
		if p.Answer == nil {
			return
		}
		named, listed := p.Answer.State == "unchanged", p.Answer.State == "unchanged" && len(p.Answer.Doses) > 0
		if p.Answer.Name == hostile && strings.Count(text, hostile) != 1+map[bool]int{true: 2}[named] {
			t.Errorf("name or product: %s", text)
		}
		for s, times := range map[string]int{
			"LX2231": 1, "(CVX 777)": 1, "(CVX 309)": 1, p.w("paper.no-vaccine-name"): 1, p.w("paper.status-not-done"): 1,
			p.w("paper.status-entered-in-error"): 1, p.w("paper.status-other"): 1, p.w("paper.status-not-valid"): 2, p.w("paper.status-historical"): 2,
			p.w("paper.status-day-unknown"): 2, p.w("paper.status-unknown-code"): 2, "Told (CVX 935)": 1, p.w("doses-then") + " (10)": 1, p.w("paper.others"): 1,
			"(CVX 96)": 1, p.w("date.month-6") + map[string]string{"en": " 2018: ", "es": " de 2018: "}[p.Lang]: 1,
			map[string]string{"en": "about 1990: Not known", "es": "hacia 1990: No se sabe"}[p.Lang]: 1,
		} {
			if !listed {
				times = 0
			}
			if got := strings.Count(text, s); got != times {
				t.Errorf("%q: said %d times, want %d", s, got, times)
			}
		}
		if !strings.Contains(text, p.ShownCode()) || !strings.HasPrefix(text, p.w(p.Answer.State)) {
			t.Errorf("the code or the answer is missing: %s", text)
		}
	})
}

func TestTheLanguageIsTheOneAskedForOrTheBrowsers(t *testing.T) {
	for _, c := range []struct{ query, accept, want string }{
		{"", "", "en"},
		{"", "es-MX,es;q=0.9,en;q=0.8", "es"},
		{"", "pt-BR, fr", "en"},
		{"", "de;q=0.9, es;q=0.5", "es"},
		{"", "\x00;;q=x", "en"},
		{"?lang=es", "en", "es"},
		{"?lang=en", "es", "en"},
		{"?lang=<b>", "es", "es"},
		{"?lang=", "", "en"},
	} {
		r := httptest.NewRequest("GET", "/check"+c.query, nil)
		r.Header.Set("Accept-Language", c.accept)
		if got := Lang(r); got != c.want {
			t.Errorf("%q, %q: %s", c.query, c.accept, got)
		}
	}
}

func TestBothLanguagesHaveTheSameWordsAndAllAreUsed(t *testing.T) {
	own := map[string]map[string]string{}
	for _, l := range assets.Languages {
		own[l.Tag] = map[string]string{}
		if _, err := toml.DecodeFS(files, "words/"+l.Tag+".toml", ptr(own[l.Tag])); err != nil {
			t.Fatal(err)
		}
	}
	en, es := slices.Sorted(maps.Keys(own["en"])), slices.Sorted(maps.Keys(own["es"]))
	if !slices.Equal(en, es) {
		t.Fatalf("%v\n%v", en, es)
	}
	seen := map[string]string{}
	each(t, func(t *testing.T, p Page, all []node, text string) {
		for _, n := range all {
			text += " " + n.at["lang"] + " " + n.at["hreflang"]
		}
		seen[p.Lang] += " " + text
	})
	for lang, keys := range own {
		for key, said := range keys {
			said, _, _ = strings.Cut(said, "{")
			if key != "fields" && !strings.Contains(seen[lang], said) {
				t.Errorf("%s: %s is on no page", lang, key)
			}
		}
	}
}

func ptr[T any](v T) *T { return &v }

var (
	rule   = regexp.MustCompile(`([^{}]+)\{([^{}]*)\}`)
	colour = regexp.MustCompile(`(?:^|[ ;])(color|background): (#[0-9a-f]{6})`)
)

// Every rule that sets a colour sets what is behind it, and both can be read.
func TestTextStandsOutFromWhatIsBehindIt(t *testing.T) {
	css, err := files.ReadFile("check.css")
	if err != nil {
		t.Fatal(err)
	}
	pairs := 0
	for _, r := range rule.FindAllStringSubmatch(string(css), -1) {
		set := map[string]string{}
		for _, c := range colour.FindAllStringSubmatch(r[2], -1) {
			set[c[1]] = c[2]
		}
		if len(set) == 0 {
			continue
		}
		pairs++
		if len(set) != 2 || contrast(set["color"], set["background"]) < 4.5 {
			t.Errorf("%s: %v", strings.TrimSpace(r[1]), set)
		}
	}
	if pairs < 8 || !strings.HasPrefix(string(css), "html { font: 112.5%") || strings.Contains(string(css), "url(") || strings.Contains(string(css), "@import") {
		t.Errorf("%d pairs of colours; the text is 18 pixels, and nothing is fetched", pairs)
	}
	if got := contrast("#ffffff", "#000000"); math.Abs(got-21) > 0.01 {
		t.Errorf("black on white: %f", got)
	}
}

// contrast is the contrast ratio of WCAG 2.2.
func contrast(a, b string) float64 {
	light := func(c string) (l float64) {
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			n, err := strconv.ParseUint(c[1+2*i:3+2*i], 16, 8)
			if err != nil {
				panic(err) // the expression wants digits
			}
			v := float64(n) / 255
			if v <= 0.04045 {
				l += weight * v / 12.92
			} else {
				l += weight * math.Pow((v+0.055)/1.055, 2.4)
			}
		}
		return l + 0.05
	}
	return max(light(a), light(b)) / min(light(a), light(b))
}

func TestNothingTypedGetsIntoALog(t *testing.T) {
	f := Form{Code: "7KQ2", Month: "3", Day: "4", Year: "1958"}
	if s := fmt.Sprintf("%v %+v %#v %s", f, f, f, f); strings.ContainsAny(s, "0123456789") {
		t.Error(s)
	}
}
