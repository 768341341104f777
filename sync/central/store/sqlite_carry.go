package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// SQLite's side of what is carried over.

// inFile reads the tables of a file.
type inFile struct{ db source }

// tables are all of a file, as it has them.
func (f inFile) tables(ctx context.Context) (all []table, err error) {
	rowid := map[string]bool{}
	err = each(ctx, f.db, func(row scanner) error {
		var t table
		var has bool
		err := row.Scan(&t.name, &has, &t.counts)
		rowid[t.name] = has
		all = append(all, t)
		return err
	}, `SELECT name, sql NOT LIKE '%WITHOUT ROWID%', sql LIKE '%AUTOINCREMENT%' FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`)
	for i := range all {
		if err == nil {
			err = f.columns(ctx, &all[i], rowid[all[i].name])
		}
	}
	return all, err
}

func (f inFile) columns(ctx context.Context, t *table, rowid bool) error {
	var keys []string
	err := each(ctx, f.db, func(row scanner) error {
		var name string
		var key int
		err := row.Scan(&name, &key)
		t.columns = append(t.columns, name)
		if key > 0 {
			keys = append(keys, name)
		}
		return err
	}, `SELECT name, pk FROM pragma_table_info(?) ORDER BY pk, cid`, t.name)
	if t.order = strings.Join(keys, ", "); rowid {
		t.order = "rowid"
	}
	if err != nil {
		return err
	}
	return each(ctx, f.db, func(row scanner) error {
		var parent string
		err := row.Scan(&parent)
		t.parents = append(t.parents, parent)
		return err
	}, `SELECT DISTINCT "table" FROM pragma_foreign_key_list(?)`, t.name)
}

func (f inFile) count(ctx context.Context, t table) (n int64, err error) {
	err = f.db.QueryRowContext(ctx, "SELECT count(*) FROM "+t.name).Scan(&n)
	return n, err
}

func (f inFile) each(ctx context.Context, t table, skip int64, do func(row []any) error) error {
	row, into := make([]any, len(t.columns)), make([]any, len(t.columns))
	for i := range row {
		into[i] = &row[i]
	}
	return each(ctx, f.db, func(s scanner) error {
		if err := s.Scan(into...); err != nil {
			return err
		}
		return do(row)
	}, "SELECT "+t.list()+" FROM "+t.name+" ORDER BY "+t.order+" LIMIT -1 OFFSET ?", skip)
}

// highest is the highest number that a table has ever given.
func (f inFile) highest(ctx context.Context, t table) (n int64, err error) {
	if err = f.db.QueryRowContext(ctx, "SELECT coalesce(max("+t.identity+"), 0) FROM "+t.name).Scan(&n); err != nil || !t.counts {
		return n, err
	}
	var ever int64
	err = f.db.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?", t.name).Scan(&ever)
	return max(n, ever), err
}

// snapshotFile copies the database of a file.
func (s *Store) snapshotFile(ctx context.Context, to string) error {
	_, err := s.db.ExecContext(ctx, `VACUUM INTO ?`, to)
	return s.d.explain(err)
}

// filler fills a new file. It is worth nothing until it is closed without an error: nothing is
// written twice for it, as a journal would.
type filler struct {
	db   *sql.DB
	conn *sql.Conn
	read inFile
	back []string // statements that make again what is away meanwhile
}

// newFiller makes the database of an empty file that is there, without its indexes and triggers.
func newFiller(ctx context.Context, path string) (f *filler, err error) {
	s, err := Open(ctx, path)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	f = &filler{}
	if f.db, err = connect(path, url.Values{"mode": {"rw"}, "_journal_mode": {"OFF"}, "_synchronous": {"OFF"}, "_foreign_keys": {"off"}}); err != nil {
		return nil, err
	}
	if f.conn, err = f.db.Conn(ctx); err == nil {
		f.read = inFile{f.conn}
		err = f.strip(ctx)
	}
	if err != nil {
		return nil, explain(path, errors.Join(err, f.db.Close()))
	}
	return f, nil
}

func (f *filler) strip(ctx context.Context) error {
	away := []string{"PRAGMA temp_store = MEMORY", "BEGIN"}
	err := each(ctx, f.conn, func(row scanner) error {
		var kind, name, text string
		err := row.Scan(&kind, &name, &text)
		away, f.back = append(away, "DROP "+kind+" "+name), append(f.back, text)
		return err
	}, `SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL`)
	for _, text := range away {
		if err == nil {
			_, err = f.conn.ExecContext(ctx, text)
		}
	}
	return err
}

// fill replaces what is in a table by what rows gives, and sums it up.
func (f *filler) fill(ctx context.Context, t table, rows func(func(row []any) error) error) (s sum, err error) {
	if _, err := f.conn.ExecContext(ctx, "DELETE FROM "+t.name); err != nil {
		return s, err
	}
	values := strings.TrimSuffix(strings.Repeat("?, ", len(t.columns)), ", ")
	into, err := f.conn.PrepareContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", t.name, t.list(), values))
	if err != nil {
		return s, err
	}
	err = rows(func(row []any) error {
		if _, err := into.ExecContext(ctx, row...); err != nil {
			return err
		}
		return s.add(row)
	})
	return s, errors.Join(err, into.Close())
}

// remember makes a table give no number again that it has given elsewhere.
func (f *filler) remember(ctx context.Context, t table, highest int64) error {
	if !t.counts || highest == 0 {
		return nil
	}
	_, err := f.conn.ExecContext(ctx, `DELETE FROM sqlite_sequence WHERE name = ?`, t.name)
	if err == nil {
		_, err = f.conn.ExecContext(ctx, `INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)`, t.name, highest)
	}
	return err
}

// end makes indexes and triggers.
func (f *filler) end(ctx context.Context) error {
	for _, text := range append(f.back, "COMMIT") {
		if _, err := f.conn.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) close() error { return errors.Join(f.conn.Close(), f.db.Close()) }
