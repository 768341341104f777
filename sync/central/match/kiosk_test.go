package match

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/madeup"
)

// The kiosk holds the record it is handed against what was typed (record.IsOf). It
// must take all that the rule here lets out, or staff may.

var kioskDay = request.Date{Year: 1980, Month: 5, Day: 6}

func takes(r request.Request, given, family string) bool {
	return record.Record{Given: given, Family: family, Birth: r.Birth.String()}.IsOf(
		record.Asked{Given: r.Given, Middle: r.Middle, Family: r.Family, Other: r.Other, Birth: r.Birth})
}

// names are made of what the rule has exceptions for.
var nameBits = strings.Fields(`Maria Marie Marai Mary Ann Maryann A P Bob Robert Jo Joann José O' O Brien O'Brien Mac Mc Donald McDonald
	MacDonald Rae St Saint Saintjohn John Jon de la del Van van Los Cruz Santa Santo Garcia García Garica Garcia-Lopez Lopez Jr. Jr II III
	Dr. Prof. Miss MD Senior Junior FNU unknown - Baby Girl d' Angelo Strauß Strauss Gross Groß Li Nguyễn Nguyen Ngyuen सीता सुता 小龍 李`)

func someName(r *rand.Rand, most int) string {
	var all []string
	for range r.IntN(most + 1) {
		all = append(all, nameBits[r.IntN(len(nameBits))])
	}
	return strings.Join(all, []string{" ", " ", "-", ""}[r.IntN(4)])
}

func TestNothingReleasedIsRefusedAtTheKiosk(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	found, former := map[Verdict]int{}, 0
	for range 15_000 {
		q := request.Request{
			Given: someName(r, 2), Family: someName(r, 3), Birth: kioskDay, Phone: phone, Gender: []request.Gender{request.Male, request.Undisclosed}[r.IntN(2)],
		}
		if r.IntN(3) == 0 {
			q.Middle = someName(r, 2)
		}
		if r.IntN(4) == 0 {
			q.Other = request.Name{Given: someName(r, 1), Family: someName(r, 2)}
		}
		given, family := someName(r, 2), someName(r, 3)
		if r.IntN(2) == 0 {
			family = q.Family
		}
		if r.IntN(3) == 0 {
			given = q.Given
		}
		on := Candidate{Number: 7, Identity: Of(given, family, q.Birth.String(), request.Male, phone, "")}
		if r.IntN(3) == 0 {
			on.Also = []Identity{on.Under(q.Given, someName(r, 1)), on.Under(someName(r, 1), q.Family), on.Under(q.Given, q.Family)}[r.IntN(3):]
		}
		d := Decide(Asked(q, today), []Candidate{on})
		found[d.Verdict]++
		if slices.Contains(d.Reasons, FormerName) {
			former++
		}
		if (d.Person == 7 || slices.Contains(d.MayBe, 7)) && !takes(q, given, family) {
			t.Errorf("%s of %q %q (%q, or %v) on file as %q %q is refused", d.Verdict, q.Given, q.Family, q.Middle, []string{q.Other.Given, q.Other.Family}, given, family)
		}
	}
	for _, v := range []Verdict{Release, Review, None} {
		if found[v] < 400 {
			t.Errorf("only %d times %s: the names are too much alike or too different", found[v], v)
		}
	}
	if former < 400 {
		t.Errorf("only %d times by a name of before", former)
	}
}

// A state of people as they are on file, and as they name themselves.
func TestAKioskTakesThePersonAndSeesThatItIsSomebodyElse(t *testing.T) {
	var before madeup.Resident
	others, seen := 0, 0
	for r := range madeup.State(madeup.Plan{Count: 10_000, Seed: 7, Today: today}) {
		q := request.Request{Given: r.Says.Given, Family: r.Says.Family, Birth: r.Birth, Gender: r.Gender, Phone: r.Says.Phone, Email: r.Says.Email}
		d := Decide(Asked(q, today), []Candidate{{Number: r.Number, Identity: Of(r.Given, r.Family, r.Birth.String(), r.Gender, r.Phone, r.Email)}})
		if d.Verdict != None && !takes(q, r.Given, r.Family) {
			t.Errorf("resident %d is refused", r.Number)
		}
		if before.Number != 0 && before.Family != r.Family { // of another family, with the same birth date by chance
			others++
			if !takes(q, before.Given, before.Family) {
				seen++
			}
		}
		before = r
	}
	if share := float64(seen) / float64(others); share < 0.95 || others < 2_000 {
		t.Errorf("of %d records of somebody else born on the same day %.3f are seen", others, share)
	} else {
		t.Logf("of %d records of somebody else born on the same day %.3f are seen", others, share)
	}
}
