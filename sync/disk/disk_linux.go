package disk

import "syscall"

// Free is how many bytes this program may still write into a folder; ok is false where
// that is not known.
func Free(dir string) (bytes uint64, ok bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil || s.Bsize <= 0 {
		return 0, false
	}
	return s.Bavail * uint64(s.Bsize), true
}
