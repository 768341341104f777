// Package registry says what a registry has of people: a Person with doses and
// recommendations, and an Entry, which is the smallest part of one that can come
// in. Source is the port they come through: package exchange reads files, and what reads
// another registry will be another Source. The store takes entries one by one, or people
// whole; a Writer takes people out.
//
// Ids belong to where they come from: the same id in two origins is two people, or two
// doses. A dose comes as a Report; several reports may be of one dose, and Compose makes
// doses of all of them.
//
// Nothing here prints what it holds: String and GoString of all give a number,
// so that no log and no error tells about anybody (promise P9).
package registry

import (
	"fmt"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
)

// Person is one resident as the registry has them. Phone (E.164) and Email are
// the contact to be used first; one of them may be empty.
type Person struct {
	Number        int // from 1
	Given, Family string
	Also          []request.Name // other names on file: earlier ones, a maiden name
	Birth         request.Date
	Gender        request.Gender
	Phone, Email  string
	More          []Contact // beside Phone and Email, best first

	Inactive   bool   // the source no longer uses this entry: nobody is found by it
	ReplacedBy string // id in the same source of who this entry is now; "" for none
	Deceased   bool
	Restricted bool   // restricted or very restricted (FHIR meta.security R, V), as a whole or one of the doses
	Index      string // id in a master index that several sources share; "" for none

	Doses  []record.Dose // newest first, Card is always 0
	Unread int           // entries on file, doses as it seems, that could not be read

	Recommendations       []record.Recommendation // all as of one day
	UnreadRecommendations int
}

// Contact is a further way to reach somebody.
type Contact struct {
	Phone, Email string // one of them
	Guardian     bool   // a parent's, of a minor: counts for requests of the relation "child" only
}

// String keeps people out of logs (promise P9).
func (p Person) String() string { return fmt.Sprintf("resident %d", p.Number) }

// GoString is String, so that %#v tells no more.
func (p Person) GoString() string { return p.String() }

// Entry is one part of what a source has: one of the pointers is set. Number of the
// person is not known yet; it goes with the id in the source. A Person that is Inactive or
// ReplacedBy somebody may come without name and birth date: those on file stay.
type Entry struct {
	Line     int
	ID       string    // of the person in the source; of a removal, what is removed
	At       time.Time // when the source changed it last; zero when it does not say
	Person   *Person
	Dose     *Report
	Forecast *Forecast
	Remove   *Removal
}

// Kind is what an entry is of.
type Kind int

// The kinds; OfNone is of one that cannot be read so far.
const (
	OfNone Kind = iota
	OfPerson
	OfDose
	OfForecast
)

// Kind tells what the entry is of.
func (e Entry) Kind() Kind {
	switch {
	case e.Dose != nil, e.Remove != nil && e.Remove.Dose:
		return OfDose
	case e.Forecast != nil:
		return OfForecast
	}
	return OfPerson
}

// Report is what a source says of one dose. An entry in error takes back the report with
// the same identity.
type Report struct {
	record.Dose
	ID   string // of the report in its source; without one, person, date, CVX and lot are its identity
	Site string // where on the body, as coded by the source; tells two doses of a day apart

	Restricted bool // restricted or very restricted: staff decide before a record with it is given out

	// Unread says why a report that seems to be of a dose cannot be used. Dose may be
	// empty then: the entry is refused, and counted for the person it is about.
	Unread Reason
}

// Forecast is all that a registry recommends to a person as of one day; it may be empty.
type Forecast struct {
	AsOf   string // YYYY-MM-DD
	All    []record.Recommendation
	Unread int // recommendations that could not be read
}

// Removal takes back what came before: a person, or one dose.
type Removal struct{ Dose bool }

// String keeps people out of logs (promise P9).
func (e Entry) String() string { return fmt.Sprintf("line %d", e.Line) }

// GoString is String, so that %#v tells no more.
func (e Entry) GoString() string { return e.String() }

// Source gives what a registry has, entry by entry.
//
// Obligations: a person comes before what is theirs, or came from an earlier source. Next
// returns a *Bad for what cannot be used and goes on behind it, and io.EOF at the end.
// Position is behind the last that Next returned, so that reading can go on there after a
// crash, and says by its digest whether the source is still the one that was begun.
type Source interface {
	Next() (Entry, error)
	Position() Position
}

// Position is how far reading has come. Digest is SHA-256 of the bytes before it.
type Position struct {
	Bytes  int64
	Line   int
	Digest []byte
}

// Reason says why an entry is not used. The source has the list.
type Reason string

// Bad is an entry that is not used. Reading may go on.
type Bad struct {
	Line   int
	Reason Reason
	Passed bool // nothing is wrong with it: it is nothing that the registry keeps
	Kind   Kind // what it would have been
}

// Error is line and reason, and never what the entry says (promise P9).
func (b *Bad) Error() string { return fmt.Sprintf("line %d: %s", b.Line, b.Reason) }

// Writer writes people in a form that a Source reads. Flush ends it.
type Writer interface {
	Write(p Person) error
	Flush() error
}
