// Package exit has the statuses that the programs of a kiosk end with, errors that carry
// one, and the one place where it is said why.
//
// An error without a status of its own is Usage: the program could not start as asked. What
// goes wrong later is wrapped with Failed or With. A supervisor starts a program again after
// Fault, Frozen, Closed, Asked and Replaced; after OK somebody wanted it to end, and after Usage it would end
// again. This package ends no program: main does, with what Say returns.
package exit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// The statuses.
const (
	OK     = 0 // all is well: the program was asked to end, by SIGTERM or SIGINT
	Fault  = 1 // a tour or soak found something wrong, the test page was not printed, the machine not enrolled, or no window could run
	Usage  = 2 // it could not start as asked: flags, configuration, outbox
	Frozen = 3 // the window stood still and could not be built anew
	Closed = 4 // the window was closed from outside, by a window manager or Alt-F4
	Asked  = 5 // central's operator asked for a restart

	Replaced = 6 // another version of the program was installed, and nobody was there
)

// ended is what goes wrong after the program has started as asked, and the status for it.
type ended struct {
	err    error
	status int
}

func (e *ended) Error() string { return e.err.Error() }
func (e *ended) Unwrap() error { return e.err }

// With is an error that a program ends with under a status.
func With(status int, err error) error { return &ended{err, status} }

// Failed is With(Fault, err).
func Failed(err error) error { return With(Fault, err) }

// Say says on errs, in one sentence, why a program ends, and returns its status; nil is OK
// and needs no words.
func Say(program string, err error, errs io.Writer) int {
	if err == nil {
		return OK
	}
	_, _ = fmt.Fprintf(errs, "%s: %v\n", program, err)
	var e *ended
	if errors.As(err, &e) {
		return e.status
	}
	return Usage
}

// UntilSignal ends with ctx or when a signal asks for it; a second signal ends the program
// at once.
func UntilSignal(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
