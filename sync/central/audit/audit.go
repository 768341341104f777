// Package audit is what may be shown of what was done: one chain of rows, in which each holds the
// hash of the one before, and heads of it that are signed outside the database.
//
// Whoever keeps the rows (package store) makes each with Row.Sealed, in the transaction of the
// act itself. A Signer signs the last row of now, and Keep appends that to a file. A Walk goes
// over all rows, in order and in the memory of one, and says which is the first that is not what
// was written: altered, missing, put elsewhere, or written anew by somebody who has the
// database and not the key. WriteCSV gives rows to an auditor, WritePage those of one person to
// that person.
//
// The hash of a row is SHA-256 over a fixed text and its fields, each with its length before it
// (Row.Hash), as they stand in the CSV: whoever has the CSV can work it out again without this
// program.
//
// A row has who, where, what, for which request and about which number of the registry, and what
// came of it in a word. It has no name, birth date, contact, PIN or code of anybody, and no text
// that somebody has typed. What is not a Kind of this package cannot be noted.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"time"
)

// Kind is what was done. The list of them is in kinds.go.
type Kind string

// Actor is who does something, and at which kiosk, by its name. The zero Actor is the service
// itself; a kiosk without anybody of staff is whoever stands there.
type Actor struct{ Staff, Login, Kiosk string }

// The words of actors without a name.
const (
	Service = "central"
	Visitor = "visitor" // at a kiosk
	Public  = "public"  // with a phone, at the check page
)

type acting struct{}

// As has what is done with ctx be done by somebody.
func As(ctx context.Context, a Actor) context.Context { return context.WithValue(ctx, acting{}, a) }

// Of is who acts with ctx.
func Of(ctx context.Context) Actor {
	a, _ := ctx.Value(acting{}).(Actor)
	return a
}

// String is the actor as a row has it.
func (a Actor) String() string {
	switch {
	case a.Staff != "" && a.Login != "":
		return "operator:" + a.Login + " staff:" + a.Staff
	case a.Staff != "":
		return "staff:" + a.Staff
	case a.Login != "":
		return "operator:" + a.Login
	case a.Kiosk != "":
		return Visitor
	}
	return Service
}

// Row is one act.
type Row struct {
	N             int64     // 1, 2, 3, without a gap
	At            time.Time // to the millisecond
	Actor, Kiosk  string
	Kind          Kind
	Request       string // its id, "" for none
	Person, Other int    // numbers of the registry, 0 for none
	Outcome       string // codes and counts
	Prev, Sum     Sum    // hash of the row before, and of this one
}

// Sum is a hash.
type Sum [sha256.Size]byte

// String is the hash in hex.
func (s Sum) String() string { return hex.EncodeToString(s[:]) }

// SumOf reads a hash as a database or a file has it.
func SumOf(b []byte) (s Sum) {
	copy(s[:], b)
	return s
}

// label begins what is hashed: it is no other thing's hash, and a later form has another.
const label = "vaxkiosk audit 1"

// Sealed is the row behind another one, with the hash of both.
func (r Row) Sealed(n int64, before Sum) Row {
	r.N, r.Prev, r.At = n, before, r.At.UTC().Truncate(time.Millisecond)
	r.Sum = r.Hash()
	return r
}

// Hash works out the hash of a row: SHA-256 over the label and Fields but the last, each
// behind its length in bytes as four bytes, the highest first.
func (r Row) Hash() (s Sum) {
	h := sha256.New()
	all := r.Fields()
	for _, f := range append([]string{label}, all[:len(all)-1]...) {
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(f)))) //nolint:gosec // a field is short
		h.Write([]byte(f))
	}
	h.Sum(s[:0])
	return s
}

// when is how times are written: UTC, to the millisecond.
const when = "2006-01-02T15:04:05.000Z"

// Columns are the names of Fields.
var Columns = []string{"n", "at", "actor", "kiosk", "kind", "request", "person", "other", "outcome", "prev", "hash"}

// Fields are the row as text, in the order of Columns.
func (r Row) Fields() []string {
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	return []string{
		strconv.FormatInt(r.N, 10), r.At.UTC().Format(when), r.Actor, r.Kiosk, string(r.Kind), r.Request,
		number(r.Person), number(r.Other), r.Outcome, r.Prev.String(), r.Sum.String(),
	}
}
