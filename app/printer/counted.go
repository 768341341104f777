package printer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
)

// Whether a job that the printer calls complete came out. "Completed" ends the printer's
// work and does not prove a page: some printers say it of a job that they could not read,
// or that somebody cancelled. So the job's reasons and counters must agree with it.
//
// A counter that is missing, or has no value, proves nothing either way. A counter of 0, or
// of fewer pages than the document has, contradicts: a printer says so when nothing came
// out. Many printers have one counter that always says 0, because RFC 8011 wants every
// printer to have it: where it is the only one, and the printer has never counted anything,
// it is ignored. Sheets are counted only by printers that really count. A printer that says
// 0 sheets of every job says the same when nothing came out; only somebody who has looked
// into its tray can tell the two apart, and says so with Options.Uncounted.

// The counters of a job (RFC 8011, 5.3.17 and 5.3.18; PWG 5100.7). On one side of the paper
// pages and impressions are the same.
var counters = []string{"job-impressions-completed", "job-pages-completed", "job-media-sheets-completed"}

// counted is what a printer has counted of a job, -1 where it does not count.
type counted struct{ pages, sheets int }

func countedOf(attrs goipp.Attributes) counted {
	of := func(name string) int {
		if n, ok := number(attrs, name); ok {
			return n
		}
		return -1
	}
	return counted{pages: max(of(counters[0]), of(counters[1])), sheets: of(counters[2])}
}

// done is how many pages are done, as far as it is known; -1 when nothing is counted.
func (c counted) done() int { return max(c.pages, c.sheets) }

// lagging is how often a printer is looked at again whose counters may come later than its word.
const lagging = 5

// lags reports whether the counters of a job that is complete are waited for.
func (j *job) lags(s snapshot) bool {
	if j.shortOf(s) == "" || j.lag >= lagging {
		return false
	}
	j.lag++
	return true
}

// shortOf is what the counters of a job that is complete say against it, empty if nothing. A
// print server's are not the printer's.
func (j *job) shortOf(s snapshot) string {
	if j.able.queue || j.uncounted || s.done() < 0 {
		return ""
	}
	j.counts = j.counts || s.done() > 0
	if !j.counts && s.sheets < 0 {
		return ""
	}
	pages, side := max(j.doc.Pages, 1), 2
	if j.able.offers(oneSide) {
		side = 1 // it was asked for one side
	}
	if s.pages >= pages || s.sheets*side >= pages {
		return ""
	}
	return fmt.Sprintf("completed, but it counted %d of %d", s.done(), pages)
}

// against are parts of reasons (job-state-reasons) of a job that did not come out, or not as
// it should. Queued-in-device is a printer that passed the job on and hears no more of it;
// processing-to-stop-point is none of them, as CUPS says it of every job.
var against = []string{
	"error", "cancel", "abort", "unsupported", "not-supported", "interrupted", "insufficient", "unprintable", "did-not-verify",
	"queued-in-device",
}

// contradicts is the reason of a job that speaks against its being complete, empty if none does.
func contradicts(reasons []string) string {
	for _, reason := range reasons {
		if slices.ContainsFunc(against, func(part string) bool { return strings.Contains(reason, part) }) {
			return reason
		}
	}
	return ""
}

// complete is how a job has ended that is called complete.
func (j *job) complete(ctx context.Context, s snapshot) desk.Result {
	j.purge(ctx)
	why := j.shortOf(s)
	if reason := contradicts(s.reasons); reason != "" {
		why = "completed, but " + reason
	}
	switch {
	case why != "":
		j.log.Warn("the printer called a page complete and contradicts itself", "event", "printer.contradicts", "detail", why)
		return desk.Result{Outcome: fault.Unknown, Fault: fault.Fault{Code: fault.Unclear, Detail: why}}
	case j.able.queue:
		return desk.Result{Outcome: fault.HandedOn}
	}
	return desk.Result{Outcome: fault.Printed}
}
