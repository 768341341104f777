package store

import (
	"database/sql"
	"fmt"
	"slices"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/registry"
)

// Reports of doses, as they come in. A report has its identity in its source:
//
//   - By its id. The same id again, in a later run or with a newer date, replaces it:
//     day, vaccine and person may have been corrected.
//   - The same id twice in one run, of the same date, with another day, vaccine or person is an
//     export whose ids mean nothing: the id is shared from then on, and tells
//     nothing without day, vaccine and lot.
//   - Without an id by person, day, vaccine and lot. A report with an id that nobody
//     has takes the place of such a one, which the source has sent before it had ids.
//
// What cannot be read is kept with its identity and counted on the record, until a version
// comes that can be; one that could be read before stays as it was. What is read but
// cannot have happened is kept like any other: the birth date may be corrected.
//
// The index of ids holds hashes, of reports with an id only. A registry that is filled has
// none, and knows the ids in memory (rememberIDs).

// onFile is a report in its place.
type onFile struct {
	registry.Report

	n            int
	key          sql.NullInt64
	shared       bool
	updated, run int64
}

// keyOf is the hash of an id in a source.
func keyOf(source int, id string) sql.NullInt64 {
	if id == "" {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: hashOf(fmt.Sprintf("%d\x00%s", source, id)), Valid: true}
}

// dose takes in a report.
func (w *entryWriter) dose(e registry.Entry) (outcome, string, error) {
	if why, err := w.about(e.ID); why != "" || err != nil {
		return notTaken, why, err
	}
	if err := w.load(); err != nil {
		return notTaken, "", err
	}
	raw, at := *e.Dose, w.at(e)
	raw.Unknown, raw.Name, raw.Card = false, "", 0 // which our tables say, when it is read
	r := &raw
	i := w.place(r)
	var what outcome
	var err error
	switch {
	case i >= 0:
		what, err = w.renew(i, r, at)
	case bare(r): // takes back what is not there
		return sameAgain, "", nil
	default:
		what, err = w.elsewhere(r, at)
	}
	if err == nil && what != olderOne && !mistaken(r) && w.isRemoved(r) {
		return notTaken, RemovedByHand, nil
	}
	if doubt := r.Doubt(w.on.birth); doubt != "" && !mistaken(r) && what != olderOne {
		return notTaken, string(doubt), err
	}
	return what, "", err
}

func mistaken(r *registry.Report) bool { return r.Status == record.StatusError }

// bare reports whether an entry in error says no more than that.
func bare(r *registry.Report) bool {
	return mistaken(r) && (r.Unread != "" || r.Date == "" || r.CVX+r.Product == "")
}

// load reads what is on file of the subject, once.
func (w *entryWriter) load() error {
	if w.on.loaded {
		return nil
	}
	w.on.loaded = true
	return w.each(func(row scanner) error {
		var f onFile
		err := row.Scan(&f.n, &f.Date, &f.CVX, &f.Product, &f.Manufacturer, &f.Lot, &f.Performer, &f.Status, &f.NotValid, &f.Historical, &f.About,
			&f.ID, &f.key, &f.shared, &f.Site, &f.Unread, &f.Restricted, &f.updated, &f.run)
		w.on.reports = append(w.on.reports, f)
		return err
	}, `SELECT n, date, cvx, product, manufacturer, lot, performer, status, not_valid, historical, about, id, id_key, shared, site, unread, restricted, updated, run
		FROM doses WHERE person = ? ORDER BY n`, w.on.number)
}

// place finds the report of the subject that one is a version of; -1 for none. What cannot
// be read and has no id is not known from another such one: each in a file is one.
func (w *entryWriter) place(r *registry.Report) int {
	by := func(is func(f onFile) bool) int { return slices.IndexFunc(w.on.reports, is) }
	same := func(f onFile) bool {
		return f.Date == r.Date && f.CVX == r.CVX && f.Lot == r.Lot && (f.Unread == "" && r.Unread == "" || f.Report == *r || f.ID != "" && !f.shared)
	}
	another := func(f onFile) bool { return r.ID == "" && r.Unread != "" && f.run == w.run }
	i := by(func(f onFile) bool { return f.ID == r.ID && same(f) && !another(f) })
	if i < 0 && r.ID != "" {
		i = by(func(f onFile) bool { return f.ID == r.ID && !f.shared })
	}
	return i
}

