package ui

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
)

// Every screen has goldens: testdata/LANG/NAME.xml says what is on it, word by
// word, and testdata/layout/NAME.txt where everything is, in both orientations
// and two text sizes. After a change that is meant, write those of one's own
// screens anew, look at the screens and at the difference:
//
//	go test ./ui -run TestMarkup,TestLayout -update -only name,review
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

func TestMarkupOfEveryScreen(t *testing.T) {
	st := newStage(t, standing, visit.New(house())) // one window for all: each would take megabytes
	for _, lang := range []string{"en", "es"} {
		for _, s := range samples(lang) {
			if !wanted(s.name) {
				continue
			}
			st.turnTo(standing, s.v)
			golden(t, filepath.Join(lang, s.name+".xml"), st.robot.Markup())
		}
	}
}

func TestLayoutOfEveryScreen(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	english, spanish := samples("en"), samples("es")
	for i, s := range english {
		if !wanted(s.name) {
			continue
		}
		var all strings.Builder
		for _, look := range []struct {
			lang string
			v    visit.Visit
			size fyne.Size
			text int
		}{
			{"en", s.v, standing, 0},
			{"en", s.v, lying, 0},
			{"en", s.v, standing, 2},
			{"en", s.v, lying, 2},
			{"es", spanish[i].v, standing, 0},
			{"es", spanish[i].v, lying, 2},
		} {
			look.v.Look.Size = look.text
			fmt.Fprintf(&all, "# %s %s %d\n", look.lang, turnOf(look.size), 100+25*look.text)
			st.turnTo(look.size, look.v)
			all.WriteString(st.robot.Layout())
		}
		golden(t, filepath.Join("layout", s.name+".txt"), all.String())
	}
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
	for _, pattern := range []string{"en/*.xml", "es/*.xml", "layout/*.txt"} {
		paths, err := filepath.Glob(filepath.Join("testdata", pattern))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no goldens %s: %v", pattern, err)
		}
		for _, path := range paths {
			if name := filepath.Base(path); !known[strings.TrimSuffix(name, filepath.Ext(name))] {
				t.Errorf("%s is of no screen", path)
			}
		}
	}
}
