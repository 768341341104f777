// Package exchange reads and writes files of people, their doses and what is recommended
// to them. README.md beside it is the manual for who makes such files.
//
//	r, err := exchange.NewReader(file, exchange.Options{Today: today})
//	for {
//		e, err := r.Next() // *registry.Bad for what is not used, io.EOF at the end
//	}
//
// A Reader tells by the text itself what it is:
//
//   - CSV of people or of doses, separated by commas, semicolons, tabs or bars. The header
//     names the columns, in any order and by several names. Fields in quotes may go on
//     over 20 lines.
//   - FHIR R4: Patient, Immunization and ImmunizationRecommendation resources, and Bundles
//     of them, one a line (NDJSON, where a bad line spoils no other) or as a document over
//     many lines. A Bundle gives Patients before what is theirs, and removals for DELETE.
//
// Text is UTF-8 or UTF-16, may be packed with gzip, and its lines end with LF, CRLF or CR.
// All else is refused as a whole, by an ErrFormat around which a sentence says why.
//
// A line, row or resource that cannot be used gives a registry.Bad with its number and a
// reason, never what it says (promise P9); the next call goes on behind it. Explain tells
// what a reason means. A report that seems to be of a dose which was given, but cannot be
// read, is an entry all the same, with Unread set: it is to be counted for its person.
//
// It refuses what would make a wrong record: an id that may be another server's, a day that
// may be read in two ways. Of what is merely less than it could be it keeps what there is:
// the month of a dose, the words of a vaccine without a code, a person without a phone.
// Texts are made legible, phone numbers are brought to E.164.
package exchange

import (
	"bytes"
	"errors"
	"io"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
)

// ErrChanged is of a file that reading cannot go on in.
var ErrChanged = errors.New("the file is not the one that was begun")

// Options are how a file is to be read. The zero Options have no day: set Today.
type Options struct {
	Today request.Date // no birth and no dose may be after it
	Base  string       // URL that absolute references of FHIR have to be below; "" takes the one a file uses throughout
	AsOf  time.Time    // of entries that do not say when they were changed; may be zero
	Index string       // system of the identifier in Patient that is a shared master index's; "" for none
}

// Reader reads one file; it is a registry.Source. It is not for concurrent use.
type Reader struct{ from feed }

// Next returns the next entry; a *registry.Bad error for what is not used, behind which
// reading goes on; or io.EOF. Empty lines are passed over.
func (r *Reader) Next() (registry.Entry, error) { return r.from.Next() }

// Position is behind the last that Next returned, in bytes of the text that the file holds.
// Documents are read more than once, and count their bytes each time.
func (r *Reader) Position() registry.Position { return r.from.Position() }

// feed is a Source over one kind of text.
type feed interface {
	Next() (registry.Entry, error)
	Position() registry.Position
	resume(at registry.Position) error
}

// NewReader reads a file from its start. An error that is ErrFormat says in a sentence
// why the file cannot be read.
func NewReader(f io.ReadSeeker, o Options) (*Reader, error) {
	if err := sound(f); err != nil {
		return nil, err
	}
	in, err := decode(f)
	if err != nil {
		return nil, err
	}
	begin, err := peek(in, first)
	if err != nil {
		return nil, err
	}
	c := &reading{Options: o, file: f}
	shown := bytes.TrimLeft(bytes.TrimPrefix(begin, []byte("\ufeff")), " \t\r\n")
	switch {
	case isDocument(shown, len(begin) == first):
		return &Reader{newDocument(in, c)}, nil
	case bytes.HasPrefix(shown, []byte("{")):
		return &Reader{newResources(in, c)}, nil
	}
	t, err := newTable(in, c)
	if err != nil {
		return nil, err
	}
	return &Reader{t}, nil
}

// Resume reads on from a position, if the file is the same up to there.
func Resume(f io.ReadSeeker, at registry.Position, o Options) (*Reader, error) {
	r, err := NewReader(f, o)
	if err != nil {
		return nil, err
	}
	if err := r.from.resume(at); err != nil {
		return nil, err
	}
	return r, nil
}

// result is what a line, a row or a resource comes to: an entry, or a reason.
type result struct {
	entry  registry.Entry
	reason registry.Reason
	passed bool
	kind   registry.Kind // of what is not used
}

func refused(why registry.Reason) result { return result{reason: why} }

func passed(why registry.Reason) result { return result{reason: why, passed: true} }

// of says what it would have been.
func (r result) of(kind registry.Kind) result {
	r.kind = kind
	return r
}

// at is what Next returns of a result on a line.
func (r result) at(line int) (registry.Entry, error) {
	if r.reason != "" {
		return registry.Entry{}, &registry.Bad{Line: line, Reason: r.reason, Passed: r.passed, Kind: r.kind}
	}
	r.entry.Line = line
	return r.entry, nil
}

// reading is one file being read, and what is known of all of it.
type reading struct {
	Options
	file  io.ReadSeeker
	base  *string           // that the file uses throughout, once it was looked for; "" for none
	named map[string]string // of the document at hand: ids of Patients by their fullUrl

	products map[string]string // CVX by trade name, "" of a name that several vaccines have; nil until one is looked up
}

// timesOfChange are instants as FHIR has them, as programs write them, and as spreadsheets do.
var timesOfChange = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05",
	"2006-01-02 15:04", time.DateOnly,
}

// changed is when an entry was changed, as it says itself.
func (c *reading) changed(said string) time.Time {
	for _, layout := range timesOfChange {
		if at, err := time.Parse(layout, said); err == nil {
			return at
		}
	}
	return c.AsOf
}
