package match

import (
	"slices"
	"testing"

	"vaxkiosk/app/request"
)

const email = "lopez@example.org"

// asks is a request for a person of the family on the family's phone.
func asks(change func(*request.Request)) request.Request {
	r := request.Request{
		Given: "Maria", Family: "Lopez", Birth: request.Date{Year: 1980, Month: 5, Day: 6}, Gender: request.Female,
		Contact: request.ByPhone, Phone: phone,
	}
	change(&r)
	return r
}

func onFile(number int, given, family string) Candidate {
	return Candidate{Number: number, Identity: Of(given, family, "1980-05-06", request.Female, phone, email)}
}

// named changes the name that is asked for; an empty first name is one name only.
func named(given, middle, family, suffix string) func(*request.Request) {
	return func(r *request.Request) { r.Given, r.Middle, r.Family, r.Suffix = given, middle, family, suffix }
}

func before(given, family string) func(*request.Request) {
	return func(r *request.Request) { r.Other = request.Name{Given: given, Family: family} }
}

func single(name string) func(*request.Request) { return named("", "", name, "") }

// Person 7 is released, or nobody.
var verdicts = []struct {
	name    string
	asked   func(*request.Request)
	on      []Candidate
	verdict Verdict
}{
	{"family name before marriage", before("", "Garcia"), []Candidate{onFile(7, "Maria", "Garcia")}, Release},
	{"first name before", before("Mario", ""), []Candidate{onFile(7, "Mario", "Lopez")}, Release},
	{"both names before", before("Mario", "Garcia"), []Candidate{onFile(7, "Mario", "Garcia")}, Release},
	{"typing error in a name before", before("", "Hernandes"), []Candidate{onFile(7, "Maria", "Hernandez")}, Release},
	{"main name, when another one is given too", before("Mario", "Garcia"), []Candidate{onFile(7, "Maria", "Lopez")}, Release},
	{"parts of two names are not mixed", before("Mario", "Garcia"), []Candidate{onFile(7, "Mario", "Lopez")}, Review},
	{"nor the other way", before("Mario", "Garcia"), []Candidate{onFile(7, "Maria", "Garcia")}, Review},
	{"a sibling of that family name", before("", "Garcia"), []Candidate{onFile(7, "Rosa", "Garcia")}, Review},
	{"a twin whose name is one letter away", before("", "Garcia"), []Candidate{onFile(7, "Marie", "Garcia")}, Review},
	{"a twin beside oneself", before("", "Garcia"), []Candidate{onFile(7, "Maria", "Garcia"), onFile(8, "Marie", "Garcia")}, Release},
	{"a twin's name given as another name", before("Rosa", ""), []Candidate{onFile(7, "Maria", "Lopez"), onFile(8, "Rosa", "Lopez")}, Review},
	{"two people under two names", before("", "Garcia"), []Candidate{onFile(7, "Maria", "Lopez"), onFile(8, "Maria", "Garcia")}, Review},
	{"one person on file under both names", before("", "Garcia"), []Candidate{onFile(7, "Maria", "Lopez-Garcia")}, Release},
	{"a placeholder as another name", before("Baby", "Unknown"), []Candidate{onFile(7, "Baby", "Unknown")}, None},

	{"middle name in the first name on file", named("Mary", "Ann", "Lopez", ""), []Candidate{onFile(7, "Mary Ann", "Lopez")}, Release},
	{"the same in one word", named("Mary", "Ann", "Lopez", ""), []Candidate{onFile(7, "Maryann", "Lopez")}, Release},
	{"initial in the first name on file", named("Mary", "Ann", "Lopez", ""), []Candidate{onFile(7, "Mary A.", "Lopez")}, Release},
	{"a twin's initial", named("Mary", "Ann", "Lopez", ""), []Candidate{onFile(7, "Mary L", "Lopez")}, Review},
	{"an initial, and no middle name said", named("Mary", "", "Lopez", ""), []Candidate{onFile(7, "Mary A", "Lopez")}, Review},
	{"middle name not on file", named("Mary", "Ann", "Lopez", ""), []Candidate{onFile(7, "Mary", "Lopez")}, Release},
	{"middle name under a name before", func(r *request.Request) {
		named("Mary", "Ann", "Lopez", "")(r)
		before("", "Garcia")(r)
	}, []Candidate{onFile(7, "Mary Ann", "Garcia")}, Release},
	{"a twin with another middle name", named("Mary", "Ann", "Lopez", ""), []Candidate{onFile(7, "Mary Lou", "Lopez")}, Review},
	{"twins with two middle names", named("Mary", "Ann", "Lopez", ""), []Candidate{onFile(7, "Mary Ann", "Lopez"), onFile(8, "Mary Lou", "Lopez")}, Release},
	{"oneself and a twin without", named("Mary", "Ann", "Lopez", ""), []Candidate{onFile(7, "Mary Ann", "Lopez"), onFile(8, "Mary", "Lopez")}, Review},
	{"middle name alone", named("Mary", "Ann", "Lopez", ""), []Candidate{onFile(7, "Ann", "Lopez")}, Review},

	{"suffix typed apart", named("Juan", "", "Lopez", "Jr."), []Candidate{onFile(7, "Juan", "Lopez Jr.")}, Release},
	{"with a comma on file", named("Juan", "", "Lopez", "Jr."), []Candidate{onFile(7, "Juan", "LOPEZ,JR")}, Release},
	{"typed in the family name", named("Juan", "", "Lopez III", ""), []Candidate{onFile(7, "Juan", "Lopez III")}, Release},
	{"on file only", named("Juan", "", "Garcia Ruiz", ""), []Candidate{onFile(7, "Juan", "Garcia-Ruiz Jr")}, Release},
	{"typed only", named("Juan", "", "Garcia Ruiz", "Jr."), []Candidate{onFile(7, "Juan", "Garcia-Ruiz")}, Release},
	{"the father's", named("Juan", "", "Lopez", "Jr."), []Candidate{onFile(7, "Juan", "Lopez Sr.")}, Review},
	{"the father's, and a sister", named("Juan", "", "Lopez", "Jr."), []Candidate{onFile(7, "Juan", "Lopez Sr."), onFile(8, "Rosa", "Lopez")}, Review},
	{"father and son under one birth date", named("Juan", "", "Lopez", "Jr."), []Candidate{onFile(7, "Juan", "Lopez Jr"), onFile(8, "Juan", "Lopez Sr")}, Release},
	{"the same, nobody said which", named("Juan", "", "Lopez", ""), []Candidate{onFile(7, "Juan", "Lopez Jr"), onFile(8, "Juan", "Lopez Sr")}, Review},
	{"a family name like a suffix", named("Dara", "", "Iv", ""), []Candidate{onFile(7, "Dara", "Iv")}, Release},

	{"one name, none on file", single("Sukarno"), []Candidate{onFile(7, "", "Sukarno")}, Release},
	{"one name, on file as missing", single("Sukarno"), []Candidate{onFile(7, "FNU", "Sukarno")}, Release},
	{"one name, on file as no first name", single("Sukarno"), []Candidate{onFile(7, "No first name", "Sukarno")}, Release},
	{"one name, and a first name that nobody knows", single("Lopez"), []Candidate{onFile(7, "Unknown", "Lopez")}, Review},
	{"the same in short", single("Lopez"), []Candidate{onFile(7, "unk", "Lopez")}, Review},
	{"the same in other words", single("Lopez"), []Candidate{onFile(7, "none", "Lopez")}, Review},
	{"the same as a sign", single("Lopez"), []Candidate{onFile(7, "?", "Lopez")}, Review},
	{"the same as not known", single("Lopez"), []Candidate{onFile(7, "N/K", "Lopez")}, Review},
	{"one name, and a title as the first name", single("Lopez"), []Candidate{onFile(7, "Mr.", "Lopez")}, Review},
	{"one name, a hyphen on file", single("Sukarno"), []Candidate{onFile(7, "-", "Sukarno")}, Release},
	{"one name, twice on file", single("Sukarno"), []Candidate{onFile(7, "Sukarno", "Sukarno")}, Release},
	{"one name, and somebody with two", single("Lopez"), []Candidate{onFile(7, "Maria", "Lopez")}, Review},
	{"one name, and a whole family", single("Lopez"), []Candidate{onFile(7, "Maria", "Lopez"), onFile(8, "Rosa", "Lopez")}, Review},
	{"one name, and a baby without one", single("Lopez"), []Candidate{onFile(7, "Baby Girl", "Lopez")}, Review},
	{"one name, two on file without", single("Lopez"), []Candidate{onFile(7, "", "Lopez"), onFile(8, "FNU", "Lopez")}, Review},
	{"one name that is somebody's own", single("Maria"), []Candidate{onFile(7, "", "Marie")}, Review},
	{"half of a name on file", single("Siti"), []Candidate{onFile(7, "", "Siti Aminah")}, Review},
	{"typing error in the one name", single("Inidra"), []Candidate{onFile(7, "", "Indira")}, Release},
	{"a twin, both with one name that is not known", single("Suharti"), []Candidate{onFile(7, "", "Suharni")}, Review},
	{"two names, one on file", named("Ahmad", "", "Sukarno", ""), []Candidate{onFile(7, "", "Sukarno")}, Review},
	{"two names, unknown on file", named("Ahmad", "", "Sukarno", ""), []Candidate{onFile(7, "Unknown", "Sukarno")}, Review},
	{"the name twice, once on file", named("Sukarno", "", "Sukarno", ""), []Candidate{onFile(7, "", "Sukarno")}, Release},
	{"unknown typed as a first name", named("Unknown", "", "Sukarno", ""), []Candidate{onFile(7, "Unknown", "Sukarno")}, Review},
	{"FNU, as documents say", named("Fnu", "", "Sukarno", ""), []Candidate{onFile(7, "", "Sukarno")}, Release},
	{"FNU, on file too", named("Fnu", "", "Sukarno", ""), []Candidate{onFile(7, "FNU", "Sukarno")}, Release},
	{"FNU is not everybody", named("Fnu", "", "Lopez", ""), []Candidate{onFile(7, "Maria", "Lopez")}, Review},
	{"a nickname", named("Kate", "", "Lopez", ""), []Candidate{onFile(7, "Katherine", "Lopez")}, Release},
	{"a nickname as another name", before("Kate", ""), []Candidate{onFile(7, "Katherine", "Lopez")}, Release},
	{"a nickname, and two people", named("Kate", "", "Lopez", ""), []Candidate{onFile(7, "Katherine", "Lopez"), onFile(8, "Kate", "Lopez")}, Review},
	{"suffix in the first name on file", named("Juan", "", "Lopez", "Sr."), []Candidate{onFile(7, "Juan Jr", "Lopez")}, Review},
	{"suffix in words", named("Juan", "", "Lopez", "Jr."), []Candidate{onFile(7, "Juan", "Lopez Junior")}, Release},
	{"suffix as a number", named("Juan", "", "Lopez", "III"), []Candidate{onFile(7, "Juan", "Lopez 3rd")}, Release},
	{"a first name, by another name", func(r *request.Request) {
		single("Sukarno")(r)
		before("Ahmad", "")(r)
	}, []Candidate{onFile(7, "Ahmad", "Sukarno")}, Release},
}

