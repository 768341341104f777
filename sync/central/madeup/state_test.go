package madeup

import (
	"reflect"
	"slices"
	"testing"
	"unicode/utf8"

	"vaxkiosk/app/request"
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
	contacts, guardians, minors, children := 0, 0, 0, 0
	for i, r := range slices.Collect(State(Plan{Count: 10_000, Seed: 5, Today: today, History: 100, Further: true})) {
		minor := r.Birth.Age(today) < request.AdultAge
		own := r.Phone + r.Email
		for _, c := range r.More {
			if c.Guardian && !minor || (c.Phone == "") == (c.Email == "") || c.Phone != "" && request.NormalPhone(c.Phone) != c.Phone {
				t.Errorf("resident %d has a further contact that cannot be", r.Number)
			}
			if contacts++; c.Guardian {
				guardians++
			} else {
				own += c.Phone + c.Email
			}
		}
		for _, c := range []string{r.Phone, r.Email} {
			if c != "" {
				contacts++
			}
		}
		if minor {
			if minors++; own == "" {
				children++
			}
		} else if own == "" {
			t.Errorf("resident %d is not reached", r.Number)
		}
		if few[i].Says != r.Says || few[i].Birth != r.Birth || few[i].Given != r.Given || !reflect.DeepEqual(few[i].Doses, r.Doses) || few[i].More != nil {
			t.Fatalf("resident %d is another one", r.Number)
		}
	}
	within(t, "contacts", contacts, len(few), 1550, 1650)
	within(t, "children reached by parents only", children, minors, 650, 750)
	within(t, "contacts of parents", guardians, contacts, 100, 250)
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
