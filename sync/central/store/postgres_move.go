package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Carry copies the database of a file into one on a server, by its URL: an empty one, or one that
// a Carry of this registry which was cut off has left. Nobody writes to the file meanwhile. When
// all of it is there and was compared, then runs, which makes others use the server. With rests the
// database there rests afterwards, as it does when that in the file did.
//
// ErrNotEmpty when the database is somebody else's, ErrUnreadable when PostgreSQL would not take a text.
func (s *Store) Carry(ctx context.Context, url string, rests bool, now time.Time, say Carrying, then func() error) error {
	c, err := serverOf(url)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s on %s", c.Database, c.Host)
	to, err := connectAlone(ctx, c)
	if err != nil {
		return explainServer(name, err)
	}
	if err = to.claim(ctx, moving); err == nil {
		m := move{s, to, url, say}
		err = s.counting(ctx, func(tx *transaction) error { return m.run(ctx, tx, rests, now, then) })
	}
	return errors.Join(err, to.close(ctx))
}

// move is one registry on its way.
type move struct {
	from *Store
	to   onServerSide
	url  string
	say  Carrying
}

// run does all of it while tx, which writes, keeps others out of the file.
func (m move) run(ctx context.Context, tx *transaction, rests bool, now time.Time, then func() error) error {
	file := inFile{tx}
	all, err := file.tables(ctx)
	if err != nil {
		return err
	}
	tables, err := inOrder(all)
	if err != nil {
		return err
	}
	var bad unreadable
	if _, err := sumAll(ctx, file, tables, "looked at", m.say, bad.look); err != nil {
		return err
	}
	if err := bad.err(); err != nil {
		return err
	}
	owner, err := ownerOf(ctx, tx)
	if err != nil {
		return err
	}
	err = m.copy(ctx, file, all, owner)
	if err == nil {
		err = m.settle(ctx, tx, rests, now)
	}
	if err != nil {
		return m.to.explain(err)
	}
	return then()
}

// ownerOf says whose registry it is: by the thumbprint of a key that is never replaced.
func ownerOf(ctx context.Context, db source) (print string, err error) {
	err = db.QueryRowContext(ctx, `SELECT print FROM folder_keys WHERE kind = 'root'`).Scan(&print)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return print, err
}

