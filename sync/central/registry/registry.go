// Package registry says what a registry has of people: a Person with doses and
// recommendations, and an Entry, which is the smallest part of one that can come
// in. Source is the port they come through: package exchange reads files, and what reads
// another registry will be another Source. The store takes entries one by one, or people
// whole; a Writer takes people out.
//
// Nothing here prints what it holds: String and GoString of both give a number,
// so that no log and no error tells about anybody (promise P9).
package registry

import (
	"fmt"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
)

// Person is one resident as the registry has them. Phone (E.164) and Email are
// the contact on file, a child's is the guardian's; one of them may be empty.
type Person struct {
	Number        int // from 1
	Given, Family string
	Birth         request.Date
	Gender        request.Gender
	Phone, Email  string
	Doses         []record.Dose // newest first, Card is always 0

	Recommendations []record.Recommendation // all as of one day
}

// String keeps people out of logs (promise P9).
func (p Person) String() string { return fmt.Sprintf("resident %d", p.Number) }

// GoString is String, so that %#v tells no more.
func (p Person) GoString() string { return p.String() }

// Entry is one part of what a source has: a person, a dose of one, or all that
// is recommended to one. Number of the person is not known yet; it goes with the
// id in the source.
type Entry struct {
	Line            int
	ID              string // of the person in the source
	Person          *Person
	Dose            *record.Dose
	Recommendations *Recommendations
}

// Recommendations are all that a registry recommends to a person, in place of
// what it did before. They may be empty.
type Recommendations []record.Recommendation

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

// Bad is an entry that cannot be used. Reading may go on.
type Bad struct {
	Line   int
	Reason Reason
}

// Error is line and reason, and never what the entry says (promise P9).
func (b *Bad) Error() string { return fmt.Sprintf("line %d: %s", b.Line, b.Reason) }

// Writer writes people in a form that a Source reads. Flush ends it.
type Writer interface {
	Write(p Person) error
	Flush() error
}
