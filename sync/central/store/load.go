package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/registry"
)

// Writing people. Rows go in by number, which is the order of the table, but the
// keys that requests are matched on are in no order: kept up row by row, an index
// of millions is read and written all over. An empty registry is therefore filled
// without them and they are built once at the end (Fill). Whatever happens in
// between, a database that was opened has its indexes: Open makes what lacks.

// matchIndexes are what Candidates needs.
var matchIndexes = []struct{ name, on string }{
	{"people_phone", `people (birth, phone_key) WHERE phone_key IS NOT NULL`},
	{"people_email", `people (birth, email_key) WHERE email_key IS NOT NULL`},
}

// Fill runs f, which writes people, and lets nobody else do so meanwhile. In bulk
// the indexes for matching are away until f has returned: for a registry that
// was empty. Requests are answered all the same, but slowly.
func (s *Store) Fill(ctx context.Context, bulk bool, f func() error) (err error) {
	release, err := hold(s.path + fillingSuffix)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	if !bulk {
		return f()
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		for _, i := range matchIndexes {
			if _, err := tx.Exec("DROP INDEX IF EXISTS " + i.name); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = f()
	}
	return errors.Join(err, s.index(context.WithoutCancel(ctx))) // also after Ctrl-C: what is in has to be found
}

// fillingSuffix makes the name of the lock of Fill.
const fillingSuffix = ".filling"

var hold = Hold // a variable for the tests

// index builds the indexes that lack. Sorting stays in memory, so that nothing
// of people gets into a folder for temporary files.
func (s *Store) index(ctx context.Context) error {
	if _, err := s.one.ExecContext(ctx, "PRAGMA temp_store = MEMORY"); err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, i := range matchIndexes {
			if _, err := tx.Exec("CREATE INDEX IF NOT EXISTS " + i.name + " ON " + i.on); err != nil {
				return err
			}
		}
		return nil
	})
}

// mend builds indexes that an interrupted Fill has left out, unless one is at work.
func (s *Store) mend(ctx context.Context) error {
	var have int
	err := s.db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name IN (?, ?)`,
		matchIndexes[0].name, matchIndexes[1].name).Scan(&have)
	if err != nil || have == len(matchIndexes) {
		return err
	}
	release, err := Hold(s.path + fillingSuffix)
	if errors.Is(err, ErrLocked) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(s.index(ctx), release())
}

// ImportPeople adds people or replaces those with the same numbers, all or none.
// What was released to a number that is somebody else's now is taken back, and
// cards that no longer say the truth are revoked (cards.go).
func (s *Store) ImportPeople(ctx context.Context, all []registry.Person) error {
	keys := keysOf(len(all), func(i int) *registry.Person { return &all[i] })
	return s.write(ctx, func(tx *sql.Tx) error {
		w, err := newWriter(ctx, tx, 0)
		for i := 0; i < len(all) && err == nil; i++ {
			p := &all[i]
			var fresh bool
			if fresh, err = w.person(p, keys[i]); err == nil && !fresh {
				_, err = tx.ExecContext(ctx, `DELETE FROM doses WHERE person = ?`, p.Number)
			}
			for n := 0; n < len(p.Doses) && err == nil; n++ {
				err = w.dose(p.Number, n, p.Doses[n])
			}
			if err == nil && (!fresh || len(p.Recommendations) > 0) {
				err = w.recommend(p.Number, p.Recommendations)
			}
			if err != nil {
				err = fmt.Errorf("import of %v: %w", p, err)
			}
		}
		if err == nil {
			err = w.revoke()
		}
		return err
	})
}

// writer holds the statements of one transaction that writes people. It ends with
// revoke.
type writer struct {
	ctx                                     context.Context
	tx                                      *sql.Tx
	run                                     int64
	insert, update, old, insertDose         *sql.Stmt
	dropAdvice, addRecommendation, hasCards *sql.Stmt
	anyCards                                bool                    // somebody has been given a record, with cards or without
	before                                  map[int]registry.Person // those of them who are written to, as they were
}

func newWriter(ctx context.Context, tx *sql.Tx, run int64) (*writer, error) {
	w := &writer{ctx: ctx, tx: tx, run: run, before: map[int]registry.Person{}} // its statements end with the transaction
	for _, step := range []struct {
		into **sql.Stmt
		text string
	}{
		{&w.insert, `INSERT INTO people (given, family, birth, gender, phone, email, phone_key, email_key, run, number)
			VALUES (?,?,?,?,?,?,nullif(?,''),nullif(?,''),?,?) ON CONFLICT DO NOTHING`},
		{&w.old, selectPerson + `WHERE number = ?`},
		{&w.update, `UPDATE people SET given = ?, family = ?, birth = ?, gender = ?, phone = ?, email = ?,
			phone_key = nullif(?,''), email_key = nullif(?,''), run = ? WHERE number = ?`},
		{&w.insertDose, `INSERT INTO doses (person, n, date, cvx, product, manufacturer, lot, performer, status, not_valid, historical) VALUES (?,?,?,?,?,?,?,?,?,?,?)`},
		{&w.dropAdvice, `DELETE FROM recommendations WHERE person = ?`},
		{&w.addRecommendation, `INSERT INTO recommendations (person, n, cvx, status, date, as_of) VALUES (?,?,?,?,?,?)`},
		{&w.hasCards, `SELECT EXISTS (SELECT 1 FROM cards WHERE person = ?1) OR EXISTS (SELECT 1 FROM checks WHERE person = ?1)`},
	} {
		var err error
		if *step.into, err = tx.PrepareContext(ctx, step.text); err != nil {
			return nil, err
		}
	}
	return w, tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM cards WHERE person IS NOT NULL)
		OR EXISTS (SELECT 1 FROM checks WHERE person IS NOT NULL)`).Scan(&w.anyCards)
}

