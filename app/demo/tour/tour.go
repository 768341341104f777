// Package tour drives whole visits in the real window, by touching what a finger would touch.
//
// Run goes through one of the scripts, pictures every screen, and then checks the paper
// against central and the disk against what was typed. Soak goes through thousands of visits
// and measures what they leave in memory. Both stand on a stage of app/demo, and see the X
// display from outside: pictures are read off it (screen.go), and a scanner types on it
// (scanner.go). ui/robot finds what to touch.
//
//	tour.go     Run: the guide, who drives one visit
//	scripts.go  the tours there are; steps.go, form.go and numbers.go are their steps
//	touches.go  how many touches a request takes
//	check.go    what is checked at the end
//	soak.go     many visits; soak_memory.go measures
//
// Its tests also use windows by real fingers and keys, look into the memory of a program, and are the demo
// of production (make demo-central): TestADemoOfProduction.
// It refuses a folder that it cannot empty, and a display without a screen is waited for.
package tour

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"vaxkiosk/app/demo"
	"vaxkiosk/app/desk"
	"vaxkiosk/app/exit"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/paper"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/app/window"
	"vaxkiosk/app/window/display"
	"vaxkiosk/assets"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/ui/robot"
)

// The tour: one whole visit in the real window, by touching what a finger would
// touch. Every screen is pictured as soon as it is shown, before the visit goes
// on; what came of it is checked at the end (check.go).

// stepLimit is how long a step of the tour may take before it has failed.
const stepLimit = 40 * time.Second

// guide drives one visit.
type guide struct {
	stage         *demo.Stage
	window        *window.Window
	robot         *robot.Robot
	script        script
	person        registry.Person
	code, receipt string // as the visitor remembers them
	tracking      string
	owners        []registry.Person // of the records printed, in order
	lang          string
	dir           string
	out           io.Writer
	pages         *keeper

	// visits runs the kiosk in the window, and closes it.
	visits func(context.Context, *kiosk.Kiosk, *window.Window, func(visit.Visit, time.Time)) error
	shoot  func(path string) error               // saves what is on the screen, once it stands still
	wedge  func(number string, enter bool) error // types as a scanner does

	pictured string // name of the screen last pictured; belongs to the desk's goroutine

	mu     sync.Mutex
	latest visit.Visit
	over   atomic.Bool // the window is closing
	shots  int
	shotAt error
	typed  []string // every personal value that was typed

	letters int // touches for letters of names, and for words about a vaccine
	count   touches
}

// keeper keeps what the printer printed, for the tour to look at. It can be told
// to jam: then the document does not get to the printer.
type keeper struct {
	desk.Printer
	jams    atomic.Int32
	printed []desk.Document // records
	slips   []desk.Document
	tests   []desk.Document // test pages
}

func (k *keeper) Print(ctx context.Context, d desk.Document, progress func(desk.Progress)) desk.Result {
	if k.jams.Add(-1) >= 0 {
		f := fault.Fault{Code: fault.Jam, Detail: "media-jam"}
		progress(desk.Progress{Fault: &f})
		return desk.Result{Outcome: fault.Failed, Fault: f}
	}
	r := k.Printer.Print(ctx, d, progress)
	if r.Outcome != fault.Printed {
		return r
	}
	number, _ := paper.Number(d.PDF) // a page that cannot be read is no slip
	address, err := paper.Address(d.PDF)
	switch {
	case number != "":
		k.slips = append(k.slips, d)
	case address == "" && err == nil: // no code that a visitor uses
		k.tests = append(k.tests, d)
	default:
		k.printed = append(k.printed, d)
	}
	return r
}

// Options are what a tour is told.
type Options struct {
	Dir      string // where pictures and pages are left
	Script   string // one of ScriptNames, "" for a plain visit
	Resident int    // who visits, by number; 0 for the one who fits the script
	Lang     string // the visitor's
	Printer  string // "" for a folder that is removed afterwards
}

// Check fills in what is left out, and says which flag is wrong.
func (o *Options) Check() error {
	o.Script = cmp.Or(o.Script, PlainScript)
	s, known := scripts[o.Script]
	o.Resident = cmp.Or(o.Resident, s.resident)
	switch {
	case !known:
		return fmt.Errorf("--script %q: want one of %s", o.Script, ScriptNames())
	case o.Resident < 1 || o.Resident > demo.Residents:
		return fmt.Errorf("--resident %d: want a number from 1 to %d, see --list-residents", o.Resident, demo.Residents)
	case !slices.ContainsFunc(assets.Languages, func(l assets.Language) bool { return l.Tag == o.Lang }):
		return fmt.Errorf("--lang %q: want one of en, es", o.Lang)
	}
	return nil
}

