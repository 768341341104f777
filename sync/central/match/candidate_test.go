package match

import (
	"slices"
	"testing"

	"vaxkiosk/app/request"
)

const second = "+16175550177"

// child is a request of a parent for an eight-year-old of the family.
func child(r *request.Request) {
	r.Relation, r.Birth = request.Child, request.Date{Year: 2018, Month: 5, Day: 6}
}

func onSecond(change func(*request.Request)) func(*request.Request) {
	return func(r *request.Request) {
		change(r)
		r.Phone = second
	}
}

func reachedBy(key string, guardian bool) func(*Candidate) {
	return func(c *Candidate) { c.More = append(c.More, Contact{key, guardian}) }
}

func TestEveryContactOnFileCountsAndThoseOfAParentForAMinorOnly(t *testing.T) {
	self := func(r *request.Request) { r.Relation = request.Self }
	represented := func(r *request.Request) { r.Relation, r.Capacity = request.Represented, request.CourtGuardian }
	grown := func(r *request.Request) { child(r); r.Birth = request.Date{Year: 2008, Month: 11, Day: 23} } // 18 today
	nearly := func(r *request.Request) { child(r); r.Birth = request.Date{Year: 2008, Month: 11, Day: 24} }
	mailed := func(r *request.Request) { r.Phone, r.Email = "", "other+tag@Example.org" }
	for name, c := range map[string]struct {
		asked   func(*request.Request)
		more    func(*Candidate)
		verdict Verdict
		by      []Reason
	}{
		"a second phone":                     {onSecond(self), reachedBy(second, false), Release, []Reason{PhoneAgrees}},
		"a second e-mail":                    {mailed, reachedBy("other@example.org", false), Release, []Reason{EmailAgrees}},
		"none of them":                       {onSecond(self), reachedBy("+16175550178", false), Review, nil},
		"a parent's, for the child":          {onSecond(child), reachedBy(second, true), Release, []Reason{ParentsContact}},
		"a parent's, until the day before":   {onSecond(nearly), reachedBy(second, true), Release, []Reason{ParentsContact}},
		"a parent's, from the 18th birthday": {onSecond(grown), reachedBy(second, true), Review, nil},
		"a parent's, by themselves":          {onSecond(self), reachedBy(second, true), Review, nil},
		"a parent's, by a representative":    {onSecond(represented), reachedBy(second, true), Review, nil},
		"the child's own":                    {onSecond(child), reachedBy(second, false), Release, []Reason{PhoneAgrees}},
		"both the child's and a parent's": {child, func(c *Candidate) {
			reachedBy(second, true)(c)
			reachedBy(phone, true)(c)
		}, Release, []Reason{PhoneAgrees}},
	} {
		r := asks(c.asked)
		on := Candidate{Number: 7, Identity: Of(r.Given, r.Family, r.Birth.String(), r.Gender, phone, email)}
		c.more(&on)
		got := Decide(Asked(r, today), []Candidate{on})
		if got.Verdict != c.verdict || got.Verdict == Release && !slices.Equal(got.Reasons, append([]Reason{Agrees}, c.by...)) ||
			got.Verdict == Review && (!slices.Equal(got.Reasons, []Reason{ContactDiffers}) || got.MayBe != nil) {
			t.Errorf("%s: got %s %v, %d may be meant", name, got.Verdict, got.Reasons, len(got.MayBe))
		}
	}
}

func TestPlaceholdersAreNoFurtherContact(t *testing.T) {
	on := onFile(7, "Maria", "Lopez")
	on.More = []Contact{{}, {Guardian: true}}
	r := asks(func(r *request.Request) { child(r); r.Phone, r.Email = "617-999-9999", "none@none.com" })
	on.Birth = r.Birth.String()
	if got := Decide(Asked(r, today), []Candidate{on}); got.Verdict != Review {
		t.Errorf("got %s %v", got.Verdict, got.Reasons)
	}
}

