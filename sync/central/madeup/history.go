package madeup

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/assets"
)

// maxDoses is the longest history.
const maxDoses = 60

// clinics give the doses. Some names are too long for a health card (30
// characters or more), as they are in life.
var clinics = []string{
	"Harbor Street Clinic", "Quabbin Family Health", "Elm Square Pediatrics", "Berkshire Hills Medical",
	"Old Mill Pharmacy 12", "Cape Community Health", "Town Hall Flu Clinic", "Riverside Urgent Care",
	"Merrimack Valley Center for Family Medicine", "Northshore Department of Public Health Clinic",
}

// series is one row of the schedule with what can be given for it.
type series struct {
	assets.Series
	months   []int
	products []assets.Product
}

func schedule() []series {
	byCVX := map[string][]assets.Product{}
	for _, p := range assets.Products() {
		byCVX[p.CVX] = append(byCVX[p.CVX], p)
	}
	var all []series
	for _, s := range assets.Schedule() {
		products := byCVX[s.CVX]
		if active := slices.DeleteFunc(slices.Clone(products), func(p assets.Product) bool { return !p.Active }); len(active) > 0 {
			products = active
		}
		all = append(all, series{s, months(s.AtMonths), products})
	}
	return all
}

// months reads "0,1,6" or "6+12n to 1206".
func months(s string) []int {
	var first, step, last int
	if n, _ := fmt.Sscanf(s, "%d+%dn to %d", &first, &step, &last); n == 3 {
		var all []int
		for m := first; m <= last; m += step {
			all = append(all, m)
		}
		return all
	}
	var all []int
	for part := range strings.SplitSeq(s, ",") {
		var m int
		if _, err := fmt.Sscanf(part, "%d", &m); err != nil {
			panic(fmt.Sprintf("people: schedule: ages %q", s))
		}
		all = append(all, m)
	}
	return all
}

// history is what the registry has of a person, newest first: want completed
// doses, or a natural number of them when want is 0.
func (g *maker) history(birth request.Date, want int) []record.Dose {
	due := g.due(birth)
	g.Shuffle(len(due), func(i, j int) { due[i], due[j] = due[j], due[i] })
	keep := want
	if want == 0 {
		keep = min(maxDoses, max(1, len(due)*(20+g.IntN(81))/100))
	}
	doses := due[:min(keep, len(due))]
	for i := range doses {
		g.source(&doses[i])
		if want == 0 {
			g.flaw(&doses[i])
		}
	}
	slices.SortFunc(doses, func(a, b record.Dose) int {
		return strings.Compare(b.Date+b.CVX, a.Date+a.CVX)
	})
	return doses
}

// due lists the doses of the schedule up to today that existed at the time.
// Adult series are for those who were born too early for the children's.
func (g *maker) due(birth request.Date) []record.Dose {
	var all []record.Dose
	seen := map[string]int{} // first year of each children's series
	for _, s := range g.series {
		seen[s.Key] = s.FirstYear
		if child, ok := seen[strings.TrimSuffix(s.Key, "_adult")]; ok && strings.HasSuffix(s.Key, "_adult") && birth.Year >= child {
			continue
		}
		for _, m := range s.months {
			late := 0
			if m > 0 { // the first dose is given on the day of birth
				late = g.IntN(24)
			}
			day := time.Date(birth.Year, time.Month(birth.Month+m), birth.Day+late, 0, 0, 0, 0, time.UTC)
			if date := request.DateOf(day); date.Year >= s.FirstYear && !date.After(g.today) {
				all = append(all, g.dose(s, date))
			}
		}
	}
	return all
}

func (g *maker) dose(s series, date request.Date) record.Dose {
	d := record.Dose{Date: date.String(), CVX: s.CVX, Status: record.StatusCompleted}
	if len(s.products) > 0 {
		p := s.products[g.IntN(len(s.products))]
		d.Product, d.Manufacturer = p.Name, p.Manufacturer
	}
	return d
}

// source adds lot and clinic; some are not on file.
func (g *maker) source(d *record.Dose) {
	if g.IntN(100) < 88 {
		d.Lot = fmt.Sprintf("%c%c%04d%c", 'A'+g.IntN(26), 'A'+g.IntN(26), g.IntN(10000), 'A'+g.IntN(26))
	}
	if g.IntN(100) < 90 {
		d.Performer = clinics[g.IntN(len(clinics))]
	}
}

// flaw makes a few doses ones that are on no card: of 200, so many
//   - were entered in error (3) or not given (3), which is an assumption;
//   - do not count (2): in the National Immunization Survey of 2011 to 2020, 15.4 % of
//     children under three had such a dose (Albers et al., Pediatrics, 2024), which is
//     about one in a hundred doses;
//   - are historical (10), an assumption: registries differ from a few in a hundred to
//     most of what they have of adults.
func (g *maker) flaw(d *record.Dose) {
	switch kind := g.IntN(200); {
	case kind < 3:
		d.Status = record.StatusError
	case kind < 6:
		// Nothing was given, so there is no lot and no product.
		d.Status, d.Lot, d.Product, d.Manufacturer = record.StatusNotDone, "", "", ""
	case kind < 8:
		d.NotValid = true
	case kind < 18:
		told(d)
	}
}

// told makes a dose one that was taken over from a paper of the patient, on which
// there is seldom more than what was given and when.
func told(d *record.Dose) {
	d.Historical, d.Lot, d.Manufacturer, d.Performer = true, "", "", ""
}

// doubt makes the oldest three doses historical, and the newest but one not valid.
func doubt(doses []record.Dose) {
	for i := len(doses) - 3; i < len(doses); i++ {
		told(&doses[i])
	}
	doses[1].NotValid = true
}
