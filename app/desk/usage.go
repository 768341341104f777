package desk

import (
	"context"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/usage"
	"vaxkiosk/app/visit"
)

// What happens at the kiosk is counted by comparing the visit before and after
// each step. Only names of usage come out of that, so no personal value can.

// tally counts steps.
type tally struct{ usage.Counter }

// observe counts one step and hands out the hours that have ended.
func (t *tally) observe(before, after visit.Visit, e visit.Event, now time.Time) []usage.Batch {
	finished := t.Turn(now)
	for _, name := range names(before, after, e.Do) {
		finished = append(finished, t.Note(name, now)...)
	}
	return finished
}

// counted says by which change of the visit each name is counted.
var counted = []struct {
	name string
	is   func(before, after visit.Visit) bool
}{
	{usage.Visit, begun},
	{usage.Request, func(b, a visit.Visit) bool { return b.Unlock.Key == "" && a.Unlock.Key != "" }},
	{usage.Collect, func(b, a visit.Visit) bool { return b.State == visit.Choosing && a.State == visit.Collecting }},
	{usage.Correction, func(b, a visit.Visit) bool { return b.Track.Number == "" && a.Track.Number != "" }},
	{usage.Help, func(b, a visit.Visit) bool { return b.Helpable() && a.State == visit.Helping }},
	{usage.Report, func(b, a visit.Visit) bool { return !b.Help.Reported && a.Help.Reported }},
	{usage.Unlocked, func(b, a visit.Visit) bool { return b.Unlock.Token == "" && a.Unlock.Token != "" }},
	{usage.Printed, func(b, a visit.Visit) bool {
		return b.State == visit.Printing && a.State == visit.Done && !a.Print.HandedOn
	}},
	{usage.NotPrinted, func(b, a visit.Visit) bool { return b.State == visit.Printing && a.State == visit.PrintFailed }},
	{usage.PrintUnsure, func(b, a visit.Visit) bool {
		return b.State == visit.Printing && (a.State == visit.PrintUnknown || a.Print.HandedOn)
	}},
	{usage.Slip, func(b, a visit.Visit) bool { return b.State == visit.Slipping && a.Print.Slip == fault.Printed }},
	{usage.LargerText, func(b, a visit.Visit) bool { return b.Look.Size == 0 && a.Look.Size > 0 }},
	{usage.Contrast, func(b, a visit.Visit) bool { return b.Look.Contrast == 0 && a.Look.Contrast > 0 }},
	{usage.Staff, func(b, a visit.Visit) bool { return b.Staff.Token == "" && a.Staff.Token != "" }},
}

// names are what a step is counted as.
func names(before, after visit.Visit, a visit.Action) []string {
	if before.Number != after.Number {
		return ending(before, after, a)
	}
	var all []string
	for _, c := range counted {
		if c.is(before, after) {
			all = append(all, c.name)
		}
	}
	if begun(before, after) {
		all = append(all, usage.Language(after.Lang))
	}
	return all
}

// begun reports whether somebody has just picked a language.
func begun(before, after visit.Visit) bool { return before.Lang == "" && after.Lang != "" }

// ending is what the end of a visit is counted as: nothing when it was done, or
// had not begun.
func ending(before, after visit.Visit, a visit.Action) []string {
	_, idle := a.(visit.Tick)
	_, another := a.(visit.Another)
	switch {
	case before.Lang == "":
	case before.State == visit.Upkeep || before.State == visit.TestPrinting: // no visitor's
	case after.State == visit.Upkeep:
		return []string{usage.Staff}
	case another && after.Lang != "":
		return []string{usage.Another}
	case before.State == visit.Done:
	case idle:
		return []string{usage.LeftIdle}
	case !served(before):
		return []string{usage.LeftEarly}
	}
	return nil
}

// served reports whether a visitor who leaves now has what they came for, or a
// number to come back with.
func served(v visit.Visit) bool {
	return v.State == visit.Sent || v.State == visit.Amended || v.State == visit.Tracking && v.Track.Progress != ""
}

// usageLimit bounds how long keeping counts may take, also at the end.
const usageLimit = 5 * time.Second

// keepUsage keeps the counts of ended hours beside the visit. Counts that cannot
// be kept are lost, and that is said.
func (d *Desk) keepUsage(ended []usage.Batch) {
	for _, b := range ended {
		d.running.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), usageLimit)
			defer cancel()
			if err := d.Reports.SaveUsage(ctx, b); err != nil {
				d.Log.Error("counts of an hour are lost", "event", "usage.lost", "cause", err)
			}
		})
	}
}