// adopted finds the report of the subject that came without an id, or could not be read,
// before; -1 for none.
func (w *entryWriter) adopted(r *registry.Report) int {
	return slices.IndexFunc(w.on.reports, func(f onFile) bool {
		switch {
		case f.ID != "" || f.run == w.run || r.Unread != "":
			return false
		case f.Unread != "":
			return mayBecome(f.Report, *r)
		}
		return r.ID != "" && f.Date == r.Date && f.CVX == r.CVX && (f.Lot == r.Lot || f.Lot == "")
	})
}

// mayBecome reports whether a report that could not be read may be one that can: all that
// could be read of it is the same, and something of day and vaccine was.
func mayBecome(unread, r registry.Report) bool {
	fits := func(a, b string) bool { return a == "" || a == b }
	return unread.Date+unread.CVX != "" && fits(unread.Date, r.Date) && fits(unread.CVX, r.CVX) && fits(unread.Lot, r.Lot) &&
		fits(unread.Product, r.Product) && fits(unread.Performer, r.Performer)
}

// renew puts a report in the place of its version before.
func (w *entryWriter) renew(i int, r *registry.Report, at int64) (outcome, error) {
	f := &w.on.reports[i]
	again := f.run == w.run && at == f.updated && f.ID != ""
	moved := f.Date != r.Date || f.CVX != r.CVX || f.Lot != "" && r.Lot != "" && f.Lot != r.Lot
	switch {
	case at < f.updated:
		return olderOne, nil
	case bare(r):
		taken := f.Report
		taken.Status, taken.Unread = record.StatusError, ""
		return w.put(f, taken, at)
	case again && moved:
		return w.share(f, r, at)
	case r.Unread != "" && f.Unread == "":
		return sameAgain, nil
	}
	return w.put(f, *r, at)
}

// share makes an id one that means nothing: both reports stay.
func (w *entryWriter) share(f *onFile, r *registry.Report, at int64) (outcome, error) {
	f.shared = true
	if _, err := w.exec(`UPDATE doses SET shared = 1 WHERE person = ? AND n = ?`, w.on.number, f.n); err != nil {
		return notTaken, err
	}
	return w.add(r, true, at)
}

// put writes a report in a place that is there.
func (w *entryWriter) put(f *onFile, r registry.Report, at int64) (outcome, error) {
	what := sameAgain
	if f.Report != r {
		what = changedOne
		if err := w.touch(w.on.number); err != nil {
			return notTaken, err
		}
	}
	if f.ID != r.ID {
		f.key = keyOf(w.source, r.ID)
		if err := w.remember(f.key); err != nil {
			return notTaken, err
		}
	}
	guarded := f.Restricted || r.Restricted
	f.Report, f.updated, f.run = r, at, w.run
	if what == sameAgain {
		_, err := w.exec(`UPDATE doses SET updated = ?, run = ? WHERE person = ? AND n = ?`, at, w.run, w.on.number, f.n)
		return what, err
	}
	_, err := w.exec(`UPDATE doses SET date = ?, cvx = ?, product = ?, manufacturer = ?, lot = ?, performer = ?, status = ?, not_valid = ?, historical = ?,
		about = ?, id = ?, id_key = ?, site = ?, unread = ?, restricted = ?, updated = ?, run = ? WHERE person = ? AND n = ?`,
		r.Date, r.CVX, r.Product, r.Manufacturer, r.Lot, r.Performer, r.Status, r.NotValid, r.Historical, r.About, r.ID, f.key, r.Site, string(r.Unread),
		r.Restricted, at, w.run, w.on.number, f.n)
	if err == nil && guarded {
		err = w.guard(w.on.number)
	}
	return what, err
}

