package main

import (
	"context"
	"errors"
)

// Exit statuses besides 0, all is well.
const (
	statusSome        = 1   // done, but not all of it was good
	statusFailed      = 2   // not done; the sentence says why
	statusInterrupted = 130 // by Ctrl-C or a signal to end; what is done stays
)

// statusError ends the program with a status of its own.
type statusError struct {
	status int
	error
}

func (e statusError) Unwrap() error { return e.error }

// statusOf is the exit status that goes with an error.
func statusOf(err error) int {
	if e := (statusError{}); errors.As(err, &e) {
		return e.status
	}
	if errors.Is(err, context.Canceled) {
		return statusInterrupted
	}
	return statusFailed
}

// interrupted makes of an error after ctx has ended one that says how to go on.
func interrupted(ctx context.Context, err error, then string) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	return statusError{statusInterrupted, errors.New("interrupted; " + then)}
}