func TestEveryNameThatWasGivenCounts(t *testing.T) {
	for _, c := range verdicts {
		got := Decide(Asked(asks(c.asked), today), c.on)
		if got.Verdict != c.verdict || (got.Person == 7) != (c.verdict == Release) || len(got.Reasons) == 0 {
			t.Errorf("%s: got %s %v for %d, want %s", c.name, got.Verdict, got.Reasons, got.Person, c.verdict)
		}
	}
}

func TestAMiddleNameThatDiffersIsSaidToDiffer(t *testing.T) {
	for _, c := range []struct {
		middle, given string
		birth         int
		want          []Reason
	}{
		{"Elena", "María José", 6, []Reason{MiddleDiffers}},
		{"Elena", "María J.", 6, []Reason{MiddleDiffers}},
		{"Elena", "María José Elena", 6, []Reason{MiddleDiffers}},
		{"Elena", "Maríana", 6, []Reason{GivenDiffers}},
		{"Elena", "Rosa José", 6, []Reason{GivenDiffers}},
		{"", "María José", 6, []Reason{GivenDiffers}},
		{"José", "María José", 7, []Reason{BirthDiffers}},
	} {
		asked := asks(named("María", c.middle, "Lopez", ""))
		asked.Birth.Day = c.birth
		if got := Decide(Asked(asked, today), []Candidate{onFile(7, c.given, "Lopez")}); got.Verdict != Review || !slices.Equal(got.Reasons, c.want) {
			t.Errorf("María %s, %s on file: got %s %v, want %v", c.middle, c.given, got.Verdict, got.Reasons, c.want)
		}
	}
}

