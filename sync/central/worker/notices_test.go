package worker

import (
	"testing"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

var today = request.Date{Year: 2026, Month: 11, Day: 30}

// reachedByMany is somebody with two contacts of each kind, two of a parent, and three
// that are none.
func reachedByMany(birth request.Date) registry.Person {
	return registry.Person{
		Birth: birth, Phone: "+16175550142", Email: "first+tag@example.org", More: []registry.Contact{
			{Phone: "(617) 555-0177"},
			{Email: "second@example.org"},
			{Phone: "+16179999999"},
			{Email: "none@none.com"},
			{},
			{Phone: "+16175550188", Guardian: true},
			{Email: "parent@example.org", Guardian: true},
		},
	}
}

var (
	grown = request.Date{Year: 1980, Month: 5, Day: 6}
	minor = request.Date{Year: 2018, Month: 5, Day: 6}
	of18  = request.Date{Year: 2008, Month: 11, Day: 30}
)

func TestACodeGoesToWhicheverContactOnFileWasGiven(t *testing.T) {
	for name, c := range map[string]struct {
		birth    request.Date
		relation request.Relation
		phone    string
		email    string
		first    request.ContactKind
		to       string
	}{
		"first phone":                {grown, request.Self, "+16175550142", "", request.ByPhone, "+16175550142"},
		"second phone":               {grown, request.Self, "+16175550177", "", request.ByPhone, "+16175550177"},
		"first e-mail, with its tag": {grown, request.Self, "", "FIRST@example.org", request.ByEmail, "first+tag@example.org"},
		"second e-mail":              {grown, request.Self, "", "second+x@example.org", request.ByEmail, "second@example.org"},
		"two, phone first":           {grown, request.Self, "+16175550177", "first@example.org", request.ByPhone, "+16175550177"},
		"two, e-mail first":          {grown, request.Self, "+16175550142", "second@example.org", request.ByEmail, "second@example.org"},
		"two, the other on file":     {grown, request.Self, "+16175550143", "second@example.org", request.ByPhone, "second@example.org"},
		"none on file":               {grown, request.Self, "+16175550143", "", request.ByPhone, ""},
		"placeholders":               {grown, request.Self, "+16179999999", "none@none.com", request.ByPhone, ""},
		"a parent's, of an adult":    {grown, request.Self, "+16175550188", "parent@example.org", request.ByPhone, ""},
		"a parent's, represented":    {minor, request.Represented, "+16175550188", "", request.ByPhone, ""},
		"a parent's, of a minor":     {minor, request.Child, "+16175550188", "", request.ByPhone, "+16175550188"},
		"a parent's e-mail":          {minor, request.Child, "", "parent@example.org", request.ByEmail, "parent@example.org"},
		"the minor's own":            {minor, request.Child, "+16175550142", "", request.ByPhone, "+16175550142"},
		"a parent's, of age today":   {of18, request.Child, "+16175550188", "", request.ByPhone, ""},
	} {
		r := request.Request{Relation: c.relation, Birth: c.birth, Phone: c.phone, Email: c.email, Contact: c.first}
		if got := asGiven(reachable(reachedByMany(c.birth), r.Relation, today), r); got.to != c.to {
			t.Errorf("%s: to %q, want %q", name, got.to, c.to)
		}
	}
}

func TestANewCodeGoesToTheContactOfTheOneBeforeOrToAnotherOnFile(t *testing.T) {
	dir := t.TempDir()
	if err := access.Make(dir); err != nil {
		t.Fatal(err)
	}
	keeper, err := access.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	w := New(Options{Keys: folder.Keys{Keeper: keeper}})
	const id = "a-request"
	mark := func(key string) string { return keeper.ContactMark(id, key) }
	many, child := reachedByMany(grown), reachedByMany(minor)
	phones := registry.Person{Phone: "+16175550142", More: []registry.Contact{{Phone: "+16175550177"}}}
	for name, c := range map[string]struct {
		on        registry.Person
		relation  request.Relation
		channel   request.ContactKind
		mark      string
		same, any string
	}{
		"the first phone":             {many, request.Self, request.ByPhone, mark("+16175550142"), "+16175550142", "first+tag@example.org"},
		"the second phone":            {many, request.Self, request.ByPhone, mark("+16175550177"), "+16175550177", "first+tag@example.org"},
		"an e-mail":                   {many, request.Self, request.ByEmail, mark("second@example.org"), "second@example.org", "+16175550142"},
		"a parent's phone":            {child, request.Child, request.ByPhone, mark("+16175550188"), "+16175550188", "first+tag@example.org"},
		"a parent's, of age by now":   {many, request.Child, request.ByPhone, mark("+16175550188"), "+16175550142", "first+tag@example.org"},
		"from before there were any":  {many, request.Self, request.ByEmail, "", "first+tag@example.org", "+16175550142"},
		"of another request":          {many, request.Self, request.ByPhone, keeper.ContactMark("another", "+16175550177"), "+16175550142", "first+tag@example.org"},
		"two of one kind":             {phones, request.Self, request.ByPhone, mark("+16175550142"), "+16175550142", "+16175550177"},
		"the second of one kind":      {phones, request.Self, request.ByPhone, mark("+16175550177"), "+16175550177", "+16175550142"},
		"none of that kind any more":  {phones, request.Self, request.ByEmail, mark("first@example.org"), "+16175550142", "+16175550177"},
		"nothing on file, or nobody":  {registry.Person{}, request.Self, request.ByPhone, mark("+16175550142"), "", ""},
		"one, and another was wished": {registry.Person{Email: "first@example.org"}, request.Self, request.ByEmail, "", "first@example.org", "first@example.org"},
	} {
		r := store.Resend{ID: id, Relation: c.relation, Channel: string(c.channel), Mark: c.mark}
		all := reachable(c.on, c.relation, today)
		same := w.again(all, r)
		r.Other = true
		if any := w.again(all, r); same.to != c.same || any.to != c.any {
			t.Errorf("%s: again to %q, another %q, want %q and %q", name, same.to, any.to, c.same, c.any)
		}
	}
}
