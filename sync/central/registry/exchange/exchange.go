// Package exchange reads and writes people in files, one person, dose or set of recommendations a line.
// A Reader tells the format by the first line:
//
//   - CSV of people. The header names the columns, in any order: id, given, family,
//     birth, gender, phone, email. Gender and contacts may be left out.
//   - CSV of doses. The header names person, date, cvx, product, manufacturer, lot,
//     performer, status, not_valid, historical; what comes after cvx may be left out.
//     The last two are true or false, which nothing means too.
//   - FHIR R4 in NDJSON: Patient, Immunization and ImmunizationRecommendation
//     resources, as bulk exports have them. A Patient comes before what is theirs, in
//     this or an earlier file. The last recommendations for somebody replace those
//     before; of each recommendation vaccine (CVX), status and due date are kept.
//     Of an Immunization, isSubpotent true is not_valid, primarySource false is historical.
//
// Files are UTF-8, with or without a byte order mark; lines end with LF or CRLF. An
// id has 1 to 64 letters, digits, dots and hyphens. Dates are YYYY-MM-DD. Statuses
// are those of FHIR; none means completed. A field of CSV may be in quotes but may
// not break the line: then every line stands alone, and a bad one spoils no other.
//
// A line that cannot be used gives a registry.Bad error with its number and a reason, never
// what it says (promise P9); the next call goes on behind it. It refuses only what
// would make a wrong record: a phone number that is none is kept as it is, since
// matching ignores it.
package exchange

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"unicode/utf8"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
)

// MaxLine is how long a line may be, in bytes.
const MaxLine = 1 << 20

// The reasons.
const (
	TooLong             registry.Reason = "line-too-long"     // over MaxLine
	NotUTF8             registry.Reason = "not-utf-8"         //
	NotCSV              registry.Reason = "not-csv"           // quotes that do not pair up
	FieldCount          registry.Reason = "wrong-field-count" // not as many as the header has
	NotJSON             registry.Reason = "not-json"          // cut off, for example
	NotWanted           registry.Reason = "resource-unknown"  // none that is read
	IDWrong             registry.Reason = "id-wrong"          //
	NameMissing         registry.Reason = "name-missing"      // no family name; of FHIR, none at all
	NameWrong           registry.Reason = "name-wrong"        // longer than forms allow, or control characters
	BirthWrong          registry.Reason = "birth-wrong"       // no day of the calendar, or only a year
	BirthFuture         registry.Reason = "birth-in-future"   //
	BirthOld            registry.Reason = "birth-too-old"     // before request.OldestYear
	GenderWrong         registry.Reason = "gender-wrong"      //
	ContactWrong        registry.Reason = "contact-wrong"     // too long, or control characters
	PersonWrong         registry.Reason = "person-wrong"      // a dose or recommendations do not say whose they are
	DateWrong           registry.Reason = "date-wrong"        // of a dose, or as of which recommendations hold
	CVXWrong            registry.Reason = "cvx-unknown"       //
	StatusWrong         registry.Reason = "status-wrong"      //
	MarkWrong           registry.Reason = "mark-wrong"        // not_valid or historical is neither true nor false
	TextWrong           registry.Reason = "text-wrong"        // of a dose: too long, or control characters
	RecommendationWrong registry.Reason = "advice-wrong"      // a status that FHIR does not have, due without a day, or too many
)

// Errors of a whole file.
var (
	ErrFormat  = errors.New("the first line is neither a header of people or doses nor a FHIR resource")
	ErrChanged = errors.New("the file is not the one that was begun")
)

// Reader reads one file; it is a registry.Source. It is not for concurrent use.
type Reader struct {
	in     *bufio.Reader
	parse  func(line []byte) (registry.Entry, registry.Reason)
	bytes  int64
	line   int
	digest hash.Hash
}

// NewReader reads a file from its start. No birth or dose may be after today.
func NewReader(f io.Reader, today request.Date) (*Reader, error) {
	r := &Reader{in: bufio.NewReaderSize(f, 1<<16), digest: sha256.New()}
	if err := r.mark(); err != nil {
		return nil, err
	}
	first, err := r.in.Peek(1)
	if err != nil {
		return nil, fmt.Errorf("%w: it is empty", ErrFormat)
	}
	if first[0] == '{' {
		r.parse = ndjson{today}.entry
		return r, nil
	}
	line, long, err := r.next()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if r.parse = header(string(line), today); r.parse == nil || long {
		return nil, ErrFormat
	}
	return r, nil
}

// mark passes over a byte order mark.
func (r *Reader) mark() error {
	first, err := r.in.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if string(first) != "\ufeff" {
		return nil
	}
	r.digest.Write(first)
	r.bytes += int64(len(first))
	_, err = r.in.Discard(len(first))
	return err
}

// Resume reads on from a position, if the file is the same up to there.
func Resume(f io.ReadSeeker, at registry.Position, today request.Date) (*Reader, error) {
	r, err := NewReader(f, today)
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	r.digest.Reset()
	n, err := io.CopyN(r.digest, f, at.Bytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if n != at.Bytes || !bytes.Equal(r.digest.Sum(nil), at.Digest) {
		return nil, ErrChanged
	}
	r.in.Reset(f)
	r.bytes, r.line = at.Bytes, at.Line
	return r, nil
}

// Position is behind the last line that Next returned.
func (r *Reader) Position() registry.Position {
	return registry.Position{Bytes: r.bytes, Line: r.line, Digest: r.digest.Sum(nil)}
}

// Next returns the next person, dose or set of recommendations, a *registry.Bad error for a line that cannot be
// used, or io.EOF. Empty lines are passed over.
func (r *Reader) Next() (registry.Entry, error) {
	for {
		line, long, err := r.next()
		if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0 && !long) {
			return registry.Entry{}, err
		}
		line = bytes.TrimSpace(line)
		if len(line) == 0 && !long {
			continue
		}
		var e registry.Entry
		reason := TooLong
		if !long {
			reason = NotUTF8
			if utf8.Valid(line) {
				e, reason = r.parse(line)
			}
		}
		if reason != "" {
			return registry.Entry{}, &registry.Bad{Line: r.line, Reason: reason}
		}
		e.Line = r.line
		return e, nil
	}
}

// next returns the next line, valid until the next call. Of one that is too long
// nothing is kept. The last one may come together with io.EOF.
func (r *Reader) next() (line []byte, long bool, err error) {
	var kept []byte
	r.line++
	for {
		part, err := r.in.ReadSlice('\n')
		r.digest.Write(part)
		r.bytes += int64(len(part))
		if long = long || len(kept)+len(part) > MaxLine; long {
			kept = nil
		} else if errors.Is(err, bufio.ErrBufferFull) || kept != nil {
			kept = append(kept, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if kept == nil && !long {
			kept = part
		}
		return kept, long, err
	}
}
