package printer

import (
	"context"

	"github.com/OpenPrinting/goipp"
)

// The queue of a print server (CUPS). It says "completed" as soon as it is rid of a
// job, even of one that the printer gave up: of a job that is over there, it is
// known only that it was sent. A queue keeps what it was sent. So once a job is
// over, the kiosk asks the server to remove document and history, whatever its own
// settings are.

// purge removes an ended job from a print server. A server that refuses follows its
// own settings (PreserveJobFiles No).
func (j *job) purge(ctx context.Context) {
	if !j.able.queue {
		return
	}
	m := j.message(goipp.OpCancelJob, j.id)
	m.Operation.Add(goipp.MakeAttr("purge-job", goipp.TagBoolean, goipp.Boolean(true)))
	if _, err := j.quick(context.WithoutCancel(ctx), m); err != nil {
		j.log.Warn("the print server did not remove a page: check that it keeps none (PreserveJobFiles No)", "event", "printer.page-kept")
	}
}

// lingers reports whether a print server may still be sending a job it calls cancelled.
func (j *job) lingers(ctx context.Context) bool {
	if !j.able.queue {
		return false
	}
	a, err := j.about(ctx)
	return err != nil || a.working
}
