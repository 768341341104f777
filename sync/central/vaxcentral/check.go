package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"vaxkiosk/sync/central/config"
	"vaxkiosk/sync/central/preflight"
)

const checkAbout = `say what is wrong before a start: settings, folder, keys, database, disk, clock, relay; takes what serve takes
  Changes nothing and sends nothing; a service may run. STATE is ok, look (it works, and somebody has to look at it) or wrong.
  The exit status is 0 when all is ok, 1 when something is to be looked at, and 2 when something is wrong.`

func check(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	s := settingsFlags(f)
	asJSON := f.Bool("json", false, "for programs")
	if err := parse(f, args); err != nil {
		return err
	}
	o := s.toCheck()
	if o.Settings.Data == "" && o.Wrong == nil {
		return wanted(f, "data")
	}
	found := preflight.Check(ctx, o)
	if err := ctx.Err(); err != nil {
		return interrupted(ctx, err, "nothing was changed")
	}
	print := printFindings
	if *asJSON {
		print = func(out io.Writer, all []preflight.Finding) error {
			return printJSON(out, map[string]any{"state": preflight.Worst(all), "findings": all})
		}
	}
	return errors.Join(print(stdout, found), verdict(found))
}

// toCheck reads the settings, and says what is wrong with them. Who names a folder and nothing
// else wants to hear of that folder.
func (s settings) toCheck() preflight.Options {
	o := preflight.Options{Now: time.Now}
	from := s.source()
	if from.Path() == "" && wanted(s.flags, "listen") != nil {
		data, _ := from.Flags["data"].(string)
		o.Settings, o.Partly = config.Config{Data: data}, true
		return o
	}
	o.Settings, o.Wrong = from.Load()
	if o.Settings.BadNotices {
		return o
	}
	email, phone, err := ways(o.Settings.Notices)
	if err != nil && o.Wrong == nil {
		o.Wrong = err
	}
	for _, w := range append(email, phone...) {
		o.Ways = append(o.Ways, w.Way)
	}
	return o
}

// printFindings prints a table, a line for each.
func printFindings(out io.Writer, all []preflight.Finding) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "STATE\tWHAT\tWHERE\tFOUND")
	for _, f := range all {
		says := f.Says
		if f.Fix != "" {
			says += "; " + f.Fix
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", f.State, f.What, orDash(f.Where), printable(says))
	}
	return w.Flush()
}

// verdict is the exit status of what was found, which standard output has said.
func verdict(all []preflight.Finding) error {
	counts := map[preflight.State]int{}
	for _, f := range all {
		counts[f.State]++
	}
	var parts []string
	for _, p := range []struct {
		state preflight.State
		says  string
	}{{preflight.Wrong, "wrong"}, {preflight.Doubtful, "to be looked at"}} {
		if n := counts[p.state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, p.says))
		}
	}
	err := errors.New(strings.Join(parts, ", "))
	switch preflight.Worst(all) {
	case preflight.Wrong:
		return statusError{statusFailed, err}
	case preflight.Doubtful:
		return statusError{statusSome, err}
	case preflight.Well:
	}
	return nil
}
