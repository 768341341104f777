package store

import (
	"context"
	"slices"

	"vaxkiosk/sync/central/audit"
)

// Whom a row of the audit is about. People on file may be one person: then what was done with
// the data of either was done with theirs, whenever it was. Of two who were one for a while, by
// an error say, only what was done meanwhile is about both: the rest is about somebody else.

// rowsIn are the rows behind one and up to another.
type rowsIn struct{ from, to int64 }

const stillOne = int64(1<<63 - 1)

// AuditOf are the rows about somebody, oldest first: about any number that is one with theirs,
// or was when they were written, and about the requests that opened their record.
func (s *Store) AuditOf(ctx context.Context, number int) ([]audit.Row, error) {
	numbers, err := s.oneWith(ctx, number)
	if err != nil {
		return nil, s.d.explain(err)
	}
	were, err := s.wereOneWith(ctx, numbers)
	for _, n := range numbers {
		were[n] = []rowsIn{{0, stillOne}}
	}
	have := map[int64]audit.Row{}
	for n, spans := range were {
		for _, in := range spans {
			if err == nil {
				err = s.auditBetween(ctx, n, in, have)
			}
		}
	}
	if err != nil {
		return nil, s.d.explain(err)
	}
	about := func(n int, r audit.Row) bool {
		return n != 0 && slices.ContainsFunc(were[n], func(in rowsIn) bool { return r.N > in.from && r.N <= in.to })
	}
	var all []audit.Row
	for _, r := range have {
		if r.Person == 0 || about(r.Person, r) || about(r.Other, r) {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b audit.Row) int { return int(a.N - b.N) })
	return all, nil
}

// auditBetween adds the rows of a time about one number, and all about requests that opened its
// record meanwhile.
func (s *Store) auditBetween(ctx context.Context, n int, in rowsIn, have map[int64]audit.Row) error {
	add := func(row scanner) error {
		r, err := scanAudit(row)
		have[r.N] = r
		return err
	}
	err := each(ctx, s.db, add, selectAudit+`WHERE (person = ?1 AND person <> 0 OR other = ?1 AND other <> 0) AND n > ?2 AND n <= ?3`, n, in.from, in.to)
	if err != nil {
		return err
	}
	return each(ctx, s.db, add, selectAudit+`WHERE request <> '' AND request IN
		(SELECT request FROM audit WHERE person = ?1 AND person <> 0 AND request <> '' AND kind <> 'person.shown' AND n > ?2 AND n <= ?3)`, n, in.from, in.to)
}

// oneWith are all numbers that are one person with one now, which is the first.
func (s *Store) oneWith(ctx context.Context, number int) (all []int, err error) {
	all = []int{number}
	err = each(ctx, s.db, func(row scanner) error {
		var n int
		err := row.Scan(&n)
		if err == nil && n != number {
			all = append(all, n)
		}
		return err
	}, `SELECT number FROM people WHERE coalesce(root, number) = (SELECT coalesce(root, number) FROM people WHERE number = ?)`, number)
	return all, err
}

// wereOneWith are the numbers that were linked by hand with some of these, and in which rows.
func (s *Store) wereOneWith(ctx context.Context, numbers []int) (map[int][]rowsIn, error) {
	var links [][2]int
	since, were := map[int]int64{}, map[int][]rowsIn{}
	err := each(ctx, s.db, func(row scanner) error {
		var n int64
		var kind audit.Kind
		var link [2]int
		if err := row.Scan(&n, &kind, &link[0], &link[1]); err != nil {
			return err
		}
		if kind == audit.Linked {
			links = append(links, link)
		} else {
			links = slices.DeleteFunc(links, func(l [2]int) bool { return l[0] == link[0] || l[1] == link[0] })
		}
		now := reached(numbers, links)
		for _, one := range now {
			if _, is := since[one]; !is {
				since[one] = n - 1
			}
		}
		for one, from := range since {
			if !slices.Contains(now, one) {
				were[one] = append(were[one], rowsIn{from, n})
				delete(since, one)
			}
		}
		return nil
	}, `SELECT n, kind, person, other FROM audit WHERE kind IN ('people.linked', 'people.unlinked') ORDER BY n`)
	for one, from := range since { // one of them is not on file any more
		were[one] = append(were[one], rowsIn{from, stillOne})
	}
	return were, err
}

// reached are the numbers that links lead to.
func reached(from []int, links [][2]int) []int {
	all := slices.Clone(from)
	for i := 0; i < len(all); i++ {
		for _, l := range links {
			for way := range l {
				if to := l[1-way]; l[way] == all[i] && !slices.Contains(all, to) {
					all = append(all, to)
				}
			}
		}
	}
	return all
}
