package assets_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/assets"
)

func TestEveryProductOfTheSchedulesIsInTheTablesOfTheCDC(t *testing.T) {
	for _, g := range assets.Givens() {
		if v, ok := assets.VaccineOf(g.CVX); !ok || len(v.Groups) == 0 || g.Share <= 0 || g.To.Before(g.From) || g.Max < g.Min {
			t.Errorf("%s %q has no vaccine, no share, or no time", g.CVX, g.Product)
		}
		known := g.Product == "" || slices.ContainsFunc(assets.Products(), func(p assets.Product) bool {
			name := strings.Join(strings.Fields(p.Name), " ")
			return name == g.Product && p.CVX == g.CVX && (p.MVX == g.MVX || p.MVX == "")
		})
		if !known {
			t.Errorf("%s %q of %q is no trade name", g.CVX, g.Product, g.MVX)
		}
	}
}

func TestEveryRuleOfTheSchedulesHasProductsAllTheTime(t *testing.T) {
	for _, r := range assets.Rules() {
		if r.Percent < 1 || r.Percent > 100 || r.Max < r.Min || r.To.Before(r.From) || !slices.Contains([]string{"", "F", "M"}, r.Sex) {
			t.Errorf("the rule %+v contradicts itself", r)
		}
		for at := r.From; !at.After(r.To) && at.Year() < 2030; at = at.AddDate(0, 1, 0) {
			if off := r.Season != "" && at.Month() > 3 && at.Month() < 9; !off && !toGive(r, at) {
				t.Errorf("%s of %s: nothing to give on %s", r.Line, r.Series, at.Format(time.DateOnly))
				break
			}
		}
	}
}

func toGive(r assets.Rule, at time.Time) bool {
	return slices.ContainsFunc(assets.Givens(), func(g assets.Given) bool {
		return g.Line == r.Line && !at.Before(g.From) && !at.After(g.To)
	})
}
