package store

import (
	"context"
	"errors"
)

// Schema is the number of the last migration that this program knows: the version of the
// databases that it leaves.
func Schema() (int, error) {
	steps, err := sqlite(nil, "").steps()
	if err != nil {
		return 0, err
	}
	return steps[len(steps)-1].n, nil
}

// SchemaOf is the version of a file. Nothing in it is changed, and it may be in use.
func SchemaOf(ctx context.Context, path string) (n int, err error) {
	if err := private(path); err != nil {
		return 0, err
	}
	db, err := connectTo(path, "rw")
	if err != nil {
		return 0, err
	}
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(n), 0) FROM version").Scan(&n)
	return n, explain(path, errors.Join(err, db.Close()))
}

// ServerSchema is SchemaOf for a database on a server.
func ServerSchema(ctx context.Context, url string) (n int, err error) {
	err = onServer(ctx, url, func(p *pool) error {
		return p.QueryRowContext(ctx, "SELECT coalesce(max(n), 0) FROM version").Scan(&n)
	})
	return n, err
}
