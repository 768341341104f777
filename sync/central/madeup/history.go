package madeup

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/assets"
)

// maxDoses is the longest history.
const maxDoses = 60

// history is what the registry has of a person, newest first: at least one dose.
func (g *maker) history(birth request.Date, gender request.Gender) []record.Dose {
	for {
		doses := g.draw(drawTraits(g.Rand), birth, gender)
		if len(doses) == 0 {
			continue
		}
		for i := range doses {
			g.flaw(&doses[i])
		}
		return doses
	}
}

// draw makes one history of somebody with traits, newest first, without flaws.
func (g *maker) draw(t traits, birth request.Date, gender request.Gender) []record.Dose {
	shots := live(g.Rand, g.schedules, t, birth, gender).onFile()
	for len(shots) > maxDoses { // the oldest of the most frequent are missed least
		i := max(0, slices.IndexFunc(shots, func(s shot) bool { return g.schedules.series[s.series] == "flu" }))
		shots = slices.Delete(shots, i, i+1)
	}
	where := drawPlaces(g.Rand)
	doses := make([]record.Dose, 0, len(shots))
	for _, s := range slices.Backward(shots) {
		doses = append(doses, g.dose(s, birth, where))
	}
	slices.SortStableFunc(doses, func(a, b record.Dose) int { return strings.Compare(b.Date+b.CVX, a.Date+a.CVX) })
	return doses
}

// dose is a shot as it is on file: of some, lot or place are not.
func (g *maker) dose(s shot, birth request.Date, where places) record.Dose {
	d := record.Dose{
		Date: s.at.time().Format(time.DateOnly), CVX: s.of.CVX, Product: s.of.Product, Manufacturer: s.of.Manufacturer,
		Status: record.StatusCompleted, NotValid: s.invalid,
	}
	if g.IntN(100) < 88 {
		d.Lot = lot(g.Rand, s.of.MVX)
	}
	if g.IntN(100) < 90 {
		d.Performer = where.of(g.Rand, g.schedules.series[s.series], s.at, s.at.months(birth))
	}
	return d
}

// registries is the year from which on most doses are reported by who gives them.
const registries = "1996"

// flaw makes some doses ones that are on no card, beside those given too early (see
// traits.early: in the National Immunization Survey of 2011 to 2020, 15.4 % of children
// under three had a dose that does not count (Albers et al., Pediatrics, 2024), which is
// about one in a hundred doses). Of those from before registries half are historical. Of
// 200 since, so many
//   - were entered in error (3) or not given (3), which is an assumption;
//   - are historical (6), an assumption: registries differ from a few in a hundred to
//     most of what they have of adults.
func (g *maker) flaw(d *record.Dose) {
	kind := g.IntN(200)
	switch {
	case d.NotValid:
	case d.Date < registries:
		if kind < 100 {
			told(d)
		}
	case kind < 3:
		d.Status = record.StatusError
	case kind < 6:
		// Nothing was given, so there is no lot and no product.
		d.Status, d.Lot, d.Product, d.Manufacturer = record.StatusNotDone, "", "", ""
	case kind < 12:
		told(d)
	}
}

// told makes a dose one that was taken over from a paper of the patient, on which
// there is seldom more than what was given and when.
func told(d *record.Dose) {
	d.Historical, d.Lot, d.Product, d.Manufacturer, d.Performer = true, "", "", "", ""
}

// attempts is how many histories are drawn for a wish.
const attempts = 5_000

// wish draws histories until one is as a wish has it. When none is, as in years that the
// wishes were not made for, it is the nearest longer one without its oldest doses, or else
// the longest.
func (g *maker) wish(w wish, birth request.Date, gender request.Gender) []record.Dose {
	var nearest []record.Dose
	for range attempts {
		doses := w.some(g.Rand, g.draw(w.traits(birth), birth, gender))
		if w.is(doses) {
			return doses
		}
		short, long := len(nearest) < max(w.doses, 1), len(doses) >= w.doses
		if short && len(doses) > len(nearest) || long && len(doses) < len(nearest) {
			nearest = doses
		}
	}
	if w.doses > 0 {
		nearest = nearest[:min(len(nearest), w.doses)]
	}
	return nearest
}

// count is how many doses are of a vaccine group of the CDC's.
func count(doses []record.Dose, group string) (n int) {
	for _, d := range doses {
		if v, _ := assets.VaccineOf(d.CVX); slices.Contains(v.Groups, group) {
			n++
		}
	}
	return n
}

// rng is the source of chance for the history of one person, whoever else there is.
func rng(seed uint64, number int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, 0x646f7365<<32|uint64(number)))
}
