package store

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/registry"
)

// Rows of people that are one person. A source says that one of its entries is replaced by
// another (merged), an operator that entries of two sources are of one person
// (linked), or both have the same id in an index that the sources share (index). Whatever
// hangs together so has one root, under whose number the person goes to the outside: with
// the doses of all, and the names and contacts of all that their source still uses.
// An entry that is replaced finds nobody any more; nor does it take anything along to
// somebody with another name and birth date.
//
// When people become one, what was handed out of either is compared with the record
// of both, as after any other change. When they part, all that was handed out and released
// is taken back: it held what is somebody else's.

// Errors of Link and Unlink.
var (
	ErrNoPerson  = errors.New("nobody has this number")
	ErrOnePerson = errors.New("they are one person already")
	ErrNotLinked = errors.New("the person is linked to nobody")
)

// kinds of links.
const (
	mergedInto  = "merged"
	linkedTo    = "linked"
	sharedIndex = "index"
)

// Link makes two people one: what is on file of other counts for one.
func (s *Store) Link(ctx context.Context, one, other int) error {
	return s.byHand(ctx, func(w *writer) (Act, error) {
		var roots [2]int
		for i, number := range []int{one, other} {
			there, err := w.one(`SELECT coalesce(root, number) FROM people WHERE number = ?`, []any{number}, &roots[i])
			if err == nil && !there {
				err = ErrNoPerson
			}
			if err != nil {
				return Act{}, err
			}
		}
		if roots[0] == roots[1] {
			return Act{}, ErrOnePerson
		}
		if err := w.link(other, linkedTo, one); err != nil {
			return Act{}, err
		}
		return Act{What: ActLink, Person: one, Other: other}, w.regroup(one, other)
	})
}

// Unlink makes somebody a person of their own again who was linked, whichever of the two they
// were. A shared index that still says so links them again with the next change of either.
func (s *Store) Unlink(ctx context.Context, number int) error {
	return s.byHand(ctx, func(w *writer) (Act, error) {
		was, err := w.neighbours(number)
		if err != nil {
			return Act{}, err
		}
		n, err := w.exec(`DELETE FROM links WHERE (other = ?1 OR one = ?1) AND kind IN ('linked', 'index')`, number)
		if err == nil && n == 0 {
			err = ErrNotLinked
		}
		if err != nil {
			return Act{}, err
		}
		return Act{What: ActUnlink, Person: number}, w.regroup(append(was, number)...)
	})
}

// writing runs f with a writer, which it ends.
func (s *Store) writing(ctx context.Context, f func(*writer) error) error {
	return s.write(ctx, withWriter(ctx, f))
}

// acting is writing for what has a row in the audit.
func (s *Store) acting(ctx context.Context, f func(*writer) error) error {
	return s.act(ctx, withWriter(ctx, f))
}

func withWriter(ctx context.Context, f func(*writer) error) func(*transaction) error {
	return func(tx *transaction) error {
		w, err := newWriter(ctx, tx, stamp{})
		if err == nil {
			err = f(w)
		}
		if err == nil {
			err = w.revoke()
		}
		return err
	}
}

