package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/registry"
)

// Import is one run over a file of people, and how far it has come. The zero Run is none.
// Bytes, Line and Digest say what is done, as registry/exchange has it.
type Import struct {
	Run           int64
	Source        string // where the file comes from; "" is the default
	Bulk          bool   // the registry was empty when it began
	Bytes         int64
	Line          int
	Digest        []byte
	Kept, Refused int

	People, Doses, Forecasts Tally
	Other                    Tally          // lines of which one cannot tell what they are
	Reasons                  map[string]int // for which entries were not used, with how many
	Last                     []Refusal      // what Import returned last
}

// Count counts an entry that was not used. It goes into the database with the next Import.
func (i *Import) Count(b *registry.Bad) {
	if b.Passed {
		i.tally(b.Kind).Passed++
	} else {
		i.tally(b.Kind).Refused++
		i.Refused++
	}
	i.count(string(b.Reason))
}

func (i *Import) count(reason string) {
	if i.Reasons == nil {
		i.Reasons = map[string]int{}
	}
	i.Reasons[reason]++
}

// say counts what is to be said of an entry, and reports whether its line is to be named.
func (i *Import) say(e registry.Entry, why string, taken bool) bool {
	if taken {
		i.count(why)
		return true
	}
	bad := registry.Bad{Line: e.Line, Reason: registry.Reason(why), Kind: e.Kind(), Passed: why == RemovedByHand}
	i.Count(&bad)
	return !bad.Passed
}

func (i *Import) tally(kind registry.Kind) *Tally {
	return map[registry.Kind]*Tally{registry.OfPerson: &i.People, registry.OfDose: &i.Doses, registry.OfForecast: &i.Forecasts, registry.OfNone: &i.Other}[kind]
}

// counted is what is kept of a run besides where it is.
type counted struct {
	People, Doses, Forecasts, Other Tally
	Reasons                         map[string]int
	Last                            []Refusal
}

// Tally is what became of entries.
type Tally struct {
	New, Changed, Unchanged int
	Merged                  int // people replaced by another one; doses that another report tells of, too
	Older                   int // passed over: what is on file is newer
	Removed                 int
	Refused, Passed         int // passed over: nothing is wrong with them, and the registry does not keep them
}

func (t *Tally) add(what outcome) {
	*[...]*int{
		newOne: &t.New, changedOne: &t.Changed, sameAgain: &t.Unchanged, mergedOne: &t.Merged, olderOne: &t.Older, removedOne: &t.Removed,
	}[what]++
}

// outcome is what became of an entry.
type outcome int

const (
	notTaken outcome = iota
	newOne
	changedOne
	sameAgain
	mergedOne
	olderOne
	removedOne
)

// Refusal is an entry that the registry does not take, or takes and has to say something of.
type Refusal struct {
	Line   int
	Reason string
}

// The reasons of refusals, beside those of registry.Report: such a report is kept, and
// counted on the record as one that could not be read.
const (
	Twice   = "id-twice"       // the file has had this person already, and otherwise; the first stays
	Unknown = "person-unknown" // a dose of somebody who is not in the registry, or recommendations to them

	// Another name and birth date than on file; and then doses and recommendations of that id,
	// until whoever is on file comes again or was removed.
	IDOfSomebodyElse    = "id-of-somebody-else"
	IndexOfSomebodyElse = "index-of-somebody-else" // who has the same id in the shared index has another name and birth date

	// Replaced by somebody with another name and birth date: the entry finds nobody any more,
	// and takes nothing along. Of the one that comes last of the two; who replaces is taken.
	MergedWithSomebodyElse = "merged-with-somebody-else"

	// Somebody has removed this dose by hand: nothing is wrong with the entry, and it is passed over.
	RemovedByHand = "removed-by-hand"
)

// UnfinishedImport returns the run over a file of this name and source that has not been
// finished, or a zero Import.
func (s *Store) UnfinishedImport(ctx context.Context, file, source string) (i Import, err error) {
	var counts string
	err = s.db.QueryRowContext(ctx, `SELECT i.run, i.bulk, i.bytes, i.line, i.digest, i.kept, i.refused, i.counts, s.name
		FROM imports AS i JOIN sources AS s ON s.n = i.source WHERE i.file = ? AND s.name = ? AND i.finished = 0 ORDER BY i.run DESC LIMIT 1`, file, source).
		Scan(&i.Run, &i.Bulk, &i.Bytes, &i.Line, &i.Digest, &i.Kept, &i.Refused, &counts, &i.Source)
	if errors.Is(err, sql.ErrNoRows) {
		return Import{}, nil
	}
	if err == nil && counts != "" {
		var c counted
		err = json.Unmarshal([]byte(counts), &c)
		i.People, i.Doses, i.Forecasts, i.Other, i.Reasons, i.Last = c.People, c.Doses, c.Forecasts, c.Other, c.Reasons, c.Last
	}
	return i, err
}

