package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/registry"
)

// Import is one run over a file of people, and how far it has come. The zero Run is none.
// Bytes, Line and Digest say what is done, as registry/exchange has it.
type Import struct {
	Run           int64
	Bulk          bool // the registry was empty when it began
	Bytes         int64
	Line          int
	Digest        []byte
	Kept, Refused int
}

// Refusal is an entry that the registry does not take.
type Refusal struct {
	Line   int
	Reason string
}

// The reasons of refusals.
const (
	Twice   = "id-twice"       // the file has had this person already; the first stays
	Unknown = "person-unknown" // a dose of somebody who is not in the registry, or recommendations to them
)

// UnfinishedImport returns the run over a file of this name that has not been
// finished, or a zero Import.
func (s *Store) UnfinishedImport(ctx context.Context, file string) (i Import, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT run, bulk, bytes, line, digest, kept, refused FROM imports
		WHERE file = ? AND finished = 0 ORDER BY run DESC LIMIT 1`, file).
		Scan(&i.Run, &i.Bulk, &i.Bytes, &i.Line, &i.Digest, &i.Kept, &i.Refused)
	if errors.Is(err, sql.ErrNoRows) {
		return Import{}, nil
	}
	return i, err
}

// StartImport begins a run over a file.
func (s *Store) StartImport(ctx context.Context, file string) (i Import, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `INSERT INTO imports (file, bulk) VALUES (?, NOT EXISTS (SELECT 1 FROM people))
			RETURNING run, bulk`, file).Scan(&i.Run, &i.Bulk)
	})
	return i, err
}

// Import takes in entries and records in the same transaction how far the run
// has come: where i says, with what was kept and refused added to it.
func (s *Store) Import(ctx context.Context, i *Import, entries []registry.Entry) (refused []Refusal, err error) {
	keys := keysOf(len(entries), func(n int) *registry.Person { return entries[n].Person })
	kept := i.Kept
	err = s.write(ctx, func(tx *sql.Tx) error {
		w, err := newEntryWriter(ctx, tx, i.Run)
		if err != nil {
			return err
		}
		for n, e := range entries {
			why, err := w.entry(e, keys[n])
			if err != nil {
				return fmt.Errorf("import of %v: %w", e, err)
			}
			if why != "" {
				refused = append(refused, Refusal{e.Line, why})
			}
		}
		if err := w.revoke(); err != nil {
			return err
		}
		i.Kept = kept + len(entries) - len(refused)
		_, err = tx.ExecContext(ctx, `UPDATE imports SET bytes = ?, line = ?, digest = ?, kept = ?, refused = ? WHERE run = ?`,
			i.Bytes, i.Line, i.Digest, i.Kept, i.Refused+len(refused), i.Run)
		return err
	})
	if err == nil {
		i.Refused += len(refused)
	}
	return refused, err
}

// FinishImport ends a run, and with it those over a file of this name that were
// never ended: the next one begins anew.
func (s *Store) FinishImport(ctx context.Context, i Import, now time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE imports SET finished = ?1 WHERE finished = 0 AND run <= ?2
			AND file = (SELECT file FROM imports WHERE run = ?2)`, now.Unix(), i.Run)
		return err
	})
}

// entryWriter is a writer that finds people by the ids of the source.
type entryWriter struct {
	*writer
	wroteBy, numberOf, newNumber, dropDose, addDose *sql.Stmt
}

func newEntryWriter(ctx context.Context, tx *sql.Tx, run int64) (*entryWriter, error) {
	base, err := newWriter(ctx, tx, run)
	if err != nil {
		return nil, err
	}
	w := &entryWriter{writer: base}
	for _, step := range []struct {
		into **sql.Stmt
		text string
	}{
		{&w.wroteBy, `SELECT run FROM people WHERE number = ?`},
		{&w.numberOf, selectNumber},
		{&w.newNumber, `INSERT INTO person_ids (id, number) SELECT ?, coalesce(max(number), ?) + 1 FROM person_ids RETURNING number`},
		{&w.dropDose, `DELETE FROM doses WHERE person = ? AND date = ? AND cvx = ?`},
		{&w.addDose, `INSERT INTO doses (person, n, date, cvx, product, manufacturer, lot, performer, status, not_valid, historical) SELECT ?1, coalesce(max(n), -1) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM doses WHERE person = ?1`},
	} {
		if *step.into, err = tx.PrepareContext(ctx, step.text); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// entry takes in a line, or says why not.
func (w *entryWriter) entry(e registry.Entry, k keys) (refused string, err error) {
	number, err := w.number(e.ID, e.Person != nil)
	if err != nil {
		return "", err
	}
	by, known, err := w.writtenBy(number)
	switch {
	case err != nil:
		return "", err
	case e.Person == nil && !known:
		return Unknown, nil
	case e.Dose != nil:
		return "", w.oneDose(number, e.Dose.Dose)
	case e.Forecast != nil:
		return "", w.recommend(number, e.Forecast.All)
	case known && by == w.run:
		return Twice, nil
	}
	p := *e.Person
	p.Number = number
	_, err = w.person(&p, k)
	return "", err
}

// writtenBy is the run that wrote a person last.
func (w *entryWriter) writtenBy(number int) (run int64, known bool, err error) {
	err = w.wroteBy.QueryRowContext(w.ctx, number).Scan(&run)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return run, err == nil, err
}

// oneDose adds a dose. One vaccine on one day is one dose, however often it comes.
func (w *entryWriter) oneDose(number int, d record.Dose) error {
	if err := w.touch(number); err != nil {
		return err
	}
	if _, err := w.dropDose.ExecContext(w.ctx, number, d.Date, d.CVX); err != nil {
		return err
	}
	_, err := w.addDose.ExecContext(w.ctx, number, d.Date, d.CVX, d.Product, d.Manufacturer, d.Lot, d.Performer, d.Status,
		d.NotValid, d.Historical)
	return err
}

// lastPlain is up to which number ids that are numbers stand for themselves. All
// other ids get numbers above it.
const lastPlain = 1 << 40

const selectNumber = `SELECT number FROM person_ids WHERE id = ?`

func plainNumber(id string) (n int, ok bool) {
	n, err := strconv.Atoi(id)
	return n, err == nil && n > 0 && n <= lastPlain && strconv.Itoa(n) == id
}

// number finds the number that goes with an id; 0 is none. A new id gets one if wanted.
func (w *entryWriter) number(id string, wanted bool) (n int, err error) {
	if n, ok := plainNumber(id); ok {
		return n, nil
	}
	err = w.numberOf.QueryRowContext(w.ctx, id).Scan(&n)
	if !errors.Is(err, sql.ErrNoRows) {
		return n, err
	}
	if !wanted {
		return 0, nil
	}
	err = w.newNumber.QueryRowContext(w.ctx, id, lastPlain).Scan(&n)
	return n, err
}
