package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Sight is what is seen of a database before anybody works on it.
type Sight struct {
	Schema int       // number of the last migration that it has had
	Last   time.Time // when a service did its hourly work on it last; zero: never
	Rests  bool      // it was restored, and sends nothing until it is resumed
	Clock  time.Time // what its server takes for now; zero: it is a file
}

// Look sees the database of a file. Nothing in it is changed, and it may be in use.
func Look(ctx context.Context, path string) (s Sight, err error) {
	if err := private(path); err != nil {
		return s, err
	}
	db, err := connectTo(path, "rw")
	if err != nil {
		return s, err
	}
	err = s.see(ctx, db.QueryRowContext)
	return s, explain(path, errors.Join(err, db.Close()))
}

// LookAtServer sees a database on a server, and wants its server to be one that keeps what it
// has said is kept.
func LookAtServer(ctx context.Context, url string) (s Sight, err error) {
	err = onServer(ctx, url, func(p *pool) error {
		if err := durable(ctx, p); err != nil {
			return err
		}
		err := s.see(ctx, p.QueryRowContext)
		if err == nil {
			s.Clock, err = clockOf(ctx, p)
		}
		return err
	})
	return s, err
}

// noted is the migration from which on the hourly work is, and whether the folder rests.
const noted = 20

func (s *Sight) see(ctx context.Context, row func(ctx context.Context, query string, args ...any) *sql.Row) error {
	if err := row(ctx, "SELECT coalesce(max(n), 0) FROM version").Scan(&s.Schema); err != nil || s.Schema < noted {
		return err
	}
	var at sql.NullInt64
	err := row(ctx, "SELECT (SELECT max(at) FROM purged), EXISTS (SELECT 1 FROM folder WHERE rests IS NOT NULL)").Scan(&at, &s.Rests)
	if at.Valid {
		s.Last = time.Unix(at.Int64, 0)
	}
	return err
}
