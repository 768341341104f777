package store

import (
	"errors"
	"syscall"
)

// DiskFull reports whether something could not be written because the disk is full: the
// database, or the file of a notice. Nothing else helps then but room.
func DiskFull(err error) bool { return errors.Is(err, ErrFull) || errors.Is(err, syscall.ENOSPC) }