// copy fills the server's database, or what it lacks, and compares.
func (m move) copy(ctx context.Context, file inFile, all []table, owner string) error {
	half, err := m.begin(ctx, owner)
	if err != nil {
		return err
	}
	tables, err := m.to.match(ctx, all)
	if err != nil {
		return err
	}
	sums, err := sumAll(ctx, file, tables, "summed up", m.say, nil) // with the columns that both have
	if err != nil || !half {
		return errors.Join(err, m.compare(ctx, tables, sums))
	}
	if err := m.ready(ctx, tables, content(tables, sums)); err != nil {
		return err
	}
	total, done := int64(0), int64(0)
	for _, s := range sums {
		total += s.rows
	}
	highest := map[string]int64{}
	for _, t := range tables {
		err := m.to.fill(ctx, file, t, func(rows int) { done += int64(rows); m.say("copied", done, total) })
		if err == nil && t.identity != "" {
			highest[t.name], err = file.highest(ctx, t)
		}
		if err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	if err := m.to.finish(ctx, tables, highest); err != nil {
		return err
	}
	return m.compare(ctx, tables, sums)
}

func (o onServerSide) explain(err error) error { return explainServer(o.name, err) }

// begin looks at what is there, makes the tables of an empty database, and reports whether it
// is one that is being filled. One that is not, and is this registry's, may be all of it.
func (m move) begin(ctx context.Context, owner string) (half bool, err error) {
	var tables int
	if err := m.to.one(ctx, `SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()`, &tables); err != nil {
		return false, err
	}
	if tables == 0 {
		err = pgx.BeginFunc(ctx, m.to.conn, func(tx pgx.Tx) error {
			in := onServerSide{m.to.name, tx.Conn()}
			return errors.Join(in.exec(ctx, "CREATE TABLE moving (what TEXT NOT NULL, text TEXT NOT NULL)"), in.exec(ctx, `INSERT INTO moving (what, text) VALUES ('owner', $1)`, owner))
		})
		if err != nil {
			return false, err
		}
	}
	notOurs := fmt.Errorf("%s is %w, and is no part of this registry: make another database", m.to.name, ErrNotEmpty)
	if err := m.to.one(ctx, `SELECT to_regclass($1) IS NOT NULL`, &half, moving); err != nil {
		return false, err
	}
	var is string
	if !half {
		var ours bool
		err := m.to.one(ctx, `SELECT to_regclass('folder_keys') IS NOT NULL`, &ours)
		if err == nil && ours {
			err = m.to.one(ctx, `SELECT coalesce(max(print), '') FROM folder_keys WHERE kind = 'root'`, &is)
		}
		if err == nil && (!ours || is != owner || owner == "") {
			err = notOurs
		}
		return false, err
	}
	err = m.to.one(ctx, `SELECT coalesce(max(text), '') FROM moving WHERE what = 'owner'`, &is)
	if err == nil && is != owner {
		err = notOurs
	}
	if err != nil {
		return false, err
	}
	return true, m.schema(ctx)
}

// schema makes the tables, unless that is done.
func (m move) schema(ctx context.Context) error {
	var made bool
	if err := m.to.one(ctx, `SELECT EXISTS (SELECT 1 FROM moving WHERE what = 'ready')`, &made); err != nil {
		return err
	}
	if made {
		have := 0
		ours, err := Schema()
		if err == nil {
			err = m.to.one(ctx, `SELECT max(n) FROM version`, &have)
		}
		if err == nil && have != ours {
			err = fmt.Errorf("%s was begun to be filled by another version of this program: empty it (DROP SCHEMA public CASCADE; CREATE SCHEMA public) and run the same command again", m.to.name)
		}
		return err
	}
	s, err := openServer(ctx, m.url)
	if err != nil {
		return err
	}
	return s.Close()
}

// ready makes the tables ready to be filled, or leaves what is in them when it is of this content.
func (m move) ready(ctx context.Context, tables []table, content string) error {
	var is string
	var ready bool
	err := errors.Join(m.to.one(ctx, `SELECT EXISTS (SELECT 1 FROM moving WHERE what = 'ready')`, &ready),
		m.to.one(ctx, `SELECT coalesce(max(text), '') FROM moving WHERE what = 'content'`, &is))
	if err == nil && !ready {
		err = m.to.prepare(ctx, tables)
	}
	if err == nil && is != "" && is != content {
		err = m.to.empty(ctx, tables)
	}
	if err != nil || is == content {
		return err
	}
	return pgx.BeginFunc(ctx, m.to.conn, func(tx pgx.Tx) error {
		in := onServerSide{m.to.name, tx.Conn()}
		return errors.Join(in.exec(ctx, `DELETE FROM moving WHERE what = 'content'`), in.exec(ctx, `INSERT INTO moving (what, text) VALUES ('content', $1)`, content))
	})
}

// compare reads everything back.
func (m move) compare(ctx context.Context, tables []table, sums map[string]sum) error {
	there, err := sumAll(ctx, m.to, tables, "compared", m.say, nil)
	if err == nil {
		err = same(tables, sums, there)
	}
	if err != nil {
		err = fmt.Errorf("%w; the folder is as it was: empty %s and run the same command again", err, m.to.name)
	}
	return err
}

// settle ends the move on the server: the database is where it is now.
func (m move) settle(ctx context.Context, tx *transaction, rests bool, now time.Time) error {
	var since sql.NullInt64
	err := tx.QueryRowContext(ctx, `SELECT max(rests) FROM folder`).Scan(&since)
	if err != nil {
		return err
	}
	if rests && !since.Valid {
		since = sql.NullInt64{Int64: now.Unix(), Valid: true}
	}
	var place string
	if m.to.one(ctx, placeQuery, &place) != nil {
		place = "" // where that is not told
	}
	return pgx.BeginFunc(ctx, m.to.conn, func(tx pgx.Tx) error {
		in := onServerSide{m.to.name, tx.Conn()}
		return errors.Join(in.exec(ctx, `DELETE FROM folder; DROP TABLE IF EXISTS moving`),
			in.exec(ctx, `INSERT INTO folder (one, place, rests) VALUES (1, $1, $2)`, place, since))
	})
}

// snapshotServer copies what a server has at one instant into an empty file.
func snapshotServer(ctx context.Context, c *pgx.ConnConfig, path string) error {
	from, err := connectAlone(ctx, c)
	if err != nil {
		return err
	}
	defer from.close(ctx) //nolint:errcheck // nothing was written there
	to, err := newFiller(ctx, path)
	if err != nil {
		return err
	}
	var tables []table
	sums := map[string]sum{}
	err = pgx.BeginTxFunc(ctx, from.conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(pgx.Tx) error {
		all, err := to.read.tables(ctx)
		if err == nil {
			tables, err = from.match(ctx, all)
		}
		if err != nil {
			return err
		}
		for _, t := range tables {
			if sums[t.name], err = to.fill(ctx, t, func(f func([]any) error) error { return from.each(ctx, t, 0, f) }); err != nil {
				return fmt.Errorf("table %s: %w", t.name, err)
			}
			highest, err := from.highest(ctx, t)
			if err == nil {
				err = to.remember(ctx, t, highest)
			}
			if err != nil {
				return err
			}
		}
		return from.fillFolder(ctx, to)
	})
	if err == nil {
		err = to.end(ctx)
	}
	var there map[string]sum
	if err == nil {
		there, err = sumAll(ctx, to.read, tables, "", func(string, int64, int64) {}, nil)
	}
	if err == nil {
		err = same(tables, sums, there)
	}
	return explain(path, errors.Join(err, to.close()))
}

// fillFolder copies whether the database rests. The file is in another place than it.
func (o onServerSide) fillFolder(ctx context.Context, to *filler) error {
	var place string
	var rests sql.NullInt64
	err := o.conn.QueryRow(ctx, `SELECT place, rests FROM folder`).Scan(&place, &rests)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err == nil {
		_, err = to.conn.ExecContext(ctx, `INSERT INTO folder (one, place, rests) VALUES (1, ?, ?)`, place, rests)
	}
	return err
}
