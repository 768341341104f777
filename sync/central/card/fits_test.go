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

// doses are any doses of somebody: given or not, valid or not, historical or not.
func doses(t *rapid.T) (all []record.Dose) {
	for i := range rapid.IntRange(0, 30).Draw(t, "doses") {
		all = append(all, record.Dose{
			Date: now.AddDate(0, 0, -i).Format(time.DateOnly), CVX: rapid.SampledFrom([]string{"03", "10", "140", "208"}).Draw(t, "vaccine"),
			Lot: fmt.Sprintf("B%04d", i), Performer: "Elm Square", Product: "Any",
			Status:   rapid.SampledFrom([]string{record.StatusCompleted, record.StatusCompleted, record.StatusNotDone, record.StatusError}).Draw(t, "status"),
			NotValid: rapid.Bool().Draw(t, "not valid"), Historical: rapid.Bool().Draw(t, "historical"),
		})
	}
	return all
}

// The cards are read without package record, whose rule this is.
func TestNoCardEverHoldsADoseNotGivenNotValidOrHistorical(t *testing.T) {
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
			if d.Status == "completed" && !d.NotValid && !d.Historical {
				want = append(want, d.Lot)
			}
		}
		for _, jws := range a.Cards {
			claims := checkByHand(t, jws, s.Keys().Keys[0])
			if has(claims, "isSubpotent") || has(claims, "primarySource") {
				rt.Error("a card says how far a dose is to be relied on")
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
		for i, d := range r.Doses {
			d.Card = 0
			if d != p.Doses[i] {
				rt.Errorf("dose %d is %+v on the table, want %+v", i, d, p.Doses[i])
			}
		}
	})
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
