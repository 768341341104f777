package madeup

import (
	"math/rand/v2"
	"strings"
)

// Places give the doses. Some names are too long for a health card (30 characters or
// more), as they are in life. A place is of nobody.
var (
	maternities = []string{"Merrimack Valley Hospital", "Bayview Women and Newborn Center", "Berkshire Hills Hospital"}
	forChildren = []string{
		"Elm Square Pediatrics", "Quabbin Family Health", "Harbor Street Clinic", "Merrimack Valley Center for Family Medicine",
		"Cape Community Health", "Blackstone Pediatrics",
	}
	forAdults = []string{
		"Quabbin Family Health", "Harbor Street Clinic", "Berkshire Hills Medical", "Cape Community Health",
		"Merrimack Valley Center for Family Medicine", "Riverside Internal Medicine",
	}
	pharmacies = []string{"Old Mill Pharmacy 12", "Commons Drug 0417", "Riverside Pharmacy", "Main Street Pharmacy 3"}
	campaigns  = []string{"Northshore Department of Public Health Clinic", "Fairgrounds Vaccination Site", "Town Hall Flu Clinic"}
	elsewhere  = []string{"Riverside Urgent Care", "Harbor Street Clinic"}
)

// places are where somebody goes: to one doctor as a child and to one later, and near home.
type places struct {
	maternity, child, adult, pharmacy string
	at                                map[day]string // all of a day are given in one place
}

func drawPlaces(r *rand.Rand) places {
	return places{one(r, maternities), one(r, forChildren), one(r, forAdults), one(r, pharmacies), map[day]string{}}
}

func one(r *rand.Rand, all []string) string { return all[r.IntN(len(all))] }

// pharmacist is whose vaccines pharmacies give, too.
var pharmacist = map[string]bool{"flu": true, "covid": true, "zoster": true, "zoster-live": true, "rsv": true, "pneumo-adult": true, "ppsv-after": true}

// of is the place of a dose.
func (p places) of(r *rand.Rand, series string, at day, months int) string {
	if p.at[at] == "" {
		p.at[at] = p.draw(r, series, at.time().Year(), months)
	}
	return p.at[at]
}

// draw draws the place of a dose of a series, in a year and at an age.
func (p places) draw(r *rand.Rand, series string, year, months int) string {
	chance := r.IntN(100)
	switch {
	case months == 0:
		return p.maternity
	case series == "covid" && year == 2021 && chance < 55, series == "h1n1", series == "flu" && chance < 6:
		return one(r, campaigns)
	case pharmacist[series] && months >= 12*12 && year >= 2009 && chance < 60:
		return p.pharmacy
	case months < 12*18:
		return p.child
	case chance >= 93:
		return one(r, elsewhere)
	}
	return p.adult
}

// lots are how makers write the numbers of their lots: a is any letter, 9 any digit.
var lots = map[string]string{
	"MSD": "a999999", "SKB": "9aa99", "PMC": "a9999aa", "PFR": "aa9999", "MOD": "999a99a", "WAL": "999999a", "MED": "aa9999", "SEQ": "999999",
	"LED": "999-999", "JSN": "9999999", "MA": "aaa-999", "MBL": "A999a", "IDB": "9aa9a",
}

// lot draws the number of a lot.
func lot(r *rand.Rand, mvx string) string {
	pattern := lots[mvx]
	if pattern == "" {
		pattern = "a99999a"
	}
	return strings.Map(func(c rune) rune {
		switch c {
		case 'a':
			return rune("ABCDEFGHJKLMNPRSTUVWXYZ"[r.IntN(23)])
		case '9':
			return '0' + rune(r.IntN(10))
		}
		return c
	}, pattern)
}
