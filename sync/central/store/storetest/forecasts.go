package storetest

import (
	"fmt"
	"strings"
	"testing"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

func (on suite) TestAForecastIsOfItsDay(t *testing.T) {
	s := on.open(t)
	forecast := func(day string, unread int, all ...record.Recommendation) registry.Entry {
		for i := range all {
			all[i].AsOf = day
		}
		return registry.Entry{ID: "a", Forecast: &registry.Forecast{AsOf: day, All: all, Unread: unread}}
	}
	flu := record.Recommendation{CVX: "140", Status: record.StatusDue, Date: "2026-09-01"}
	late := record.Recommendation{CVX: "140", Status: record.StatusOverdue, Date: "2026-09-01"}
	mmr := record.Recommendation{CVX: "03", Status: record.StatusComplete}
	polio := record.Recommendation{Disease: "398102009", Status: record.StatusDue, Date: "2026-12-01"}
	s.run(t, "", personEntry(0, "a", talia()))
	for _, tt := range []struct {
		name    string
		entries []registry.Entry
		want    string
		tally   store.Tally
	}{
		{"of one day in one file", []registry.Entry{forecast("2026-11-01", 1, flu, polio), forecast("2026-11-01", 1, mmr, late)}, "398102009 03 140-overdue 2", store.Tally{New: 1, Changed: 1}},
		{"an older one", []registry.Entry{forecast("2019-11-01", 0, mmr)}, "398102009 03 140-overdue 2", store.Tally{Older: 1}},
		{"of the same day, in a later file", []registry.Entry{forecast("2026-11-01", 0, mmr)}, "03 0", store.Tally{Changed: 1}},
		{"once more", []registry.Entry{forecast("2026-11-01", 0, mmr)}, "03 0", store.Tally{Unchanged: 1}},
		{"an empty one", []registry.Entry{forecast("2026-11-02", 0)}, "0", store.Tally{Changed: 1}},
		{"one of before the empty one", []registry.Entry{forecast("2026-11-01", 0, mmr)}, "0", store.Tally{Older: 1}},
	} {
		i, _ := s.run(t, "", tt.entries...)
		p := s.whose(t, "", "a")
		got := ""
		for _, r := range p.Recommendations {
			got += r.CVX + r.Disease
			if r.Status == record.StatusOverdue {
				got += "-overdue"
			}
			got += " "
		}
		if got += fmt.Sprint(p.UnreadRecommendations); got != tt.want || i.Forecasts != tt.tally {
			t.Errorf("%s: %q, counted %+v, want %q and %+v", tt.name, got, i.Forecasts, tt.want, tt.tally)
		}
	}
}

// Of two forecasts of one day the one that its source changed last stays, whichever comes first.
func (on suite) TestOfTwoForecastsOfADayTheOneChangedLastStays(t *testing.T) {
	forecast := func(cvx string, more ...func(*registry.Entry)) registry.Entry {
		e := registry.Entry{ID: "a", Forecast: &registry.Forecast{AsOf: "2026-11-01", All: []record.Recommendation{{CVX: cvx, Status: record.StatusComplete, AsOf: "2026-11-01"}}}}
		for _, f := range more {
			f(&e)
		}
		return e
	}
	old := func() registry.Entry { return forecast("03", asOf("2026-11-01")) }
	young := func() registry.Entry { return forecast("140", asOf("2026-11-02")) }
	undated := func() registry.Entry { return forecast("10") }
	type file []registry.Entry
	for name, tt := range map[string]struct {
		files []file
		want  string
		tally store.Tally
	}{
		"in one file":                              {[]file{{old(), young()}}, "140", store.Tally{New: 1, Changed: 1}},
		"in one file, newer first":                 {[]file{{young(), old()}}, "140", store.Tally{New: 1, Older: 1}},
		"in two":                                   {[]file{{old()}, {young()}}, "140", store.Tally{Changed: 1}},
		"in two, newer first":                      {[]file{{young()}, {old()}}, "140", store.Tally{Older: 1}},
		"of the same time, in two":                 {[]file{{old()}, {forecast("10", asOf("2026-11-01"))}}, "10", store.Tally{Changed: 1}},
		"of the same time, in one":                 {[]file{{old(), forecast("10", asOf("2026-11-01"))}}, "03 10", store.Tally{New: 1, Changed: 1}},
		"without a time it is as of the import":    {[]file{{young()}, {undated()}}, "10", store.Tally{Changed: 1}},
		"with a time of before an undated one":     {[]file{{undated()}, {young()}}, "10", store.Tally{Older: 1}},
		"the newer one again keeps the older out":  {[]file{{old()}, {forecast("03", asOf("2026-11-03"))}, {young()}}, "03", store.Tally{Older: 1}},
		"of a time that is yet to come, as of now": {[]file{{forecast("03", asOf("9000-01-01"))}, {undated()}}, "10", store.Tally{Changed: 1}},
	} {
		s := on.open(t)
		s.run(t, "", personEntry(0, "a", talia()))
		var last store.Import
		for _, f := range tt.files {
			last, _ = s.run(t, "", f...)
		}
		var got []string
		for _, r := range s.whose(t, "", "a").Recommendations {
			got = append(got, r.CVX)
		}
		if g := strings.Join(got, " "); g != tt.want || last.Forecasts != tt.tally {
			t.Errorf("%s: %q, counted %+v, want %q and %+v", name, g, last.Forecasts, tt.want, tt.tally)
		}
	}
}

// Of people whom two sources have, the forecast that was made last is shown.
func (on suite) TestOfLinkedPeopleTheForecastThatWasChangedLastIsShown(t *testing.T) {
	s := on.open(t)
	for source, cvx := range map[string]string{"north": "03", "south": "140"} {
		e := registry.Entry{ID: "1", Forecast: &registry.Forecast{AsOf: "2026-11-01", All: []record.Recommendation{{CVX: cvx, Status: record.StatusComplete, AsOf: "2026-11-01"}}}}
		asOf(map[string]string{"north": "2026-11-01", "south": "2026-11-02"}[source])(&e)
		s.run(t, source, personEntry(0, "1", talia()), e)
	}
	one, other := s.number(t, "north", "1"), s.number(t, "south", "1")
	if err := s.Link(t.Context(), one, other); err != nil {
		t.Fatal(err)
	}
	if p := s.whose(t, "north", "1"); len(p.Recommendations) != 1 || p.Recommendations[0].CVX != "140" {
		t.Errorf("%d recommendations", len(p.Recommendations))
	}
}
