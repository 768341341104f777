package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/store"
)

// A registry that has outgrown its file moves to a server.

const moveAbout = `carry the database of a folder over to a server, once; no service runs on the folder meanwhile
  Everything is copied, read back and compared before the folder is changed. Cut off, it goes on when it is started again.`

const databaseFlag = "`URL` of an empty database of PostgreSQL, postgres://USER@HOST/NAME?sslmode=verify-full, without a password"

func move(ctx context.Context, f *flag.FlagSet, args []string, stdout, stderr io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	to := f.String("to", "", databaseFlag+" (required)")
	if err := parse(f, args, "data", "to"); err != nil {
		return err
	}
	err := folder.Move(ctx, *dir, *to, time.Now(), carrying(stderr))
	if errors.Is(err, folder.ErrMoved) {
		return err
	}
	if err != nil {
		return interrupted(ctx, err, "the folder is as it was: run the same command again, and it goes on")
	}
	fmt.Fprintf(stdout, "%s has its database on the server: start the service\nThe one before is %s: nothing reads it; delete it when a back-up of the new one is made (vaxcentral backup)\n",
		*dir, filepath.Join(*dir, folder.MovedFile))
	return nil
}

// carrying says how far what is carried over is; a variable for the tests.
var carrying = func(stderr io.Writer) store.Carrying {
	var p *progress
	return func(doing string, done, total int64) {
		if what := "rows " + doing; p == nil || p.what != what {
			if p != nil {
				p.clear()
			}
			p = newProgress(stderr, what, total, done)
		}
		p.at(done, int(done))
		if done == total {
			p.clear()
		}
	}
}
