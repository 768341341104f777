package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// PostgreSQL's side of what is carried over.
//
// While a database on a server is filled it has the table moving, and a service refuses it. That
// table says whose registry is being filled in, with what content, and which indexes are away
// meanwhile. So a move that was cut off at any point goes on when it is started again, after the
// rows that are there: a table is filled in one order, and what it was filled from has not
// changed, or everything is copied anew.

const moving = "moving"

// onServerSide reads and fills the tables of a database on a server.
type onServerSide struct {
	name string
	conn *pgx.Conn
}

// killedEnds is how long what a killed program told the server last may go on.
const killedEnds = 10 * time.Second

// connectAlone connects for what takes long.
func connectAlone(ctx context.Context, c *pgx.ConnConfig) (onServerSide, error) {
	c = c.Copy()
	c.RuntimeParams["idle_in_transaction_session_timeout"] = "0"
	conn, err := pgx.ConnectConfig(ctx, c)
	return onServerSide{fmt.Sprintf("%s on %s", c.Database, c.Host), conn}, err
}

func (o onServerSide) close(ctx context.Context) error {
	return o.conn.Close(context.WithoutCancel(ctx))
}

// claim claims a name for this connection, which writes by it: so the claim of a program that was
// killed lasts as long as the server is at what it was told last, and is waited for.
func (o onServerSide) claim(ctx context.Context, what string) error {
	err := o.exec(ctx, fmt.Sprintf("SET lock_timeout = %d", killedEnds.Milliseconds()))
	if err == nil {
		err = o.exec(ctx, `SELECT pg_advisory_lock(hashtextextended('vaxcentral ' || CAST($1 AS TEXT), 0))`, what)
	}
	if isCode(err, "55P03") {
		err = ErrLocked
	}
	if err == nil {
		err = o.exec(ctx, "RESET lock_timeout")
	}
	return o.explain(err)
}

func (o onServerSide) one(ctx context.Context, query string, into any, args ...any) error {
	return o.conn.QueryRow(ctx, query, args...).Scan(into)
}

func (o onServerSide) exec(ctx context.Context, query string, args ...any) error {
	_, err := o.conn.Exec(ctx, query, args...)
	return err
}

// texts are the rows of a query of one column.
func (o onServerSide) texts(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := o.conn.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// match wants the tables of a file to be those of the server, gives them their columns there, and
// puts them in order.
func (o onServerSide) match(ctx context.Context, all []table) (tables []table, err error) {
	rows, err := o.conn.Query(ctx, `SELECT table_name::text, array_agg(column_name::text), coalesce(max(column_name::text) FILTER (WHERE is_identity = 'YES'), '')
		FROM information_schema.columns WHERE table_schema = current_schema() AND table_name <> $1 GROUP BY table_name`, moving)
	if err != nil {
		return nil, err
	}
	there := map[string][]string{}
	identity := map[string]string{}
	var name, counts string
	var columns []string
	_, err = pgx.ForEachRow(rows, []any{&name, &columns, &counts}, func() error {
		there[name], identity[name] = slices.Clone(columns), counts
		return nil
	})
	for _, t := range all {
		if slices.Contains(there[t.name], "rowid") && t.order == "rowid" {
			t.columns = append(t.columns, "rowid")
		}
		a, b := slices.Sorted(slices.Values(t.columns)), slices.Sorted(slices.Values(there[t.name]))
		if err == nil && !slices.Equal(a, b) {
			err = fmt.Errorf("table %s of %s has other columns than this program knows", t.name, o.name)
		}
		delete(there, t.name)
		if t.identity = identity[t.name]; !slices.Contains(apart, t.name) {
			tables = append(tables, t)
		}
	}
	for name := range there {
		err = errors.Join(err, fmt.Errorf("%s has a table that is not the registry's: %s", o.name, name))
	}
	if err != nil {
		return nil, err
	}
	return inOrder(tables)
}

func (o onServerSide) count(ctx context.Context, t table) (n int64, err error) {
	err = o.one(ctx, "SELECT count(*) FROM "+t.name, &n)
	return n, err
}

func (o onServerSide) each(ctx context.Context, t table, _ int64, do func(row []any) error) error {
	rows, err := o.conn.Query(ctx, "SELECT "+t.list()+" FROM "+t.name)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		row, err := rows.Values()
		if err == nil {
			err = do(row)
		}
		if err != nil {
			return err
		}
	}
	return rows.Err()
}