func TestTwoWhoShareAFurtherContactReleaseNobody(t *testing.T) {
	a, b := onFile(7, "Maria", "Lopez"), onFile(8, "Maria", "Lopez")
	a.Phone, a.More = "+16175550124", []Contact{{Key: phone}}
	if got := Decide(Asked(asks(func(*request.Request) {}), today), []Candidate{a, b}); got.Verdict != Review || !slices.Equal(got.MayBe, []int{7, 8}) {
		t.Errorf("got %s %v", got.Verdict, got.Reasons)
	}
}

// Person 7 is Maria Lopez today, and was Maria Garcia.
func TestANameOfBeforeThatIsOnFileCountsWithoutAnError(t *testing.T) {
	for _, c := range []struct {
		name          string
		asked         func(*request.Request)
		given, family string // of today
		also          [2]string
		verdict       Verdict
		why           []Reason
	}{
		{"the name before marriage", named("Maria", "", "Garcia", ""), "Maria", "Lopez", [2]string{"Maria", "Garcia"}, Release, []Reason{Agrees, FormerName, PhoneAgrees}},
		{"the first name is left out on file", named("Maria", "", "Garcia", ""), "Maria", "Lopez", [2]string{"", "Garcia"}, Release, []Reason{Agrees, FormerName, PhoneAgrees}},
		{"another first name", named("Mario", "", "Lopez", ""), "Maria", "Lopez", [2]string{"Mario", ""}, Release, []Reason{Agrees, FormerName, PhoneAgrees}},
		{"half of a double name", named("Maria", "", "Garcia", ""), "Maria", "Lopez", [2]string{"Maria", "Garcia-Ruiz"}, Release, []Reason{Agrees, FormerName, PartsAgree, PhoneAgrees}},
		{"with a middle name", named("Maria", "Ana", "Garcia", ""), "Maria Ana", "Lopez", [2]string{"Maria Ana", "Garcia"}, Release, []Reason{Agrees, FormerName, MiddleUsed, PhoneAgrees}},
		{"as another name", before("", "Garcia"), "Maria", "Diaz", [2]string{"Maria", "Garcia"}, Release, []Reason{Agrees, FormerName, OtherUsed, PhoneAgrees}},
		{"the name of today", named("Maria", "", "Lopez", ""), "Maria", "Lopez", [2]string{"Maria", "Garcia"}, Release, []Reason{Agrees, PhoneAgrees}},
		{"a typing error in it", named("Maria", "", "Garica", ""), "Maria", "Lopez", [2]string{"Maria", "Garcia"}, Review, []Reason{FamilyDiffers}},
		{"a typing error in the first name", named("Marai", "", "Garcia", ""), "Maria", "Lopez", [2]string{"Maria", "Garcia"}, Review, []Reason{FamilyDiffers}},
		{"a short form", named("Kate", "", "Garcia", ""), "Katherine", "Lopez", [2]string{"Katherine", "Garcia"}, None, nil},
		{"a sister of before", named("Rosa", "", "Garcia", ""), "Maria", "Lopez", [2]string{"Maria", "Garcia"}, None, nil},
		{"a twin of before", named("Marie", "", "Garcia", ""), "Maria", "Lopez", [2]string{"Maria", "Garcia"}, None, nil},
		{"another suffix", named("Maria", "", "Garcia", "Jr."), "Maria", "Lopez Sr.", [2]string{"Maria", "Garcia"}, Review, []Reason{SuffixDiffers}},
		{"nothing of the name of today", named("Maria", "", "Garcia", ""), "Ana", "Lopez", [2]string{"Maria", "Garcia"}, Review, []Reason{FormerName}},
		{"nothing of it, and a typing error", named("Maria", "", "Garica", ""), "Ana", "Lopez", [2]string{"Maria", "Garcia"}, None, nil},
		{"a placeholder", named("Baby", "", "Unknown", ""), "Maria", "Lopez", [2]string{"Baby", "Unknown"}, None, nil},
	} {
		on := onFile(7, c.given, c.family)
		on.Also = []Identity{on.Under(c.also[0], c.also[1])}
		if c.also[0] != "" && c.also[1] != "" { // a name is all that is on file of it
			on.Also = []Identity{Of(c.also[0], c.also[1], "", "", "", "")}
		}
		got := Decide(Asked(asks(c.asked), today), []Candidate{on})
		mayBe := c.verdict == Review && !slices.Contains(c.why, FormerName) // else a kiosk would refuse the record
		if got.Verdict != c.verdict || c.why != nil && !slices.Equal(got.Reasons, c.why) || slices.Contains(got.MayBe, 7) != mayBe {
			t.Errorf("%s: got %s %v, %d may be meant", c.name, got.Verdict, got.Reasons, len(got.MayBe))
		}
	}
}

