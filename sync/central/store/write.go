package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/registry"
)

// ImportPeople adds people or replaces those with the same numbers, all or none, with
// their doses and recommendations; it makes no links. What was released to a number that
// is somebody else's now is taken back, and cards that no longer say the truth are
// revoked (cards.go).
func (s *Store) ImportPeople(ctx context.Context, all []registry.Person) error {
	keys := keysOf(len(all), func(i int) *registry.Person { return &all[i] })
	return s.act(ctx, func(tx *transaction) error {
		w, err := newWriter(ctx, tx, stamp{})
		for i := 0; i < len(all) && err == nil; i++ {
			if err = w.whole(&all[i], keys[i]); err != nil {
				err = fmt.Errorf("import of %v: %w", &all[i], err)
			}
		}
		if err == nil {
			err = w.revoke()
		}
		if err != nil {
			return err
		}
		return tx.audit(ctx, audit.Row{Kind: audit.Imported, Outcome: fmt.Sprintf("people=%d", len(all))})
	})
}

// stamp says where rows come from, and when: a run over a file, and when it began.
type stamp struct {
	run    int64
	source int
	began  int64 // milliseconds since 1970
}

// writer holds the statements of one transaction that writes people. It ends with
// revoke.
type writer struct {
	stamp

	ctx      context.Context
	tx       *transaction
	prepared map[string]statement

	anyLinks bool                    // some people are linked or merged
	anyCards bool                    // somebody has been given a record, with cards or without
	touched  map[int]bool            // rows that are written to, of such people
	before   map[int]registry.Person // those people as they were, by their root
	parted   map[int]bool            // roots of people who turned out to be several
}

