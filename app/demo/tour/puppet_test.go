package tour

import (
	"bufio"
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	_ "unsafe" // for go:linkname

	"fyne.io/fyne/v2"

	"vaxkiosk/app/config"
	"vaxkiosk/app/demo"
	"vaxkiosk/app/exit"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
	"vaxkiosk/app/window"
	"vaxkiosk/app/window/display"
	"vaxkiosk/ui/robot"
)

// A puppet is this test program once more: a demo's kiosk in a real window, on a
// display of its own, that answers what a test asks on its standard input. Fingers
// and keys do not come that way: they are the display's (realwindow_test.go).

// puppetPages names, in the environment, the folder that a puppet prints to.
const puppetPages = "VAXKIOSK_PUPPET_PAGES"

// puppetUnaided takes away what a watchdog would do to help.
const puppetUnaided = "VAXKIOSK_PUPPET_UNAIDED"

// puppetNight gives a puppet a night that begins in less than three hours, and ends after that.
const puppetNight = "VAXKIOSK_PUPPET_NIGHT"

// nightIn are hours with darkness from half an hour before a time on.
func nightIn(then time.Time) config.Hours {
	every := [7]bool{true, true, true, true, true, true, true}
	const day = 24 * 60
	middle := then.Hour()*60 + then.Minute()
	from, until := (middle-30+day)%day, (middle+30)%day
	if from < until {
		return config.Hours{{Days: every, From: 0, Until: from}, {Days: every, From: until, Until: day}}
	}
	return config.Hours{{Days: every, From: until, Until: from}}
}

func TestMain(m *testing.M) {
	if pages := os.Getenv(puppetPages); pages != "" {
		window.Beside(func() { os.Exit(exit.Say("vaxkiosk", perform(pages), os.Stderr)) })
	}
	m.Run()
}

// packed is a visit on its way to a test, but for what belongs to the kiosk. A birth
// date that is half chosen has no text, so it goes as gob.
type packed struct {
	Number  uint64
	State   visit.State
	Out     *fault.Fault
	Down    *fault.Fault
	Person  visit.Person
	Waiting *visit.Wait
}

func pack(v visit.Visit) []byte {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(packed{v.Number, v.State, v.OutOfOrder, v.PrinterDown, v.Person, v.Waiting}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func unpack(t *testing.T, b []byte) visit.Visit {
	t.Helper()
	var p packed
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&p); err != nil {
		t.Fatal(err)
	}
	return visit.Visit{Number: p.Number, State: p.State, OutOfOrder: p.Out, PrinterDown: p.Down, Person: p.Person, Waiting: p.Waiting}
}

type puppet struct {
	stage  *demo.Stage
	window *window.Window
	robot  *robot.Robot
	off    atomic.Int64 // how far the clock was set
	mu     sync.Mutex
	v      visit.Visit
}

func perform(pages string) error {
	if err := display.Need(slog.New(slog.NewTextHandler(os.Stderr, nil))); err != nil {
		return err
	}
	s, err := demo.Open("folder:"+pages, os.Stderr)
	if err != nil {
		return err
	}
	defer s.Close()
	w := window.Open(true, s.Kiosk.Desk.Post)
	w.Log = s.Window
	if os.Getenv(puppetUnaided) != "" {
		w.Anew = func() {}
	}
	p := &puppet{stage: s, window: w, robot: robot.New(w.Fyne.Canvas())}
	s.Kiosk.Desk.Now = func() time.Time { return time.Now().Add(time.Duration(p.off.Load())).Round(0) }
	if os.Getenv(puppetNight) != "" {
		s.Kiosk.Config.Window.Hours = nightIn(time.Now().Add(3 * time.Hour))
	}
	r := s.Ring(w)
	go p.obey(os.Stdin, os.Stdout)
	return window.Run(context.Background(), s.Kiosk, w, func(v visit.Visit, now time.Time) {
		r.Seen(v, now)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.v = v
	})
}

// spot is where something is, in pixels of the screen.
type spot struct {
	Tag        string
	X, Y, W, H int
	Off        bool
}

// obey answers each line with one line of JSON, null for what is not there.
func (p *puppet) obey(in io.Reader, out io.Writer) {
	for lines := bufio.NewScanner(in); lines.Scan(); {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		answer, err := json.Marshal(p.answer(word, rest))
		if err != nil {
			answer = []byte(fmt.Sprintf("%q", err.Error()))
		}
		_, _ = fmt.Fprintf(out, "%s\n", answer)
	}
}

func (p *puppet) answer(word, rest string) (answer any) {
	switch word {
	case "state": // once the window has it, too
		p.mu.Lock()
		v := p.v
		p.mu.Unlock()
		p.window.Wait(func() {})
		return pack(v)
	case "touchables": // in the order they are painted
		p.window.Wait(func() { answer = p.touchables() })
	case "reveal":
		p.window.Wait(func() { answer = p.robot.Reveal(rest) == nil })
	case "calm": // whether the screen takes touches by now
		p.window.Wait(func() { answer = p.robot.Calm() })
	case "focus": // the tag of what has the focus
		p.window.Wait(func() { answer = p.robot.Focus() })
	case "texts": // what can be read
		p.window.Wait(func() {
			var all []string
			for _, s := range p.robot.TopTexts() {
				all = append(all, s.Text)
			}
			answer = all
		})
	case "window": // its number on the display
		return p.window.Handle()
	case "phone": // the messages that central has sent
		return p.stage.Phone.Messages()
	case "clock": // is set, against the time it is
		by, err := time.ParseDuration(rest)
		p.off.Store(int64(by))
		return err == nil
	case "lose": // has Fyne forget which window everything is in, as in fyne-io/fyne#5131
		p.window.Wait(func() { forgetCanvas(p.window.Fyne.Canvas()) })
		return true
	case "hang": // blocks the window's goroutine
		p.window.Do(func() { select {} })
		return true
	}
	return answer
}

//go:linkname forgetCanvas fyne.io/fyne/v2/internal/cache.CleanCanvas
func forgetCanvas(fyne.Canvas)

func (p *puppet) touchables() []spot {
	scale := p.window.Fyne.Canvas().Scale()
	px := func(units float32) int { return int(units * scale) }
	var all []spot
	for _, s := range p.robot.Touchables() {
		seen := s.Box.Cut(s.Clip)
		all = append(all, spot{s.Tag, px(seen.X), px(seen.Y), px(seen.W), px(seen.H), s.Off})
	}
	return all
}
