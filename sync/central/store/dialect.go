package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"time"
)

// dialect is what differs between the kinds of databases, for one database of a kind.
type dialect struct {
	name            string                                                          // what the database is called in errors; holds no password
	migrations      string                                                          // pattern of their files
	text            func(query string) string                                       // a statement as the database has it
	compares        *sql.TxOptions                                                  // of a transaction that writes by what it has read; nil: there is but one at a time
	alone           string                                                          // what a transaction begins with that no other of its kind may be beside; "": none is
	turns           string                                                          // what a transaction begins with that takes work, for one to do so at a time; "": there is but one
	beside, without string                                                          // what one that compares begins with: for others of its kind to run beside it, or not
	chain           string                                                          // what an act begins with, for those after it to wait for its row; "": there is but one at a time
	reclaim         string                                                          // has what was erased go from the disk; "": it goes at once
	again           func(error) bool                                                // whether a transaction that failed so may run again
	explain         func(error) error                                               // the database's words as a sentence with the fix
	place           func(context.Context) string                                    // where the database is, so that a copy is known for one; "" where that cannot be known
	sound           func(context.Context) error                                     // reads all of the database and wants it to be whole
	snapshot        func(ctx context.Context, to string) error                      // copies the database as it is at one instant into an empty file of SQLite
	inMemory        string                                                          // makes an index be built in memory, "" where it is not to be said
	indexes         string                                                          // statement that names the indexes there are
	tell, free      string                                                          // tells other instances ?1; whether nobody holds ?1 by now; "" where there are none
	hold            func(context.Context, string) (release func() error, err error) // claims a name for this process; ErrLocked
}

//go:embed migrations
var migrations embed.FS

// migration is one step of the schema. A number means the same for all kinds of databases; one
// that came later than SQLite begins with the whole schema of then.
type migration struct {
	n    int
	file string
}

func (d *dialect) steps() (all []migration, err error) {
	files, err := fs.Glob(migrations, d.migrations) // in order of their names
	for _, file := range files {
		m := migration{file: file}
		name := file[len(d.migrations)-len("*.sql"):]
		if m.n, err = strconv.Atoi(name[:3]); err != nil {
			return nil, fmt.Errorf("migration %s has no number: %w", name, err)
		}
		all = append(all, m)
	}
	return all, err
}

// migrate applies the migrations that the database has not had yet, each in a
// transaction of its own. There is no way back: a newer database is refused.
func (s *Store) migrate(ctx context.Context) error {
	steps, err := s.d.steps()
	if err != nil {
		return err
	}
	err = s.counting(ctx, func(tx *transaction) error {
		return errors.Join(s.alone(ctx, tx), quiet(tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS version (n INTEGER PRIMARY KEY, applied BIGINT NOT NULL)")))
	})
	if err != nil {
		return err
	}
	var have int
	if err := s.db.QueryRowContext(ctx, "SELECT coalesce(max(n), 0) FROM version").Scan(&have); err != nil {
		return err
	}
	last := steps[len(steps)-1].n
	if have > last {
		return fmt.Errorf("the database %s was written by a newer program (version %d, this one knows %d) and was left as it is: install that program again or a later one, or restore a back-up of before into an empty folder", s.d.name, have, last)
	}
	s.from, s.to = have, last
	for _, m := range steps {
		if m.n <= have {
			continue
		}
		text, err := migrations.ReadFile(m.file)
		if err != nil {
			return err
		}
		if err := s.apply(ctx, m.n, string(text)); err != nil {
			return fmt.Errorf("migration %d: %w", m.n, err)
		}
	}
	return nil
}

func quiet(_ sql.Result, err error) error { return err }

// alone keeps others from changing the schema until the transaction ends.
func (s *Store) alone(ctx context.Context, tx *transaction) error {
	if s.d.alone == "" {
		return nil
	}
	return quiet(tx.ExecContext(ctx, s.d.alone))
}

func (s *Store) apply(ctx context.Context, n int, text string) error {
	return s.counting(ctx, func(tx *transaction) error {
		if err := s.alone(ctx, tx); err != nil {
			return err
		}
		var done bool // a second program may have been faster
		if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM version WHERE n = ?)", n).Scan(&done); err != nil || done {
			return err
		}
		if _, err := tx.Exec(text); err != nil {
			return err
		}
		if behind, is := inGo[n]; is {
			if err := behind(tx); err != nil {
				return err
			}
		}
		return quiet(tx.ExecContext(ctx, "INSERT INTO version (n, applied) VALUES (?, ?)", n, time.Now().Unix()))
	})
}
