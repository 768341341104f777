package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/registry"
)

// Codes of the check page (package checkpage). Each record that is handed out gets
// one, in the transaction that reads the record, so that every change since counts.
// What makes health cards superseded or withdrawn does the same to codes, and so does
// a change of a dose that is on the print only: cards.go has the rule.
//
// Of the tries holds what holds of proofs (tries.go): one is taken in one statement
// before anything is compared, five wrong ones are all there ever are, an error
// counts as none left, and a right birth date gives its try back. A code that nobody
// has, that is too old or has no tries left takes the try of a stand-in, which opens
// with nothing: the caller does the same work and gives the same answer for all.

// CheckState is what is to be said of a print.
type CheckState string

// The states.
const (
	Unchanged  CheckState = "unchanged"
	Superseded CheckState = "superseded"
	Withdrawn  CheckState = "withdrawn"
)

// NewCheck is a code for a record that is handed out; the zero NewCheck is none.
type NewCheck struct {
	Code  []byte                    // keyed hash
	Birth func(birth string) []byte // keyed hash of a birth date, YYYY-MM-DD
	Dose  func(dose string) []byte  // keyed hash of a dose as it stands on the print
	Life  time.Duration
}

// addCheck keeps the code of a record.
func addCheck(ctx context.Context, tx *transaction, n NewCheck, p registry.Person, at time.Time) error {
	if n.Code == nil {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO checks (code, birth, person, issued, expires, state, tries, printed) VALUES (?, ?, ?, ?, ?, ?, 0, ?)`,
		n.Code, n.Birth(p.Birth.String()), p.Number, at.Unix(), at.Add(n.Life).Unix(), Unchanged, printed(p.Doses, n.Dose))
	return err
}

// doseHash is how many bytes of a dose's hash are kept.
const doseHash = 8

// printed are the hashes of all doses, one after the other; not NULL when there are none.
func printed(doses []record.Dose, hash func(string) []byte) []byte {
	all := make([]byte, 0, doseHash*len(doses))
	for _, d := range doses {
		all = append(all, hash(onPrint(d))[:doseHash]...)
	}
	return all
}

// onPrint is what a print says of a dose. A code is answered long after: what a
// later program adds to a dose must not change it.
func onPrint(d record.Dose) string {
	date := d.Date
	if d.About { // left out of all others, so that codes of before still fit
		date = "about " + date
	}
	return strings.Join([]string{
		date, d.CVX, d.Product, d.Manufacturer, d.Lot, d.Performer, d.Status, strconv.FormatBool(d.NotValid), strconv.FormatBool(d.Historical),
	}, "\x00")
}

// Check is a code with the right to compare one birth date with it.
type Check struct {
	Birth  []byte // keyed hash; of a code that opens with nothing it is no date's
	Issued time.Time

	code    []byte
	printed []byte // hashes of its doses; nil when the print is of before they were kept
	uses    []access.Use
}

// AsPrinted are the doses on file that stand on the print: what was given or reported
// since is no business of who holds it, also when it was on the same day. Of a print made
// before doses were kept, they are those up to its day.
func (c Check) AsPrinted(all []record.Dose, hash func(dose string) []byte) (shown []record.Dose) {
	if c.printed == nil {
		day := c.Issued.Format(time.DateOnly)
		return slices.DeleteFunc(slices.Clone(all), func(d record.Dose) bool { return d.Date > day })
	}
	left := map[string]int{} // the same dose may be on file twice
	for h := range slices.Chunk(c.printed, doseHash) {
		left[string(h)]++
	}
	for _, d := range all {
		if h := string(hash(onPrint(d))[:doseHash]); left[h] > 0 {
			left[h]--
			shown = append(shown, d)
		}
	}
	return shown
}

// Live reports whether there is a birth date that opens it.
func (c Check) Live() bool { return len(c.code) > 0 }

const liveCheck = `SELECT EXISTS (SELECT 1 FROM checks WHERE code = ? AND tries < ? AND expires > ?)`

// LiveCheck reports whether a code is there, has tries left and is not too old. It
// writes nothing.
func (s *Store) LiveCheck(ctx context.Context, code []byte, now time.Time) (live bool, err error) {
	err = s.db.QueryRowContext(ctx, liveCheck, code, MaxTries, now.Unix()).Scan(&live)
	return live, err
}

// TakeCheck takes a try of a code. Looking counts, whatever comes of it; a try counts
// until the birth date is found right. A *LimitError says which of them does not fit:
// for a live code that is never the try, which then does not count.
func (s *Store) TakeCheck(ctx context.Context, code []byte, now time.Time, look, try access.Use) (Check, error) {
	var c Check
	err := s.counting(ctx, func(tx *transaction) error {
		c = Check{uses: []access.Use{try}}
		if err := count(ctx, tx, now, look); err != nil {
			return err
		}
		var live bool
		if err := tx.QueryRowContext(ctx, liveCheck, code, MaxTries, now.Unix()).Scan(&live); err != nil {
			return err
		}
		var full *LimitError
		if err := count(ctx, tx, now, try); live && errors.As(err, &full) {
			c.uses = nil
		} else if err != nil {
			return err
		}
		var issued int64
		err := sql.ErrNoRows
		for n := 0; n < 2 && errors.Is(err, sql.ErrNoRows); n++ { // none when somebody else has just taken the last one
			err = tx.QueryRowContext(ctx, takeCheck, code, MaxTries, now.Unix(), []byte{}).Scan(&c.code, &c.Birth, &issued, &c.printed)
		}
		c.Issued = time.Unix(issued, 0)
		return err
	})
	return c, err
}

// takeCheck takes a try of a code, or else of the stand-in. The condition stands in the row
// that is written to, and not only in what is looked up: so it is looked at again when the row
// has changed meanwhile.
const takeCheck = `UPDATE checks SET tries = tries + 1
	WHERE code = ?1 AND tries < ?2 AND expires > ?3 OR code = ?4 AND NOT EXISTS (SELECT 1 FROM checks WHERE code = ?1 AND tries < ?2 AND expires > ?3)
	RETURNING code, birth, issued, printed`

// OpenCheck gives the try of a right birth date back and returns what is to be said
// of the print. Only when that is unchanged the person comes with it: what has changed
// is not for who holds the print.
func (s *Store) OpenCheck(ctx context.Context, c Check) (state CheckState, p registry.Person, err error) {
	err = s.act(ctx, func(tx *transaction) error {
		p = registry.Person{}
		var number int
		err := tx.QueryRowContext(ctx, `UPDATE checks SET tries = tries - 1 WHERE code = ? AND tries > 0
			RETURNING state, coalesce(person, 0)`, c.code).Scan(&state, &number)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrUnknown // too old by now
		}
		if err == nil {
			err = uncount(ctx, tx, c.uses...)
		}
		if err != nil || state == Withdrawn {
			return err
		}
		now, there, err := person(ctx, tx, number)
		switch {
		case err == nil && !there:
			state = Withdrawn
		case err == nil && state == Unchanged:
			p = now
			err = tx.audit(ctx, audit.Row{Actor: audit.Public, Kind: audit.Checked, Person: number})
		}
		return err
	})
	return state, p, err
}

// supersedeChecks does to codes what supersedeCards does to cards.
func (r *revoker) supersedeChecks(number int, since string) error {
	_, err := r.tx.ExecContext(r.ctx, `UPDATE checks SET state = ? WHERE person = ? AND state = ?
		AND issued >= ?`, Superseded, number, Unchanged, endOf(since))
	return err
}

// withdrawChecks does to codes what withdraw does to cards.
func (r *revoker) withdrawChecks(number int) error {
	_, err := r.tx.ExecContext(r.ctx, `UPDATE checks SET state = ?, person = NULL WHERE person = ?`, Withdrawn, number)
	return err
}

// PurgeChecks forgets codes whose life has ended.
func (s *Store) PurgeChecks(ctx context.Context, now time.Time) error {
	return s.write(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, forgetChecks, now.Unix())
		return err
	})
}
