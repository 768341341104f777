package tour

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"vaxkiosk/app/visit"
)

// What holds in a real window only: fingers, keys, frames, and screens that come and
// go. Each test has a display of its own and a kiosk in it (puppet_test.go), and
// touches the display as a person touches the screen.

// realPatience is how long a test waits for a kiosk on a busy machine before it has failed.
const realPatience = 100 * time.Second // less than a visit lasts without a touch

// real is a kiosk in a real window.
type real struct {
	t       *testing.T
	display string
	x       *screen
	keys    *scanner
	pages   string
	kiosk   *exec.Cmd
	ask     io.Writer
	answers *bufio.Scanner
	said    *journal // what the kiosk has written
}

// starts starts a program that make test installs.
func starts(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := c.Start(); errors.Is(err, exec.ErrNotFound) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
}

// newDisplay starts an X server with a screen of a size such as "1080x1920".
func newDisplay(t *testing.T, size string) string {
	t.Helper()
	switch {
	case testing.Short():
		t.Skip("needs a real window")
	case raced: // ten times slower; make test runs this package without it, too
		t.Skip("a real window is for a run without the race detector")
	}
	number, theirs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", size+"x24", "-nolisten", "tcp", "-noreset")
	server.ExtraFiles = []*os.File{theirs}
	starts(t, server)
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	_ = theirs.Close()
	line, err := bufio.NewReader(number).ReadString('\n')
	if err != nil {
		t.Fatalf("the X server does not start: %v", err)
	}
	return ":" + strings.TrimSpace(line)
}

// openReal opens a kiosk on a screen of its own; env is put into its environment.
func openReal(t *testing.T, size string, env ...string) *real {
	t.Helper()
	r := openRealOn(t, newDisplay(t, size), env...)
	r.await("the welcome screen", func(v visit.Visit) bool { return v.Number > 0 })
	var w, h int
	if _, err := fmt.Sscanf(size, "%dx%d", &w, &h); err != nil {
		t.Fatal(err)
	}
	r.covers(w, h) // else the screen may be built once more, under the first touch
	r.still()
	return r
}

// openRealOn opens a kiosk on a display, which may have no screen yet.
func openRealOn(t *testing.T, display string, env ...string) *real {
	t.Helper()
	r := &real{t: t, display: display, pages: t.TempDir(), said: &journal{}}
	var err error
	if r.x, err = openScreenOf(display); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.x.Close)
	if r.keys, err = r.x.scanner(); err != nil {
		t.Fatal(err)
	}
	r.kiosk = exec.Command(os.Args[0])
	r.kiosk.Env = append(os.Environ(), puppetPages+"="+r.pages, "DISPLAY="+display, "WAYLAND_DISPLAY=", "XDG_CACHE_HOME="+t.TempDir())
	r.kiosk.Env = append(r.kiosk.Env, env...)
	r.kiosk.Stderr = io.MultiWriter(r.said, t.Output())
	ask, err := r.kiosk.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	answers, err := r.kiosk.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.ask, r.answers = ask, bufio.NewScanner(answers)
	r.answers.Buffer(nil, 1<<24)
	if err := r.kiosk.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if r.kiosk.ProcessState == nil {
			_ = r.kiosk.Process.Signal(syscall.SIGCONT)
			_ = r.kiosk.Process.Kill()
			_ = r.kiosk.Wait()
		}
	})
	return r
}

// journal is what a kiosk writes, to be read while it does.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// untilSaid waits until the kiosk has written something.
func (r *real) untilSaid(words string) {
	r.t.Helper()
	for late := time.Now().Add(realPatience); !strings.Contains(r.said.String(), words); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(late) {
			r.t.Fatalf("the kiosk never says %q", words)
		}
	}
}

// asks the kiosk for something, and reads the answer into it.
func (r *real) asks(line string, into any) {
	r.t.Helper()
	if _, err := fmt.Fprintln(r.ask, line); err != nil {
		r.t.Fatalf("the kiosk does not listen: %v", err)
	}
	if !r.answers.Scan() {
		r.t.Fatalf("the kiosk does not answer %q: %v", line, r.answers.Err())
	}
	if err := json.Unmarshal(r.answers.Bytes(), into); err != nil {
		r.t.Fatalf("%q: %v", line, err)
	}
}

// tells the kiosk to do something to itself.
func (r *real) tells(line string) {
	r.t.Helper()
	var done bool
	if r.asks(line, &done); !done {
		r.t.Fatalf("%q: it could not", line)
	}
}

// state is what the visit is.
func (r *real) state() visit.Visit {
	r.t.Helper()
	var v []byte
	r.asks("state", &v)
	return unpack(r.t, v)
}

