package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/operator"
)

// The data folder as a whole: made, and let to send.

func initFolder(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` for database and keys, empty or not there yet (required)")
	url := f.String("database", "", databaseFlag+" (a file in the folder)")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	if err := folder.InitOn(ctx, *dir, *url, time.Now()); err != nil {
		return interrupted(ctx, err, "nothing was made: run the same command again")
	}
	fmt.Fprintf(stdout, "%s is a new data folder: back it up now (vaxcentral backup), and after every change of keys\n", *dir)
	return nil
}

func resume(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		waiting, rested, err := o.Resume(ctx)
		switch {
		case err != nil:
			return err
		case !rested:
			fmt.Fprintf(stdout, "%s sends already\n", *dir)
		default:
			fmt.Fprintf(stdout, "%s sends from now on: %d requests wait, a service that runs begins within seconds\n", *dir, waiting)
		}
		return nil
	})
}
