//go:build !linux

package storetest

import "testing"

// OnServer skips the test: its server is one of Debian.
func OnServer(t testing.TB) Base {
	t.Skip("the server of the tests is one of Debian")
	return Base{}
}

// OnEmpty skips the test.
func OnEmpty(t testing.TB) Base { return OnServer(t) }

// StopServer has nothing to stop.
func StopServer() {}

// CrashServer has nothing to stop.
func CrashServer(testing.TB) {}
