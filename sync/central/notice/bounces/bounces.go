// Package bounces reads the mail that comes back for notices which could not be delivered after the
// relay had taken them.
//
//	r := &bounces.Reader{Dir: "/var/mail/bounces", Ledger: l, Rests: rests, Log: log}
//	r.Run(ctx) // now, and every half minute until ctx ends
//
// The relay puts what is for bounce+ANYTHING@… into a maildir, which Dir names; exim and postfix
// do. Each report in it is told to the ledger, and removed when that is done. A report belongs
// to the notice whose Ref is in the address that it came to. Of what it says only Action and Status
// are read (RFC 3464, and RFC 6533 where addresses are not ASCII), and the status in Diagnostic-Code
// where the relay has none of its own, as exim does: no address, no subject, no text. A
// Ref that is made up does nothing: Refs have 80 bits, and of its own message anybody may say that it
// came back.
//
// What is no report (an answer by hand, advertising) is moved into the folder "unread" beside it, for the
// operator to look at and to empty, and the log says how many. What is in there, or in a file's name,
// is in no error and no log.
package bounces

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"time"

	"vaxkiosk/sync/central/notice"
)

// Ledger is who is told.
//
// Obligations: when Receipt has returned nil it is kept, and the same may be told again.
// notice.ErrNoRef when no notice has the ref.
type Ledger interface {
	Receipt(ctx context.Context, ref string, to notice.State, reason string) error
}

// Reader reads one maildir. All fields are required. One reads a folder at a time.
type Reader struct {
	Dir    string
	Ledger Ledger
	Rests  func() bool // while it does, nothing is read: that is for the service that sends
	Log    *slog.Logger

	troubled bool
}

// every is how often the folder is looked at: nobody waits for it.
const every = 30 * time.Second

// unread is the folder of what is no report.
const unread = "unread"

// Run reads what there is and what comes, until ctx ends.
func (r *Reader) Run(ctx context.Context) {
	for ctx.Err() == nil {
		r.round(ctx)
		t := time.NewTimer(every)
		select {
		case <-ctx.Done():
		case <-t.C:
		}
		t.Stop()
	}
}

// round reads once, and says the begin and the end of trouble.
func (r *Reader) round(ctx context.Context) {
	if r.Rests() {
		return
	}
	aside, err := r.Once(ctx)
	if aside > 0 {
		r.Log.Warn("mail came to the address of bounces that is no report; it is in the folder unread beside them", "event", "bounces.unread", "count", aside)
	}
	switch {
	case ctx.Err() != nil:
	case err != nil && !r.troubled:
		r.troubled = true
		r.Log.Error("what comes back for notices cannot be read", "event", "bounces.stopped", "why", err.Error())
	case err == nil && r.troubled:
		r.troubled = false
		r.Log.Info("what comes back for notices is read again", "event", "bounces.resumed")
	}
}

// Once reads all that is there, and tells how much of it is no report. One file that cannot be read
// or removed keeps none of the others waiting.
func (r *Reader) Once(ctx context.Context) (aside int, err error) {
	root, err := os.OpenRoot(r.Dir)
	if err != nil {
		return 0, withoutNames("open the maildir", err)
	}
	defer root.Close()
	for _, sub := range []string{"new", "cur"} { // a mail program may have looked
		files, no := fs.ReadDir(root.FS(), sub)
		if no != nil {
			return aside, withoutNames("read the maildir", no)
		}
		for _, f := range files {
			is, wrong := r.file(ctx, root, path.Join(sub, f.Name()))
			switch {
			case wrong == nil && !is:
				aside++
			case wrong != nil && !errors.As(wrong, new(*unreadable)):
				return aside, wrong // none of the others can be kept either
			case err == nil:
				err = wrong
			}
		}
	}
	return aside, err
}

// file tells the ledger what a file says, and removes it; false when it is no report.
func (r *Reader) file(ctx context.Context, root *os.Root, name string) (report bool, err error) {
	b, err := read(root, name)
	if errors.Is(err, errOdd) {
		return false, ofFile("move a message aside", moveAside(root, name))
	}
	if err != nil {
		return true, ofFile("read a message", err)
	}
	if b.State != "" {
		err = r.Ledger.Receipt(ctx, b.Ref, b.State, b.Status)
	}
	if err != nil && !errors.Is(err, notice.ErrNoRef) {
		return false, err
	}
	return true, ofFile("remove a message", root.Remove(name))
}

// unreadable is what is wrong with one file.
type unreadable struct{ error }

func (u *unreadable) Unwrap() error { return u.error }

// ofFile is what is wrong with one file; nothing when another instance was there first.
func ofFile(what string, err error) error {
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return &unreadable{withoutNames(what, err)}
}

func read(root *os.Root, name string) (Bounce, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return Bounce{}, err
	}
	if !info.Mode().IsRegular() {
		return Bounce{}, errOdd
	}
	f, err := root.Open(name)
	if err != nil {
		return Bounce{}, err
	}
	defer f.Close()
	return Parse(io.LimitReader(f, longest))
}

func moveAside(root *os.Root, name string) error {
	if err := root.Mkdir(unread, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return root.Rename(name, path.Join(unread, path.Base(name)))
}

// withoutNames is an error without the names in it: some programs put what they deliver into the
// names of their files.
func withoutNames(what string, err error) error {
	if err == nil {
		return nil
	}
	cause := err
	for next := errors.Unwrap(cause); next != nil; next = errors.Unwrap(cause) {
		cause = next
	}
	return fmt.Errorf("cannot %s (%w): the folder new of it must be there, and its files be for this service to read and remove", what, cause)
}
