package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"

	"vaxkiosk/sync/central/registry"
)

// entryWriter is a writer that finds people by the ids of a source.
type entryWriter struct {
	*writer
	name string         // of the source
	ids  map[int64]bool // of reports on file, when there is no index of them
	on   subject

	removed map[int64]bool // keys of reports that were removed by hand
}

// subject is who the last entry was about, as far as it was read.
type subject struct {
	id           string
	number       int
	known        bool
	run, updated int64
	content      sql.NullInt64
	birth        string
	disputed     bool

	loaded  bool // reports are all that are on file
	reports []onFile
}

func (s *Store) newEntryWriter(ctx context.Context, tx *transaction, i Import) (*entryWriter, error) {
	of := stamp{run: i.Run}
	if err := tx.QueryRowContext(ctx, `SELECT source, began FROM imports WHERE run = ?`, i.Run).Scan(&of.source, &of.began); err != nil {
		return nil, err
	}
	w, err := newWriter(ctx, tx, of)
	e := &entryWriter{writer: w, name: i.Source}
	if ids := s.ids.Load(); ids != nil {
		e.ids = *ids
	}
	if err == nil {
		err = e.readRemoved()
	}
	return e, err
}

// entry takes in a line and counts it, or says why not. Also of one that is taken there may be
// something to be said.
func (w *entryWriter) entry(i *Import, e registry.Entry, k keys) (why string, taken bool, err error) {
	var what outcome
	of := &i.People
	switch {
	case e.Remove != nil && e.Remove.Dose:
		of = &i.Doses
		what, err = w.removeDose(e)
	case e.Remove != nil:
		what, err = w.removePerson(e)
	case e.Dose != nil:
		of = &i.Doses
		what, why, err = w.dose(e)
	case e.Forecast != nil:
		of = &i.Forecasts
		what, why, err = w.forecast(e)
	case isGone(*e.Person):
		what, why, err = w.gone(e)
	default:
		what, why, err = w.person(e, k)
	}
	if err != nil || what == notTaken {
		return why, false, err
	}
	if what != olderOne {
		i.Kept++
	}
	of.add(what)
	return why, true, nil
}

// at is when the source changed an entry, which cannot be after the file was there: what a
// clock that is ahead says must not keep out all that comes later.
func (w *entryWriter) at(e registry.Entry) int64 {
	if e.At.IsZero() {
		return w.began
	}
	return min(e.At.UnixMilli(), w.began)
}

// find makes somebody the subject. A new id gets a number if wanted.
func (w *entryWriter) find(id string, wanted bool) error {
	if w.on.id == id && w.on.number != 0 {
		return nil
	}
	w.on = subject{id: id}
	var err error
	if w.on.number, err = w.number(id, wanted); err != nil || w.on.number == 0 {
		return err
	}
	w.on.known, err = w.one(`SELECT run, updated, content, birth, disputed FROM people WHERE number = ?`, []any{w.on.number},
		&w.on.run, &w.on.updated, &w.on.content, &w.on.birth, &w.on.disputed)
	return err
}

// person adds or replaces what the source says of a person. Doses stay.
func (w *entryWriter) person(e registry.Entry, k keys) (outcome, string, error) {
	if err := w.find(e.ID, true); err != nil {
		return notTaken, "", err
	}
	p, at := *e.Person, w.at(e)
	p.Number = w.on.number
	if w.on.known {
		switch again, why, err := w.again(&p, at); {
		case err != nil || why != "" || again != changedOne:
			return again, why, err
		}
	}
	shared, why, err := w.sameIndex(p)
	if err != nil || why != "" {
		return notTaken, why, err
	}
	what := newOne
	if w.on.known {
		what = changedOne
		if err = w.touch(p.Number); err == nil {
			err = w.replaceRow(&p, k, at)
		}
	} else {
		_, err = w.insert(&p, k, at)
		w.on.loaded = true
	}
	w.on.known, w.on.run, w.on.updated, w.on.birth, w.on.disputed = true, w.run, at, p.Birth.String(), false
	w.on.content = sql.NullInt64{Int64: contentOf(&p), Valid: true}
	if err != nil || !w.anyLinks && p.ReplacedBy == "" && len(shared) == 0 {
		return what, "", err
	}
	return w.relinked(what, p, shared)
}