func newWriter(ctx context.Context, tx *transaction, s stamp) (*writer, error) {
	w := &writer{stamp: s, ctx: ctx, tx: tx, prepared: map[string]statement{}, touched: map[int]bool{}, before: map[int]registry.Person{}, parted: map[int]bool{}}
	return w, tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM cards WHERE person IS NOT NULL) OR EXISTS (SELECT 1 FROM checks WHERE person IS NOT NULL),
		EXISTS (SELECT 1 FROM links)`).Scan(&w.anyCards, &w.anyLinks)
}

// prepare keeps statements until the transaction ends.
func (w *writer) prepare(text string) (statement, error) {
	if s, is := w.prepared[text]; is {
		return s, nil
	}
	s, err := w.tx.prepare(w.ctx, text)
	if err == nil {
		w.prepared[text] = s
	}
	return s, err
}

// exec runs a statement that may run often, and tells how many rows it changed.
func (w *writer) exec(text string, args ...any) (int64, error) {
	s, err := w.prepare(text)
	if err != nil {
		return 0, err
	}
	res, err := s.ExecContext(w.ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// one reads one row by a statement that may run often; false when there is none.
func (w *writer) one(text string, args []any, into ...any) (bool, error) {
	s, err := w.prepare(text)
	if err != nil {
		return false, err
	}
	err = s.QueryRowContext(w.ctx, "", args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// each runs f on every row of a statement that may run often.
func (w *writer) each(f func(scanner) error, text string, args ...any) error {
	s, err := w.prepare(text)
	if err != nil {
		return err
	}
	return each(w.ctx, s, f, "", args...)
}

// whole adds or replaces a person with all that is theirs.
func (w *writer) whole(p *registry.Person, k keys) error {
	fresh, err := w.insert(p, k, w.began)
	if err == nil && !fresh {
		err = w.replace(p, k)
	}
	for n := 0; n < len(p.Doses) && err == nil; n++ {
		if err = w.addReport(p.Number, n, sql.NullInt64{}, false, w.began, &registry.Report{Dose: p.Doses[n]}); err != nil {
			err = fmt.Errorf("dose %d: %w", n+1, err)
		}
	}
	if err != nil || fresh && len(p.Recommendations) == 0 {
		return err
	}
	f := registry.Forecast{All: p.Recommendations, Unread: p.UnreadRecommendations}
	if len(f.All) > 0 {
		f.AsOf = f.All[0].AsOf
	}
	return w.recommend(p.Number, f, w.began)
}

// replace puts a person in the place of who is on file, and takes the doses away.
func (w *writer) replace(p *registry.Person, k keys) error {
	old, _, err := w.onFile(p.Number)
	if err == nil {
		err = w.touch(p.Number)
	}
	if err == nil && somebodyElse(old, *p) {
		err = takeBack(w.ctx, w.tx, p.Number)
	}
	if err == nil {
		err = w.update(p, k, w.began)
	}
	if err == nil {
		_, err = w.exec(`DELETE FROM doses WHERE person = ?`, p.Number)
	}
	if err != nil {
		return err
	}
	return w.guard(p.Number)
}

// onFile is one row of people with its names.
func (w *writer) onFile(number int) (p registry.Person, there bool, err error) {
	s, err := w.prepare(selectPerson + `WHERE number = ?`)
	if err == nil {
		p, err = scanPerson(s.QueryRowContext(w.ctx, "", number))
	}
	if errors.Is(err, sql.ErrNoRows) {
		return registry.Person{}, false, nil
	}
	if err == nil {
		p.Also, err = w.names(number)
	}
	return p, err == nil, err
}

// columns of a row of people, but for its number.
func (w *writer) columns(p *registry.Person, k keys, updated int64) ([]any, error) {
	more, err := furtherOf(p, k)
	return []any{
		p.Given, p.Family, p.Birth.String(), string(p.Gender), p.Phone, p.Email, k.phone, k.email, w.run, w.source, updated, contentOf(p),
		p.Inactive, p.Deceased, p.Restricted, p.Index, more, p.Number,
	}, err
}

// insert adds a row of people, unless the number is taken.
func (w *writer) insert(p *registry.Person, k keys, updated int64) (fresh bool, err error) {
	values, err := w.columns(p, k, updated)
	if err != nil {
		return false, err
	}
	n, err := w.exec(`INSERT INTO people (given, family, birth, gender, phone, email, phone_key, email_key, run, source, updated, content,
		inactive, deceased, restricted, master, more, number) VALUES (?,?,?,?,?,?,nullif(?,''),nullif(?,''),?,?,?,?,?,?,?,nullif(?,''),?,?)
		ON CONFLICT DO NOTHING`, values...)
	if n == 0 || err != nil {
		return false, err
	}
	return true, w.findBy(p, k)
}

// update replaces what a row of people says. Doses stay.
func (w *writer) update(p *registry.Person, k keys, updated int64) error {
	values, err := w.columns(p, k, updated)
	if err == nil {
		_, err = w.exec(`UPDATE people SET given = ?, family = ?, birth = ?, gender = ?, phone = ?, email = ?, phone_key = nullif(?,''),
			email_key = nullif(?,''), run = ?, source = ?, updated = ?, content = ?, inactive = ?, deceased = ?, restricted = ?, master = nullif(?,''),
			more = ?, disputed = 0 WHERE number = ?`, values...)
	}
	if err == nil {
		_, err = w.exec(`DELETE FROM contacts WHERE person = ?`, p.Number)
	}
	if err != nil {
		return err
	}
	return w.findBy(p, k)
}

// findBy lets somebody be found by their further contacts.
func (w *writer) findBy(p *registry.Person, k keys) error {
	for n, key := range k.more {
		if key == "" {
			continue
		}
		if _, err := w.exec(`INSERT INTO contacts (person, n, birth, key) VALUES (?,?,?,?)`, p.Number, n, p.Birth.String(), key); err != nil {
			return err
		}
	}
	return nil
}

// contentOf is a hash of all that a source says of a person, so that what comes again as it
// was is known without reading it.
func contentOf(p *registry.Person) int64 {
	var b strings.Builder
	said := func(all ...string) {
		for _, s := range all {
			b.WriteString(s)
			b.WriteByte(0)
		}
	}
	said(p.Given, p.Family, p.Birth.String(), string(p.Gender), p.Phone, p.Email, p.ReplacedBy, p.Index, fmt.Sprint(p.Inactive, p.Deceased, p.Restricted))
	for _, n := range p.Also {
		said("name", n.Given, n.Family)
	}
	for _, c := range p.More {
		said("contact", c.Phone, c.Email, fmt.Sprint(c.Guardian))
	}
	return hashOf(b.String())
}

func hashOf(s string) int64 {
	sum := sha256.Sum256([]byte(s))
	return int64(binary.BigEndian.Uint64(sum[:8])) //nolint:gosec // any number will do
}

// released is how what was released of somebody is taken back.
var released = []string{
	`UPDATE requests SET person = NULL WHERE person = ?`,
	`DELETE FROM tokens WHERE person = ?`,
}

// takenBack are the statements of takeBack.
var takenBack = append([]string{`UPDATE amendments SET person = NULL, verified = 0 WHERE person = ?`}, released...)

// takeBack takes back what was released to a number that is somebody else's now.
func takeBack(ctx context.Context, tx *transaction, number int) error {
	for _, q := range takenBack {
		if _, err := tx.ExecContext(ctx, q, number); err != nil {
			return err
		}
	}
	return nil
}

const insertReport = `INSERT INTO doses (person, n, date, cvx, product, manufacturer, lot, performer, status, not_valid, historical,
	about, id, id_key, shared, site, unread, restricted, updated, run) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`

// addReport adds a report of a dose in a place that is free.
func (w *writer) addReport(number, n int, key sql.NullInt64, shared bool, updated int64, r *registry.Report) error {
	_, err := w.exec(insertReport, number, n, r.Date, r.CVX, r.Product, r.Manufacturer, r.Lot, r.Performer, r.Status, r.NotValid, r.Historical,
		r.About, r.ID, key, shared, r.Site, string(r.Unread), r.Restricted, updated, w.run)
	if err == nil && r.Restricted {
		err = w.guard(number)
	}
	return err
}

// recommend replaces what is recommended by a row of people.
func (w *writer) recommend(number int, f registry.Forecast, updated int64) error {
	_, err := w.exec(`DELETE FROM recommendations WHERE person = ?`, number)
	if err == nil {
		_, err = w.exec(`INSERT INTO forecasts (person, as_of, unread, run, updated) VALUES (?1, ?2, ?3, ?4, ?5)
			ON CONFLICT (person) DO UPDATE SET as_of = ?2, unread = ?3, run = ?4, updated = ?5`, number, f.AsOf, f.Unread, w.run, updated)
	}
	for n := 0; n < len(f.All) && err == nil; n++ {
		err = w.addRecommendation(number, n, f.All[n])
	}
	return err
}

func (w *writer) addRecommendation(number, n int, r record.Recommendation) error {
	_, err := w.exec(`INSERT INTO recommendations (person, n, cvx, disease, status, date, as_of) VALUES (?,?,?,?,?,?,?)`,
		number, n, r.CVX, r.Disease, r.Status, r.Date, r.AsOf)
	return err
}
