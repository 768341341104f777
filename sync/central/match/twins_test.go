package match

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/app/request"
	"vaxkiosk/assets"
)

// pooled are the names of one gender in alphabetical order, so that neighbours are as alike as
// twins may be called.
func pooled(t *testing.T, pools ...string) []string {
	t.Helper()
	byKey := map[string]string{}
	for _, pool := range pools {
		for _, w := range assets.Names(pool) {
			if !strings.Contains(w.Name, "?") {
				byKey[NameOf(w.Name).whole()] = w.Name
			}
		}
	}
	delete(byKey, "")
	return slices.Collect(func(yield func(string) bool) {
		for _, key := range slices.Sorted(maps.Keys(byKey)) {
			if !yield(byKey[key]) {
				return
			}
		}
	})
}

// asTyped is one of the ways to write a name.
func asTyped(r *rand.Rand, name string) string {
	switch r.IntN(4) {
	case 0:
		return strings.ToUpper(name)
	case 1:
		return " " + strings.ToLower(name) + "."
	case 2:
		return "Dr. " + name
	}
	return name
}

// Every name of the pools with the ones most like it, and with one drawn: as twins
// who share everything else, the sibling alone on file or both of them.
func TestNoTwinIsReleasedToTheOther(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for gender, all := range map[request.Gender][]string{
		request.Female: pooled(t, "given-girl", "given-girl-chinese"), request.Male: pooled(t, "given-boy", "given-boy-chinese"),
	} {
		shared := Of("", "Lopez", "1980-05-06", gender, phone, email)
		shared.Single = false
		on := func(name string) Identity {
			id := shared
			id.Given, _ = givenOf(name)
			return id
		}
		released, pairs, short := 0, 0, 0
		for i, name := range all {
			self := []Identity{on(asTyped(r, name))}
			for _, j := range []int{i + 1, i + 2, i + 3, r.IntN(len(all))} {
				twin := all[j%len(all)]
				if i == j%len(all) {
					continue
				}
				pairs++
				if nickname(self[0], on(twin)) {
					short++ // one name, says the table
					shortForm(t, self[0], on(name), on(twin))
					continue
				}
				if d := Decide(self, []Candidate{{Number: 2, Identity: on(twin)}}); d.Verdict == Release {
					t.Errorf("%s is released to %s", twin, name)
				}
				if d := Decide(self, []Candidate{{Number: 2, Identity: on(twin)}, {Number: 1, Identity: on(name)}}); d.Person == 1 {
					released++
				} else if d.Verdict == Release {
					t.Errorf("%s is released to %s although both are on file", twin, name)
				}
			}
		}
		if len(all) < 4000 || short > pairs/100 || released < (pairs-short)*99/100 {
			t.Errorf("%s: %d names, %d pairs, %d of the table, %d got their own", gender, len(all), pairs, short, released)
		}
	}
}

// shortForm wants of two names in the table that one person may go by both, and that of
// two people nobody is released; nor is anybody by it whose gender is not said.
func shortForm(t *testing.T, self, on, other Identity) {
	t.Helper()
	if d := Decide([]Identity{self}, []Candidate{{Number: 2, Identity: other}}); d.Verdict != Release || !slices.Contains(d.Reasons, Nickname) {
		t.Errorf("%v for %v: got %s %v", self.Given, other.Given, d.Verdict, d.Reasons)
	}
	if d := Decide([]Identity{self}, []Candidate{{Number: 2, Identity: other}, {Number: 1, Identity: on}}); d.Verdict != Review {
		t.Errorf("%v and %v are both on file: got %s", self.Given, other.Given, d.Verdict)
	}
	for _, change := range []func(id *Identity){
		func(id *Identity) { id.Gender = "" }, func(id *Identity) { id.Birth = "1980-05-07" },
		func(id *Identity) { id.Phone, id.Email = "+16175550124", "" }, func(id *Identity) { id.Family = NameOf("Lopez-Ruiz") },
	} {
		less := other
		change(&less)
		for _, pair := range [][2]Identity{{self, less}, {less, self}} {
			if d := Decide([]Identity{pair[0]}, []Candidate{{Number: 2, Identity: pair[1]}}); d.Verdict == Release {
				t.Errorf("%v is released to %v with less than all the rest", pair[1].Given, pair[0].Given)
			}
		}
	}
}