// Run drives one visit in the real window and checks what came of it.
func Run(o Options, out, errs io.Writer) error {
	if err := emptyTour(o.Dir); err != nil {
		return err
	}
	if err := display.Need(slog.New(slog.NewTextHandler(errs, nil))); err != nil {
		return err
	}
	pages, err := os.MkdirTemp("", "vaxkiosk-pages-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(pages) }() // a temporary folder
	address, err := demo.Printer(o.Printer, pages)
	if err != nil {
		return err
	}
	s, err := demo.Open(address, io.Discard)
	if err != nil {
		return err
	}
	defer s.Close()
	x, err := openScreen()
	if err != nil {
		return err
	}
	defer x.Close()
	w := window.Open(true, s.Kiosk.Desk.Post)
	w.Log = s.Window
	g := newGuide(o, s, w, out)
	g.visits, g.wedge = window.Run, x.scan
	g.shoot = func(path string) error { return stillPicture(w, x, path) }
	cards, err := g.tour()
	if err != nil {
		_, _ = io.Copy(errs, s.OpenLog())
		return exit.Failed(fmt.Errorf("tour: %w", err))
	}
	if g.count.sent {
		_, _ = fmt.Fprintf(out, "tour: %s\n", g.count)
	}
	_, _ = fmt.Fprintf(out, "tour: %s and %s printed, %d health cards verified, 0 personal values on disk\n",
		count(g.script.records, "record"), count(g.script.slips, "slip"), cards)
	return nil
}

// newGuide returns who drives the visit that o asks for. What runs the visits and
// sees the screen is left to be filled in.
func newGuide(o Options, s *demo.Stage, w *window.Window, out io.Writer) *guide {
	k := &keeper{Printer: s.Kiosk.Desk.Printer}
	s.Kiosk.Desk.Printer = k
	return &guide{
		stage: s, window: w, robot: robot.New(w.Fyne.Canvas()), script: scripts[o.Script], person: demo.People()[o.Resident-1],
		lang: o.Lang, dir: o.Dir, out: out, pages: k,
	}
}

// tour drives the visit, checks what came of it, and counts the health cards.
func (g *guide) tour() (cards int, err error) {
	if err := g.run(); err != nil {
		return 0, err
	}
	if g.stage.Window.WrongThread() {
		return 0, errors.New("the window was used from a wrong thread; the log says where")
	}
	return g.check()
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// emptyTour makes the folder and removes what an earlier tour left in it.
func emptyTour(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("--tour %s: %w", dir, err)
	}
	old, err := filepath.Glob(filepath.Join(dir, "[0-9][0-9]-*.png"))
	if err != nil {
		return err
	}
	for _, name := range []string{recordFile(0), recordFile(1), slipFile, "jwks.json", "kiosk.db"} {
		old = append(old, filepath.Join(dir, name))
	}
	for _, path := range old {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("--tour %s: %w", dir, err)
		}
	}
	return nil
}

// run runs the visits and drives the one beside them.
func (g *guide) run() error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	r := g.stage.Ring(g.window)
	driven := make(chan error, 1)
	go func() {
		err := g.drive(ctx)
		if err == nil {
			err = g.collect(ctx)
		}
		g.over.Store(true)
		driven <- err
		stop()
	}()
	err := g.visits(ctx, g.stage.Kiosk, g.window, func(v visit.Visit, now time.Time) {
		r.Seen(v, now)
		g.seen(v)
	})
	if err != nil {
		return err
	}
	stop() // somebody may have closed the window
	select {
	case err := <-driven:
		return err
	case <-time.After(stepLimit):
		return fmt.Errorf("the window closed in the middle of the visit")
	}
}

// seen pictures each new screen, and only then lets the guide know of it. It
// holds the visit up until that is done, so that screens of a few milliseconds
// are pictured too.
func (g *guide) seen(v visit.Visit) {
	if name := screenName(v); name != g.pictured && !g.over.Load() {
		g.pictured = name
		g.picture(name)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.latest = v
}

// screenName names what is on the screen, for the pictures.
func screenName(v visit.Visit) string {
	name := v.State.String()
	switch {
	case v.State == visit.Filling:
		name = "form-" + string(v.Form.Question)
	case v.State == visit.Helping && v.Help.Topic != "":
		name += "-" + v.Help.Topic
	case v.State == visit.Tracking && v.Track.Progress != "":
		name += "-" + string(v.Track.Progress)
	case v.State == visit.Declaring && v.Form.Draft.Relation != "":
		name += "-" + string(v.Form.Draft.Relation)
	case v.State == visit.Unlocking && v.Unlock.AtPIN:
		name += "-pin"
	}
	return name
}

// picture saves the window as NN-name.png once two pictures in a row are alike.
func (g *guide) picture(name string) {
	g.mu.Lock()
	g.shots++
	path := filepath.Join(g.dir, fmt.Sprintf("%02d-%s.png", g.shots, name))
	g.mu.Unlock()
	_, _ = fmt.Fprintf(g.out, "  %s\n", filepath.Base(path))
	err := g.shoot(path)
	if err != nil {
		g.mu.Lock()
		g.shotAt = err
		g.mu.Unlock()
	}
}

// await waits until the visit is as wanted.
func (g *guide) await(ctx context.Context, what string, wanted func(visit.Visit) bool) error {
	var v visit.Visit
	err := g.until(ctx, func() error {
		g.mu.Lock()
		defer g.mu.Unlock()
		if v = g.latest; !wanted(v) {
			return fmt.Errorf("the screen is still %s", screenName(v))
		}
		return g.shotAt
	})
	if err != nil {
		return fmt.Errorf("waiting for %s: %w", what, err)
	}
	return nil
}

// until repeats try until it succeeds or the step has taken too long.
func (g *guide) until(ctx context.Context, try func() error) error {
	ctx, cancel := context.WithTimeout(ctx, stepLimit)
	defer cancel()
	for {
		err := try()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// tap touches something as soon as it can be touched.
func (g *guide) tap(ctx context.Context, tag string) error {
	return g.until(ctx, func() (err error) {
		g.window.Wait(func() {
			if err = g.robot.Reveal(tag); err == nil {
				err = g.robot.Tap(tag)
			}
		})
		return err
	})
}

// enter types on the touch keyboard or pad, each key as soon as it takes a touch, and
// waits for it to arrive.
func (g *guide) enter(ctx context.Context, text string, arrived func(visit.Visit) bool) error {
	for _, letter := range text {
		err := g.until(ctx, func() (err error) {
			g.window.Wait(func() { err = g.robot.Type(string(letter)) })
			return err
		})
		if err != nil {
			return err
		}
	}
	return g.await(ctx, "what was typed", arrived)
}

// today is the calendar date at the kiosk.
func (g *guide) today() request.Date { return request.DateOf(time.Now()) }
