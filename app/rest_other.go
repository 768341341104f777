//go:build !linux

package main

// trimHeap does nothing: other systems' C heaps shrink by themselves.
func trimHeap() {}