func TestAReleaseSaysInWhichWayAllAgree(t *testing.T) {
	both := func(r *request.Request) { r.Email = email }
	for _, c := range []struct {
		asked         func(*request.Request)
		given, family string
		want          []Reason
	}{
		{named("Maria", "", "Lopez", ""), "MARÍA", "Lopez", []Reason{PhoneAgrees}},
		{both, "Maria", "Lopez", []Reason{PhoneAgrees, EmailAgrees}},
		{func(r *request.Request) { r.Phone, r.Email = "", email }, "Maria", "Lopez", []Reason{EmailAgrees}},
		{before("", "Garcia"), "Maria", "Garcia", []Reason{OtherUsed, PhoneAgrees}},
		{before("Rosa", ""), "Rosa", "Lopez", []Reason{OtherUsed, PhoneAgrees}},
		{before("Rosa", "Garcia"), "Maria", "Lopez", []Reason{PhoneAgrees}},
		{named("Mary", "Ann", "Lopez", ""), "Mary Ann", "Lopez", []Reason{MiddleUsed, PhoneAgrees}},
		{named("Mary", "Ann", "Lopez", ""), "Mary A", "Lopez-Ruiz", []Reason{MiddleUsed, PartsAgree, PhoneAgrees}},
		{named("Mary", "Ann", "Lopez", ""), "Mary", "Lopez", []Reason{PhoneAgrees}},
		{func(r *request.Request) {
			named("Mary", "Ann", "Lopez", "")(r)
			before("", "Garcia")(r)
		}, "Mary Ann", "Garcia", []Reason{OtherUsed, MiddleUsed, PhoneAgrees}},
		{named("Maria", "", "Ruiz Garcia", ""), "Maria", "Garcia-Ruiz", []Reason{PartsAgree, PhoneAgrees}},
		{named("Maria", "", "Mc Donald", ""), "Maria", "MacDonald", []Reason{PhoneAgrees}},
		{named("Maria", "", "Hernandes", ""), "Marai", "Hernandez-Ruiz", []Reason{PartsAgree, Typo, PhoneAgrees}},
		{named("Kate", "", "Lopez", ""), "Katherine", "Lopez", []Reason{Nickname, PhoneAgrees}},
		{single("Sukarno"), "", "Sukarno", []Reason{OneName, PhoneAgrees}},
		{named("Sukarno", "", "Sukarno", ""), "", "Sukarno", []Reason{OneName, PhoneAgrees}},
	} {
		got := Decide(Asked(asks(c.asked), today), []Candidate{onFile(7, c.given, c.family)})
		if want := append([]Reason{Agrees}, c.want...); !slices.Equal(got.Reasons, want) {
			t.Errorf("%s %s on file: got %s %v, want %v", c.given, c.family, got.Verdict, got.Reasons, want)
		}
	}
}

