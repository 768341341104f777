//go:build !linux

package main

import (
	"context"
	"io"
)

// serve adds nothing: a server is started on Linux only.
func (options) serve(context.Context, *[]*town, io.Writer) (stop func() error, err error) {
	return func() error { return nil }, nil
}
