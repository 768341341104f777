package store

import (
	"context"
	"database/sql"
	"slices"
)

// Every statement is written once, for all kinds of databases, and goes to the driver through
// here. It has ?1 to ?n, or ? alone, which SQLite counts on from the highest so far. A boolean
// goes in as 0 or 1, as the columns have it, and comes out of a column or a condition alike.

// pool is connections to a database. Its methods without a context take a text as it is.
type pool struct {
	*sql.DB
	d *dialect
}

// transaction is one that is open. Its methods without a context take a text as it is.
type transaction struct {
	*sql.Tx
	d *dialect
}

// statement is one that is prepared: a source of one query, whose text is not looked at.
type statement struct{ *sql.Stmt }

func (p *pool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return p.DB.ExecContext(ctx, p.d.text(query), plain(args)...)
}

func (p *pool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return p.DB.QueryContext(ctx, p.d.text(query), plain(args)...)
}

func (p *pool) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return p.DB.QueryRowContext(ctx, p.d.text(query), plain(args)...)
}

func (p *pool) prepare(ctx context.Context, query string) (statement, error) {
	s, err := p.PrepareContext(ctx, p.d.text(query))
	return statement{s}, err
}

func (t *transaction) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return t.Tx.ExecContext(ctx, t.d.text(query), plain(args)...)
}

func (t *transaction) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.Tx.QueryContext(ctx, t.d.text(query), plain(args)...)
}

func (t *transaction) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return t.Tx.QueryRowContext(ctx, t.d.text(query), plain(args)...)
}

func (t *transaction) prepare(ctx context.Context, query string) (statement, error) {
	s, err := t.PrepareContext(ctx, t.d.text(query))
	return statement{s}, err
}

func (s statement) ExecContext(ctx context.Context, args ...any) (sql.Result, error) {
	return s.Stmt.ExecContext(ctx, plain(args)...)
}

func (s statement) QueryContext(ctx context.Context, _ string, args ...any) (*sql.Rows, error) {
	return s.Stmt.QueryContext(ctx, plain(args)...)
}

func (s statement) QueryRowContext(ctx context.Context, _ string, args ...any) *sql.Row {
	return s.Stmt.QueryRowContext(ctx, plain(args)...)
}

// plain are arguments as columns have them.
func plain(args []any) []any {
	isBool := func(a any) bool { _, is := a.(bool); return is }
	if !slices.ContainsFunc(args, isBool) {
		return args
	}
	args = slices.Clone(args)
	for i, a := range args {
		if b, is := a.(bool); is {
			args[i] = asInt(b)
		}
	}
	return args
}

func asInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
