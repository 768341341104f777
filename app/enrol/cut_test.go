package enrol_test

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vaxkiosk/app/config"
	"vaxkiosk/app/exit"
)

// held is a way to central that lets one connection through, and holds the next one until it
// is let go.
func (o *office) held() (address string, second <-chan net.Conn) {
	o.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { l.Close() })
	waits := make(chan net.Conn)
	go func() {
		for n := 0; ; n++ {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if n == 1 {
				waits <- conn
				continue
			}
			on, err := net.Dial("tcp", strings.TrimPrefix(o.url, "https://"))
			if err != nil {
				conn.Close()
				continue
			}
			go func() {
				_, _ = io.Copy(on, conn)
				on.Close()
			}()
			go func() {
				_, _ = io.Copy(conn, on)
				conn.Close()
			}()
		}
	}()
	return "https://" + l.Addr().String(), waits
}

// Whatever ends the machine while it makes the first call, which uses the code up: what is on its
// disk then is a kiosk that central takes.
func TestAMachineThatStopsInItsFirstCallIsTheKioskThatCentralHas(t *testing.T) {
	for name, replace := range map[string]bool{"new": false, "enrolled anew": true} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			data := o.installed("")
			if replace {
				if status, said := o.enrols(o.invite("lobby", false)); status != exit.OK {
					t.Fatal(said)
				}
			}
			address, second := o.held()
			given, more := o.invite("lobby", replace), []string{"--central", address}
			if replace {
				more = append(more, "--replace")
			}
			done := make(chan int, 1)
			go func() {
				status, _ := o.enrols(given, more...)
				done <- status
			}()
			conn := <-second // and here it stops
			cfg := o.config()
			if err := o.calls(cfg); err != nil || config.Look(o.file).New {
				t.Errorf("what is on the disk is no kiosk of central: %v", err)
			}
			if status, said := o.enrols(given, "--replace"); status != exit.Usage || !strings.Contains(said, "is being enrolled already") {
				t.Errorf("a second enrolment beside it: %s", said)
			}
			conn.Close()
			if status := <-done; status != exit.OK {
				t.Errorf("it ends with %d", status)
			}
			if err := o.calls(o.config()); err != nil || len(names(t, data)) < 4 {
				t.Errorf("after all: %v, %q", err, names(t, data))
			}
		})
	}
}

// Somebody else has used the same code between the two calls: the machine is what it was.
func TestAMachineWhoseCertificateIsNotTakenHasWhatItHad(t *testing.T) {
	for name, replace := range map[string]bool{"new": false, "enrolled anew": true} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			data := o.installed("")
			if replace {
				if status, said := o.enrols(o.invite("lobby", false)); status != exit.OK {
					t.Fatal(said)
				}
			}
			var was []string
			if replace {
				was = names(t, data)
			}
			before, _ := os.ReadFile(filepath.Join(data, config.EnrolledFile))
			given := o.invite("lobby", replace)
			address, second := o.held()
			done := make(chan string, 1)
			go func() {
				more := []string{"--central", address}
				if replace {
					more = append(more, "--replace")
				}
				_, said := o.enrols(given, more...)
				done <- said
			}()
			conn := <-second
			thief := &office{Central: o.Central, t: t, url: o.url, dir: filepath.Join(t.TempDir(), "thief")}
			thief.file = filepath.Join(thief.dir, "kiosk.toml")
			if status, said := thief.enrols(given); status != exit.OK {
				t.Fatal(said)
			}
			on, err := net.Dial("tcp", strings.TrimPrefix(o.url, "https://"))
			if err != nil {
				t.Fatal(err)
			}
			go func() { _, _ = io.Copy(on, conn) }()
			go func() {
				_, _ = io.Copy(conn, on)
				conn.Close()
			}()
			if said := <-done; !strings.Contains(said, "somebody else may have used the same code") {
				t.Error(said)
			}
			after, err := os.ReadFile(filepath.Join(data, config.EnrolledFile))
			if replace && (err != nil || string(after) != string(before)) || !replace && !errors.Is(err, os.ErrNotExist) {
				t.Errorf("it is another configuration: %v", err)
			}
			if left := names(t, data); len(left) != len(was) {
				t.Errorf("%q is left, of %q", left, was)
			}
		})
	}
}