// until repeats a look until it is satisfied.
func (r *real) until(what string, look func() bool) {
	r.t.Helper()
	for late := time.Now().Add(realPatience); !look(); {
		if time.Now().After(late) {
			r.keep("failed", r.picture())
			var all []spot
			r.asks("touchables", &all)
			r.t.Logf("what can be touched: %v", all)
			r.t.Fatalf("waiting for %s: the visit is at %s", what, screenName(r.state()))
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// await waits for a visit that is as wanted.
func (r *real) await(what string, wanted func(visit.Visit) bool) {
	r.t.Helper()
	r.until(what, func() bool { return wanted(r.state()) })
}

// awaitScreen waits until the visit is at a screen (screenName).
func (r *real) awaitScreen(name string) {
	r.t.Helper()
	r.await(name, func(v visit.Visit) bool { return screenName(v) == name })
}

// spotOf is where something is that can be touched.
func (r *real) spotOf(tag string) (spot, bool) {
	r.t.Helper()
	var all []spot
	r.asks("touchables", &all)
	i := slices.IndexFunc(all, func(s spot) bool { return s.Tag == tag && !s.Off && s.W > 0 && s.H > 0 })
	if i < 0 {
		return spot{}, false
	}
	return all[i], true
}

// pointer moves a finger to a place and does something with it there.
func (r *real) pointer(x, y int, kinds ...byte) {
	r.t.Helper()
	r.fake(xproto.MotionNotify, 0, x, y)
	for _, kind := range kinds {
		r.fake(kind, 1, x, y)
	}
}

func (r *real) fake(kind, detail byte, x, y int) {
	r.t.Helper()
	err := xtest.FakeInputChecked(r.x.Conn, kind, detail, xproto.TimeCurrentTime, r.x.Root.Root, int16(x), int16(y), 0).Check()
	if err != nil {
		r.t.Fatalf("touch on the display: %v", err)
	}
}

// press puts a finger down.
func (r *real) press(x, y int) { r.pointer(x, y, xproto.ButtonPress) }

// release lifts it.
func (r *real) release(x, y int) { r.pointer(x, y, xproto.ButtonRelease) }

// tapAt touches a place, as short as a finger can: the kiosk gets both at once.
func (r *real) tapAt(x, y int) { r.pointer(x, y, xproto.ButtonPress, xproto.ButtonRelease) }

// middle waits for something that can be touched, and returns its middle.
func (r *real) middle(tag string) (x, y int) {
	r.t.Helper()
	var s spot
	r.until(tag, func() (found bool) {
		var shown bool
		r.asks("reveal "+tag, &shown)
		s, found = r.spotOf(tag)
		return found && shown
	})
	return s.X + s.W/2, s.Y + s.H/2
}

// do touches something until the visit is as wanted, as patient people do: a touch
// may come too early, and then does nothing.
func (r *real) do(tag string, wanted func(visit.Visit) bool) {
	r.t.Helper()
	x, y := r.middle(tag)
	r.tapAt(x, y)
	touched := time.Now()
	r.until("what "+tag+" does", func() bool {
		v := r.state()
		if wanted(v) {
			return true
		}
		if v.Waiting == nil && time.Since(touched) > time.Second {
			if _, there := r.spotOf(tag); there {
				x, y := r.middle(tag)
				r.tapAt(x, y)
			}
			touched = time.Now()
		}
		return false
	})
}

// goes touches something that leads to a screen.
func (r *real) goes(tag, screen string) {
	r.t.Helper()
	r.do(tag, func(v visit.Visit) bool { return screenName(v) == screen })
}

// types types on a real keyboard.
func (r *real) types(text string) {
	r.t.Helper()
	if err := r.keys.scan(text, false); err != nil {
		r.t.Fatal(err)
	}
}

// status waits until the kiosk has ended, and returns its exit status.
func (r *real) status() int {
	r.t.Helper()
	done := make(chan struct{})
	go func() { _ = r.kiosk.Wait(); close(done) }() // the state says how
	select {
	case <-done:
	case <-time.After(realPatience):
		r.t.Fatal("the kiosk does not end")
	}
	return r.kiosk.ProcessState.ExitCode()
}

// printed is how many documents have come out of the printer.
func (r *real) printed() int {
	r.t.Helper()
	all, err := filepath.Glob(filepath.Join(r.pages, "*.pdf"))
	if err != nil {
		r.t.Fatal(err)
	}
	return len(all)
}

// stop stops the kiosk for a while, as a machine that sleeps does.
func (r *real) stop(d time.Duration) {
	r.t.Helper()
	for _, s := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGCONT} {
		if err := r.kiosk.Process.Signal(s); err != nil {
			r.t.Fatal(err)
		}
		if s == syscall.SIGSTOP {
			time.Sleep(d)
		}
	}
}

// sizes of screens that a kiosk is made for.
var bothWays = []string{"1080x1920", "1920x1080"}

func sizeOf(size string) (w, h int) {
	before, after, _ := strings.Cut(size, "x")
	w, _ = strconv.Atoi(before)
	h, _ = strconv.Atoi(after)
	return w, h
}
