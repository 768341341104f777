package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"vaxkiosk/sync/central/audit"
)

// What the database knows of the folder that it lies in: the thumbprints of all its
// keys, so that a database and keys that do not belong together are seen before
// they do harm; and whether it may send.
//
// A copy must not write to people for whom the original does. A database that was
// restored rests until it is resumed. So does one that somebody has copied by hand:
// its file is another one than the one that began to send.

// KeyPrint is what is kept of a key.
type KeyPrint struct {
	Kind, Print string
	Gone        bool // it is trusted no longer
}

// Folder is the state of a data folder.
type Folder struct {
	Known bool      // its keys are noted
	Rests bool      // it sends nothing until Resume
	Since time.Time // it was restored then; zero: it is a copy made by hand
}

func printsOf(ctx context.Context, db source) (all []KeyPrint, err error) {
	err = each(ctx, db, func(row scanner) error {
		var k KeyPrint
		err := row.Scan(&k.Kind, &k.Print, &k.Gone)
		all = append(all, k)
		return err
	}, `SELECT kind, print, gone IS NOT NULL FROM folder_keys ORDER BY kind, since, print`)
	return all, err
}

// KeyPrints are the thumbprints that are noted.
func (s *Store) KeyPrints(ctx context.Context) ([]KeyPrint, error) { return printsOf(ctx, s.db) }

// Adopt notes all keys of a folder, once: of a new one, or of one that was made
// before they were noted. It may send from then on.
func (s *Store) Adopt(ctx context.Context, all []KeyPrint, now time.Time) error {
	place := s.d.place(ctx)
	return s.act(ctx, func(tx *transaction) error {
		for _, k := range all {
			if err := noteKey(ctx, tx, k.Kind, k.Print, now); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO folder (one, place, rests) VALUES (1, ?, NULL) ON CONFLICT DO NOTHING`, place)
		return err
	})
}

const addKey = `INSERT INTO folder_keys (kind, print, since, gone) VALUES (?, ?, ?, NULL) ON CONFLICT DO NOTHING`

// AddKey notes one more key of a kind. It comes before the file of the key, so that
// a crash in between leaves no key that is not known.
func (s *Store) AddKey(ctx context.Context, kind, print string, now time.Time) error {
	return s.act(ctx, func(tx *transaction) error { return noteKey(ctx, tx, kind, print, now) })
}

func noteKey(ctx context.Context, tx *transaction, kind, print string, now time.Time) error {
	done, err := tx.ExecContext(ctx, addKey, kind, print, now.Unix())
	if err = one(done, err, errKept); errors.Is(err, errKept) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.audit(ctx, audit.Row{At: now, Kind: audit.KeyIn, Outcome: kind + " " + print})
}

// DropKey notes that a key is trusted no longer.
func (s *Store) DropKey(ctx context.Context, kind, print string, now time.Time) error {
	return s.act(ctx, func(tx *transaction) error {
		done, err := tx.ExecContext(ctx, `UPDATE folder_keys SET gone = ? WHERE kind = ? AND print = ? AND gone IS NULL`, now.Unix(), kind, print)
		if err = one(done, err, errKept); errors.Is(err, errKept) {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.audit(ctx, audit.Row{At: now, Kind: audit.KeyOut, Outcome: kind + " " + print})
	})
}

// Folder reports whether the folder may send.
func (s *Store) Folder(ctx context.Context) (f Folder, err error) {
	var place string
	var rests sql.NullInt64
	err = s.db.QueryRowContext(ctx, `SELECT place, rests FROM folder`).Scan(&place, &rests)
	if errors.Is(err, sql.ErrNoRows) {
		return Folder{}, nil
	}
	here := s.d.place(ctx)
	f = Folder{Known: true, Rests: rests.Valid || place != "" && here != "" && place != here}
	if rests.Valid {
		f.Since = time.Unix(rests.Int64, 0)
	}
	return f, err
}

// Resume lets the folder send, and tells how many requests wait for it.
func (s *Store) Resume(ctx context.Context) (waiting int, err error) {
	place := s.d.place(ctx)
	err = s.act(ctx, func(tx *transaction) error {
		var rests sql.NullInt64
		if err := tx.QueryRowContext(ctx, `SELECT rests FROM folder`).Scan(&rests); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		row := audit.Row{Kind: audit.Resumed}
		if rests.Valid {
			row.Outcome = "restored=" + time.Unix(rests.Int64, 0).UTC().Format(time.RFC3339)
		}
		if err := tx.audit(ctx, row); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE folder SET place = ?, rests = NULL`, place); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, unanswered).Scan(&waiting)
	})
	return waiting, err
}

const unanswered = `SELECT count(*) FROM requests WHERE state IN ('received', 'processing')`

// Sound reads the whole database and wants it to be whole. It may take minutes; the
// database is in use meanwhile.
func (s *Store) Sound(ctx context.Context) error {
	return s.d.explain(s.d.sound(ctx))
}
