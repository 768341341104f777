package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/exit"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/paper"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/app/window"
	"vaxkiosk/app/window/display"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/ui/robot"
)

// The tour: one whole visit in the real window, by touching what a finger would
// touch. Every screen is pictured as soon as it is shown, before the visit goes
// on; what came of it is checked at the end (tour_check.go).

// stepLimit is how long a step of the tour may take before it has failed.
const stepLimit = 40 * time.Second

// guide drives one visit.
type guide struct {
	stage         *stage
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
		f := desk.Fault{Code: visit.FaultJam, Detail: "media-jam"}
		progress(desk.Progress{Fault: &f})
		return desk.Result{Outcome: desk.Failed, Fault: f}
	}
	r := k.Printer.Print(ctx, d, progress)
	if r.Outcome != desk.Printed {
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

func tour(o options, out, errs io.Writer) error {
	if err := emptyTour(o.tour); err != nil {
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
	address, err := demoPrinter(o, pages)
	if err != nil {
		return err
	}
	s, err := openStage(address, io.Discard)
	if err != nil {
		return err
	}
	defer s.close()
	x, err := openScreen()
	if err != nil {
		return err
	}
	defer x.Close()
	w := window.Open(true, s.kiosk.Desk.Post)
	w.Log = s.window
	g := newGuide(o, s, w, out)
	g.visits, g.wedge = window.Run, x.scan
	g.shoot = func(path string) error { return stillPicture(w, x, path) }
	cards, err := g.tour()
	if err != nil {
		_, _ = io.Copy(errs, s.openLog())
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
func newGuide(o options, s *stage, w *window.Window, out io.Writer) *guide {
	k := &keeper{Printer: s.kiosk.Desk.Printer}
	s.kiosk.Desk.Printer = k
	return &guide{
		stage: s, window: w, robot: robot.New(w.Fyne.Canvas()), script: scripts[o.script], person: demoPeople()[o.resident-1],
		lang: o.lang, dir: o.tour, out: out, pages: k,
	}
}

// tour drives the visit, checks what came of it, and counts the health cards.
func (g *guide) tour() (cards int, err error) {
	if err := g.run(); err != nil {
		return 0, err
	}
	if g.stage.window.WrongThread() {
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
	r := &ring{w: g.window}
	g.stage.phone.Subscribe(r.message)
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
	err := g.visits(ctx, g.stage.kiosk, g.window, func(v visit.Visit, now time.Time) {
		r.seen(v, now)
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
		name = "form-" + string(v.Question)
	case v.State == visit.Helping && v.Topic != "":
		name += "-" + v.Topic
	case v.State == visit.Tracking && v.Progress != "":
		name += "-" + string(v.Progress)
	case v.State == visit.Declaring && v.Draft.Relation != "":
		name += "-" + string(v.Draft.Relation)
	case v.State == visit.Unlocking && v.AtPIN:
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

// stillPicture waits until two pictures in a row are alike, and saves the second.
func stillPicture(w *window.Window, x *screen, path string) error {
	var before *image.RGBA
	for range 40 {
		w.Wait(func() {}) // whatever was to be shown has been drawn up
		time.Sleep(40 * time.Millisecond)
		now, err := x.picture()
		if err != nil {
			return err
		}
		if before != nil && slices.Equal(before.Pix, now.Pix) {
			return savePNG(path, now)
		}
		before = now
	}
	return fmt.Errorf("the screen never stands still: %s", filepath.Base(path))
}

func savePNG(path string, m image.Image) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(f, m); err != nil {
		_ = f.Close() // the first error counts
		return err
	}
	return f.Close()
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