// elsewhere takes in a report that the subject does not have. Somebody else may have it.
func (w *entryWriter) elsewhere(r *registry.Report, at int64) (outcome, error) {
	there, f, person, err := w.lookUp(r.ID)
	switch {
	case err != nil:
		return notTaken, err
	case !there:
		if i := w.adopted(r); i >= 0 {
			return w.put(&w.on.reports[i], *r, at)
		}
		return w.add(r, false, at)
	case f.shared:
		return w.add(r, true, at)
	case f.run == w.run && at == f.updated:
		if _, err := w.exec(`UPDATE doses SET shared = 1 WHERE person = ? AND n = ?`, person, f.n); err != nil {
			return notTaken, err
		}
		return w.add(r, true, at)
	case at < f.updated:
		return olderOne, nil
	case r.Unread != "":
		return sameAgain, nil
	}
	if err := w.drop(person, f.n); err != nil {
		return notTaken, err
	}
	_, err = w.add(r, false, at)
	return changedOne, err
}

const selectReport = `SELECT person, n, shared, updated, run FROM doses WHERE id_key = ? AND id = ? LIMIT 1`

// lookUp finds a report by its id, whosever it is.
func (w *entryWriter) lookUp(id string) (there bool, f onFile, person int, err error) {
	key := keyOf(w.source, id)
	if !key.Valid {
		return false, f, 0, nil
	}
	if w.ids != nil {
		if !w.ids[key.Int64] {
			return false, f, 0, nil
		}
		if err := w.indexIDs(); err != nil {
			return false, f, 0, err
		}
	}
	there, err = w.one(selectReport, []any{key, id},
		&person, &f.n, &f.shared, &f.updated, &f.run)
	return there, f, person, err
}

// indexIDs builds the index when memory does not do any more.
func (w *entryWriter) indexIDs() error {
	_, err := w.exec("CREATE INDEX IF NOT EXISTS " + doseIndex.name + " ON " + doseIndex.on)
	w.ids = nil
	return err
}

// remember keeps an id in memory while there is no index.
func (w *entryWriter) remember(key sql.NullInt64) error {
	if w.ids == nil || !key.Valid {
		return nil
	}
	w.ids[key.Int64] = true
	if len(w.ids) > maxIDs {
		return w.indexIDs()
	}
	return nil
}

// add adds a report of the subject.
func (w *entryWriter) add(r *registry.Report, shared bool, at int64) (outcome, error) {
	if err := w.touch(w.on.number); err != nil {
		return notTaken, err
	}
	f := onFile{Report: *r, key: keyOf(w.source, r.ID), shared: shared, updated: at, run: w.run}
	what := newOne
	for _, o := range w.on.reports {
		f.n = max(f.n, o.n+1)
		if r.Unread == "" && o.Unread == "" && !mistaken(r) && !mistaken(&o.Report) && registry.SameDose(o.Report, *r) {
			what = mergedOne
		}
	}
	if err := w.remember(f.key); err != nil {
		return notTaken, err
	}
	w.on.reports = append(w.on.reports, f)
	return what, w.addReport(w.on.number, f.n, f.key, shared, at, r)
}

// drop takes a report away.
func (w *writer) drop(person, n int) error {
	if err := w.touch(person); err != nil {
		return err
	}
	if _, err := w.exec(`DELETE FROM doses WHERE person = ? AND n = ?`, person, n); err != nil {
		return err
	}
	return w.guard(person)
}

// removeDose takes back a report by its id, unless a newer version is there. One that is gone
// already stays so, and so do those of an id that means nothing.
func (w *entryWriter) removeDose(e registry.Entry) (outcome, error) {
	there, f, person, err := w.lookUp(e.ID)
	switch {
	case err != nil || !there || f.shared:
		return sameAgain, err
	case w.at(e) < f.updated:
		return olderOne, nil
	}
	w.on = subject{} // its reports may have changed
	return removedOne, w.drop(person, f.n)
}
