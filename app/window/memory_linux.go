package window

// #include <stdlib.h>
// #include <sys/prctl.h>
// #include <sys/resource.h>
// #ifdef __GLIBC__
// #include <malloc.h>
// static void trim(void) { malloc_trim(0); }
// #else
// static void trim(void) {}
// #endif
// static int refuse_dumps(void) {
// 	struct rlimit none = {0, 0};
// 	return setrlimit(RLIMIT_CORE, &none) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
// }
import "C"

import (
	"os"
	"strings"
	"syscall"
)

// trimHeap returns the holes in the C heap to the system.
func trimHeap() { C.trim() }

// collector has Go's collector write over what it frees, and leave stacks where
// they are: moved to a smaller place, they would leave what is on them behind.
const collector = "clobberfree=1,gcshrinkstackoff=1"

// OverwriteFreed sets up the collector. Go reads its settings before main, so the
// program starts itself once more, with them.
func OverwriteFreed() error {
	now := os.Getenv("GODEBUG")
	if strings.Contains(now, collector) {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := os.Setenv("GODEBUG", strings.TrimPrefix(now+","+collector, ",")); err != nil {
		return err
	}
	return syscall.Exec(self, os.Args, os.Environ())
}

// RefuseDumps keeps memory from ever becoming a file (promise P1): a crash writes
// no core file, and only root can look into the program while it runs.
func RefuseDumps() error {
	if failed, err := C.refuse_dumps(); failed != 0 {
		return err
	}
	return nil
}
