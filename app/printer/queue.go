package printer

import (
	"context"

	"github.com/OpenPrinting/goipp"
)

// The queue of a print server (CUPS). It says "completed" when it has got rid of a
// job, also of one that the printer gave up, so a job that is over there was sent
// and nothing more. A queue keeps what it was sent: when a job is over the kiosk
// has it removed, document and history, whatever the server's own settings are.

// purge removes an ended job from a print server. A server that will not does as it
// is set up to (PreserveJobFiles No).
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
