package enrol_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vaxkiosk/app/config"
	"vaxkiosk/app/exit"
	"vaxkiosk/sync/enrol/linetest"
)

// interrupted is an enrolment whose second call has reached nobody yet.
type interrupted struct {
	*office
	data   string // the kiosk's
	code   string
	was    []string // its files before, when it is enrolled anew
	before []byte   // what one of them said of it
	conn   net.Conn // of that call
	ended  chan outcome
}

type outcome struct {
	status int
	said   string
}

// central is where the office listens.
func (o *office) central() string { return strings.TrimPrefix(o.url, "https://") }

// interrupts enrols a machine, anew when it is one already, up to its second call.
func interrupts(t *testing.T, replace bool) *interrupted {
	t.Helper()
	o := newOffice(t)
	i := &interrupted{office: o, data: o.installed(""), ended: make(chan outcome, 1)}
	var more []string
	if replace {
		if status, said := o.enrols(o.invite("lobby", false)); status != exit.OK {
			t.Fatal(said)
		}
		i.was, more = names(t, i.data), []string{"--replace"}
		i.before, _ = os.ReadFile(filepath.Join(i.data, config.EnrolledFile))
	}
	i.code = o.invite("lobby", replace)
	address, second := linetest.Hold(t, o.central(), 1)
	go func() {
		status, said := o.enrols(i.code, append(more, "--central", "https://"+address)...)
		i.ended <- outcome{status, said}
	}()
	i.conn = <-second
	return i
}

// Whatever ends the machine while it makes the first call, which uses the code up: what is on its
// disk then is a kiosk that central takes.
func TestAMachineThatStopsInItsFirstCallIsTheKioskThatCentralHas(t *testing.T) {
	for name, replace := range map[string]bool{"new": false, "enrolled anew": true} {
		t.Run(name, func(t *testing.T) {
			o := interrupts(t, replace) // and here it stops
			cfg := o.config()
			if err := o.calls(cfg); err != nil || config.Look(o.file).New {
				t.Errorf("what is on the disk is no kiosk of central: %v", err)
			}
			if status, said := o.enrols(o.code, "--replace"); status != exit.Usage || !strings.Contains(said, "is being enrolled already") {
				t.Errorf("a second enrolment beside it: %s", said)
			}
			o.conn.Close()
			if end := <-o.ended; end.status != exit.OK {
				t.Errorf("it ends with %d", end.status)
			}
			if err := o.calls(o.config()); err != nil || len(names(t, o.data)) < 4 {
				t.Errorf("after all: %v, %q", err, names(t, o.data))
			}
		})
	}
}

// Somebody else has used the same code between the two calls: the machine is what it was.
func TestAMachineWhoseCertificateIsNotTakenHasWhatItHad(t *testing.T) {
	for name, replace := range map[string]bool{"new": false, "enrolled anew": true} {
		t.Run(name, func(t *testing.T) {
			o := interrupts(t, replace)
			thief := &office{Central: o.Central, t: t, url: o.url, dir: filepath.Join(t.TempDir(), "thief")}
			thief.file = filepath.Join(thief.dir, "kiosk.toml")
			if status, said := thief.enrols(o.code); status != exit.OK {
				t.Fatal(said)
			}
			go linetest.PassOn(o.conn, o.central())
			if end := <-o.ended; !strings.Contains(end.said, "somebody else may have used the same code") {
				t.Error(end.said)
			}
			after, err := os.ReadFile(filepath.Join(o.data, config.EnrolledFile))
			if replace && (err != nil || string(after) != string(o.before)) || !replace && !errors.Is(err, os.ErrNotExist) {
				t.Errorf("it is another configuration: %v", err)
			}
			if left := names(t, o.data); len(left) != len(o.was) {
				t.Errorf("%q is left, of %q", left, o.was)
			}
		})
	}
}
