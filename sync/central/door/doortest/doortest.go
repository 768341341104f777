// Package doortest has what tests of the door do to it from outside: Dial connects from an
// address of this machine, and Closed looks whether the door has closed a connection. It
// refuses nothing and knows nothing of the door; only tests use it.
package doortest

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"
)

// Dial opens a connection from an address of this machine (127.0.0.2, say). It is closed
// at the end of the test.
func Dial(t testing.TB, from, to string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: time.Minute}
	c, err := d.DialContext(t.Context(), "tcp", to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// Closed reports whether the other end has closed a connection, waiting at most so long.
func Closed(c net.Conn, wait time.Duration) bool {
	_ = c.SetReadDeadline(time.Now().Add(wait)) // a connection that Dial has opened takes it
	_, err := c.Read(make([]byte, 1))
	return err != nil && !errors.Is(err, os.ErrDeadlineExceeded)
}
