package store

import (
	"context"

	"vaxkiosk/sync/central/registry"
)

// A report of a dose that somebody has removed by hand stays in the database as its source
// sends it, and counts for nothing: not on a record, not as restricted. It is known by
// source and id alone, whoever it is said to be of, so that it stays removed when the source
// sends it again, corrects it, or deletes it and begins anew. An id that the source uses for
// several tells nothing: of such a one nothing can be removed, and a removal ends.

const selectRemoved = `SELECT 1 FROM removed_doses WHERE id_key = ?`

// notRemoved is what is to hold of a report d that counts.
const notRemoved = `(d.id_key IS NULL OR d.shared <> 0 OR NOT EXISTS (SELECT 1 FROM removed_doses AS gone WHERE gone.id_key = d.id_key))`

// readRemoved makes known what was removed.
func (w *entryWriter) readRemoved() error {
	w.removed = map[int64]bool{}
	return w.each(func(row scanner) error {
		var key int64
		err := row.Scan(&key)
		w.removed[key] = true
		return err
	}, `SELECT id_key FROM removed_doses`)
}

// isRemoved reports whether a report of the subject was removed by hand.
func (w *entryWriter) isRemoved(r *registry.Report) bool {
	key := keyOf(w.source, r.ID)
	if !key.Valid || !w.removed[key.Int64] {
		return false
	}
	for _, f := range w.on.reports {
		if f.ID == r.ID && f.shared {
			return false
		}
	}
	return true
}

// RemoveDose removes a report by its id in a source, until RestoreDose. It reports whether
// there was one; an id that the source uses for several is none.
func (s *Store) RemoveDose(ctx context.Context, source, id string) (found bool, err error) {
	err = s.byHand(ctx, func(w *writer) (Act, error) {
		found = false
		person, removed, err := w.reportOf(source, id)
		if err != nil || person == 0 || removed {
			return Act{}, err
		}
		found = true
		return Act{What: ActRemoveDose, Person: person}, w.counting(person, `INSERT INTO removed_doses (id_key) VALUES (?)`, keyOf(w.source, id))
	})
	return found && err == nil, err
}

// DoseOf is the number of the person a report is of, by its id in a source, and whether it was
// removed by hand. It is 0 when there is none, also of one whose source has taken it back itself.
func (s *Store) DoseOf(ctx context.Context, source, id string) (person int, removed bool, err error) {
	err = s.writing(ctx, func(w *writer) (err error) {
		person, removed, err = w.reportOf(source, id)
		return err
	})
	return person, removed, err
}

// RestoreDose takes back that a report was removed. It reports whether it was.
func (s *Store) RestoreDose(ctx context.Context, source, id string) (found bool, err error) {
	err = s.byHand(ctx, func(w *writer) (Act, error) {
		found = false
		person, removed, err := w.reportOf(source, id)
		if err != nil || !removed {
			return Act{}, err
		}
		found = true
		return Act{What: ActRestoreDose, Person: person}, w.counting(person, `DELETE FROM removed_doses WHERE id_key = ?`, keyOf(w.source, id))
	})
	return found && err == nil, err
}

// counting changes whether a report counts, and with it the record of the person.
func (w *writer) counting(person int, query string, args ...any) error {
	err := w.touch(person)
	if err == nil {
		_, err = w.exec(query, args...)
	}
	if err != nil {
		return err
	}
	return w.guard(person)
}

// reportOf finds a report by its id in a source: whose it is, 0 for none, and whether it
// was removed.
func (w *writer) reportOf(source, id string) (person int, removed bool, err error) {
	there, err := w.one(`SELECT n FROM sources WHERE name = ?`, []any{source}, &w.source)
	if err != nil || !there || id == "" {
		return 0, false, err
	}
	key := keyOf(w.source, id)
	var f onFile
	found, err := w.one(selectReport, []any{key, id}, &person, &f.n, &f.shared, &f.updated, &f.run)
	if err == nil && found && f.shared {
		return 0, false, nil
	}
	if err == nil {
		removed, err = w.one(selectRemoved, []any{key}, new(int))
	}
	return person, removed, err
}