func (w *writer) link(other int, kind string, one int) error {
	w.anyLinks = true
	_, err := w.exec(`INSERT INTO links (other, kind, one) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, other, kind, one)
	return err
}

// numbers reads a column of numbers.
func (w *writer) numbers(query string, args ...any) (all []int, err error) {
	err = w.each(func(row scanner) error {
		var n int
		err := row.Scan(&n)
		all = append(all, n)
		return err
	}, query, args...)
	return all, err
}

// neighbours are those whom a number has a link with, either way.
func (w *writer) neighbours(number int) ([]int, error) {
	return w.numbers(`SELECT one FROM links WHERE other = ?1 UNION SELECT other FROM links WHERE one = ?1`, number)
}

// names are the other names of a row of people.
func (w *writer) names(number int) ([]request.Name, error) {
	var r row
	var more string
	if _, err := w.one(`SELECT more FROM people WHERE number = ?`, []any{number}, &more); err != nil {
		return nil, err
	}
	err := r.read(more)
	return r.Also, err
}

// node is a row of people among those it may be one with.
type node struct {
	number, root     int
	merged, inactive bool
	was              bool // merged, before
	linked           bool // to another one
	to               []int
}

// regroup finds anew who is one with these, whose links have changed.
func (w *writer) regroup(seeds ...int) error {
	was, is := map[int]int{}, map[int]int{} // roots
	for _, seed := range seeds {
		if _, done := is[seed]; done {
			continue
		}
		all, err := w.component(seed)
		if err != nil {
			return err
		}
		for _, n := range all {
			was[n.number] = n.root
		}
		root, err := w.settle(all)
		if err != nil {
			return err
		}
		for _, n := range all {
			is[n.number] = root
		}
	}
	for a, before := range was {
		for b := range was {
			if was[b] == before && is[a] != is[b] {
				w.parted[before] = true
			}
		}
	}
	for root := range w.parted {
		if err := takeBack(w.ctx, w.tx, root); err != nil {
			return err
		}
	}
	return w.joined(was, is)
}

// component are the rows that hang together with one.
func (w *writer) component(seed int) (all []*node, err error) {
	done, next := map[int]bool{seed: true}, []int{seed}
	for len(next) > 0 {
		number := next[0]
		next = next[1:]
		n := &node{number: number}
		there, err := w.one(`SELECT coalesce(root, number), merged, inactive FROM people WHERE number = ?`, []any{number}, &n.root, &n.was, &n.inactive)
		if err != nil {
			return nil, err
		}
		if !there { // one that has not come yet, or is gone
			continue
		}
		if err := w.follow(n); err != nil {
			return nil, err
		}
		all = append(all, n)
		for _, to := range n.to {
			if !done[to] {
				done[to], next = true, append(next, to)
			}
		}
	}
	return all, nil
}

// follow finds whom a row is one with directly.
func (w *writer) follow(n *node) error {
	type edge struct {
		other, one int
		kind       string
	}
	var edges []edge
	err := w.each(func(row scanner) error {
		var e edge
		err := row.Scan(&e.other, &e.kind, &e.one)
		edges = append(edges, e)
		return err
	}, `SELECT other, kind, one FROM links WHERE other = ?1 UNION SELECT other, kind, one FROM links WHERE one = ?1`, n.number)
	for i := 0; i < len(edges) && err == nil; i++ {
		e := edges[i]
		follows := true
		if e.kind == mergedInto {
			var there bool
			if there, follows, err = w.merges(e.other, e.one); there && e.other == n.number {
				n.merged = true
			}
		}
		n.linked = n.linked || e.other == n.number
		if follows {
			n.to = append(n.to, e.one+e.other-n.number)
		}
	}
	return err
}

// merges reports whether both are there, and whether what one has goes over to the other.
func (w *writer) merges(old, survivor int) (there, over bool, err error) {
	var people [2]registry.Person
	for i, number := range []int{old, survivor} {
		if people[i], there, err = w.onFile(number); !there || err != nil {
			return false, false, err
		}
	}
	return true, !somebodyElse(people[0], people[1]), nil
}

// settle gives rows that hang together their root: one that is in use, that no other has
// replaced and that is linked to none, if there is one.
func (w *writer) settle(all []*node) (root int, err error) {
	if len(all) == 0 {
		return 0, nil
	}
	slices.SortFunc(all, func(a, b *node) int {
		return cmp.Or(order(a.merged, b.merged), order(a.inactive, b.inactive), order(a.linked, b.linked), cmp.Compare(a.number, b.number))
	})
	root = all[0].number
	stays := func(n *node) bool { return n.root == root && n.was == n.merged }
	if !slices.ContainsFunc(all, func(n *node) bool { return !stays(n) }) {
		return root, nil
	}
	for _, n := range all {
		if err := w.touch(n.number); err != nil {
			return 0, err
		}
	}
	for _, n := range all {
		if !stays(n) {
			if _, err := w.exec(`UPDATE people SET root = nullif(CAST(?1 AS BIGINT), ?2), merged = ?3 WHERE number = ?2`, root, n.number, n.merged); err != nil {
				return 0, err
			}
		}
	}
	return root, nil
}

// order puts what is not so first.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// RemovePerson removes what one source says of somebody, with what that source has merged
// into it, takes back what was released and withdraws all cards. What another source says
// of them stays, as a person of its own. It reports whether there was one.
func (s *Store) RemovePerson(ctx context.Context, number int) (there bool, err error) {
	err = s.acting(ctx, func(w *writer) (err error) {
		if there, err = w.remove(number); err != nil || !there {
			return err
		}
		return w.tx.audit(ctx, audit.Row{Kind: audit.PersonOut, Person: number})
	})
	return there, err
}

func (w *writer) remove(number int) (there bool, err error) {
	gone, around := []int{number}, []int(nil)
	for i := 0; i < len(gone) && err == nil; i++ {
		var merged, others []int
		if merged, err = w.numbers(`SELECT other FROM links WHERE one = ? AND kind = 'merged'`, gone[i]); err == nil {
			others, err = w.neighbours(gone[i])
		}
		around = append(around, others...)
		for _, m := range merged {
			if !slices.Contains(gone, m) {
				gone = append(gone, m)
			}
		}
		err = errors.Join(err, w.touch(gone[i]))
	}
	r := revoker{ctx: w.ctx, tx: w.tx, lists: map[string]bool{}}
	for i := 0; i < len(gone) && err == nil; i++ {
		err = errors.Join(takeBack(w.ctx, w.tx, gone[i]), r.withdraw(gone[i]))
		for _, q := range []string{`DELETE FROM links WHERE other = ?1 OR one = ?1`, `UPDATE people SET root = NULL WHERE root = ?1`} {
			if err == nil {
				_, err = w.exec(q, gone[i])
			}
		}
		var n int64
		if err == nil {
			n, err = w.exec(`DELETE FROM people WHERE number = ?`, gone[i])
		}
		there = there || n > 0 && i == 0
	}
	if err == nil {
		err = r.count()
	}
	if err != nil {
		return false, err
	}
	return there, w.regroup(around...)
}
