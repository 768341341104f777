package disk

import (
	"syscall"
	"unsafe"
)

var freeSpace = syscall.NewLazyDLL("kernel32.dll").NewProc("GetDiskFreeSpaceExW")

// Free is how many bytes this program may still write into a folder; ok is false where
// that is not known.
func Free(dir string) (bytes uint64, ok bool) {
	path, err := syscall.UTF16PtrFromString(dir)
	if err != nil {
		return 0, false
	}
	done, _, _ := freeSpace.Call(uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(&bytes)), 0, 0) // not 0: it is known
	return bytes, done != 0
}
