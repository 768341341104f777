package paper

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

func TestTheOverviewHasEachDoseAtAllThatItProtectsAgainst(t *testing.T) {
	say := newSigner(t).maker().bilingual("es")
	pentavalent := dose("2015-02-03", "198", "", "", "", "")
	refused := dose("2016-02-03", "03", "", "", "", "")
	refused.Status = record.StatusNotDone
	early := dose("2014-12-01", "110", "", "", "", "")
	early.NotValid, early.Historical = true, true
	told := dose("2014-10", "10", "", "", "", "")
	told.Historical = true
	got := overview([]record.Dose{refused, dose("2019-01-01", "115", "", "", "", ""), pentavalent, early, told}, say)
	want := []protection{
		{[]string{"Hepatitis B"}, 1, []string{"12/01/2014†", "02/03/2015"}},
		{[]string{"Hib (Haemophilus influenzae b)"}, 1, []string{"02/03/2015"}},
		{[]string{"Polio"}, 1, []string{"10/2014*", "12/01/2014†"}},
		{[]string{"Tetanus, diphtheria, pertussis", "Tétanos, difteria, tosferina"}, 2, []string{"12/01/2014†", "02/03/2015", "01/01/2019"}},
	}
	if !slices.EqualFunc(got, want, func(x, y protection) bool {
		return slices.Equal(x.name, y.name) && x.count == y.count && slices.Equal(x.days, y.days)
	}) {
		t.Errorf("got %v", got)
	}
}

func TestNoDoseThatWasGivenIsMissingInTheOverview(t *testing.T) {
	say := newSigner(t).maker().bilingual("en")
	rapid.Check(t, func(t *rapid.T) {
		var doses []record.Dose
		days := 0
		for range rapid.IntRange(enough, 40).Draw(t, "doses") {
			d := dose("2020-02-03", fmt.Sprintf("%02d", rapid.IntRange(0, 350).Draw(t, "cvx")), "", "", "", "")
			doses = append(doses, d)
			names := map[string]bool{}
			for _, key := range assets.FamilyKeys(d.CVX) {
				names[say.english.say(key)] = true
			}
			days += len(names)
		}
		for _, p := range overview(doses, say) {
			if len(p.days) != p.count || p.name[0] == "" {
				t.Fatalf("%d days, %d count, name %q", len(p.days), p.count, p.name)
			}
			days -= len(p.days)
		}
		if days != 0 {
			t.Fatalf("%d days are missing", days)
		}
	})
}

func TestADoseThatStandsAloneNeedsNoOverview(t *testing.T) {
	say := newSigner(t).maker().bilingual("en")
	refused := dose("2016-02-03", "03", "", "", "", "")
	refused.Status = record.StatusNotDone
	one := dose("2019-01-01", "115", "", "", "", "")
	if got := overview([]record.Dose{one, refused}, say); got != nil {
		t.Errorf("got %v", got)
	}
	if got := say.english.marks([]record.Dose{one, dose("2020-01-01", "109", "", "", "", "")}); got != "" {
		t.Errorf("a legend for nothing: %q", got)
	}
	both := dose("2020-01-01", "109", "", "", "", "")
	both.NotValid, both.Historical = true, true
	if got := say.english.marks([]record.Dose{one, both}); strings.Contains(got, "*") {
		t.Errorf("a legend for a mark that is not there: %q", got)
	}
	if got := overview([]record.Dose{one, one}, say); len(got) != 1 || strings.Join(got[0].days, " ") != "01/01/2019 01/01/2019" {
		t.Errorf("got %v", got)
	}
}

func TestAnOverviewOfAnyLengthIsDrawnWithoutACutRow(t *testing.T) {
	s := newSigner(t)
	var flu []record.Dose
	for range 300 {
		flu = append(flu, dose("2020-02-03", "140", "Fluarix", "GlaxoSmithKline", "FX1", "Lowell CHC"))
	}
	r := s.record(maria, flu, 13)
	for _, big := range []bool{false, true} {
		doc, err := s.maker().Render(r, desk.Page{Lang: "es", Receipt: receipt, Large: big})
		if err != nil {
			t.Fatal(err)
		}
		wordsApart(t, "300 doses", doc.PDF, Letter)
	}
}