// Another name or an only name never does more than the birth date and a contact allow.
func TestNoNameOpensARecordWithoutTheRest(t *testing.T) {
	for _, c := range verdicts {
		if c.verdict != Release {
			continue
		}
		for what, change := range map[string]func(*request.Request){
			"birth date": func(r *request.Request) { r.Birth.Day++ },
			"contact":    func(r *request.Request) { r.Phone = "+16175550124" },
		} {
			r := asks(c.asked)
			change(&r)
			if got := Decide(Asked(r, today), c.on); got.Verdict == Release {
				t.Errorf("%s: released with another %s", c.name, what)
			}
		}
	}
}

func TestOfTwoContactsOneMustAgreeWithExactlyOnePerson(t *testing.T) {
	with := func(number int, given, phone, email string) Candidate {
		return Candidate{Number: number, Identity: Of(given, "Lopez", "1980-05-06", request.Female, phone, email)}
	}
	asked := Asked(asks(func(r *request.Request) { r.Email = email }), today)
	for _, c := range []struct {
		name    string
		on      []Candidate
		verdict Verdict
	}{
		{"both", []Candidate{with(7, "Maria", phone, email)}, Release},
		{"phone only", []Candidate{with(7, "Maria", phone, "other@example.org")}, Release},
		{"e-mail only", []Candidate{with(7, "Maria", "+16175550124", email)}, Release},
		{"neither", []Candidate{with(7, "Maria", "+16175550124", "other@example.org")}, Review},
		{"the phone of one, the e-mail of another", []Candidate{with(7, "Maria", phone, ""), with(8, "Maria", "", email)}, Review},
		{"the e-mail of a sister", []Candidate{with(7, "Maria", phone, ""), with(8, "Rosa", "", email)}, Release},
	} {
		got := Decide(asked, c.on)
		if got.Verdict != c.verdict || (got.Person == 7) != (c.verdict == Release) {
			t.Errorf("%s: got %s %v for %d, want %s", c.name, got.Verdict, got.Reasons, got.Person, c.verdict)
		}
	}
}

