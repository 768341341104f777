package worker

import (
	"bytes"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"syscall"
	"testing"

	"vaxkiosk/sync/central/notify"
	"vaxkiosk/sync/central/store"
)

func TestAFullDiskIsCalledOneInTheLogAndItsEndIsSaid(t *testing.T) {
	for _, full := range []error{
		fmt.Errorf("save: %w", fmt.Errorf("%w: central.db", store.ErrFull)), &fs.PathError{Op: "write", Path: "notice", Err: syscall.ENOSPC},
	} {
		var log bytes.Buffer
		w := New(Options{State: &notify.State{}, Log: slog.New(slog.NewTextHandler(&log, nil))})
		for range 2 {
			w.sayOnce(t.Context(), false, full)
		}
		if said := log.String(); strings.Count(said, "the disk is full: requests cannot be worked on") != 1 || strings.Contains(said, "requests.stopped") {
			t.Errorf("%v:\n%s", full, said)
		}
		w.sayOnce(t.Context(), true, nil)
		if !strings.Contains(log.String(), "level=INFO msg=\"requests are worked on again\" event=requests.resumed") {
			t.Errorf("the end is not said:\n%s", log.String())
		}
	}
}
