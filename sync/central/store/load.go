package store

import (
	"context"
	"errors"
	"slices"
)

// Filling a registry. Rows go in by number, which is the order of the table, but the
// keys that requests are matched on, and the ids of reports, are in no order: kept up
// row by row, an index of millions is read and written all over. An empty registry is
// therefore filled without them and they are built once at the end (Fill). Whatever
// happens in between, a database that was opened has its indexes: Open makes what lacks.

type index struct{ name, on string }

// bulkIndexes are those that an empty registry is filled without: what Candidates needs,
// and what a report or a person that comes again is found by.
var bulkIndexes = []index{
	{"people_phone", `people (birth, phone_key) WHERE phone_key IS NOT NULL`},
	{"people_email", `people (birth, email_key) WHERE email_key IS NOT NULL`},
	{"contacts_key", `contacts (birth, key)`},
	{"people_master", `people (master) WHERE master IS NOT NULL`},
	doseIndex,
}

var doseIndex = index{"doses_id", `doses (id_key) WHERE id_key IS NOT NULL`}

// Fill runs f, which writes people, and lets nobody else do so meanwhile. In bulk
// the indexes for matching are away until f has returned: for a registry that
// was empty. Requests are answered all the same, but slowly.
func (s *Store) Fill(ctx context.Context, bulk bool, f func() error) (err error) {
	release, err := s.d.hold(ctx, filling)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	if !bulk {
		return f()
	}
	err = s.write(ctx, func(tx *transaction) error {
		for _, i := range bulkIndexes {
			if _, err := tx.Exec("DROP INDEX IF EXISTS " + i.name); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = s.rememberIDs(ctx)
	}
	if err == nil {
		err = f()
	}
	s.ids.Store(nil)
	return errors.Join(err, s.index(context.WithoutCancel(ctx))) // also after Ctrl-C: what is in has to be found
}

// filling is the name of the lock of Fill.
const filling = "filling"

// index builds the indexes that lack. Sorting stays in memory, so that nothing
// of people gets into a folder for temporary files.
func (s *Store) index(ctx context.Context) error {
	if s.d.inMemory != "" {
		if _, err := s.one.ExecContext(ctx, s.d.inMemory); err != nil {
			return err
		}
	}
	return s.write(ctx, func(tx *transaction) error {
		for _, i := range bulkIndexes {
			if _, err := tx.Exec("CREATE INDEX IF NOT EXISTS " + i.name + " ON " + i.on); err != nil {
				return err
			}
		}
		return nil
	})
}

// mend builds indexes that an interrupted Fill has left out, unless one is at work.
func (s *Store) mend(ctx context.Context) error {
	have := map[string]bool{}
	err := each(ctx, s.db, func(row scanner) error {
		var name string
		err := row.Scan(&name)
		have[name] = true
		return err
	}, s.d.indexes)
	if err != nil || !slices.ContainsFunc(bulkIndexes, func(i index) bool { return !have[i.name] }) {
		return err
	}
	release, err := s.d.hold(ctx, filling)
	if errors.Is(err, ErrLocked) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(s.index(ctx), release())
}

// maxIDs is how many ids of reports are remembered in memory, some 20 bytes each; what has
// more is read with the index.
const maxIDs = 16_000_000

// rememberIDs makes the ids of reports that are on file known without their index.
func (s *Store) rememberIDs(ctx context.Context) error {
	all := map[int64]bool{}
	err := each(ctx, s.db, func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		all[id] = true
		return err
	}, `SELECT id_key FROM doses WHERE id_key IS NOT NULL`)
	s.ids.Store(&all)
	return err
}
