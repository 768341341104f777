//go:build !windows

package keyfile

import (
	"fmt"
	"io/fs"
	"os"
)

// What to run on a file, or a folder, that others may read.
const (
	fileFix   = "chmod 600"
	folderFix = "chmod 700"
)

// wide reports whether others may do with a file what its mode is not to allow.
func wide(_ string, info fs.FileInfo, most fs.FileMode) bool { return info.Mode().Perm()&^most != 0 }

// Open reports whether others may use a folder; one that does not exist is nobody's.
func Open(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && wide(dir, info, FolderMode)
}

func saysOpen(mode fs.FileMode) string { return fmt.Sprintf("mode %04o", mode) }

// tighten leaves a file or folder to its owner.
func tighten(path string, to fs.FileMode) error { return os.Chmod(path, to) }