func TestSomebodyElseWhoseNameOfBeforeAgreesReleasesNobody(t *testing.T) {
	self, other := onFile(7, "Maria", "Lopez"), onFile(8, "Ana", "Diaz")
	for _, also := range [][2]string{{"Maria", "Lopez"}, {"Maria", ""}} {
		other.Also = []Identity{other.Under(also[0], also[1])}
		for _, on := range [][]Candidate{{self, other}, {other, self}} {
			got, want := Decide(Asked(asks(func(*request.Request) {}), today), on), Review
			if also[1] == "" {
				want = Release // Maria Diaz is no Maria Lopez
			}
			if got.Verdict != want || want == Review && !slices.Equal(got.MayBe, []int{7}) {
				t.Errorf("%v: got %s %v", also, got.Verdict, got.Reasons)
			}
		}
	}
}

func TestStaffDecideOnTheRestrictedAndTheDeceased(t *testing.T) {
	self, represented := func(r *request.Request) { r.Relation = request.Self }, func(r *request.Request) { r.Relation = request.Represented }
	forChild := func(r *request.Request) { r.Relation = request.Child }
	stranger := func(r *request.Request) { self(r); r.Family = "Fox" }
	restricted, deceased := func(c *Candidate) { c.Restricted = true }, func(c *Candidate) { c.Deceased = true }
	both := func(c *Candidate) { restricted(c); deceased(c) }
	for name, c := range map[string]struct {
		asked   func(*request.Request)
		mark    func(*Candidate)
		verdict Verdict
		why     []Reason
	}{
		"restricted":                       {self, restricted, Review, []Reason{Restricted}},
		"restricted, a parent":             {forChild, restricted, Review, []Reason{Restricted}},
		"deceased":                         {self, deceased, Review, []Reason{Deceased}},
		"deceased, a parent":               {forChild, deceased, Release, nil},
		"deceased, a representative":       {represented, deceased, Release, nil},
		"both":                             {self, both, Review, []Reason{Restricted, Deceased}},
		"one thing differs as well":        {stranger, both, Review, []Reason{FamilyDiffers}},
		"another contact, and one differs": {func(r *request.Request) { stranger(r); r.Phone = second }, both, None, nil},
	} {
		on := onFile(7, "Maria", "Lopez")
		c.mark(&on)
		got := Decide(Asked(asks(c.asked), today), []Candidate{on})
		if got.Verdict != c.verdict || c.why != nil && !slices.Equal(got.Reasons, c.why) || slices.Contains(got.MayBe, 7) != (c.verdict == Review) || (got.Person == 7) != (c.verdict == Release) {
			t.Errorf("%s: got %s %v", name, got.Verdict, got.Reasons)
		}
		if name == "both" { // they count as one who agrees
			other := onFile(8, "Maria", "Lopez")
			if got := Decide(Asked(asks(c.asked), today), []Candidate{on, other}); !slices.Equal(got.Reasons, []Reason{SeveralAgree}) || !slices.Equal(got.MayBe, []int{7, 8}) {
				t.Errorf("beside somebody else: got %s %v", got.Verdict, got.Reasons)
			}
		}
	}
}