// relinked is what has become of a person whose links are made anew. A merge that takes
// nothing along is said of the one of the two that comes last.
func (w *entryWriter) relinked(what outcome, p registry.Person, shared []int) (outcome, string, error) {
	survivor, err := w.relink(p, shared)
	if survivor == 0 && what == newOne && err == nil {
		why, err := w.replacesSomebodyElse(p.Number)
		return what, why, err
	}
	if survivor == 0 || err != nil {
		return what, "", err
	}
	if there, over, err := w.merges(p.Number, survivor); err != nil || there && !over {
		return notTaken, MergedWithSomebodyElse, err
	}
	return mergedOne, "", nil
}

// replacesSomebodyElse says that an entry which came before is replaced by this one, of
// another name and birth date; "" when none is.
func (w *entryWriter) replacesSomebodyElse(survivor int) (why string, err error) {
	replaced, err := w.numbers(`SELECT other FROM links WHERE one = ? AND kind = 'merged'`, survivor)
	for i := 0; i < len(replaced) && err == nil; i++ {
		var there, over bool
		if there, over, err = w.merges(replaced[i], survivor); there && !over {
			why = MergedWithSomebodyElse
		}
	}
	return why, err
}

// about makes whose dose or forecast it is the subject, or says why it can be nobody's: after
// somebody else came with the id, nothing that is of it can be told to be of whom.
func (w *entryWriter) about(id string) (why string, err error) {
	switch err := w.find(id, false); {
	case err != nil:
		return "", err
	case !w.on.known:
		return Unknown, nil
	case w.on.disputed:
		return IDOfSomebodyElse, nil
	}
	return "", nil
}

// again is what becomes of somebody who is on file: changed when they are to be replaced.
func (w *entryWriter) again(p *registry.Person, at int64) (outcome, string, error) {
	same, somebody, err := w.compare(p)
	past := at < w.on.updated
	switch {
	case err != nil:
		return notTaken, "", err
	case somebody:
		w.on.disputed = true
		_, err = w.exec(`UPDATE people SET disputed = 1 WHERE number = ?`, p.Number)
		return notTaken, IDOfSomebodyElse, err
	case past && !w.on.disputed:
		return olderOne, "", nil
	case !same && !past && w.on.run == w.run && at == w.on.updated:
		return notTaken, Twice, nil
	case !same && !past:
		return changedOne, "", nil
	}
	what := sameAgain
	if past {
		what, at = olderOne, w.on.updated
	}
	w.on.run, w.on.updated, w.on.disputed = w.run, at, false
	_, err = w.exec(`UPDATE people SET run = ?, updated = ?, content = ?, disputed = 0 WHERE number = ?`, w.run, at, w.on.content, p.Number)
	return what, "", err
}

// compare reports whether somebody comes as they are on file, or is somebody else.
func (w *entryWriter) compare(p *registry.Person) (same, somebody bool, err error) {
	content := contentOf(p)
	if w.on.content.Valid && w.on.content.Int64 == content {
		return true, false, nil
	}
	old, _, err := w.onFile(p.Number)
	if err != nil {
		return false, false, err
	}
	if !w.on.content.Valid { // from before it was kept, when a row had no more than this
		w.on.content = sql.NullInt64{Int64: contentOf(&old), Valid: true}
	}
	return w.on.content.Int64 == content, somebodyElse(old, *p), nil
}

// sameIndex are those of other sources who have the same id in a shared index.
func (w *entryWriter) sameIndex(p registry.Person) (all []int, why string, err error) {
	if p.Index == "" || w.ids != nil { // the registry was empty: there is no other source
		return nil, "", nil
	}
	all, err = w.numbers(`SELECT number FROM people WHERE master = ? AND source <> ?`, p.Index, w.source)
	for i := 0; i < len(all) && err == nil; i++ {
		var other registry.Person
		if other, _, err = w.onFile(all[i]); err == nil && somebodyElse(other, p) {
			return nil, IndexOfSomebodyElse, nil
		}
	}
	return all, "", err
}