// person adds or replaces a person and reports whether the number is new. Doses stay.
func (w *writer) person(p *registry.Person, k keys) (fresh bool, err error) {
	values := []any{p.Given, p.Family, p.Birth.String(), string(p.Gender), p.Phone, p.Email, k.phone, k.email, w.run, p.Number}
	res, err := w.insert.ExecContext(w.ctx, values...)
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); n == 1 || err != nil {
		return true, err
	}
	if err := w.touch(p.Number); err != nil {
		return false, err
	}
	old, err := scanPerson(w.old.QueryRowContext(w.ctx, p.Number))
	if err != nil {
		return false, err
	}
	if somebodyElse(old, *p) {
		if err := takeBack(w.ctx, w.tx, p.Number); err != nil {
			return false, err
		}
	}
	_, err = w.update.ExecContext(w.ctx, values...)
	return false, err
}

// takenBack are the statements of takeBack.
var takenBack = []string{
	`UPDATE requests SET person = NULL WHERE person = ?`,
	`DELETE FROM tokens WHERE person = ?`,
	`UPDATE amendments SET person = NULL, verified = 0 WHERE person = ?`,
}

// takeBack takes back what was released to a number that is somebody else's now.
func takeBack(ctx context.Context, tx *sql.Tx, number int) error {
	for _, q := range takenBack {
		if _, err := tx.ExecContext(ctx, q, number); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) dose(number, n int, d record.Dose) error {
	_, err := w.insertDose.ExecContext(w.ctx, number, n, d.Date, d.CVX, d.Product, d.Manufacturer, d.Lot, d.Performer, d.Status,
		d.NotValid, d.Historical)
	if err != nil {
		return fmt.Errorf("dose %d: %w", n+1, err)
	}
	return nil
}

// recommend replaces what is recommended to somebody.
func (w *writer) recommend(number int, all []record.Recommendation) error {
	_, err := w.dropAdvice.ExecContext(w.ctx, number)
	for n := 0; n < len(all) && err == nil; n++ {
		r := all[n]
		_, err = w.addRecommendation.ExecContext(w.ctx, number, n, r.CVX, r.Status, r.Date, r.AsOf)
	}
	return err
}
