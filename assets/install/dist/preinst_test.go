package main

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// guard is the script of a package that leaves schema 7, for files and a program of its own.
type guard struct {
	t                       *testing.T
	script, database, asked string
	program                 string // what the installed program does
}

func newGuard(t *testing.T, name string) *guard {
	t.Helper()
	text, err := os.ReadFile("../" + name + "/preinst")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	g := &guard{t: t, script: filepath.Join(dir, "preinst"), database: filepath.Join(dir, "database"), asked: filepath.Join(dir, "asked"), program: filepath.Join(dir, "vax"+name)}
	fill := strings.NewReplacer("@SCHEMA@", "7", "@VERSION@", "1.2.3", "/var/lib/vaxkiosk/kiosk.db", g.database, `"$data/central.db"`, g.database, `"$data/database.url"`, g.database+".url",
		"runuser -u vaxcentral --", "")
	if err := os.WriteFile(g.script, []byte(fill.Replace(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
	return g
}

// installed puts a program there; what it is asked is kept.
func (g *guard) installed(does string) {
	g.t.Helper()
	if err := os.WriteFile(g.program, []byte("#!/bin/sh\necho \"$*\" >>"+g.asked+"\n"+does+"\n"), 0o700); err != nil {
		g.t.Fatal(err)
	}
}

// written puts a database there, of a schema.
func (g *guard) written(schema uint32) {
	g.t.Helper()
	header := make([]byte, 4096)
	binary.BigEndian.PutUint32(header[60:], schema)
	if err := os.WriteFile(g.database, header, 0o600); err != nil {
		g.t.Fatal(err)
	}
}

// runs runs the script as dpkg does, and returns what it says and whether it lets the package in.
func (g *guard) runs(args ...string) (said string, lets bool) {
	g.t.Helper()
	c := exec.CommandContext(g.t.Context(), "sh", append([]string{g.script}, args...)...)
	c.Env = append(os.Environ(), "PATH="+filepath.Dir(g.program)+":"+os.Getenv("PATH"))
	out, err := c.CombinedOutput()
	return string(out), err == nil
}

func TestAnOlderKioskIsNotInstalledOverWhatItDoesNotOpen(t *testing.T) {
	g := newGuard(t, "kiosk")
	for _, x := range []struct {
		schema uint32
		lets   bool
	}{{6, true}, {7, true}, {8, false}, {263, false}} {
		g.written(x.schema)
		for _, args := range [][]string{{"upgrade", "9.0-1", "1.2.3-1"}, {"install", "9.0-1"}, {"2"}} {
			said, lets := g.runs(args...)
			if lets != x.lets || !lets && (strings.Count(said, "\n") != 1 || !strings.Contains(said, "1.2.3 does not open "+g.database)) {
				t.Errorf("%v over schema %d: %v, %q", args, x.schema, lets, said)
			}
		}
	}
	if said, lets := g.runs("abort-upgrade", "9.0-1"); !lets || said != "" {
		t.Errorf("%v, %q", lets, said)
	}
}

func TestAnUpgradeWaitsForWhoIsAtTheKioskAndThenGoesOn(t *testing.T) {
	g := newGuard(t, "kiosk")
	for _, x := range []struct{ does, says, asks string }{
		{"exit 0", "", "--idle-for 0s\n"},
		{"exit 2", "", "--idle-for 0s\n"}, // older than the question
		{"[ $# = 4 ]", "waiting for at most 10 minutes\n", "--idle-for 0s\n--idle-for 0s --wait 10m\n"},
		{"exit 1", "when nobody is there\n", "--idle-for 0s\n--idle-for 0s --wait 10m\n"},
	} {
		_ = os.Remove(g.asked)
		g.installed(x.does)
		said, lets := g.runs("upgrade", "1.0-1", "1.2.3-1")
		asks, err := os.ReadFile(g.asked)
		if !lets || !strings.HasSuffix(said, x.says) || string(asks) != x.asks || err != nil {
			t.Errorf("%s: %v, %q, asked %q", x.does, lets, said, asks)
		}
	}
}

func TestAnOlderCentralIsNotInstalledOverWhatItDoesNotOpen(t *testing.T) {
	g := newGuard(t, "central")
	g.installed("echo 8")
	if said, lets := g.runs("upgrade", "9.0-1", "1.2.3-1"); !lets { // nothing is there yet
		t.Error(said)
	}
	g.written(0)
	if said, lets := g.runs("upgrade", "9.0-1", "1.2.3-1"); lets || strings.Count(said, "\n") != 1 || !strings.Contains(said, "1.2.3 does not open the database") {
		t.Errorf("%v, %q", lets, said)
	}
	if err := os.Rename(g.database, g.database+".url"); err != nil { // one on a server
		t.Fatal(err)
	}
	if said, lets := g.runs("upgrade", "9.0-1", "1.2.3-1"); lets {
		t.Errorf("over a database on a server: %q", said)
	}
	for _, does := range []string{"echo 7", "exit 2"} {
		g.installed(does)
		if said, lets := g.runs("upgrade", "9.0-1", "1.2.3-1"); !lets || said != "" {
			t.Errorf("%s: %v, %q", does, lets, said)
		}
	}
}
