package window

import (
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"vaxkiosk/app/visit"
	"vaxkiosk/app/window/display"
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

// waitMore prolongs a start that waits for a screen, again and again: somebody may plug one in
// next week.
const (
	waitMore  = "EXTEND_TIMEOUT_USEC=30000000\nSTATUS=Looks for its screen.\n"
	waitEvery = 10 * time.Second
)

func newSupervisor() *supervisor {
	s := &supervisor{}
	if at := os.Getenv("NOTIFY_SOCKET"); at != "" {
		s.conn, _ = net.Dial("unixgram", at) //nolint:noctx // nobody waits on a datagram's socket
	}
	return s
}

// Need is display.Need, and has whoever supervises the program wait as long.
func Need(log *slog.Logger) error {
	s := newSupervisor()
	done := make(chan struct{})
	defer close(done)
	again := time.NewTicker(waitEvery)
	defer again.Stop()
	go s.waits(done, again.C)
	return display.Need(log)
}

// waits prolongs the start again and again, until it is done.
func (s *supervisor) waits(done <-chan struct{}, again <-chan time.Time) {
	for {
		select {
		case <-done:
			if s.conn != nil {
				_ = s.conn.Close()
			}
			return
		case <-again:
			s.tell(waitMore)
		}
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
func statusOf(v visit.Visit, dark bool) string {
	switch {
	case v.State == visit.FirstStart || v.State == visit.Enrolling:
		return "Not set up: the screen asks for a code."
	case v.OutOfOrder != nil:
		return "Out of service: " + string(v.OutOfOrder.Code) + "."
	case v.PrinterDown != nil:
		return "In service, without a printer: " + string(v.PrinterDown.Code) + "."
	case dark:
		return "In service; the screen is dark outside of its hours."
	}
	return "In service."
}
