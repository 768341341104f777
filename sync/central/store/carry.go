package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A registry is carried from one kind of database to the other table by table: into a server's
// when a folder moves or is restored there (Carry), into a file for back-ups and trials of
// one on a server (Snapshot). So a back-up is the same whatever it is of, and is restored into either.
//
// Which tables and columns there are is asked of the databases, so that none can be
// forgotten, and both must say the same. Two tables are not copied: version, which both have
// before, and folder, since where a database is differs.
//
// Each row is read back afterwards: a table is the same when as many rows have the same sum,
// whatever their order.

// Carrying says how far it is: of what it does, so many rows of how many.
type Carrying func(doing string, done, total int64)

// table is one that both databases have.
type table struct {
	name     string
	columns  []string // rowid among them where a server has it
	order    string   // columns that say which row comes first in a file
	parents  []string // what its rows refer to
	identity string   // the column that counts by itself; "" where none does
	counts   bool     // it never gives a number twice, in a file, too
}

func (t table) list() string { return strings.Join(t.columns, ", ") }

// apart are the tables that are not copied.
var apart = []string{"folder", "version"}

// inOrder are tables with those first that others refer to.
func inOrder(all []table) (sorted []table, err error) {
	slices.SortFunc(all, func(a, b table) int { return cmp.Compare(a.name, b.name) })
	there := func(name string) bool {
		return slices.ContainsFunc(sorted, func(t table) bool { return t.name == name })
	}
	for len(sorted) < len(all) {
		before := len(sorted)
		for _, t := range all {
			waits := slices.ContainsFunc(t.parents, func(p string) bool { return p != t.name && !there(p) })
			if !waits && !there(t.name) {
				sorted = append(sorted, t)
			}
		}
		if len(sorted) == before {
			return nil, errors.New("tables refer to each other in a circle")
		}
	}
	return sorted, nil
}

// sum is of the rows of a table, in any order.
type sum struct {
	rows int64
	a, b uint64
}

// add adds a row. What another database would read otherwise is an error that names no value.
func (s *sum) add(row []any) error {
	var buf []byte
	for _, v := range row {
		switch v := v.(type) {
		case nil:
			buf = append(buf, 'n')
		case int64:
			buf = binary.BigEndian.AppendUint64(append(buf, 'i'), uint64(v)) //nolint:gosec // its bits
		case string:
			buf = append(binary.BigEndian.AppendUint32(append(buf, 't'), uint32(len(v))), v...) //nolint:gosec // a text of a column
		case []byte:
			buf = append(binary.BigEndian.AppendUint32(append(buf, 'b'), uint32(len(v))), v...) //nolint:gosec // bytes of a column
		default:
			return fmt.Errorf("a column holds a %T", v)
		}
	}
	h := sha256.Sum256(buf)
	s.rows++
	s.a += binary.BigEndian.Uint64(h[:])
	s.b += binary.BigEndian.Uint64(h[8:])
	return nil
}

// content says what is in all tables, in a line.
func content(tables []table, sums map[string]sum) string {
	h := sha256.New()
	for _, t := range tables {
		fmt.Fprintln(h, t.name, sums[t.name])
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// rowReader reads the rows of a table as they are, all but the first.
type rowReader interface {
	each(ctx context.Context, t table, skip int64, f func(row []any) error) error
	count(ctx context.Context, t table) (int64, error)
}

// sumAll reads all tables. look, which may be nil, sees each row first.
func sumAll(ctx context.Context, r rowReader, tables []table, doing string, say Carrying, look func(table, []any)) (map[string]sum, error) {
	total, err := allRows(ctx, r, tables)
	if err != nil {
		return nil, err
	}
	all, done := map[string]sum{}, int64(0)
	for _, t := range tables {
		var s sum
		err := r.each(ctx, t, 0, func(row []any) error {
			if look != nil {
				look(t, row)
			}
			if done++; done%sayEach == 0 {
				say(doing, done, total)
			}
			return s.add(row)
		})
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", t.name, err)
		}
		all[t.name] = s
	}
	say(doing, done, total)
	return all, nil
}

// sayEach is after how many rows it is said how far something is.
const sayEach = 10_000

func allRows(ctx context.Context, r rowReader, tables []table) (total int64, err error) {
	for _, t := range tables {
		n, err := r.count(ctx, t)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// same wants the same rows in all tables.
func same(tables []table, from, to map[string]sum) error {
	for _, t := range tables {
		if a, b := from[t.name], to[t.name]; a != b {
			return fmt.Errorf("table %s is not the same in both: %d rows here and %d there", t.name, a.rows, b.rows)
		}
	}
	return nil
}

// unreadable counts texts that PostgreSQL does not take.
type unreadable struct {
	columns []string
	rows    map[string]int
}

func (u *unreadable) look(t table, row []any) {
	for i, v := range row {
		text, is := v.(string)
		if !is || utf8.ValidString(text) && !strings.Contains(text, "\x00") {
			continue
		}
		name := t.name + "." + t.columns[i]
		if u.rows == nil {
			u.rows = map[string]int{}
		}
		if u.rows[name]++; u.rows[name] == 1 {
			u.columns = append(u.columns, name)
		}
	}
}

// ErrUnreadable is wrapped where a text cannot be carried over.
var ErrUnreadable = errors.New("U+0000, or bytes that are no UTF-8")

func (u *unreadable) err() error {
	if len(u.columns) == 0 {
		return nil
	}
	var all []string
	for _, name := range u.columns {
		all = append(all, fmt.Sprintf("%s (rows: %d)", name, u.rows[name]))
	}
	return fmt.Errorf("nothing was carried over: %s: %w, which PostgreSQL does not take: have the source send these entries again without, import them, and run the same command again",
		strings.Join(all, ", "), ErrUnreadable)
}
