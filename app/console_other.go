//go:build !windows

package main

// toConsole has nothing to do: standard output is always there.
func toConsole() {}
