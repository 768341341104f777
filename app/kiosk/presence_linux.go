package kiosk

import (
	"os"
	"syscall"
)

// lock locks a file, for this process alone or with all others that only look, and does not
// wait. The lock goes when the file is closed.
func lock(f *os.File, alone bool) error {
	how := syscall.LOCK_SH
	if alone {
		how = syscall.LOCK_EX
	}
	return syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
}

func unlock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
