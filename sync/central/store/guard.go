package store

import (
	"database/sql"
	"errors"

	"vaxkiosk/sync/central/registry"
)

// What is restricted, a record as a whole or one of its doses, is not given out before staff
// have decided: a request for it goes to review. What had been released of somebody before
// it became known is taken back.

// guard counts anew how many restricted doses somebody has.
func (w *writer) guard(number int) error {
	return w.holdBack(number, func() error {
		_, err := w.exec(`UPDATE people SET guarded = (SELECT count(*) FROM doses AS d WHERE d.person = ?1 AND d.restricted <> 0 AND `+notRemoved+`) WHERE number = ?1`, number)
		return err
	})
}

// holdBack runs f, which changes what somebody has that is restricted. When it is more than
// before, what was released and not handed out yet is taken back: it was released without it.
func (w *writer) holdBack(number int, f func() error) error {
	before, _, err := w.restricted(number)
	if err == nil {
		err = f()
	}
	if err != nil {
		return err
	}
	after, root, err := w.restricted(number)
	if err != nil || after <= before {
		return err
	}
	return w.unrelease(root)
}

// unrelease takes back what was released of somebody and not handed out yet.
func (w *writer) unrelease(root int) error {
	for _, q := range released {
		if _, err := w.exec(q, root); err != nil {
			return err
		}
	}
	return nil
}

// joined does so for rows that have another root than they had, when something of the person
// they are part of now is restricted.
func (w *writer) joined(was, is map[int]int) error {
	for n, before := range was {
		if is[n] == before {
			continue
		}
		guarded, err := w.one(`SELECT 1 FROM people WHERE (number = ?1 OR root = ?1) AND restricted + guarded > 0 LIMIT 1`, []any{is[n]}, new(int))
		if err == nil && guarded {
			err = errors.Join(w.unrelease(before), w.unrelease(is[n]))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// replaceRow is update for somebody who may be restricted now.
func (w *entryWriter) replaceRow(p *registry.Person, k keys, at int64) error {
	if !p.Restricted {
		return w.update(p, k, at)
	}
	return w.holdBack(p.Number, func() error { return w.update(p, k, at) })
}

// restricted tells how much of a row of people is restricted, and whose it is.
func (w *writer) restricted(number int) (n, root int, err error) {
	var person sql.NullInt64
	_, err = w.one(`SELECT restricted + guarded, coalesce(root, number) FROM people WHERE number = ?`, []any{number}, &n, &person)
	return n, int(person.Int64), err
}
