// Package madeup makes up residents: names from the pools in assets, families
// that share a contact, twins, children reached through a guardian, and vaccine
// histories. Each dose was due when it was given, to somebody of that age, and is of
// a product that existed then (assets.Rules, assets.Givens); what is missing is
// missing as in life (see traits). Nobody in it exists: phone numbers are of
// the exchange 555, which is given out no more, and mail to the addresses reaches
// nobody (example.org and the like, RFC 2606).
//
// Generate makes the few residents of a demonstration, who can all be found again
// by the release rule: twins never have first names that one typing error turns
// into each other. The first of them are made as wished, for trying things out (see
// wishes). State makes those of a whole state, one after the other, with
// what goes wrong in life: what is on file and what people say differ (see
// flaws). With Plan.Further all their contacts are on file, and parents' as theirs. Both
// are deterministic: the same count, seed and day give the same people.
package madeup

import (
	"fmt"
	"math/rand/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
)

// DemoSeed makes the residents of a demonstration. They are the same every day,
// so that a manual can name them: Generate(n, DemoSeed, DemoDay).
const DemoSeed = 1

// DemoDay is the day as of which the residents of a demonstration are made.
var DemoDay = request.Date{Year: 2026, Month: 11, Day: 1}

// Generate makes n residents as of a day. The last of them is on file without a dose.
func Generate(n int, seed uint64, today request.Date) []registry.Person {
	g := newMaker(seed, today)
	g.wished()
	for len(g.people) < n {
		g.family()
	}
	people := g.people[:max(n, 0)]
	for i := range people {
		p := &people[i]
		p.Number, g.Rand = i+1, rng(seed, i+1)
		if i < len(wishes) {
			p.Doses = g.wish(wishes[i], p.Birth, p.Gender)
		} else {
			p.Doses = g.history(p.Birth, p.Gender)
		}
	}
	if n > len(wishes) {
		people[n-1].Doses = nil
	}
	return people
}

// maker holds what one run of Generate draws from.
type maker struct {
	*rand.Rand
	*schedules
	today  request.Date
	names  map[string]pool
	phones []string // shuffled and taken in turn; a big town shares numbers
	homes  int
	people []registry.Person
}

func newMaker(seed uint64, today request.Date) *maker {
	g := &maker{Rand: rand.New(rand.NewPCG(seed, 0x7661786b)), today: today, names: pools(), schedules: newSchedules(today)}
	for _, area := range []string{"617", "508", "781", "978", "413", "339", "351", "774", "857"} {
		for line := range 100 {
			g.phones = append(g.phones, fmt.Sprintf("+1%s55501%02d", area, line))
		}
	}
	g.Shuffle(len(g.phones), func(i, j int) { g.phones[i], g.phones[j] = g.phones[j], g.phones[i] })
	return g
}

// wished makes the residents of wishes. They have a phone, to be easy to try.
func (g *maker) wished() {
	var h home
	for _, w := range wishes {
		if !w.child {
			h = g.newHome()
			h.phone, h.email = g.nextPhone(), ""
		}
		g.add(h, g.birth(w.age, w.age))
	}
}

// family makes the people of one home: adults of one generation and mostly
// some children, sometimes twins, who are reached through the same contact.
func (g *maker) family() {
	h := g.newHome()
	oldest := 18 + g.IntN(72)
	g.add(h, g.birth(oldest, oldest))
	if g.IntN(100) < 55 {
		g.add(h, g.birth(max(18, oldest-6), oldest+4))
	}
	if oldest > 55 {
		return
	}
	for range g.IntN(4) {
		b := g.birth(0, min(17, max(0, oldest-18)))
		g.add(h, b)
		if g.IntN(100) < 6 {
			g.add(h, b) // a twin
		}
	}
}

// home is what the people of one home share.
type home struct {
	surname, phone, email string
	chinese               bool
	first                 int // index of its first person
}

func (g *maker) newHome() home {
	g.homes++
	h := home{first: len(g.people), chinese: g.IntN(100) < 8}
	h.surname = g.surname(h.chinese)
	kind := g.IntN(100)
	if kind < 75 {
		h.phone = g.nextPhone()
	}
	if kind >= 60 {
		h.email = fmt.Sprintf("%s.%d@%s", ascii(h.surname), g.homes, []string{"example.org", "example.com"}[g.IntN(2)])
	}
	return h
}

func (g *maker) nextPhone() string {
	p := g.phones[0]
	g.phones = append(g.phones[1:], p)
	return p
}

// birth draws a birthday that makes a person between youngest and oldest years old today.
func (g *maker) birth(youngest, oldest int) request.Date {
	for {
		b := request.Date{Year: g.today.Year - oldest - 1 + g.IntN(oldest-youngest+2), Month: 1 + g.IntN(12), Day: 1 + g.IntN(31)}
		if age := b.Age(g.today); b.Exists() && !b.After(g.today) && age >= youngest && age <= oldest {
			return b
		}
	}
}

// add makes one person of a home.
func (g *maker) add(h home, birth request.Date) {
	p := registry.Person{Family: h.surname, Birth: birth, Phone: h.phone, Email: h.email, Gender: request.Female}
	if g.IntN(2) == 0 {
		p.Gender = request.Male
	}
	p.Given = g.given(p.Gender, h)
	if g.IntN(100) == 0 {
		p.Gender = request.Other
	}
	g.people = append(g.people, p)
}
