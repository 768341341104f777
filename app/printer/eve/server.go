package eve

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// Server is a running print server: cupsd of CUPS (Debian package cups-daemon),
// with one queue that hands pages on as they are.
type Server struct {
	URI string // ipp://localhost:PORT/printers/paper
	Dir string // its documents are in spool until it forgets them
	t   testing.TB
}

// folders are what cupsd is not to look for where Debian has them.
const folders = `ServerRoot %[1]s/etc
RequestRoot %[1]s/spool
CacheDir %[1]s/cache
StateDir %[1]s/state
TempDir %[1]s/spool/tmp
ServerKeychain %[1]s/etc
AccessLog %[1]s/access.log
PageLog %[1]s/page.log
ErrorLog stderr
FileDevice Yes
Printcap
`

// settings are those that README.md of app/printer asks for; a test may add others,
// of which the last counts.
const settings = `LogLevel debug
Listen 127.0.0.1:%d
Browsing Off
PreserveJobFiles No
PreserveJobHistory 30
ErrorPolicy abort-job
MaxJobTime 180
WebInterface No
<Location />
Order allow,deny
Allow from 127.0.0.1
</Location>
%s
`

const queue = `<Printer paper>
DeviceURI %s
State Idle
Accepting Yes
Shared No
</Printer>
`

// StartServer starts a print server in a folder of the test, until the test ends.
// Its queue hands pages on to a device: "file:PATH" or the URI of a Printer. More
// are lines of cupsd.conf.
func StartServer(t testing.TB, device, more string) *Server {
	t.Helper()
	s := &Server{Dir: folderForAll(t), t: t}
	for _, dir := range []string{"etc", "spool", "spool/tmp", "cache", "state"} {
		if err := os.Mkdir(filepath.Join(s.Dir, dir), 0o711); err != nil {
			t.Fatal(err)
		}
	}
	program := need(t, "cups-daemon", "cupsd")
	s.write("etc/cups-files.conf", fmt.Sprintf(folders, s.Dir))
	for range 5 {
		s.write("etc/printers.conf", fmt.Sprintf(queue, device))
		if port := s.run(program, more); port != 0 {
			s.URI = fmt.Sprintf("ipp://localhost:%d/printers/paper", port)
			return s
		}
	}
	t.Fatal("cupsd did not start on any of five free ports")
	return nil
}

// folderForAll is a folder that other users may enter: started by root, the server
// works as one of them.
func folderForAll(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "cups")
	if err == nil {
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		err = os.Chmod(dir, 0o711)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func (s *Server) write(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.Dir, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// run starts the program on a free port; 0 means somebody else took it.
func (s *Server) run(program, more string) (port int) {
	s.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	port = l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	s.write("etc/cupsd.conf", fmt.Sprintf(settings, port, more))
	cmd := exec.Command(program, "-f", "-c", filepath.Join(s.Dir, "etc/cupsd.conf"), "-s", filepath.Join(s.Dir, "etc/cups-files.conf"))
	cmd.Env = append(os.Environ(), "HOME="+s.Dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	said, err := cmd.StderrPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	var drained sync.WaitGroup
	s.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // its backends are in groups of their own
		drained.Wait()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		switch line := lines.Text(); {
		case strings.Contains(line, "Unable to bind"):
			_ = cmd.Process.Kill()
			return 0
		case strings.Contains(line, "127.0.0.1:") && strings.Contains(line, " on fd "):
			drained.Go(func() { _, _ = io.Copy(io.Discard, said) })
			return port
		}
	}
	return 0
}

// Documents are how many files of documents the server keeps.
func (s *Server) Documents() int {
	s.t.Helper()
	all, err := filepath.Glob(filepath.Join(s.Dir, "spool", "d*"))
	if err != nil {
		s.t.Fatal(err)
	}
	return len(all)
}
