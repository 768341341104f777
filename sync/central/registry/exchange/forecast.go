package exchange

import (
	"cmp"
	"slices"
	"strings"

	"vaxkiosk/app/fhir"
	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/assets"
	"vaxkiosk/sync/central/registry"
)

// maxRecommendations is how many vaccines may be recommended to somebody.
const maxRecommendations = 100

// Dates of recommendations, by LOINC.
const (
	earliestDate = "30981-5"
	overdueDate  = "59778-1"
)

// Statuses besides those of FHIR, which are kept.
const (
	onSchedule = "on schedule" // due or not yet, as its dates say
	leftOut    = "left out"    // nothing is recommended now
)

// forecastStatuses by code in small letters without signs, whichever system it is of:
// FHIR's, the answers of LOINC, and what registries have of their own.
var forecastStatuses = map[string]string{
	"due": record.StatusDue, "duenow": record.StatusDue, "d": record.StatusDue, "o": record.StatusOverdue, "p": record.StatusOverdue,
	"overdue": record.StatusOverdue, "pastdue": record.StatusOverdue, "la134231": record.StatusOverdue,
	"immune": record.StatusImmune, "la271835": record.StatusImmune,
	"contraindicated": record.StatusContraindicated, "la42163": record.StatusContraindicated,
	"complete": record.StatusComplete, "completed": record.StatusComplete, "finished": record.StatusComplete, "la134215": record.StatusComplete,
	"onschedule": onSchedule, "ontime": onSchedule, "la134223": onSchedule, "": onSchedule, "u": onSchedule, "uptodate": onSchedule,
	"futurerecommended": leftOut, "future": leftOut, "notdue": leftOut, "notyetdue": leftOut, "duelater": leftOut, "notrecommended": leftOut,
	"tooold": leftOut, "agedout": leftOut, "la134249": leftOut,
}

// forecast keeps the recommendations that can be read, and counts the others.
func (c *reading) forecast(x resource) result {
	of, why := c.whose(x)
	if why != "" {
		return refused(why)
	}
	asOf, ok := c.whole(x.Date)
	if !ok || asOf > c.Today.String() {
		return refused(DateWrong)
	}
	f := registry.Forecast{AsOf: asOf}
	for _, r := range x.Recommendations {
		one, status := c.recommendation(r, asOf)
		switch {
		case status == leftOut:
		case status == "" || len(f.All) == maxRecommendations:
			f.Unread++
		default:
			f.All = keep(f.All, one)
		}
	}
	return result{entry: registry.Entry{ID: of, At: c.changed(x.changed()), Forecast: &f}}
}

// whole is a day, and not less.
func (c *reading) whole(s string) (string, bool) {
	s, _, _ = strings.Cut(s, "T")
	_, err := request.ParseDate(s)
	return s, err == nil
}

// recommendation reads one; its status is "" when it cannot be read.
func (c *reading) recommendation(r recommendation, asOf string) (one record.Recommendation, status string) {
	one = record.Recommendation{AsOf: asOf, CVX: pick(codesOf(cvxSystems, r.VaccineCode...))}
	if one.CVX == "" {
		one.Disease = diseaseOf(r.TargetDisease)
	}
	if one.Disease == "" && worth(one.CVX) < named {
		return one, ""
	}
	days := map[string]string{}
	for _, d := range r.Dates {
		day, ok := c.whole(d.Value)
		for _, code := range d.Code.Coding {
			if ok {
				days[string(code.Code)] = day
			}
		}
	}
	one.Status = c.status(r.Status, days)
	one.Date = cmp.Or(days[fhir.DueDate], days[earliestDate])
	switch one.Status {
	case record.StatusOverdue:
		one.Date = cmp.Or(one.Date, days[overdueDate])
		fallthrough
	case record.StatusDue:
		if one.Date == "" {
			return one, ""
		}
	}
	return one, one.Status
}

// status is the first that is understood. What is on schedule, or has no status, is told by its dates.
func (c *reading) status(s *concept, dates map[string]string) string {
	status := ""
	if s == nil || len(s.Coding) == 0 && s.Text == "" {
		status = onSchedule
	} else {
		words := []string{}
		for _, code := range s.Coding {
			words = append(words, string(code.Code), code.Display)
		}
		for _, w := range append(words, s.Text) {
			if known := forecastStatuses[bare(w)]; status == "" && w != "" {
				status = known
			}
		}
	}
	today := c.Today.String()
	switch {
	case status != onSchedule:
		return status
	case dates[overdueDate] != "" && dates[overdueDate] < today:
		return record.StatusOverdue
	case dates[fhir.DueDate] != "" && dates[fhir.DueDate] <= today:
		return record.StatusDue
	}
	return leftOut
}

// SNOMED CT, as it is written and as it is compared.
const snomed = "http://snomed.info/sct"

var snomedSystems = []string{"snomed.info/sct", "2.16.840.1.113883.6.96"}

// diseaseOf is the SNOMED CT code of what a vaccine is against, if people can be told what it means.
func diseaseOf(all concepts) string {
	for _, code := range codesOf(snomedSystems, all...) {
		if _, known := assets.DiseaseKey(code); known {
			return code
		}
	}
	return ""
}

// urgency of statuses: of two recommendations of one vaccine the more urgent one counts,
// and of two alike the one whose day comes first.
var urgency = []string{record.StatusComplete, record.StatusImmune, record.StatusContraindicated, record.StatusDue, record.StatusOverdue}

func keep(all []record.Recommendation, one record.Recommendation) []record.Recommendation {
	i := slices.IndexFunc(all, func(r record.Recommendation) bool { return r.CVX == one.CVX && r.Disease == one.Disease })
	if i < 0 {
		return append(all, one)
	}
	a, b := slices.Index(urgency, all[i].Status), slices.Index(urgency, one.Status)
	if b > a || a == b && one.Date != "" && (all[i].Date == "" || one.Date < all[i].Date) {
		all[i] = one
	}
	return all
}
