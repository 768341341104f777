package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// channel is that of the words of instances. Each database has its own.
const channel = "vaxcentral"

// lookAlive is how often a connection that says nothing is asked whether it still is one.
const lookAlive = 5 * time.Second

// listenTo is for Store.listen: it holds the lock of an instance and passes on what is told,
// until ctx ends or the connection does.
func listenTo(c *pgx.ConnConfig) func(ctx context.Context, id int64, heard func(string)) error {
	return func(ctx context.Context, id int64, heard func(string)) error {
		conn, err := pgx.ConnectConfig(ctx, c.Copy())
		if err != nil {
			return err
		}
		defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it may be gone
		if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
			return err
		}
		var locked bool
		err = conn.QueryRow(ctx, lockName, memberName(id)).Scan(&locked)
		if err == nil && !locked { // the server has not seen yet that the connection before is gone
			err = ErrLocked
		}
		for err == nil {
			err = hearOne(ctx, conn, heard)
		}
		return err
	}
}

// hearOne waits for one word, or looks whether the connection lives.
func hearOne(ctx context.Context, conn *pgx.Conn, heard func(string)) error {
	wait, cancel := context.WithTimeout(ctx, lookAlive)
	defer cancel()
	n, err := conn.WaitForNotification(wait)
	switch {
	case err == nil:
		heard(n.Payload)
		return nil
	case ctx.Err() == nil && errors.Is(wait.Err(), context.DeadlineExceeded):
		return conn.Ping(ctx)
	}
	return err
}
