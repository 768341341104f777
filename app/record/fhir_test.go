package record

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"vaxkiosk/app/fhir"
)

// again is a resource as it comes back from JSON.
func again(t *rapid.T, x fhir.Resource) (back fhir.Resource) {
	b, err := json.Marshal(x)
	if err == nil {
		err = json.Unmarshal(b, &back)
	}
	if err != nil {
		t.Fatal(err)
	}
	return back
}

func TestWhatFHIRCarriesComesBackAsItWas(t *testing.T) {
	text := rapid.StringMatching(`[ -~]{0,12}`)
	rapid.Check(t, func(t *rapid.T) {
		d := Dose{
			Date: text.Draw(t, "date"), CVX: text.Draw(t, "cvx"), Product: text.Draw(t, "product"), Manufacturer: text.Draw(t, "maker"),
			Lot: text.Draw(t, "lot"), Performer: text.Draw(t, "performer"), Status: text.Draw(t, "status"),
			NotValid: rapid.Bool().Draw(t, "not valid"), Historical: rapid.Bool().Draw(t, "historical"),
		}
		if rapid.Bool().Draw(t, "about") {
			d.Date, d.About = rapid.SampledFrom([]string{"1990", "1990-05", "1990-05-06"}).Draw(t, "about when"), true
		}
		if got := DoseOf(again(t, d.Immunization("resource:0"))); got != d {
			t.Errorf("a dose comes back as %+v, not %+v", got, d)
		}
		asOf := text.Draw(t, "as of")
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Recommendation {
			r := Recommendation{CVX: text.Draw(t, "cvx"), Status: text.Draw(t, "status"), Date: text.Draw(t, "date"), AsOf: asOf}
			if r.CVX == "" {
				r.Disease = text.Draw(t, "disease")
			}
			return r
		}), 1, 4).Draw(t, "recommendations")
		if got := RecommendationsOf(again(t, Recommend("resource:0", all))); !slices.Equal(got, all) {
			t.Errorf("recommendations come back as %+v, not %+v", got, all)
		}
	})
}
