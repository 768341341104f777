package preflight

import "syscall"

// clockIsKept reports whether the kernel's clock is kept by a time service.
func clockIsKept() (yes, known bool) {
	const timeError = 5 // TIME_ERROR of adjtimex(2)
	state, err := syscall.Adjtimex(&syscall.Timex{})
	return state != timeError, err == nil
}

// writable reports whether this user may write into a folder.
func writable(dir string) bool {
	const write, search = 2, 1 // W_OK, X_OK of access(2)
	return syscall.Access(dir, write|search) == nil
}
