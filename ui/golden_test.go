package ui

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
	"vaxkiosk/assets"
	"vaxkiosk/ui/words"
)

// Every screen has one golden, testdata/NAME.txt: what is on it, with the keys of
// words instead of words, what is said of it ("!": into headphones alone), and where everything
// is, upright and lying. It is the
// same in all languages. What can break in one of them has tests of its own: a
// language without a key or a placeholder (assets), a screen that shows other
// things in another language (TestEveryLanguageShowsTheSame), and words that do
// not fit (TestEveryScreenKeepsTheRulesOfTheLayout, in every language and size).
// After a change that is meant, write the goldens of one's own screens anew, look
// at the screens and at the difference:
//
//	go test ./ui -run TestGolden -update -only name,review
var (
	update = flag.Bool("update", false, "write the goldens anew")
	only   = flag.String("only", "", "comma separated beginnings of names of screens or pictures; others are left out")
)

func wanted(name string) bool {
	for _, beginning := range strings.Split(*only, ",") {
		if ok, _ := filepath.Match(beginning+"*", name); ok {
			return true
		}
	}
	return false
}

func TestGoldenOfEveryScreen(t *testing.T) {
	st := newStage(t, standing, visit.New(house())) // one window for all: each would take megabytes
	for _, s := range samples("en") {
		if !wanted(s.name) {
			continue
		}
		st.u.words = words.Keys
		st.turnTo(standing, bare(s.v))
		all := st.robot.Markup() + "\n# said\n" + transcript(st.u.page)
		st.u.words = words.Of
		for _, look := range []struct {
			size fyne.Size
			text int
		}{{standing, 0}, {lying, 2}} {
			s.v.Look.Size = look.text
			st.turnTo(look.size, s.v)
			all += fmt.Sprintf("\n# %s %d\n%s", turnOf(look.size), 100+25*look.text, nameless(st.robot.Layout()))
		}
		golden(t, s.name+".txt", all)
	}
}

// bare is a visit in a house whose texts are names, as its words are keys.
func bare(v visit.Visit) visit.Visit {
	texts := maps.Clone(v.Site.Texts)
	for lang, t := range texts {
		t.Summary, t.Full, t.Declarations = "[policy.summary]", "[policy.full]", maps.Clone(t.Declarations)
		for relation := range t.Declarations {
			t.Declarations[relation] = visit.Declaration{Text: fmt.Sprintf("[declaration.%s]", relation)}
		}
		texts[lang] = t
	}
	v.Site.Texts = texts
	return v
}

// nameless is a layout without the first words of texts.
func nameless(layout string) string { return quoted.ReplaceAllString(layout, "text ") }

var quoted = regexp.MustCompile(`(?m)^".*?" `)

// TestEveryLanguageShowsTheSame compares the screens of a language with the
// English ones: the same texts, targets and keyboards, in any order. A search
// finds what the words of a language lead to, and a date begins with the part that
// a language writes first; TestEverydayWordsFindTheirTopic and
// TestABirthDateTakesSevenTouches try both in every language.
func TestEveryLanguageShowsTheSame(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	english := samples("en")
	for _, l := range assets.Languages {
		for i, s := range samples(l.Tag) {
			if ownWay(s.name) {
				continue
			}
			st.turnTo(standing, english[i].v)
			want := skeleton(st.robot.Markup())
			st.turnTo(standing, s.v)
			if got := skeleton(st.robot.Markup()); got != want {
				t.Errorf("%s differs in %s:\n%s", s.name, l.Tag, firstDifference(want, got))
			}
		}
	}
}

// ownWay reports whether languages may differ on a screen.
func ownWay(screen string) bool {
	return slices.ContainsFunc([]string{"helping-search", "helping-long", "birth", "fix-day", "fix-right-day"}, func(name string) bool {
		return strings.HasPrefix(screen, name)
	})
}

var said = regexp.MustCompile(`>.*<`)

// skeleton is what is on a screen, in no order and without words.
func skeleton(markup string) string {
	lines := strings.Split(said.ReplaceAllString(markup, "><"), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// golden compares with a file of testdata, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
		return
	}
	if got != string(want) {
		t.Errorf("%s differs (-update writes it anew):\n%s", path, firstDifference(string(want), got))
	}
}

// firstDifference shows the first line that differs, below the heading it is under.
func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	under := ""
	for i := range w {
		if i >= len(g) || w[i] != g[i] {
			return under + "want " + w[i] + "\n got " + strings.Join(g[min(i, len(g)):min(i+1, len(g))], "")
		}
		if strings.HasPrefix(w[i], "# ") {
			under = w[i] + "\n"
		}
	}
	return " got more: " + g[min(len(w), len(g)-1)]
}

func TestEveryGoldenHasItsScreen(t *testing.T) {
	known := map[string]bool{}
	for _, s := range samples("en") {
		if known[s.name] {
			t.Errorf("two samples are called %s", s.name)
		}
		known[s.name] = true
	}
	paths, err := filepath.Glob(filepath.Join("testdata", "*"))
	if err != nil || len(paths) != len(known) {
		t.Errorf("%d goldens of %d screens: %v", len(paths), len(known), err)
	}
	for _, path := range paths {
		if name := filepath.Base(path); !known[strings.TrimSuffix(name, ".txt")] {
			t.Errorf("%s is of no screen", path)
		}
	}
}
