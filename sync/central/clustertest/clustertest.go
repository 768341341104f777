// Package clustertest is what stands around several instances of the service in tests and in the
// demo of production: their addresses, the folders of all but the first, and the proxy that the manual
// describes, of Debian's haproxy.
//
//	addr := clustertest.Free(t)                                  // for each instance, and for the proxy
//	err := clustertest.Copy("data-0", "data-1")                  // as a folder comes to another machine
//	clustertest.Proxy(t, "../README.md", proxy, instances, "")   // until the test ends
//
// What the proxy is told is read from the manual, so that the manual is what is tried. It skips a test
// where haproxy is missing, and fails one where the manual has no proxy. It ends with the test, however that ends.
package clustertest

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
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

// Proxy runs the proxy of the manual at addr, before the servers. More is what haproxy is told besides.
func Proxy(t testing.TB, manual, addr string, servers []string, more string) {
	t.Helper()
	haproxy := program(t)
	conf := told(t, manual, addr)
	for i, s := range servers {
		conf += fmt.Sprintf("\tserver i%d %s\n", i, s)
	}
	file := filepath.Join(t.TempDir(), "haproxy.cfg")
	if err := os.WriteFile(file, []byte(conf+more), 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(haproxy, "-db", "-q", "-f", file)
	apart(c)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
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

// told is what the manual tells haproxy, up to the servers, at another address.
func told(t testing.TB, manual, addr string) string {
	t.Helper()
	b, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	_, conf, _ := strings.Cut(string(b), "```haproxy\n")
	conf, _, is := strings.Cut(conf, "\tserver a ")
	if !is {
		t.Fatal("the manual has no proxy")
	}
	return strings.Replace(conf, "bind :8443", "bind "+addr, 1)
}
