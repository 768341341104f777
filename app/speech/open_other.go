//go:build !linux

package speech

import (
	"context"
	"errors"
)

// Open is for Linux only so far.
func Open(context.Context, string, func(visit uint64)) (*Speaker, error) {
	return nil, errors.New("speech is there under Linux only")
}
