package madeup

import (
	"iter"
	"math/rand/v2"
	"slices"

	"vaxkiosk/app/request"
	"vaxkiosk/assets"
	"vaxkiosk/sync/central/registry"
)

// Plan says which residents State makes.
type Plan struct {
	Count   int
	Seed    uint64
	Today   request.Date
	History int // one resident in so many has doses; 0 is nobody

	// Further puts all contacts on file: a second mobile, an address at work, and of a child
	// both parents' as theirs. Without it there is one of a kind, and a parent's is the child's.
	Further bool
}

// Resident is a person as the registry has them, and what that person would
// type today. The two differ as they do in life: see flaws.
type Resident struct {
	registry.Person
	Says Said
}

// Said is how somebody names themselves and is reached today. The birth date is
// always right. GoString keeps it out of logs (promise P9).
type Said struct{ Given, Family, Phone, Email string }

// String tells nothing.
func (s Said) String() string { return "said" }

// GoString is String, so that %#v tells no more.
func (s Said) GoString() string { return s.String() }

// State makes the residents of a whole state one household after the other,
// however many, in the memory of one household. Households are independent of
// each other, so a larger count begins with the same people.
func State(p Plan) iter.Seq[Resident] {
	return func(yield func(Resident) bool) {
		s := newState(p)
		number := 0
		for home := 0; number < p.Count; home++ {
			for _, r := range s.household(home) {
				if number++; number > p.Count {
					return
				}
				r.Number = number
				if p.History > 0 && (number-1)%p.History == 0 {
					r.Doses = s.m.history(r.Birth, r.Gender)
				}
				if !yield(r) {
					return
				}
			}
		}
	}
}

// state holds what State draws from; the source of chance is a new one for each home.
type state struct {
	plan   Plan
	m      *maker
	groups []group
	home   int
	asOwn  bool     // of the home: what a parent is reached by is on file as the children's own
	used   []string // first names of the home, so that nobody is two people
}

func newState(p Plan) *state {
	return &state{plan: p, m: &maker{today: p.Today, names: pools(), schedules: newSchedules(p.Today)}, groups: groups()}
}

// group is one language group with its pools.
type group struct {
	assets.NameGroup
	family, girls, boys pool
}

func groups() []group {
	var all []group
	for _, g := range assets.NameGroups() {
		all = append(all, group{g, falling(g.Family), falling(g.Girls), falling(g.Boys)})
	}
	return all
}

// falling is a pool in which the n-th name occurs 1/(n+2) as often as it would
// if all were the first: about how common names thin out.
func falling(names []string) pool {
	weighted := make([]assets.Weighted, len(names))
	for i, n := range names {
		weighted[i] = assets.Weighted{Name: n, Weight: 3000 / (i + 3)}
	}
	return newPool(weighted)
}

// household makes the people of one home. A fifth of
// the state is under 18 and a fifth over 65, as the census has it; twins are 31 of 1,000 births (CDC, National Vital Statistics Reports, births of 2022).
func (s *state) household(home int) []Resident {
	s.home, s.used = home, s.used[:0]
	s.m.Rand = rand.New(rand.NewPCG(s.plan.Seed, uint64(home)*0x9e3779b97f4a7c15))
	g := s.group()
	surname := s.surname(g)
	first := s.contacts(0)
	oldest := 20 + s.m.IntN(56)
	if s.chance(100) {
		oldest = 76 + s.m.IntN(17)
	}
	all := []Resident{s.resident(g, surname, s.m.birth(oldest, oldest), first)}
	var other *contacts
	if s.m.IntN(100) < 62 {
		theirs := first
		if s.m.IntN(100) < 75 { // the others share what they are reached by
			theirs = s.contacts(1)
			other = &theirs
		}
		name := surname
		if s.m.IntN(100) < 35 {
			name = s.surname(g)
		}
		all = append(all, s.resident(g, name, s.m.birth(max(18, oldest-6), min(oldest+4, 104)), theirs))
	}
	s.asOwn = s.chance(parentsAsOwn)
	if oldest < 62 && s.m.IntN(100) < 30 {
		first = ofParents(first, other)
		for range 1 + s.m.IntN(3) {
			b := s.m.birth(max(0, oldest-50), min(17, max(0, oldest-18)))
			all = append(all, s.resident(g, surname, b, first))
			if s.m.IntN(1000) < 16 {
				all = append(all, s.resident(g, surname, b, first))
			}
		}
	}
	s.age(all)
	return all
}

// group draws the group of a home; nil is none.
func (s *state) group() *group {
	at := s.m.Float64() * 100
	for i := range s.groups {
		if at -= s.groups[i].Percent; at < 0 {
			return &s.groups[i]
		}
	}
	return nil
}

func (s *state) surname(g *group) string {
	if g == nil {
		return s.m.surname(false)
	}
	name := g.family.draw(s.m.Rand)
	twice := map[string]int{"spanish": 30, "portuguese": 15}[g.Name]
	if s.m.IntN(100) < twice { // both parents' names, with or without a hyphen
		if other := g.family.draw(s.m.Rand); other != name {
			return name + string(" -"[s.m.IntN(2)]) + other
		}
	}
	return name
}

// given draws a first name that nobody else in the home has.
func (s *state) given(gender request.Gender, g *group) string {
	from, own := s.m.names["given-boy"], pool{}
	if g != nil {
		own = g.boys
	}
	if gender == request.Female {
		from = s.m.names["given-girl"]
		if g != nil {
			own = g.girls
		}
	}
	for {
		name := from.draw(s.m.Rand)
		if g != nil && s.m.IntN(100) < g.Own {
			name = own.draw(s.m.Rand)
		}
		if !slices.Contains(s.used, name) {
			s.used = append(s.used, name)
			return name
		}
	}
}

// resident is somebody as they are today; what is on file is the same so far.
func (s *state) resident(g *group, surname string, birth request.Date, c contacts) Resident {
	p := registry.Person{Family: surname, Birth: birth, Gender: request.Female}
	if s.m.IntN(2) == 0 {
		p.Gender = request.Male
	}
	p.Given = s.given(p.Gender, g)
	if s.m.IntN(200) == 0 {
		p.Gender = request.Other
	}
	s.file(&p, c)
	return Resident{p, Said{p.Given, p.Family, c.phone, c.email}}
}
