// Package linetest is a line between a kiosk and central that a test can hold or cut, as a
// network does in the middle of an enrolment.
//
//	address, held := linetest.Hold(t, "127.0.0.1:8443", 1)
//	go enrol(address)
//	conn := <-held             // the second connection, and nothing comes back on it
//	linetest.PassOn(conn, to)  // or conn.Close()
//
// It knows nothing of what goes over the line. Nothing but tests imports it.
package linetest

import (
	"io"
	"net"
	"testing"
)

// Hold listens on address until the test ends. Of the connections there, counted from 0, it
// hands the nth to the test, which closes it, and passes all others on.
func Hold(t testing.TB, to string, nth int) (address string, held <-chan net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	one := make(chan net.Conn, 1)
	go func() {
		for n := 0; ; n++ {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if n == nth {
				one <- conn
				continue
			}
			go PassOn(conn, to)
		}
	}()
	return l.Addr().String(), one
}

// PassOn joins conn to an address until either end hangs up, and closes it.
func PassOn(conn net.Conn, to string) {
	defer conn.Close()
	on, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer on.Close()
	ended := make(chan struct{}, 2)
	for _, way := range [2][2]net.Conn{{on, conn}, {conn, on}} {
		go func() {
			_, _ = io.Copy(way[0], way[1]) // somebody hangs up
			ended <- struct{}{}
		}()
	}
	<-ended
}
