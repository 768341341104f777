package central

import (
	"errors"
	"syscall"

	"vaxkiosk/sync/central/store"
)

// diskFull tells that something could not be written because the disk is full: the
// database, or the file of a notice. Nothing else helps then but room.
func diskFull(err error) bool { return errors.Is(err, store.ErrFull) || errors.Is(err, syscall.ENOSPC) }