// Whatever names are given: without birth date and contact nothing opens, and who
// has one name only is nobody with a first name of their own.
func FuzzNoNameOpensMoreThanItShould(f *testing.F) {
	f.Add("Mary", "Ann", "Lopez", "Maria", "Garcia", "Mary Ann", "Garcia")
	f.Add("", "", "Sukarno", "", "", "FNU", "Sukarno")
	f.Add("", "", "Lopez", "", "", "Maria", "Lopez")
	f.Add("", "Maria", "Lopez", "", "", "Maria", "Lopez")
	f.Add("Fnu", "", "Lopez Jr.", "", "", "", "LOPEZ,SR")
	f.Fuzz(func(t *testing.T, given, middle, family, otherGiven, otherFamily, onGiven, onFamily string) {
		asked := Asked(asks(func(r *request.Request) {
			r.Given, r.Middle, r.Family, r.Other = given, middle, family, request.Name{Given: otherGiven, Family: otherFamily}
		}), today)
		for _, on := range []Identity{
			Of(onGiven, onFamily, "1980-05-07", request.Female, phone, email),
			Of(onGiven, onFamily, "1980-05-06", request.Female, "+16175550124", "other@example.org"),
		} {
			known := Candidate{Number: 7, Identity: on, Also: []Identity{on.Under(given, family)}, More: []Contact{{Key: phone, Guardian: true}, {}}}
			if Decide(asked, []Candidate{known}).Verdict == Release {
				t.Error("released without birth date or contact")
			}
		}
		on := onFile(7, onGiven, onFamily)
		if given+otherGiven == "" && !on.Single && on.Given.whole() != on.Family.whole() && Decide(asked, []Candidate{on}).Verdict == Release {
			t.Error("one name agrees with somebody who has another first name")
		}
	})
}
