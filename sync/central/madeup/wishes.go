package madeup

import (
	"math/rand/v2"
	"slices"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
)

// wish is one of the first residents, for trying things out.
type wish struct {
	age, doses int // 0 doses: as many as come
	child      bool
	doubtful   int // doses from before registries, all historical; one more does not count
	traits     func(birth request.Date) traits
	like       func(doses []record.Dose) bool
}

// wishes are an adult with 14 doses, one with 40 of which four are on no card, one with 2,
// and that one's child.
var wishes = []wish{
	{age: 38, doses: 14, traits: sinceSchool, like: someOfAll},
	{age: 66, doses: 40, doubtful: 3, traits: everyAutumn, like: boosters},
	{age: 35, doses: 2, traits: newInTheState, like: oneSeries},
	{age: 8, child: true, traits: wellCared, like: complete},
}

// some is what is left of a history when not all that is too much for a wish has come on
// file: doses from before registries, which are historical then, doses that do not count,
// and a few from seasons.
func (w wish) some(r *rand.Rand, doses []record.Dose) []record.Dose {
	old := slices.IndexFunc(doses, func(d record.Dose) bool { return d.Date < registries })
	if w.doubtful > 0 && old >= 0 {
		for i := range doses[old:] {
			doses[old+i].NotValid = false
			told(&doses[old+i])
		}
		doses = drop(r, doses, len(doses)-old-w.doubtful, func(d record.Dose) bool { return d.Historical })
		invalid := func(d record.Dose) bool { return d.NotValid }
		doses = drop(r, doses, len(which(doses, invalid))-1, invalid)
	}
	if over := len(doses) - w.doses; w.doses > 0 && over <= 6 {
		doses = drop(r, doses, over, func(d record.Dose) bool { return !d.Historical && count([]record.Dose{d}, "FLU") > 0 })
	}
	return doses
}

// drop takes away n doses, drawn from those that are so; all of them are too few for more.
func drop(r *rand.Rand, doses []record.Dose, n int, so func(record.Dose) bool) []record.Dose {
	at := which(doses, so)
	for ; n > 0 && len(at) > 0; n-- {
		i := at[r.IntN(len(at))]
		doses = slices.Delete(doses, i, i+1)
		at = which(doses, so)
	}
	return doses
}

// which are the places of the doses that are so.
func which(doses []record.Dose, so func(record.Dose) bool) (at []int) {
	for i, d := range doses {
		if so(d) {
			at = append(at, i)
		}
	}
	return at
}

// is reports whether a history is what was wished for.
func (w wish) is(doses []record.Dose) bool {
	historical, invalid := 0, 0
	for _, d := range doses {
		if d.Historical {
			historical++
		}
		if d.NotValid {
			invalid++
		}
	}
	doubtful := historical == w.doubtful && (invalid == 1) == (w.doubtful > 0) && invalid <= 1
	return doubtful && (w.doses == 0 || len(doses) == w.doses) && w.like(doses)
}

// sinceSchool is on file from the visit before school on, and comes in some autumns.
func sinceSchool(birth request.Date) traits {
	return traits{keen: 100, habit: 30, since: month(birth, 48)}
}

func someOfAll(d []record.Dose) bool {
	primary := slices.DeleteFunc(slices.Clone(d), func(d record.Dose) bool { return d.Date > "2022-08" })
	atEleven := d[len(d)-1].Date < registries // who is younger had hepatitis B as a baby, before anything is on file
	return count(d, "DTAP") == 1 && count(d, "POLIO") == 1 && count(d, "MMR") == 1 && (count(d, "HepB") == 3 || !atEleven) &&
		count(d, "Td") >= 1 && count(d, "TDAP") >= 1 && count(primary, "COVID-19") == 3 && count(d, "FLU") >= 2
}

// everyAutumn gets all there is; of what was before registries, little is known.
func everyAutumn(request.Date) traits {
	return traits{keen: 115, habit: 190, since: dayOf(time.Date(1996, 1, 1, 0, 0, 0, 0, time.UTC)), strays: 100, early: 250}
}

func boosters(d []record.Dose) bool {
	return count(d, "FLU") >= 15 && count(d, "COVID-19") >= 6 && count(d, "Td")+count(d, "TDAP") >= 3 && count(d, "TDAP") >= 1 &&
		count(d, "HepA") != 1 && count(d, "HepB") != 1 && count(d, "ZOSTER") >= 3
}

// newInTheState has nothing on file from before.
func newInTheState(birth request.Date) traits {
	return traits{keen: 60, habit: 0, since: month(birth, 12*26)}
}

func oneSeries(d []record.Dose) bool { return count(d, "COVID-19") == 2 || count(d, "HepB") == 2 }

// wellCared is a child with nothing missing.
func wellCared(request.Date) traits { return traits{keen: 110, habit: 130} }

func complete(d []record.Dose) bool {
	then := len(d) > 0 && d[len(d)-1].Date < "2021" // when there was a campaign for toddlers
	return count(d, "DTAP") == 5 && count(d, "POLIO") >= 4 && count(d, "MMR") == 2 && count(d, "VARICELLA") == 2 &&
		count(d, "HepB") >= 3 && count(d, "HepA") == 2 && count(d, "HIB") >= 3 && count(d, "PneumoPCV") == 4 &&
		count(d, "ROTAVIRUS") >= 2 && count(d, "FLU") >= 5 && (count(d, "COVID-19") >= 2 || !then)
}
