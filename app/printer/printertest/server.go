package printertest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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
Printcap %[1]s/printcap
`

// settings are those that README.md of app/printer asks for; a test may add others,
// of which the last counts. Without that policy the cupsd of 2.4.2-3+deb12u10 crashes at a
// job of whom the machine has no user.
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
<Policy default>
<Limit All>
Order deny,allow
</Limit>
</Policy>
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
	in := func(name string) string { return filepath.Join(s.Dir, name) }
	for _, dir := range []string{"etc", "spool", "spool/tmp", "cache", "state"} {
		if err := os.Mkdir(in(dir), 0o711); err != nil {
			t.Fatal(err)
		}
	}
	program := need(t, "cups-daemon", "cupsd")
	write(t, in("etc/cups-files.conf"), fmt.Appendf(nil, folders, s.Dir), 0o600)
	port := run(t, func(port int) *exec.Cmd {
		write(t, in("etc/printers.conf"), fmt.Appendf(nil, queue, device), 0o600)
		write(t, in("etc/cupsd.conf"), fmt.Appendf(nil, settings, port, more), 0o600)
		cmd := exec.Command(program, "-f", "-c", in("etc/cupsd.conf"), "-s", in("etc/cups-files.conf"))
		cmd.Env = append(os.Environ(), "HOME="+s.Dir)
		return cmd
	}, terminate, func(line string) bool {
		return strings.Contains(line, "127.0.0.1:") && strings.Contains(line, " on fd ")
	},
		func(line string) bool { return strings.Contains(line, "Unable to bind") })
	s.URI = fmt.Sprintf("ipp://localhost:%d/printers/paper", port)
	return s
}

// terminate has the server end its backends, which are in groups of their own.
func terminate(cmd *exec.Cmd) { _ = cmd.Process.Signal(syscall.SIGTERM) }

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

// Documents are how many files of documents the server keeps.
func (s *Server) Documents() int {
	s.t.Helper()
	all, err := filepath.Glob(filepath.Join(s.Dir, "spool", "d*"))
	if err != nil {
		s.t.Fatal(err)
	}
	return len(all)
}
