package printertest

import (
	"bufio"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// run starts a program at a free port until the test ends, and returns the port. Build
// is told the port, end ends the program. Of the lines that it says, listens is the one
// by which it listens; taken, or its end, means that somebody else took the port: then
// it is started at another.
func run(t testing.TB, build func(port int) *exec.Cmd, end func(*exec.Cmd), listens, taken func(line string) bool) (port int) {
	t.Helper()
	for range 5 {
		port := freePort(t)
		if launch(t, build(port), end, listens, taken) {
			return port
		}
	}
	t.Fatal("it did not start at any of five free ports")
	return 0
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func launch(t testing.TB, cmd *exec.Cmd, end func(*exec.Cmd), listens, taken func(line string) bool) bool {
	t.Helper()
	ownGroup(cmd)
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var drained sync.WaitGroup
	t.Cleanup(func() {
		end(cmd)
		drained.Wait()
		_ = cmd.Wait()
	})
	for lines := bufio.NewScanner(said); lines.Scan() && !taken(lines.Text()); {
		if listens(lines.Text()) {
			drained.Go(func() { _, _ = io.Copy(io.Discard, said) })
			return true
		}
	}
	_ = cmd.Process.Kill()
	return false
}

// need is the path of a program of a Debian package.
func need(t testing.TB, pkg, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if path, err = exec.LookPath(filepath.Join("/usr/sbin", program)); err != nil {
			t.Fatalf("%s is missing: install the Debian package %s", program, pkg)
		}
	}
	return path
}

func write(t testing.TB, path string, text []byte, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, text, mode); err != nil {
		t.Fatal(err)
	}
}
