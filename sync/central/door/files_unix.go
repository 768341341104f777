//go:build unix

package door

import "syscall"

// fileLimit is how many files this process may have open.
func fileLimit() uint64 {
	var l syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l) != nil {
		return 1024 // what POSIX systems begin with
	}
	return uint64(l.Cur)
}
