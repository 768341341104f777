package printer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
)

// folder is a printer that puts each document into a file "record-NNN.pdf". A
// file with such a name is always complete and durable.
//
// It can be told to fail, to show or try out what then happens: while a file
// "fault-CODE" is in the folder, for example "fault-paper", it behaves as the row of
// fault.PrinterFaults with that code says.
type folder struct {
	path string
	mu   sync.Mutex // one document at a time
}

const (
	faultPrefix = "fault-"
	folderPoll  = 100 * time.Millisecond // between two looks for such a file
)

// told is the fault the folder is told to have.
func (f *folder) told() *fault.Fault {
	for _, row := range fault.PrinterFaults {
		name := faultPrefix + string(row.Code)
		if _, err := os.Lstat(filepath.Join(f.path, name)); err == nil {
			return &fault.Fault{Code: row.Code, Detail: name}
		}
	}
	return nil
}

// hold waits until the folder has no fault that goes by. With one that does not, or
// when ctx ends first, it returns how the print ends.
func (f *folder) hold(ctx context.Context, progress func(desk.Progress)) *fault.Fault {
	look := time.NewTicker(folderPoll)
	defer look.Stop()
	var last fault.Fault
	for wrong := f.told(); wrong != nil; wrong = f.told() {
		if rule := retry(*wrong); rule == fault.Asks || rule == fault.Looks {
			return wrong
		}
		if *wrong != last {
			last = *wrong
			progress(desk.Progress{Fault: wrong})
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return wrong
		}
	}
	return nil
}

// Print implements desk.Printer.
func (f *folder) Print(ctx context.Context, d desk.Document, progress func(desk.Progress)) desk.Result {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil {
		return failed(fault.Fault{Code: fault.Cancelled})
	}
	wrong := f.hold(ctx, progress)
	if wrong != nil && retry(*wrong) != fault.Looks {
		return failed(*wrong)
	}
	progress(desk.Progress{Page: 1})
	if err := f.put(d.PDF); err != nil {
		return failed(folderFault(err))
	}
	if wrong != nil { // it came out, and nobody knows
		return desk.Result{Outcome: fault.Unknown, Fault: *wrong}
	}
	return desk.Result{Outcome: fault.Printed}
}

// Ready implements desk.Printer: a file can be made in the folder.
func (f *folder) Ready(context.Context) *fault.Fault {
	if wrong := f.told(); wrong != nil {
		return wrong
	}
	t, err := os.CreateTemp(f.path, ".ready-*")
	if err == nil {
		err = errors.Join(t.Close(), os.Remove(t.Name()))
	}
	if err != nil {
		wrong := folderFault(err)
		return &wrong
	}
	return nil
}

// put writes a temporary file (mode 0600), makes it durable and gives it the
// next free name. Nothing stays behind when that fails.
func (f *folder) put(pdf []byte) error {
	t, err := os.CreateTemp(f.path, ".record-*")
	if err != nil {
		return err
	}
	_, err = t.Write(pdf)
	if err = errors.Join(err, t.Sync(), t.Close()); err != nil {
		return errors.Join(err, os.Remove(t.Name()))
	}
	name, err := f.free()
	if err == nil {
		err = os.Rename(t.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(t.Name()))
	}
	return syncDir(f.path)
}

func (f *folder) free() (string, error) {
	for n := 1; ; n++ {
		name := filepath.Join(f.path, fmt.Sprintf("record-%03d.pdf", n))
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return name, nil
		} else if err != nil {
			return "", err
		}
	}
}

func syncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil // its folders need none, and refuse
	}
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func folderFault(err error) fault.Fault {
	return fault.Fault{Code: fault.PrinterStopped, Detail: fmt.Sprintf("folder: %v", err)}
}
