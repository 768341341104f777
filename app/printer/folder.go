package printer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/visit"
)

// folder is a printer that puts each document into a file "record-NNN.pdf". A
// file with such a name is always complete and durable.
type folder struct {
	path string
	mu   sync.Mutex // one document at a time
}

// Print implements desk.Printer.
func (f *folder) Print(ctx context.Context, d desk.Document, progress func(desk.Progress)) desk.Result {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil {
		return desk.Result{Outcome: desk.Failed, Fault: desk.Fault{Code: visit.FaultCancelled}}
	}
	progress(desk.Progress{Page: 1})
	if err := f.put(d.PDF); err != nil {
		return desk.Result{Outcome: desk.Failed, Fault: folderFault(err)}
	}
	return desk.Result{Outcome: desk.Printed}
}

// Ready implements desk.Printer: a file can be made in the folder.
func (f *folder) Ready(context.Context) *desk.Fault {
	t, err := os.CreateTemp(f.path, ".ready-*")
	if err == nil {
		err = errors.Join(t.Close(), os.Remove(t.Name()))
	}
	if err != nil {
		fault := folderFault(err)
		return &fault
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
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func folderFault(err error) desk.Fault {
	return desk.Fault{Code: visit.FaultPrinter, Detail: fmt.Sprintf("folder: %v", err)}
}
