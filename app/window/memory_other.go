//go:build !linux

package window

// trimHeap does nothing: other systems' C heaps shrink by themselves.
func trimHeap() {}

// OverwriteFreed does nothing: only Linux lets a program take its own place.
func OverwriteFreed() error { return nil }

// RefuseDumps does nothing: other systems write core files only when told to.
func RefuseDumps() error { return nil }
