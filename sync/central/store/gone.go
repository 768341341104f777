package store

import (
	"database/sql"

	"vaxkiosk/sync/central/registry"
)

// A Patient that was merged, or that a source no longer uses, is often no more than an id and
// that: the name went to the one that stays. Such an entry changes what is on file of the
// person, and says nothing of anybody else.

// isGone reports whether an entry says of a person only that it is no longer used.
func isGone(p registry.Person) bool { return p.Family == "" && (p.Inactive || p.ReplacedBy != "") }

// gone notes that an entry of a source is no longer used; name, birth date and contacts stay as
// they are on file. Who never was there is gone already.
func (w *entryWriter) gone(e registry.Entry) (outcome, string, error) {
	if err := w.find(e.ID, false); err != nil {
		return notTaken, "", err
	}
	p, at := *e.Person, w.at(e)
	p.Number = w.on.number
	content := contentOf(&p)
	switch {
	case !w.on.known:
		return sameAgain, "", nil
	case at < w.on.updated:
		return olderOne, "", nil
	case w.on.content.Valid && w.on.content.Int64 == content:
		return sameAgain, "", nil
	}
	err := w.touch(p.Number)
	if err == nil {
		_, err = w.exec(`UPDATE people SET inactive = ?, deceased = CASE WHEN ? <> 0 THEN 1 ELSE deceased END,
			restricted = CASE WHEN ? <> 0 THEN 1 ELSE restricted END, run = ?, updated = ?, content = ? WHERE number = ?`,
			p.Inactive, p.Deceased, p.Restricted, w.run, at, content, p.Number)
	}
	if err != nil {
		return notTaken, "", err
	}
	w.on.run, w.on.updated, w.on.content = w.run, at, sql.NullInt64{Int64: content, Valid: true}
	if p.ReplacedBy == "" {
		return changedOne, "", nil
	}
	return w.relinked(changedOne, p, nil)
}
