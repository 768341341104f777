package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// transcript is what a screen says, a line a stop; "!" marks what is for headphones alone.
func transcript(p *page) string {
	var b strings.Builder
	for _, s := range p.says() {
		mark := " "
		if s.personal {
			mark = "!"
		}
		fmt.Fprintf(&b, "%s %s", mark, strings.TrimSpace(string(s.Role)+" "+strings.Join(s.Words, " / ")))
		if s.Value != "" {
			fmt.Fprintf(&b, " = %s", s.Value)
		}
		if s.All > 0 {
			fmt.Fprintf(&b, " %d of %d", s.N, s.All)
		}
		if s.Picked {
			b.WriteString(" picked")
		}
		if s.Off {
			b.WriteString(" off")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// focused are the stops that can have the focus.
func focused(all []voiced) (some []fyne.Focusable) {
	for _, s := range all {
		if s.Focus != nil {
			some = append(some, s.Focus)
		}
	}
	return some
}

// Whoever listens comes to the same things in the same order as whoever looks, and to the texts.
func TestEveryStopOfTheKeysIsSaidInTheirOrder(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for _, size := range []fyne.Size{standing, lying} {
		for _, s := range samples("en") {
			st.turnTo(size, s.v)
			all := st.u.page.says()
			var keys, said []string
			for _, f := range st.u.page.order() {
				keys = append(keys, f.(parts.Tagged).Tag())
			}
			for _, f := range focused(all) {
				said = append(said, f.(parts.Tagged).Tag())
			}
			keys = slices.DeleteFunc(keys, func(tag string) bool { return strings.HasPrefix(tag, "scroll.") || strings.HasPrefix(tag, "list.") })
			if !slices.Equal(keys, said) {
				t.Errorf("%s, %v: the keys go to\n%q, what is said is of\n%q", s.name, turnOf(size), keys, said)
			}
			for _, v := range all {
				if len(v.Words) == 0 && v.Role != parts.Boards && v.Role != parts.Counts && v.Value == "" {
					t.Errorf("%s, %v: nothing is said of %v", s.name, turnOf(size), v.Role)
				}
			}
		}
	}
}

// What nobody else may hear, in the samples.
var theirs = []string{"María", "Maximiliana", "O’Neill", "Nguyễn", "Guadalupe", "Sukarno", "Ruiz", "maria.jose", "555-0123", "1958", "7KQ2", "60SA", "Comirnaty", "COVID-19"}

func TestNoValueOfAVisitorIsForEverybody(t *testing.T) {
	found := 0
	st := newStage(t, standing, visit.New(house()))
	for _, lang := range []string{"en", "es"} {
		for _, s := range samples(lang) {
			if s.v.State == visit.FirstStart || s.v.State == visit.Enrolling {
				continue // nothing is said of a machine that is no kiosk yet
			}
			st.turnTo(standing, s.v)
			for _, v := range st.u.page.says() {
				text := strings.Join(append(v.Words, v.Value), " ")
				for _, value := range theirs {
					if !strings.Contains(text, value) {
						continue
					}
					if found++; !v.personal {
						t.Errorf("%s, %s: everybody hears %q", s.name, lang, text)
					}
				}
			}
		}
	}
	if found < 100 {
		t.Errorf("%d values were found", found)
	}
}

func TestNoDigitOfAPINIsSaid(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for _, s := range samples("en") {
		s.v.Form.Draft.PIN, s.v.Form.Draft.PINAgain, s.v.Unlock.PIN, s.v.Staff.PIN = "8064", "8064", "8064", "806422"
		st.turnTo(standing, s.v)
		for _, v := range st.u.page.says() {
			if text := strings.Join(append(v.Words, v.Value), " "); strings.Contains(text, "8064") || v.Secret && v.Value != "" {
				t.Errorf("%s: %q is said", s.name, text)
			}
		}
	}
}

func TestTextsAreComparedWhateverStandsBetween(t *testing.T) {
	for text, want := range map[string]string{
		"(617) 555-0123": "6175550123", "Cell phone / (617) 555-0123 / Change": "cell phone 6175550123 change", "O’Neill-García": "o neill garcía", "March 14, 1958 · 4 doses": "march 14 1958 4 doses",
		"Question 3 of 7": "question 3 of 7", "": "", " - ": "",
	} {
		if got := plain(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
