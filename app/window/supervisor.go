package window

import (
	"net"
	"os"
	"sync"
	"time"

	"vaxkiosk/app/visit"
)

// Whoever supervises the program, such as systemd with Type=notify, is told how it does: a
// datagram of lines on the socket that NOTIFY_SOCKET names (sd_notify(3)). Nobody is told
// where it names none.
//
//	READY=1     the window has painted its first frame
//	WATCHDOG=1  it goes on painting: after a while without one the supervisor ends the program
//	STATUS=…    what systemctl status shows: what the kiosk itself does, nothing of a visit
//	STOPPING=1  it ends
//
// WATCHDOG_PID is not looked at: the program of the unit is xinit, and this one is its child.
type supervisor struct {
	mu     sync.Mutex
	conn   net.Conn // nil: there is none
	ready  bool
	fed    time.Time
	status string
}

// feedEvery is the least between two signs of life; frames may come 60 times a second.
const feedEvery = time.Second

// waitMore is by how much a start is prolonged that waits for a screen: somebody may plug one
// in next week.
const waitMore = "EXTEND_TIMEOUT_USEC=30000000\n"

func newSupervisor() *supervisor {
	s := &supervisor{}
	if at := os.Getenv("NOTIFY_SOCKET"); at != "" {
		s.conn, _ = net.Dial("unixgram", at) //nolint:noctx // nobody waits on a datagram's socket
	}
	return s
}

// AwaitsScreen has whoever supervises the program wait on: there is no screen yet.
func AwaitsScreen() {
	s := newSupervisor()
	s.tell(waitMore + "STATUS=No screen is connected.\n")
	if s.conn != nil {
		_ = s.conn.Close()
	}
}

// tell sends lines, and waits for nobody. One that cannot be sent is missed by the supervisor,
// who acts on that.
func (s *supervisor) tell(lines string) {
	if s.conn != nil {
		_ = s.conn.SetWriteDeadline(time.Now().Add(time.Second))
		_, _ = s.conn.Write([]byte(lines))
	}
}

// alive says that a frame was painted.
func (s *supervisor) alive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if s.ready && now.Sub(s.fed) < feedEvery {
		return
	}
	if s.fed = now; !s.ready {
		s.ready = true
		s.tell("READY=1\n")
	}
	s.tell("WATCHDOG=1\n")
}

// does says what the kiosk does, when that is another thing than before.
func (s *supervisor) does(words string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if words != s.status {
		s.status = words
		s.tell("STATUS=" + words + "\n")
	}
}

// ends says that the program does.
func (s *supervisor) ends() { s.tell("STOPPING=1\n") }

// statusOf is what the kiosk does, in words for whoever runs the machine. Whether somebody
// stands before it is nobody's business.
func statusOf(v visit.Visit) string {
	switch {
	case v.State == visit.FirstStart || v.State == visit.Enrolling:
		return "Not set up: the screen asks for a code."
	case v.OutOfOrder != nil:
		return "Out of service: " + string(v.OutOfOrder.Code) + "."
	case v.PrinterDown != nil:
		return "In service, without a printer: " + string(v.PrinterDown.Code) + "."
	}
	return "In service."
}
