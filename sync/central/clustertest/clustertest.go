// Package clustertest is what stands around several instances of the service in tests and in the
// demo of production: their addresses, the folders of all but the first, and the proxy that the manual
// describes, of Debian's haproxy.
//
//	addr := clustertest.Free(t)                   // for each instance, and for the proxy
//	err := clustertest.Copy("data-0", "data-1")   // as a folder comes to another machine
//	clustertest.Proxy(t, "../README.md", clustertest.Way{Addr: addr, Servers: instances})
//
// What the proxy is told is read from the manual, so that the manual is what is tried: its blocks in their
// order, first the way of kiosks, then that of receipts. It skips a test where haproxy is missing, and
// fails one where the manual has no such way. The proxy ends with the test, however that ends.
package clustertest

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Free is an address that nobody listens on.
func Free(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Copy makes the folder of another instance, open to its owner alone.
func Copy(dir, to string) error {
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		return err
	}
	return filepath.WalkDir(to, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		mode := os.FileMode(0o600)
		if e.IsDir() {
			mode = 0o700
		}
		return os.Chmod(path, mode)
	})
}

// Way is one through the proxy.
type Way struct {
	Addr    string   // where it begins
	Servers []string // where it leads, as many as there are
	Else    []string // pairs: what else stands in the manual, and what takes its place
}

// Proxy runs the proxy of the manual until the test ends, with as many of its ways.
func Proxy(t testing.TB, manual string, ways ...Way) {
	t.Helper()
	haproxy := program(t)
	text, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "```haproxy\n")[1:]
	if len(blocks) < len(ways) {
		t.Fatalf("the manual has %d ways through a proxy, want %d", len(blocks), len(ways))
	}
	conf := ""
	for i, w := range ways {
		block, _, _ := strings.Cut(blocks[i], "```")
		conf += w.in(block)
	}
	file := filepath.Join(t.TempDir(), "haproxy.cfg")
	if err := os.WriteFile(file, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(haproxy, "-db", "-q", "-f", file)
	c.Stderr = t.Output()
	apart(c)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
}

var bind = regexp.MustCompile(`bind \S+`)

// in is a block of the manual for this way. Its servers stand last.
func (w Way) in(block string) string {
	block, _, _ = strings.Cut(block, "\tserver a ")
	block = strings.NewReplacer(w.Else...).Replace(bind.ReplaceAllLiteralString(block, "bind "+w.Addr))
	for i, s := range w.Servers {
		block += fmt.Sprintf("\tserver i%d %s\n", i, s)
	}
	return block
}

// program is haproxy, which Debian puts beside the PATH of most users.
func program(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("haproxy")
	if err == nil {
		return path
	}
	const debian = "/usr/sbin/haproxy"
	if _, err := os.Stat(debian); errors.Is(err, fs.ErrNotExist) {
		t.Skip("haproxy is missing: install the Debian package, or run make test")
	}
	return debian
}
