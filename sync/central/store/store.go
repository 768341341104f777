// Package store is central's database: people, requests, tokens, amendments,
// reports and audit, in one SQLite file (WAL, synchronous=FULL) that only its owner
// may read, or in a database of PostgreSQL (postgres.go).
//
// A write that has returned without an error is on the disk. Requests rest as the
// kiosk sealed them until they are answered; then the envelope is erased and
// only hashes of PIN and code stay. Amendments rest sealed until they are closed.
// The audit tables hold no value of visitors.
//
// People are kept as each source says of them, and may be one (links.go); reports of doses
// as they came (doses.go), and doses are composed of them when a person is read.
//
// Health cards that were handed out have ids here, and a change of a record
// revokes those that are no longer true, in the same transaction: cards.go.
//
// How each notice went is kept beside its request, and whom nothing is sent to: notices.go.
//
// It knows which keys belong to it and whether it may send: folder.go.
//
// Tries are counted here, in one statement, before anything is compared: see Try.
//
// Several programs may serve a database on a server: what each works on is claimed here (work.go), and
// they know of each other's life and death, and wake each other (instances.go).
//
// Statements are written once, for SQLite and PostgreSQL (statements.go), and what differs
// between the two is a dialect. So a statement keeps to what both have: no iif, no max or
// min of two values but CASE, no boolean in a column but 0 or 1, a CAST where a parameter
// alone says nothing of its type, and columns with the name of their table in DO UPDATE. What
// write runs may run twice, and gives the same then.
//
// A registry is carried from a file to a server, and copied from there into a file: carry.go.
//
// Only this package of central imports a database. The tests of what any database must do are
// in storetest; those beside this file are about SQLite, its files and its plans.
package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// Errors come as a sentence with the file and the fix.
var (
	ErrLocked  = errors.New("in use by another program")
	ErrCorrupt = errors.New("damaged")
	ErrFull    = errors.New("the disk is full")
)

// Store is safe for concurrent use.
type Store struct {
	db   *pool // reads
	one  *pool // writes; of SQLite over one connection: writers queue here, in order, instead of polling the file's lock
	d    *dialect
	path string                         // of SQLite's file; "" of another database
	self atomic.Int64                   // which of the instances this program is; 0: it does not serve
	ids  atomic.Pointer[map[int64]bool] // of reports on file, while a registry is filled without the index of them

	candidates, contact statement // of group.go: to prepare them takes several times as long as to run them

	// listen holds the lock of an instance and hears what others tell, until ctx ends or the
	// connection does; nil: there are no others.
	listen func(ctx context.Context, id int64, heard func(payload string)) error

	disturb func(run int) error // of the tests: what comes between a transaction and its end

	from, to int // migrations that Open found and left
}

// Migrated are the numbers of the last migration that Open found in the file, and left in it.
func (s *Store) Migrated() (from, to int) { return s.from, s.to }

// begin makes a database that is connected to ready for use.
func (s *Store) begin(ctx context.Context) error {
	err := s.migrate(ctx) // the first to see a file that is no database, or is cut off
	if err == nil {
		err = s.mend(ctx)
	}
	if err == nil { // a lock shows itself to writers only
		err = s.write(ctx, func(*transaction) error { return nil })
	}
	if err == nil {
		s.candidates, err = s.db.prepare(ctx, candidatesQuery)
	}
	if err == nil {
		s.contact, err = s.db.prepare(ctx, contactQuery)
	}
	return s.d.explain(err)
}

// write runs f in one transaction; an error leaves everything as it was. What f has read
// is so until it has written. f runs again when another transaction was in its way, and so
// has to set anew whatever it leaves behind.
func (s *Store) write(ctx context.Context, f func(*transaction) error) error {
	return s.transact(ctx, s.d.compares, f)
}

// counting is write for what many do at once: each of the statements of f sees what others
// have done by then, so that what is decided has to be decided in one of them.
func (s *Store) counting(ctx context.Context, f func(*transaction) error) error {
	return s.transact(ctx, nil, f)
}

// mostRuns is how often a transaction runs that others are in the way of.
const mostRuns = 6

func (s *Store) transact(ctx context.Context, options *sql.TxOptions, f func(*transaction) error) error {
	for n := 1; ; n++ {
		err := s.transactOnce(ctx, options, func(tx *transaction) error {
			err := s.meet(ctx, tx, options, n)
			if err == nil {
				err = f(tx)
			}
			if err == nil && s.disturb != nil {
				err = s.disturb(n)
			}
			return err
		})
		if n == mostRuns || !s.d.again(err) {
			return s.d.explain(err)
		}
		select { // so that they do not meet again
		case <-ctx.Done():
			return s.d.explain(err)
		case <-time.After(rand.N(8 * time.Millisecond << n)): //nolint:gosec // not a secret
		}
	}
}

// meet lets others that compare run beside one at first. One that they were in the way of runs
// without them, or those that are quick would keep out one that takes its time.
func (s *Store) meet(ctx context.Context, tx *transaction, options *sql.TxOptions, run int) error {
	switch {
	case options == nil:
		return nil
	case run == 1:
		return quiet(tx.ExecContext(ctx, s.d.beside))
	}
	return quiet(tx.ExecContext(ctx, s.d.without))
}

func (s *Store) transactOnce(ctx context.Context, options *sql.TxOptions, f func(*transaction) error) error {
	tx, err := s.one.BeginTx(ctx, options)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // does nothing after a commit
	if err := f(&transaction{tx, s.d}); err != nil {
		return err
	}
	return tx.Commit()
}

// Ready reports whether the database can be written to, by writing the time.
func (s *Store) Ready(ctx context.Context, now time.Time) error {
	return s.write(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, "UPDATE probed SET at = ?", now.UnixMilli())
		return err
	})
}

// Close lets go of the database.
func (s *Store) Close() error { return errors.Join(s.db.Close(), s.one.Close()) }