// relink makes the links that a person has by what the source says the only ones of their
// kinds. It returns who replaces the person and did not before, 0 for nobody.
func (w *entryWriter) relink(p registry.Person, index []int) (fresh int, err error) {
	around, err := w.neighbours(p.Number)
	survivor := 0
	if err == nil && p.ReplacedBy != "" {
		survivor, err = w.number(p.ReplacedBy, true)
	}
	if err == nil {
		_, err = w.exec(`DELETE FROM links WHERE other = ?1 AND kind = 'merged' AND one <> ?2 OR other = ?1 AND kind = 'index' OR one = ?1 AND kind = 'index'`,
			p.Number, survivor)
	}
	if err == nil && survivor != 0 && survivor != p.Number {
		var there bool
		there, err = w.one(`SELECT 1 FROM links WHERE other = ? AND kind = 'merged'`, []any{p.Number}, new(int))
		if !there && err == nil {
			fresh = survivor
			err = errors.Join(w.overrule(p.Number, survivor), w.link(p.Number, mergedInto, survivor))
		}
	}
	for i := 0; i < len(index) && err == nil; i++ {
		err = w.link(p.Number, sharedIndex, index[i])
	}
	if err != nil {
		return 0, err
	}
	return fresh, w.regroup(append(append(around, p.Number), index...)...)
}

// overrule takes back that a survivor was replaced itself by the one it replaces now, or by
// what that has replaced: what was said last counts, and nobody is replaced by nobody.
func (w *entryWriter) overrule(replaced, survivor int) error {
	seen := []int{}
	for next := survivor; next != replaced; {
		seen = append(seen, next)
		there, err := w.one(`SELECT one FROM links WHERE other = ? AND kind = 'merged'`, []any{next}, &next)
		if !there || slices.Contains(seen, next) || err != nil {
			return err
		}
	}
	_, err := w.exec(`DELETE FROM links WHERE other = ? AND kind = 'merged'`, survivor)
	return err
}

// removePerson takes back what the source said of somebody, unless it has said something newer.
// Who is gone already stays so.
func (w *entryWriter) removePerson(e registry.Entry) (outcome, error) {
	switch err := w.find(e.ID, false); {
	case err != nil:
		return notTaken, err
	case !w.on.known:
		return sameAgain, nil
	case w.at(e) < w.on.updated:
		return olderOne, nil
	}
	_, err := w.remove(w.on.number)
	w.on = subject{}
	return removedOne, err
}

// forecast replaces what is recommended to somebody, unless that is newer: of a later day, or of
// the same day and changed later. Of the same day and time in one run, it adds to it.
func (w *entryWriter) forecast(e registry.Entry) (outcome, string, error) {
	if why, err := w.about(e.ID); why != "" || err != nil {
		return notTaken, why, err
	}
	f, at := *e.Forecast, w.at(e)
	var before registry.Forecast
	var run, updated int64
	there, err := w.one(`SELECT as_of, unread, run, updated FROM forecasts WHERE person = ?`, []any{w.on.number}, &before.AsOf, &before.Unread, &run, &updated)
	sameDay := there && f.AsOf == before.AsOf
	if err != nil || there && f.AsOf < before.AsOf || sameDay && at < updated {
		return olderOne, "", err
	}
	if before.All, err = recommended(w.ctx, w.tx, w.on.number); err != nil {
		return notTaken, "", err
	}
	if sameDay && run == w.run && at == updated {
		f = together(before, f)
	}
	switch {
	case !there:
		return newOne, "", w.recommend(w.on.number, f, at)
	case sameForecast(before, f):
		_, err = w.exec(`UPDATE forecasts SET run = ?, updated = ? WHERE person = ?`, w.run, at, w.on.number)
		return sameAgain, "", err
	}
	return changedOne, "", w.recommend(w.on.number, f, at)
}

// lastPlain is up to which number ids of the default source that are numbers stand for
// themselves. All other ids get numbers above it.
const lastPlain = 1 << 40

const selectNumber = `SELECT i.number FROM person_ids AS i JOIN sources AS s ON s.n = i.source WHERE s.name = ? AND i.id = ?`

func plainNumber(id string) (n int, ok bool) {
	n, err := strconv.Atoi(id)
	return n, err == nil && n > 0 && n <= lastPlain && strconv.Itoa(n) == id
}

// number finds the number that goes with an id; 0 is none. A new id gets one if wanted.
func (w *entryWriter) number(id string, wanted bool) (n int, err error) {
	if n, ok := plainNumber(id); ok && w.source == 0 {
		return n, nil
	}
	there, err := w.one(`SELECT number FROM person_ids WHERE source = ? AND id = ?`, []any{w.source, id}, &n)
	if there || err != nil || !wanted {
		return n, err
	}
	_, err = w.one(`INSERT INTO person_ids (source, id, number) 
		SELECT CAST(?1 AS BIGINT), CAST(?2 AS TEXT), coalesce(max(number), CAST(?3 AS BIGINT)) + 1 FROM person_ids RETURNING number`,
		[]any{w.source, id, lastPlain}, &n)
	return n, err
}
