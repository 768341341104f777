package tour

import (
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/exit"
)

// systemd hears that a real window paints, also while nothing happens in it; of one that hangs it
// hears no more, but that it ends.
func TestASupervisorIsFedUntilTheWindowHangs(t *testing.T) {
	at := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: at, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	heard := make(chan string, 1000)
	go func() {
		defer close(heard)
		for b := make([]byte, 4096); ; {
			n, err := socket.Read(b)
			if err != nil {
				return
			}
			heard <- strings.TrimSpace(string(b[:n]))
		}
	}()
	r := openReal(t, "540x960", "NOTIFY_SOCKET="+at)
	await := func(want string) (fed int) {
		t.Helper()
		late := time.After(realPatience)
		for {
			select {
			case said := <-heard:
				if said == want {
					return fed
				}
				if said == "WATCHDOG=1" {
					fed++
				}
			case <-late:
				t.Fatalf("%s is never heard", want)
			}
		}
	}
	await("READY=1")
	for len(heard) > 0 { // of the first frames
		<-heard
	}
	await("WATCHDOG=1") // nobody is there, and nothing changes
	r.tells("hang")
	if fed := await("STOPPING=1"); fed > 1 { // a frame may be under way
		t.Errorf("fed %d times by a window that hangs", fed)
	}
	if status := r.status(); status != exit.Frozen {
		t.Errorf("status %d, want %d", status, exit.Frozen)
	}
}
