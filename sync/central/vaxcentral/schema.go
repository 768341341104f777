package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/store"
)

const schemaAbout = `print the version of databases that this program leaves, or with --data that of a folder's
  A program refuses a folder of a later version. Packages compare the two before one takes the place of another.`

func showSchema(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys; it may be in use, and is not changed")
	if err := parse(f, args); err != nil {
		return err
	}
	n, err := store.Schema()
	if *dir != "" {
		n, err = folder.Schema(ctx, *dir)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, n)
	return err
}
