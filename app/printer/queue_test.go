package printer

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
)

// purges notes which jobs were removed with all that is known of them.
func (f *fake) purges() *int {
	n := 0
	f.on[goipp.OpCancelJob] = func(w http.ResponseWriter, _ *http.Request, m *goipp.Message) bool {
		for _, a := range m.Operation {
			if yes, is := a.Values[0].V.(goipp.Boolean); a.Name == "purge-job" && is && bool(yes) {
				n++
				f.write(w, start(m, goipp.StatusOk))
				return true
			}
		}
		return false
	}
	return &n
}

func TestAQueueIsToldByItsAnswerOrItsAddressAndNeverSaysPrinted(t *testing.T) {
	for name, c := range map[string]struct {
		lists   bool   // other printers
		path    string // of its address
		outcome fault.Outcome
		purges  int
	}{
		"a printer":            {false, "/ipp/print", fault.Printed, 0},
		"a server's queue":     {false, "/printers/paper", fault.HandedOn, 1},
		"a server's class":     {false, "/classes/all", fault.HandedOn, 1},
		"it can list printers": {true, "/ipp/print", fault.HandedOn, 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			if c.lists {
				f.ops = append(f.ops, goipp.OpCupsGetPrinters)
			}
			purged := f.purges()
			f.server.Start()
			r := client(t, "ipp://"+f.server.Listener.Addr().String()+c.path).Print(soon(t), page(1), ignore)
			if r != (desk.Result{Outcome: c.outcome}) || *purged != c.purges {
				t.Errorf("%+v, removed %d times, want %s, %d times", r, *purged, c.outcome, c.purges)
			}
		})
	}
}

func TestAQueuesJobThatCompletedWithErrorsIsRemovedAndARefusalIsLogged(t *testing.T) {
	var said bytes.Buffer
	for _, refuses := range []bool{false, true} {
		f := newFake(t)
		f.ops = append(f.ops, goipp.OpCupsGetPrinters)
		purged := f.purges()
		if refuses {
			f.on[goipp.OpCancelJob] = refuse(goipp.StatusErrorForbidden)
		}
		ends(jobCompleted, "job-completed-with-errors")(f, nil)
		p := f.printer()
		p.log = slog.New(slog.NewTextHandler(&said, nil))
		r := p.Print(soon(t), page(1), ignore)
		if r.Outcome != fault.Unknown || !f.did(goipp.OpCancelJob) || (*purged == 1) == refuses {
			t.Errorf("%+v, removed %d times", r, *purged)
		}
		if logged := strings.Contains(said.String(), "did not remove"); logged != refuses {
			t.Errorf("refuses: %t, logged: %q", refuses, said.String())
		}
	}
}

func TestAQueuesJobThatIsStoppedInTimeIsCancelledAndRemoved(t *testing.T) {
	f := newFake(t)
	f.ops = append(f.ops, goipp.OpCupsGetPrinters)
	purged := f.purges()
	ctx, end := context.WithCancel(soon(t))
	defer end()
	f.visitEnds(end)
	r := f.printer().Print(ctx, page(1), ignore)
	honest(t, r)
	if r.Outcome != fault.Failed || *purged != 1 {
		t.Errorf("%+v, removed %d times", r, *purged)
	}
}
