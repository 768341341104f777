package window

import (
	"syscall"
	"testing"
)

func TestMemoryNeverBecomesAFile(t *testing.T) {
	const get, set = 3, syscall.PR_SET_DUMPABLE // PR_GET_DUMPABLE has no name in syscall
	prctl := func(what, to uintptr) uintptr {
		is, _, failed := syscall.RawSyscall(syscall.SYS_PRCTL, what, to, 0)
		if failed != 0 {
			t.Fatal(failed)
		}
		return is
	}
	var after syscall.Rlimit
	prctl(set, 1)
	t.Cleanup(func() { prctl(set, 1) })
	if err := RefuseDumps(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &after); err != nil || after != (syscall.Rlimit{}) {
		t.Errorf("core files may have %d bytes, %v", after.Max, err)
	}
	if prctl(get, 0) != 0 {
		t.Error("other programs may look into this one")
	}
}