// highest is the highest number that a table has ever given by itself.
func (o onServerSide) highest(ctx context.Context, t table) (n int64, err error) {
	if t.identity == "" {
		return 0, nil
	}
	err = o.one(ctx, `SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence($1, $2)::regclass), 0)`, &n, t.name, t.identity)
	return n, err
}

// prepare makes the tables ready to be filled: empty, without indexes, and without what rows set off.
func (o onServerSide) prepare(ctx context.Context, tables []table) error {
	return pgx.BeginFunc(ctx, o.conn, func(tx pgx.Tx) error {
		in := onServerSide{o.name, tx.Conn()}
		indexes, err := in.texts(ctx, `SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()
			AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname AND connamespace = current_schema()::regnamespace)`)
		if err != nil {
			return err
		}
		for _, text := range indexes {
			name := strings.Fields(strings.TrimPrefix(strings.TrimPrefix(text, "CREATE UNIQUE "), "CREATE "))[1]
			err = errors.Join(in.exec(ctx, `INSERT INTO moving (what, text) VALUES ('index', $1)`, text), in.exec(ctx, "DROP INDEX "+name))
			if err != nil {
				return err
			}
		}
		for _, t := range slices.Backward(tables) {
			err = errors.Join(err, in.exec(ctx, "ALTER TABLE "+t.name+" DISABLE TRIGGER USER; DELETE FROM "+t.name))
		}
		return errors.Join(err, in.exec(ctx, `INSERT INTO moving (what, text) VALUES ('ready', '')`))
	})
}

// empty takes away what was copied.
func (o onServerSide) empty(ctx context.Context, tables []table) error {
	var names []string
	for _, t := range tables {
		names = append(names, t.name)
	}
	return o.exec(ctx, "TRUNCATE "+strings.Join(names, ", "))
}

// batch is how many rows are written at once.
const batch = 20_000

// fill copies what a table lacks.
func (o onServerSide) fill(ctx context.Context, from rowReader, t table, done func(rows int)) error {
	have, err := o.count(ctx, t)
	if err != nil {
		return err
	}
	done(int(have))
	var rows [][]any
	put := func() error {
		if len(rows) == 0 {
			return nil
		}
		_, err := o.conn.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(rows))
		if err != nil && !isCode(err, "") && !unreachable(err) && ctx.Err() == nil {
			err = errors.New("a value does not fit its column") // and the driver's words hold it
		}
		done(len(rows))
		rows = rows[:0]
		return err
	}
	err = from.each(ctx, t, have, func(row []any) error {
		if rows = append(rows, slices.Clone(row)); len(rows) < batch {
			return nil
		}
		return put()
	})
	if err != nil {
		return err
	}
	return put()
}

// finish makes what prepare has taken away.
func (o onServerSide) finish(ctx context.Context, tables []table, highest map[string]int64) error {
	indexes, err := o.texts(ctx, `SELECT text FROM moving WHERE what = 'index'`)
	for _, text := range indexes {
		if err == nil {
			err = pgx.BeginFunc(ctx, o.conn, func(tx pgx.Tx) error {
				in := onServerSide{o.name, tx.Conn()}
				return errors.Join(in.exec(ctx, text), in.exec(ctx, `DELETE FROM moving WHERE what = 'index' AND text = $1`, text))
			})
		}
	}
	for _, t := range tables {
		if err == nil {
			err = o.exec(ctx, "ALTER TABLE "+t.name+" ENABLE TRIGGER USER")
		}
		if err == nil && t.identity != "" {
			n := highest[t.name]
			err = o.exec(ctx, `SELECT setval(pg_get_serial_sequence($1, $2), $3, $4)`, t.name, t.identity, max(n, 1), n > 0)
		}
	}
	if err == nil {
		err = o.exec(ctx, "ANALYZE")
	}
	return err
}
