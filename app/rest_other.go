//go:build !linux

package main

// trimHeap does nothing: other systems' C heaps shrink by themselves.
func trimHeap() {}

// overwriteFreed does nothing: only Linux lets a program take its own place.
func overwriteFreed() error { return nil }

// refuseDumps does nothing: other systems write core files only when told to.
func refuseDumps() error { return nil }