// StartImport begins a run over a file of a source, which need not be known yet. It begins
// after all runs before it, whatever the clock says: else nothing of a file without dates
// would be newer once the clock had been ahead.
func (s *Store) StartImport(ctx context.Context, file, source string) (i Import, err error) {
	err = s.act(ctx, func(tx *transaction) error {
		i = Import{Source: source}
		_, err := tx.ExecContext(ctx, `INSERT INTO sources (n, name) SELECT max(n) + 1, CAST(?1 AS TEXT) FROM sources
			HAVING NOT EXISTS (SELECT 1 FROM sources WHERE name = ?1)`, source)
		if err != nil {
			return err
		}
		var last int64
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(began), 0) FROM imports`).Scan(&last); err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, `INSERT INTO imports (file, bulk, source, began)
			SELECT CAST(?1 AS TEXT), CASE WHEN EXISTS (SELECT 1 FROM people) THEN 0 ELSE 1 END, n, CAST(?3 AS BIGINT) FROM sources WHERE name = ?2
			RETURNING run, bulk`, file, source, max(time.Now().UnixMilli(), last+1)).Scan(&i.Run, &i.Bulk)
		if err != nil {
			return err
		}
		return tx.audit(ctx, audit.Row{Kind: audit.ImportOn, Outcome: fmt.Sprintf("run=%d source=%s", i.Run, source)})
	})
	return i, err
}

// Import takes in entries and records in the same transaction how far the run
// has come: where i says, with what became of the entries added to it.
//
// A person or report that is older than what is on file, by its own date or else by when
// the run began, is passed over; one that comes again as it was changes nothing.
func (s *Store) Import(ctx context.Context, i *Import, entries []registry.Entry) (refused []Refusal, err error) {
	keys := keysOf(len(entries), func(n int) *registry.Person { return entries[n].Person })
	var next Import
	var indexed bool
	err = s.write(ctx, func(tx *transaction) error {
		next, refused = *i, nil
		next.Reasons = maps.Clone(i.Reasons)
		w, err := s.newEntryWriter(ctx, tx, *i)
		if err != nil {
			return err
		}
		for n, e := range entries {
			why, taken, err := w.entry(&next, e, keys[n])
			if err != nil {
				return fmt.Errorf("import of %v: %w", e, err)
			}
			if why != "" && next.say(e, why, taken) {
				refused = append(refused, Refusal{e.Line, why})
			}
		}
		if err := w.revoke(); err != nil {
			return err
		}
		indexed = w.ids == nil
		next.Last = refused
		return w.record(next)
	})
	if err == nil {
		*i = next
		if indexed {
			s.ids.Store(nil)
		}
	}
	return refused, err
}

// record writes how far a run has come.
func (w *entryWriter) record(i Import) error {
	counts, err := json.Marshal(counted{i.People, i.Doses, i.Forecasts, i.Other, i.Reasons, i.Last})
	if err != nil {
		return err
	}
	_, err = w.exec(`UPDATE imports SET bytes = ?, line = ?, digest = ?, kept = ?, refused = ?, counts = ? WHERE run = ?`,
		i.Bytes, i.Line, i.Digest, i.Kept, i.Refused, string(counts), i.Run)
	return err
}

// FinishImport ends a run, and with it those over a file of this name and source that were
// never ended: the next one begins anew.
func (s *Store) FinishImport(ctx context.Context, i Import, now time.Time) error {
	return s.act(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, `UPDATE imports SET finished = ?1 WHERE finished = 0 AND run <= ?2
			AND file = (SELECT file FROM imports WHERE run = ?2) AND source = (SELECT source FROM imports WHERE run = ?2)`, now.Unix(), i.Run)
		if err != nil {
			return err
		}
		return tx.audit(ctx, audit.Row{At: now, Kind: audit.Imported, Outcome: i.outcome()})
	})
}

// outcome is a run in the audit.
func (i Import) outcome() string {
	said := func(t Tally) string {
		return fmt.Sprintf("%d/%d/%d/%d", t.New, t.Changed, t.Removed, t.Refused)
	}
	return fmt.Sprintf("run=%d source=%s lines=%d people=%s doses=%s forecasts=%s refused=%d digest=%x",
		i.Run, i.Source, i.Line, said(i.People), said(i.Doses), said(i.Forecasts), i.Refused, i.Digest)
}
