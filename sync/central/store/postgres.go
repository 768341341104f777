package store

import (
	"context"
	"crypto/tls"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// PostgreSQL, 15 or newer: a database on a server, for what is too much for one file. Its
// server must be set to keep what it has said is kept, or it is refused (durable); other
// hosts are spoken to over TLS that is verified. The URL holds no password: it comes from
// the file that passfile= in it or PGPASSFILE names.
//
// A transaction that writes by what it has read is SERIALIZABLE and runs again when it would
// not have been the same alone. Tries and limits are counted in one statement each, whose
// row is locked and whose condition is looked at again (counting): under SERIALIZABLE most of
// many guesses at once would only run again.

// Errors of servers.
var (
	ErrAway = errors.New("does not answer") // or is shutting down
	ErrBusy = errors.New("busy")            // others were in the way, again and again

	ErrNotEmpty = errors.New("not empty")
	ErrHalf     = errors.New("filled only in part")
)

// OpenServer opens the database of a URL (postgres://...), migrates it as needed, and makes
// its tables in one that is empty. It refuses one that is not all there (Carry).
func OpenServer(ctx context.Context, url string) (*Store, error) {
	err := onServer(ctx, url, func(p *pool) error {
		var half bool
		err := p.QueryRowContext(ctx, `SELECT to_regclass('moving') IS NOT NULL`).Scan(&half)
		if err == nil && half {
			err = fmt.Errorf("%s is %w: run the command again that was cut off (vaxcentral move, or restore)", p.d.name, ErrHalf)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return openServer(ctx, url)
}

func openServer(ctx context.Context, url string) (*Store, error) {
	c, err := serverOf(url)
	if err != nil {
		return nil, err
	}
	s := &Store{}
	s.d = postgres(s, c)
	s.db = &pool{stdlib.OpenDB(*c), s.d}
	s.one = s.db
	s.listen = listenTo(c)
	s.db.SetMaxOpenConns(2 * readers)
	s.db.SetMaxIdleConns(2 * readers)
	if err = s.d.explain(durable(ctx, s.db)); err == nil {
		err = s.begin(ctx)
	}
	if err != nil {
		s.Close() // after a failed open nothing is lost by it
		return nil, err
	}
	return s, nil
}

// MakeServer makes the tables of an empty database on a server; ErrNotEmpty when it has some.
func MakeServer(ctx context.Context, url string) (*Store, error) {
	err := onServer(ctx, url, func(p *pool) error {
		var tables int
		err := p.QueryRowContext(ctx, `SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()`).Scan(&tables)
		if err == nil && tables > 0 {
			err = fmt.Errorf("%s is %w: make another database", p.d.name, ErrNotEmpty)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return OpenServer(ctx, url)
}

// ServerKeyPrints is KeyPrints for a database on a server.
func ServerKeyPrints(ctx context.Context, url string) (all []KeyPrint, err error) {
	err = onServer(ctx, url, func(p *pool) error {
		var ours bool
		err := p.QueryRowContext(ctx, `SELECT to_regclass('folder_keys') IS NOT NULL`).Scan(&ours)
		switch {
		case err == nil && !ours:
			err = fmt.Errorf("%s has no registry in it: check its address, or restore it", p.d.name)
		case err == nil:
			all, err = printsOf(ctx, p)
		}
		return err
	})
	return all, err
}

// onServer runs f over a connection to a server.
func onServer(ctx context.Context, url string, f func(*pool) error) error {
	c, err := serverOf(url)
	if err != nil {
		return err
	}
	d := postgres(nil, c)
	p := &pool{stdlib.OpenDB(*c), d}
	return d.explain(errors.Join(f(p), p.Close()))
}

// serverOf reads a URL. What is wrong with it is said without what stands in it.
func serverOf(url string) (*pgx.ConnConfig, error) {
	c, err := pgx.ParseConfig(url)
	if err != nil || !strings.HasPrefix(url, "postgres://") && !strings.HasPrefix(url, "postgresql://") {
		return nil, errors.New("the address of the database is none: it is postgres://USER@HOST/DATABASE?sslmode=verify-full&sslrootcert=FILE")
	}
	if _, rest, _ := strings.Cut(url, "://"); strings.Contains(strings.Split(rest, "@")[0], ":") && strings.Contains(rest, "@") || strings.Contains(rest, "password=") {
		return nil, errors.New("the address of the database holds a password, which everybody on this machine can read: put it into a file, and name that with passfile= or PGPASSFILE")
	}
	for _, way := range append([]*pgconn.FallbackConfig{{Host: c.Host, TLSConfig: c.TLSConfig}}, c.Fallbacks...) {
		if !near(way.Host) && !verified(way.TLSConfig) {
			return nil, errors.New("the database is on another machine: its address needs sslmode=verify-full, and sslrootcert= when the CA is one's own")
		}
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = waitForLock
	}
	c.RuntimeParams["application_name"] = "vaxcentral"
	c.RuntimeParams["synchronous_commit"] = "on"
	c.RuntimeParams["lock_timeout"] = fmt.Sprint(waitForLock.Milliseconds())
	c.RuntimeParams["idle_in_transaction_session_timeout"] = "60000"
	return c, nil
}

// near reports whether a host is this machine, by a socket or by its own address.
func near(host string) bool {
	ip := net.ParseIP(host)
	return strings.HasPrefix(host, "/") || host == "localhost" || ip != nil && ip.IsLoopback()
}

func verified(c *tls.Config) bool { return c != nil && !c.InsecureSkipVerify }

// postgres is the dialect of a database on a server.
func postgres(s *Store, c *pgx.ConnConfig) *dialect {
	name := fmt.Sprintf("%s on %s", c.Database, c.Host)
	return &dialect{
		name:       name,
		migrations: "migrations/postgres/*.sql",
		text:       numbered(),
		compares:   &sql.TxOptions{Isolation: sql.LevelSerializable},
		alone:      `SELECT pg_advisory_xact_lock(hashtextextended('vaxcentral migrates', 0))`,
		turns:      `SELECT pg_advisory_xact_lock(hashtextextended('vaxcentral takes', 0))`,
		beside:     `LOCK TABLE version IN ROW SHARE MODE`, // reads nothing yet, so what is read is of afterwards
		without:    `LOCK TABLE version IN EXCLUSIVE MODE`,
		chain:      `LOCK TABLE audit_turn IN SHARE ROW EXCLUSIVE MODE`, // reads nothing yet, either
		reclaim:    `VACUUM people, doses, contacts, recommendations, requests, tokens, amendments, checks, prints, notices, releases, audit`,
		again:      func(err error) bool { return isCode(err, "40001", "40P01") || isCode(err, readOnly) && s.anew() },
		explain:    func(err error) error { return explainServer(name, err) },
		place:      func(ctx context.Context) string { return placeOfServer(ctx, s.db) },
		sound:      func(ctx context.Context) error { return durable(ctx, s.db) },
		snapshot:   func(ctx context.Context, to string) error { return explainServer(name, snapshotServer(ctx, c, to)) },
		indexes:    `SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()`,
		tell:       `SELECT pg_notify('` + channel + `', CAST(?1 AS TEXT))`,
		free:       `SELECT pg_try_advisory_xact_lock(hashtextextended('vaxcentral ' || CAST(?1 AS TEXT), 0))`,
		hold:       func(ctx context.Context, what string) (func() error, error) { return holdServer(ctx, c, name, what) },
	}
}

// readOnly is what a server says that writes nothing: a standby, or one whose operator wants it so.
const readOnly = "25006"

// anew has the next calls come on new connections: those that were made while a server was
// read-only stay so for as long as they live.
func (s *Store) anew() bool {
	s.db.SetMaxIdleConns(0)
	s.db.SetMaxIdleConns(2 * readers)
	return true
}

// settings are what a server has to say, with what is to be done when it says otherwise.
var settings = []struct{ query, want, fix string }{
	{`SELECT current_setting('server_version_num')::int / 10000 >= 15`, "true", "PostgreSQL 15 or newer is needed"},
	{`SHOW fsync`, "on", "set fsync = on in postgresql.conf: without it what was told to be saved may be lost"},
	{`SHOW full_page_writes`, "on", "set full_page_writes = on in postgresql.conf: without it a crash can damage the database"},
	{`SHOW synchronous_commit`, "on", "set synchronous_commit = on for this user: without it what was told to be saved may be lost"},
	{`SHOW server_encoding`, "UTF8", "make the database with ENCODING 'UTF8'"},
	{`SELECT datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8') FROM pg_database WHERE datname = current_database()`, "true", "make the database with LC_COLLATE 'C.UTF-8' TEMPLATE template0: in another order some are not found"},
}

// durable wants a server that keeps what it has said is kept, and orders as this service does.
func durable(ctx context.Context, p *pool) error {
	for _, s := range settings {
		var is string
		if err := p.QueryRowContext(ctx, s.query).Scan(&is); err != nil {
			return err
		}
		if is != s.want {
			return fmt.Errorf("%s cannot be used: %s", p.d.name, s.fix)
		}
	}
	return nil
}

// clockOf is what a server takes for now.
func clockOf(ctx context.Context, p *pool) (time.Time, error) {
	var ms int64
	err := p.QueryRowContext(ctx, `SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)`).Scan(&ms)
	return time.UnixMilli(ms), err
}

const placeQuery = `SELECT s.system_identifier || '/' || d.oid FROM pg_control_system() AS s, pg_database AS d WHERE d.datname = current_database()`

// placeOfServer is which database of which server it is. One that was restored elsewhere has another.
func placeOfServer(ctx context.Context, p *pool) (place string) {
	err := p.QueryRowContext(ctx, placeQuery).Scan(&place)
	if err != nil {
		return ""
	}
	return place
}

// lockName claims a name for a connection, as long as that lasts.
const lockName = `SELECT pg_try_advisory_lock(hashtextextended('vaxcentral ' || CAST($1 AS TEXT), 0))`

// freeName ends that at once.
const freeName = `SELECT pg_advisory_unlock(hashtextextended('vaxcentral ' || CAST($1 AS TEXT), 0))`

// ends is how long the end of a claim may take.
const ends = 5 * time.Second

// holdServer claims a name in the database, as long as a connection of its own lasts.
func holdServer(ctx context.Context, c *pgx.ConnConfig, name, what string) (release func() error, err error) {
	conn, err := pgx.ConnectConfig(ctx, c.Copy())
	if err != nil {
		return nil, explainServer(name, err)
	}
	var got bool
	err = conn.QueryRow(ctx, lockName, what).Scan(&got)
	if err == nil && !got {
		err = ErrLocked
	}
	release = func() error {
		ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), ends)
		defer stop()
		_, _ = conn.Exec(ctx, freeName, what) // it ends with the connection, which the server may see later
		return conn.Close(ctx)
	}
	if err != nil {
		return nil, explainServer(name, errors.Join(err, release()))
	}
	return release, nil
}

// isCode reports whether a server has answered with one of these codes (SQLSTATE).
func isCode(err error, codes ...string) bool {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return false
	}
	for _, code := range codes {
		if strings.HasPrefix(e.Code, code) {
			return true
		}
	}
	return false
}

// explainServer turns a server's words into a sentence with the fix, and keeps out what they may
// hold of a row.
func explainServer(name string, err error) error {
	var e *pgconn.PgError
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, ErrLocked), isCode(err, "55P03"):
		return fmt.Errorf("%s is %w: stop that program and start again", name, ErrLocked)
	case isCode(err, "53100"):
		return fmt.Errorf("%w: %s cannot be written until its server has room", ErrFull, name)
	case isCode(err, "XX001", "XX002"):
		return fmt.Errorf("%s is %w: restore a back-up of it", name, ErrCorrupt)
	case isCode(err, "28", "3D000", "42501"):
		return fmt.Errorf("%s does not let this service in (SQLSTATE %s): check user, password file and pg_hba.conf", name, codeOf(err))
	case isCode(err, "40001", "40P01"):
		return fmt.Errorf("%s is %w: too much is written at once", name, ErrBusy)
	case isCode(err, readOnly):
		return fmt.Errorf("%s %w for whoever writes: its server is read-only; make it the primary, or give the address of the one that is", name, ErrAway)
	case unreachable(err):
		return fmt.Errorf("%s %w: check its server and the network", name, ErrAway)
	case errors.As(err, &e):
		return &serverError{name, e.Code}
	}
	return err
}

func codeOf(err error) string {
	var e *pgconn.PgError
	errors.As(err, &e)
	return e.Code
}

// serverError is what a server has said, without its words.
type serverError struct{ name, code string }

func (e *serverError) Error() string {
	return fmt.Sprintf("%s cannot be used: SQLSTATE %s", e.name, e.code)
}

// unreachable reports whether a server was not reached, went away or is too busy.
func unreachable(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, net.ErrClosed) || isCode(err, readOnly, "08", "53300", "53400", "57P", "25P03")
}

// passingServer reports whether an error of a server may be over at the next call.
func passingServer(err error) bool {
	return errors.Is(err, ErrAway) || errors.Is(err, ErrBusy) || unreachable(err) || isCode(err, "40001", "40P01", "53", "55P03")
}

// NewDatabase makes a database as this service wants it, on the server of a URL.
func NewDatabase(ctx context.Context, url, name string) error {
	return onServer(ctx, url, func(p *pool) error {
		return quiet(p.ExecContext(ctx, "CREATE DATABASE "+name+" ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' TEMPLATE template0"))
	})
}

// ServerSize is how many bytes a database on a server takes up there.
func ServerSize(ctx context.Context, url string) (n int64, err error) {
	err = onServer(ctx, url, func(p *pool) error {
		return p.QueryRowContext(ctx, `SELECT pg_database_size(current_database())`).Scan(&n)
	})
	return n, err
}