// Pairs that begin as a name and its short form, or sound like it, and are given to
// two children: the table must not have them, in either direction.
func TestNamesThatParentsGiveToTwoChildrenAreNotOneName(t *testing.T) {
	for gender, pairs := range map[request.Gender]string{
		request.Female: `Elizabeth Lisa, Elizabeth Eliza, Elizabeth Isabel, Isabella Bella, Isabella Ella, Eleanor Ella, Eleanor Nora, Ann Nancy, Anna Ana,
			Anna Anya, Anna Hannah, Hannah Ann, Natalia Natasha, Katherine Karen, Katherine Katie, Kathleen Katie, Katherine Kathleen, Maria Mary, Maria Marie,
			Maria Mia, Mary Molly, Margaret Molly, Margaret Megan, Christina Kristina, Christina Christine, Helen Elena, Alexandra Alexa, Sophia Sofie,
			Emily Emma, Amelia Emily, Carol Caroline, Carla Carlota, Susan Susanna, Victoria Vita, Olivia Livia, Rosa Rosalia`,
		request.Male: `John Jack, John Ian, John Sean, Christopher Christian, Christopher Chris, Christian Chris, William Liam, Alexander Alec, Alexander Alan,
			Daniel Danilo, Edward Edwin, Edward Edgar, Edgar Ed, James Jamie, James Jake, Jacob Jack, Juan Ian, Luis Louis, Martin Mark,
			Michael Mitchell, Stephen Stefan, Steven Stephen, Robert Roberto, Jerome Jerry, Gerald Jerry, Albert Bertrand, Roberto Beto, Alberto Beto, Carl Carlos`,
	} {
		for pair := range strings.SplitSeq(pairs, ",") {
			twins := strings.Fields(pair)
			for _, two := range [][2]string{{twins[0], twins[1]}, {twins[1], twins[0]}} {
				asked, on := Of(two[0], "Lopez", "1980-05-06", gender, phone, ""), Of(two[1], "Lopez", "1980-05-06", gender, phone, "")
				if d := Decide([]Identity{asked}, []Candidate{{Number: 2, Identity: on}}); d.Verdict == Release {
					t.Errorf("%s is released to %s: %v", two[1], two[0], d.Reasons)
				}
			}
		}
	}
}

// Families of which one member is on file, asked for by another, in every way to write it.
func TestNobodyIsReleasedToTheirFamily(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	girls, boys := pooled(t, "given-girl"), pooled(t, "given-boy")
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	families := assets.Names("family")
	day := func(from, years int) request.Date {
		return request.Date{Year: from + r.IntN(years), Month: 1 + r.IntN(12), Day: 1 + r.IntN(28)}
	}
	for range 3_000 {
		family := families[r.IntN(len(families))].Name
		given, birth := pick(girls), day(1985, 30)
		self := request.Request{
			Given: asTyped(r, given), Middle: cmp.Or([]string{"", "A"}[r.IntN(2)], pick(girls)), Family: family + []string{"", "-Ruiz", " Jr."}[r.IntN(3)],
			Other: request.Name{Family: []string{"", pick([]string{"Ruiz", family})}[r.IntN(2)]}, Birth: birth, Gender: request.Female, Phone: phone, Email: email,
		}
		for what, on := range map[string]Identity{
			"twin brother":  Of(pick(boys), family, birth.String(), request.Male, phone, email),
			"sibling":       Of(pick(girls), family, day(1985, 30).String(), request.Female, phone, email),
			"mother":        Of(given, family, day(1950, 30).String(), request.Female, phone, email),
			"father":        Of(given, family+" Sr.", day(1950, 30).String(), request.Male, phone, ""),
			"twin, unnamed": Of("Baby Girl B", family, birth.String(), request.Female, phone, email),
			"namesake":      Of(given, family, birth.String(), request.Female, "+16175550124", "other@example.org"),
		} {
			if what == "twin brother" && on.Given.whole() == NameOf(given).whole() {
				continue // one name for both
			}
			if what == "sibling" && on.Birth == birth.String() {
				continue
			}
			married := on
			married.Family = NameOf("Quinterosa")
			d, before := Decide(Asked(self, today), []Candidate{{Number: 2, Identity: on}}), Decide(Asked(self, today), []Candidate{{Number: 2, Identity: married, Also: []Identity{on}}})
			if d.Verdict == Release || before.Verdict == Release {
				t.Fatalf("the %s, %v, is released to %s", what, on.Given, given)
			}
		}
	}
}
