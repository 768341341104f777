package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// canForget reports whether cold matches can be measured.
const canForget = true

// dontNeed is POSIX_FADV_DONTNEED.
const dontNeed = 4

// forget drops a file from the page cache; this needs no special rights.
func forget(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	err = f.Sync() // only what is on the disk can be dropped
	if _, _, no := syscall.Syscall6(syscall.SYS_FADVISE64, f.Fd(), 0, 0, dontNeed, 0, 0); no != 0 {
		err = errors.Join(err, no)
	}
	return errors.Join(err, f.Close())
}

// busy tells how many programs wanted a core in the last minute.
func busy() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	load, _, _ := strings.Cut(string(b), " ")
	return ", load average " + load
}

// fromDisk is how many bytes this process has had read from disks.
func fromDisk() (n int64) {
	b, err := os.ReadFile("/proc/self/io")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if _, err := fmt.Sscanf(line, "read_bytes: %d", &n); err == nil {
			return n
		}
	}
	return 0
}
