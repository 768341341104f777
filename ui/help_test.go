package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/words"
)

func TestHelpIsOfferedOnEveryScreenOnWhichAVisitorIsAtWork(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	for _, s := range samples("en") {
		st := newStage(t, standing, s.v)
		if st.robot.Has("top.help") != s.v.Helpable() && !s.v.IdleWarning {
			t.Errorf("%s: help is there: %v", s.name, !s.v.Helpable())
		}
	}
}

func TestEveryScreenWithHelpHasTopicsOfItsOwn(t *testing.T) {
	for _, lang := range []string{"en", "es"} {
		for s := visit.Welcome; s <= visit.OutOfService; s++ {
			v := at(lang, s)
			k := &kit{w: words.Of(lang), v: visit.Visit{Person: visit.Person{Help: visit.Reading{From: s}}}}
			if here := k.here(); v.Helpable() != (len(here) > 0) {
				t.Errorf("%s: %v has %d topics of its own", lang, s, len(here))
			}
		}
	}
}

// order is the topics on the screen from top to bottom.
func order(st *stage) string {
	var all []string
	for _, line := range strings.Split(st.robot.Markup(), "\n") {
		if _, rest, ok := strings.Cut(line, "<touch help."); ok {
			topic, _, _ := strings.Cut(rest, ">")
			all = append(all, topic)
		}
	}
	return strings.Join(all, " ")
}

func TestHelpBeginsWithWhatMattersOnTheScreen(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Sent, asked))
	st.tap("top.help")
	st.reads("For this step")
	if got := order(st); !strings.HasPrefix(got, "no-code old-phone come-back not-found forgot-pin ") || strings.Count(got, "no-code") != 1 {
		t.Errorf("the topics are %s", got)
	}
	st.tap("help.old-phone", "form.back", "form.back")
	if st.v.State != visit.Sent {
		t.Errorf("help returns to state %v", st.v.State)
	}
}

func TestAQueryNarrowsTheListWhileItIsTyped(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		st := newStage(t, size, at("en", visit.Choosing))
		st.tap("top.help", "helping.search")
		page := st.u.page
		st.typeIn("lost p")
		if st.u.page != page || st.v.Help.Query != "lost p" {
			t.Fatalf("%v: the screen was built again, or %q was typed", size, st.v.Help.Query)
		}
		st.typeIn("in")
		if got := order(st); !strings.HasPrefix(got, "forgot-pin") {
			t.Errorf("%v: found %s", size, got)
		}
		lintTexts(t, st.robot.TopTexts(), size)
		lintTargets(t, st.robot.Touchables(), size)
		st.tap("help.forgot-pin", "form.back")
		if got := order(st); !strings.HasPrefix(got, "forgot-pin") {
			t.Errorf("%v: after the answer %s is there", size, got)
		}
		st.tap("helping.all")
		if st.v.Help.Query != "" || !strings.Contains(order(st), "who-sees") {
			t.Errorf("%v: not all topics are back", size)
		}
		st.tap("helping.search")
		st.typeIn("zebra")
		st.reads("We found nothing for this.")
		st.tap("key.next")
		if st.robot.Has("key.next") {
			t.Errorf("%v: the keyboard stays", size)
		}
	}
}

// What people type, and the topic that they should see first.
func TestEverydayWordsFindTheirTopic(t *testing.T) {
	for lang, asked := range map[string]map[string]string{
		"en": {
			"I never got a text message": "no-code", "new phone": "old-phone", "n2": "not-found", "lost my receipt": "come-back",
			"how do I reset my pin": "forgot-pin", "got married": "name-changed", "missing shot": "missing-doses", "Walgreens": "pharmacy",
			"army": "federal", "moved from Mexico": "other-state", "tracking": "correction", "my daughter is 18": "turned-18",
			"qr": "qr-code", "who sells my data": "who-sees", "printer broken": "report",
		},
		"es": {
			"no llega el codigo": "no-code", "telefono nuevo": "old-phone", "N1": "not-found", "volver mañana": "come-back",
			"contraseña": "forgot-pin", "me casé": "name-changed", "falta una vacuna": "missing-doses", "farmacia": "pharmacy",
			"ejercito": "federal", "otro país": "other-state", "seguimiento": "correction", "mayor de edad": "turned-18",
			"escanear qr": "qr-code", "privacidad": "who-sees", "impresora": "report",
		},
	} {
		st := newStage(t, standing, at(lang, visit.Helping))
		for query, want := range asked {
			st.do(visit.TypeQuery{Text: query})
			if got := order(st); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %q finds %s, want %s first", lang, query, got, want)
			}
		}
	}
}

func TestAProblemIsReportedWithoutAWordTyped(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Ready, withDoses(2)))
	st.tap("top.help")
	if err := st.robot.Reveal("help.report"); err != nil {
		t.Fatal(err)
	}
	st.tap("help.report", "report.printer")
	st.reads("We are keeping your report")
	st.do(visit.ReportFailed{Fault: fault.Fault{Code: fault.Database}})
	st.reads("We could not keep your report.")
	st.tap("report.printer")
	st.do(visit.Reported{})
	st.reads("Thank you for telling us")
	st.tap("form.back", "form.back")
	if st.v.State != visit.Ready {
		t.Errorf("help returns to state %v", st.v.State)
	}
}
