package card

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/registry"
)

// doses are any doses of somebody: given or not, valid or not, historical or not, with a
// code that is known or not or of no vaccination, of a day, a month or a year.
func doses(t *rapid.T) (all []record.Dose) {
	for i := range rapid.IntRange(0, 30).Draw(t, "doses") {
		day := now.AddDate(0, 0, -i).Format(time.DateOnly)
		all = append(all, record.Dose{
			Date: day[:rapid.SampledFrom([]int{10, 10, 10, 7, 4}).Draw(t, "known of the day")], About: rapid.IntRange(0, 5).Draw(t, "about") == 0,
			CVX: rapid.SampledFrom([]string{"03", "10", "140", "208", "03", "10", "935", "", "96", "999"}).Draw(t, "vaccine"),
			Lot: fmt.Sprintf("B%04d", i), Performer: "Elm Square", Product: "Any",
			Status:   rapid.SampledFrom([]string{record.StatusCompleted, record.StatusCompleted, record.StatusNotDone, record.StatusError}).Draw(t, "status"),
			NotValid: rapid.Bool().Draw(t, "not valid"), Historical: rapid.Bool().Draw(t, "historical"),
		})
	}
	return all
}

// The cards are read without package record, whose rule this is.
func TestNoCardEverHoldsADoseThatSomethingIsToBeSaidOf(t *testing.T) {
	s := signer(t)
	keys := keySet(t, s)
	rapid.Check(t, func(rt *rapid.T) {
		p := registry.Person{Number: 1, Given: "María", Family: "O'Neill", Birth: today, Doses: doses(rt)}
		p.Birth.Year -= 60
		a, err := s.Issue(p, by, rid, now)
		if err != nil {
			rt.Fatal(err)
		}
		var want, got []string
		for _, d := range p.Doses {
			if plain(d) {
				want = append(want, d.Lot)
			}
		}
		for _, jws := range a.Cards {
			claims := checkByHand(t, jws, s.Keys().Keys[0])
			if has(claims, "isSubpotent") || has(claims, "primarySource") || has(claims, "text") {
				rt.Error("a card says how far a dose is to be relied on, or its trade name")
			}
			got = append(got, lots(claims)...)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			rt.Errorf("on cards are %v, want %v", got, want)
		}
		b, err := json.Marshal(a)
		if err != nil {
			rt.Fatal(err)
		}
		r, err := record.Parse(b, keys, now)
		if err != nil {
			rt.Fatal(err)
		}
		for _, want := range p.Doses {
			if known := want.CVX != "935" && want.CVX != ""; !onTable(r.Doses, want, known) {
				rt.Errorf("%+v is not on the table, or not as it is", want)
			}
		}
	})
}

// onTable reports whether a dose is among those of a record, with a name or as unknown.
func onTable(all []record.Dose, want record.Dose, known bool) bool {
	return slices.ContainsFunc(all, func(d record.Dose) bool {
		named := (d.Name != "") == known && d.Unknown != known
		d.Card, d.Name, d.Unknown = 0, "", false
		return d == want && named
	})
}

// plain is the rule again: given, valid, reported by who gave it, and known in full.
func plain(d record.Dose) bool {
	known := len(d.Date) == 10 && !d.About && slices.Contains([]string{"03", "10", "140", "208"}, d.CVX)
	return d.Status == "completed" && !d.NotValid && !d.Historical && known
}

// lots are those of all doses that a payload speaks of.
func lots(v any) (all []string) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			all = append(all, lots(x)...)
		}
	case map[string]any:
		for name, x := range v {
			if lot, ok := x.(string); ok && name == "lotNumber" {
				all = append(all, lot)
			}
			all = append(all, lots(x)...)
		}
	}
	return all
}
