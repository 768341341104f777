package madeup

import (
	"reflect"
	"slices"
	"testing"
	"unicode/utf8"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
)

func state10k() []Resident {
	return slices.Collect(State(Plan{Count: 10_000, Seed: 5, Today: today, History: 100}))
}

func TestTheSamePlanMakesTheSameStateAndALargerOneBeginsWithIt(t *testing.T) {
	all := state10k()
	if !reflect.DeepEqual(all, state10k()) {
		t.Fatal("two runs with one seed differ")
	}
	few := slices.Collect(State(Plan{Count: 777, Seed: 5, Today: today, History: 100}))
	if len(few) != 777 || !reflect.DeepEqual(few, all[:777]) {
		t.Error("a smaller state is not the beginning of the larger one")
	}
	other := slices.Collect(State(Plan{Count: 777, Seed: 6, Today: today, History: 100}))
	if reflect.DeepEqual(few, other) {
		t.Error("another seed makes the same state")
	}
}

func TestStateStopsWhenNobodyListens(t *testing.T) {
	for r := range State(Plan{Count: 1 << 40, Seed: 1, Today: today}) {
		if r.Number == 10 {
			return
		}
	}
	t.Error("it ended by itself")
}

// within reports whether a share is in its bounds, both in a thousand.
func within(t *testing.T, what string, n, of, low, high int) {
	t.Helper()
	if share := n * 1000 / of; share < low || share > high {
		t.Errorf("%s: %d in a thousand, want %d to %d", what, share, low, high)
	}
}

func TestTheStateIsLikeTheOneItIsModelledOn(t *testing.T) {
	all := state10k()
	count := map[string]int{}
	contact := map[string]int{}
	birthAt := map[string]int{}
	for _, r := range all {
		note := func(kind string, holds bool) {
			if holds {
				count[kind]++
			}
		}
		note("child", r.Birth.Age(today) < 18)
		note("over 65", r.Birth.Age(today) > 65)
		note("phone", r.Phone != "")
		note("email", r.Email != "")
		note("neither", r.Phone == "" && r.Email == "")
		note("history", len(r.Doses) > 0)
		note("stale", r.Phone != "" && r.Phone != r.Says.Phone)
		note("accents", utf8.RuneCountInString(r.Says.Family+r.Says.Given) < len(r.Says.Family+r.Says.Given))
		contact[r.Phone]++
		birthAt[r.Birth.String()+r.Says.Phone+r.Says.Email]++
	}
	shared, twins := 0, 0
	for c, n := range contact {
		if c != "" && n > 1 {
			shared += n
		}
	}
	for _, n := range birthAt {
		twins += n - 1
	}
	of := len(all)
	within(t, "under 18", count["child"], of, 170, 240)
	within(t, "over 65", count["over 65"], of, 150, 230)
	within(t, "with a phone", count["phone"], of, 780, 920)
	within(t, "with an e-mail address", count["email"], of, 400, 620)
	within(t, "with neither", count["neither"], of, 0, 0)
	within(t, "with a history", count["history"], of, 10, 10)
	within(t, "with a stale phone", count["stale"], count["phone"], 120, 180)
	within(t, "who type accents", count["accents"], of, 30, 250)
	within(t, "who share a phone", shared, of, 300, 700)
	within(t, "younger twins", twins, of, 1, 8)
}

func TestEveryoneOfTheStateHasANameAndAReachableContact(t *testing.T) {
	for r := range State(Plan{Count: 3000, Seed: 9, Today: today}) {
		if r.Given == "" || r.Family == "" || !utf8.ValidString(r.Given+r.Family) || r.Birth.After(today) || !r.Birth.Exists() {
			t.Errorf("resident %d has no name or no birth date", r.Number)
		}
		for _, p := range []string{r.Phone, r.Says.Phone} {
			if p != "" && request.NormalPhone(p) != p {
				t.Errorf("resident %d: a phone is not E.164", r.Number)
			}
		}
	}
}

func TestAStateWithAllContactsHasTheSamePeopleAndMoreWaysToReachThem(t *testing.T) {
	few := state10k()
	own, parents, minors, children := 0, 0, 0, 0
	for i, r := range slices.Collect(State(Plan{Count: 10_000, Seed: 5, Today: today, History: 100, Further: true})) {
		theirs, guardians := reached(t, r)
		own, parents = own+theirs, parents+guardians
		switch minor := r.Birth.Age(today) < request.AdultAge; {
		case !minor && (theirs == 0 || guardians > 0):
			t.Errorf("resident %d is reached by %d contacts, and %d of parents", r.Number, theirs, guardians)
		case minor && theirs == 0:
			children++
			fallthrough
		case minor:
			minors++
		}
		if few[i].Says != r.Says || few[i].Birth != r.Birth || few[i].Given != r.Given || !reflect.DeepEqual(few[i].Doses, r.Doses) || few[i].More != nil {
			t.Fatalf("resident %d is another one", r.Number)
		}
	}
	within(t, "contacts", own+parents, len(few), 1550, 1650)
	within(t, "children reached by parents only", children, minors, 650, 750)
	within(t, "contacts of parents", parents, own+parents, 100, 250)
}

// reached counts the contacts of somebody on file.
func reached(t *testing.T, r Resident) (own, parents int) {
	t.Helper()
	for _, c := range append([]registry.Contact{{Phone: r.Phone}, {Email: r.Email}}, r.More...) {
		if c.Phone != "" && (c.Email != "" || request.NormalPhone(c.Phone) != c.Phone) {
			t.Errorf("resident %d has a contact that is none", r.Number)
		}
		switch {
		case c.Phone+c.Email == "":
		case c.Guardian:
			parents++
		default:
			own++
		}
	}
	return own, parents
}

func TestNoTwoHomesGetOneNumber(t *testing.T) {
	seen := make([]bool, lines)
	twice := 0
	for n := range lines {
		at := n * stride % lines
		if seen[at] {
			twice++
		}
		seen[at] = true
	}
	if twice > 0 || lines < 6_400_000 {
		t.Errorf("%d of %d numbers come twice", twice, lines)
	}
}

func BenchmarkState(b *testing.B) {
	n := 0
	for range State(Plan{Count: b.N, Seed: 1, Today: today, History: 100}) {
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "people/s")
}
