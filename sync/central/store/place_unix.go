//go:build unix

package store

import (
	"fmt"
	"io/fs"
	"syscall"
)

// fileID is the number of a file in its file system. It stays when the file is
// renamed or written to and when the machine starts again; a copy has another one.
func fileID(info fs.FileInfo) string {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return fmt.Sprint(s.Ino)
	}
	return ""
}
