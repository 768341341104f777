package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"vaxkiosk/app/config"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/logs"
	"vaxkiosk/ui"
)

// window is the kiosk's one window. It belongs to the main goroutine.
type window struct {
	app  fyne.App
	win  fyne.Window
	ui   *ui.UI
	do   func(func())  // has the main goroutine do something, later
	over chan struct{} // closed when the window does nothing any more; nil: it always does
	log  *fyneLog      // nil: nobody listens to what Fyne says
	full bool          // over the whole screen
	dog  watchdog
	next latest // what the window has to show next
	anew func() // builds everything in the window anew
}

// onMain is for the main goroutine to do, one after the other.
var onMain = make(chan func())

// besideWindow runs the program beside the main goroutine, which does what it is
// told, and ends with its status. So a window is never waited for at the end: Fyne
// 2.8.1 can hang when it closes its last one (its queue of events waits for a queue
// that is no longer read).
func besideWindow(program func() int) {
	go func() { os.Exit(program()) }()
	for f := range onMain {
		f()
	}
}

// prepare has the main goroutine do something before it shows a window.
func prepare(f func()) {
	done := make(chan struct{})
	onMain <- func() { defer close(done); f() }
	<-done
}

// openWindow makes the window for a kiosk. Events go to send.
func openWindow(fullScreen bool, send func(visit.Event)) *window {
	w := &window{over: make(chan struct{}), full: fullScreen}
	prepare(func() {
		app.SetMetadata(metadata)
		w.app = app.NewWithID(metadata.ID)
		w.win = w.app.NewWindow(metadata.Name)
		w.ui = ui.New(w.win, send)
		w.ui.OnPaint(w.dog.seen)
		w.anew = w.ui.Rebuild
		w.win.Resize(fyne.NewSize(1080, 1920))
		w.win.SetFullScreen(fullScreen)
	})
	w.do = func(f func()) {
		select {
		case <-w.over:
		default:
			fyne.Do(f)
		}
	}
	return w
}

// show brings the window up to date, from any goroutine.
func (w *window) show(v visit.Visit, now time.Time) {
	w.dog.show(ui.SightOf(v))
	if w.next.put(v, now) {
		w.do(func() { w.ui.Show(w.next.take()) })
	}
}

// latest is the snapshot that is to be shown. A key that is held down makes more of
// them than a slow machine paints: the window gets the last one, not all, or it
// would be behind by more and more.
type latest struct {
	mu  sync.Mutex
	v   visit.Visit
	now time.Time
	due bool
}

// put replaces the snapshot, and tells whether nobody is about to take it.
func (l *latest) put(v visit.Visit, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	waits := l.due
	l.v, l.now, l.due = v, now, true
	return !waits
}

// take returns the snapshot, and keeps nothing of it.
func (l *latest) take() (visit.Visit, time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v, now := l.v, l.now
	l.v, l.now, l.due = visit.Visit{}, time.Time{}, false
	return v, now
}

// wait does something with the window and returns when it is done or the window
// is over, on any goroutine but the window's.
func (w *window) wait(f func()) {
	done := make(chan struct{})
	w.do(func() {
		defer close(done)
		f()
	})
	select {
	case <-done:
	case <-w.over:
	}
}

// clearAway leaves nothing of a past visit in memory. It is called on the desk's
// goroutine, whose stack, like the window's, has held it.
func (w *window) clearAway() {
	overwriteStack(deepest)
	w.do(func() {
		overwriteStack(deepest)
		go clearAway()
	})
}

// untilSignal ends with ctx or when a signal asks for it; a second signal ends
// the program at once.
func untilSignal(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// Why a kiosk ends that nobody asked to end.
var (
	errClosed = &faultError{errors.New("the window was closed from outside: by a window manager, or Alt-F4"), exitClosed}
	errFrozen = &faultError{errors.New("the window does not show what it should, and could not be built anew"), exitFrozen}
	errGone   = failed(errors.New("the window has ended"))
)

// runKiosk runs a kiosk in its window until ctx ends or a signal asks for it: then
// the error is nil. Otherwise it says why the window is no more. Seen, which may be
// nil, gets every snapshot too. The window stays until the program ends.
func runKiosk(ctx context.Context, k *kiosk.Kiosk, w *window, seen func(visit.Visit, time.Time)) (err error) {
	asked, stop := untilSignal(ctx)
	defer stop()
	ctx, end := context.WithCancelCause(asked)
	context.AfterFunc(ctx, func() { close(w.over) })
	w.win.SetCloseIntercept(func() { end(errClosed) })
	started := make(chan struct{})
	w.app.Lifecycle().SetOnStarted(func() {
		overwriteStack(deepest)
		close(started)
	})
	onMain <- func() {
		w.win.ShowAndRun()
		end(errGone) // without a window there are no visits
	}
	<-started
	k.SayStart()
	defer func() { k.SayStop(context.Cause(asked), cmp.Or(err, context.Cause(ctx))) }()
	if w.log.windowless() {
		end(errGone)
	}
	go warmUp()
	go func() {
		if !w.dog.guard(ctx, k.Log, w.do, w.anew) {
			end(errFrozen)
		}
	}()
	if w.full {
		go w.stayFullScreen(ctx, k.Log)
	}
	overwriteStack(deepest)
	runVisits(ctx, k, w, seen)
	end(nil)
	k.Close()
	if w.log.windowless() {
		return failed(errors.New("no window can open; the lines above say why, and graphics drivers with OpenGL 2.1 are needed"))
	}
	if asked.Err() != nil { // by a signal, or by whoever runs this
		return nil
	}
	return context.Cause(ctx)
}

// runVisits runs a kiosk's visits until ctx ends. Its window shows them, and seen,
// which may be nil, gets every snapshot after that.
func runVisits(ctx context.Context, k *kiosk.Kiosk, w *window, seen func(visit.Visit, time.Time)) {
	past := rest{hangUp: k.Client.Close}
	k.Run(ctx, func(v visit.Visit, now time.Time) {
		w.show(v, now)
		if past.seen(v, now) {
			w.clearAway()
		}
		if seen != nil {
			seen(v, now)
		}
	})
}

// serve is the kiosk of a clinic or town hall.
func serve(o options, errs io.Writer) error {
	log, err := logs.New(errs, o.logFormat, slog.LevelInfo)
	if err != nil {
		return err
	}
	said := takeFyneLog(log)
	if err := refuseDumps(); err != nil {
		log.Warn("a crash may write a core file", "event", "kiosk.core-file", "cause", err)
	}
	cfg, err := loadConfig(o)
	if err != nil {
		return err
	}
	k, err := kiosk.Open(context.Background(), o.config, cfg, log)
	if err != nil {
		return err
	}
	if err := needWindow(log); err != nil {
		k.Close()
		return err
	}
	w := openWindow(cfg.Window.FullScreen, k.Desk.Post)
	w.log = said
	return runKiosk(context.Background(), k, w, nil)
}

// loadConfig loads the configuration, with the printer of --printer if there is one.
func loadConfig(o options) (config.Config, error) {
	cfg, err := config.Load(o.config)
	if err == nil && o.printer != "" {
		err = usePrinter(&cfg, o.printer)
	}
	return cfg, err
}

// usePrinter puts the printer of --printer in place of the configured one. From a
// folder nobody gets a page: the welcome screen says so.
func usePrinter(cfg *config.Config, address string) (err error) {
	cfg.Printer, err = printerFlag(address)
	cfg.Kiosk.Test = cfg.Kiosk.Test || cfg.Printer.Folder != ""
	return err
}
