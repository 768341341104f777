package window

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"vaxkiosk/app/exit"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/visit"
	"vaxkiosk/app/window/display"
	"vaxkiosk/ui"
)

// Window is the kiosk's one window. It belongs to the main goroutine.
type Window struct {
	Fyne fyne.Window
	UI   *ui.UI
	Do   func(func()) // asks the main goroutine to do something, later
	Log  *FyneLog     // nil: nobody listens to what Fyne says
	Anew func()       // builds everything in the window anew

	app        fyne.App
	over       chan struct{} // closed when the window does nothing any more; nil: it always does
	full       bool          // over the whole screen
	dog        watchdog
	supervisor *supervisor
	night      *night // nil: there is no kiosk yet
	next       latest // what the window has to show next
}

// onMain is for the main goroutine to do, one after the other.
var onMain = make(chan func())

// Beside runs a program beside the main goroutine, which does what it is told and never
// returns: the program ends with its status, by os.Exit. So a window is never waited for at
// the end: Fyne 2.8.1 can hang when it closes its last one (its queue of events waits for a
// queue that is no longer read).
func Beside(program func()) {
	go program()
	for f := range onMain {
		f()
	}
}

// Prepare asks the main goroutine to do something before it shows a window.
func Prepare(f func()) {
	done := make(chan struct{})
	onMain <- func() { defer close(done); f() }
	<-done
}

// Open makes the window for a kiosk. Events go to send.
func Open(fullScreen bool, send func(visit.Event)) *Window {
	w := &Window{over: make(chan struct{}), full: fullScreen, supervisor: newSupervisor()}
	Prepare(func() {
		app.SetMetadata(metadata)
		w.app = app.NewWithID(metadata.ID)
		w.Fyne = w.app.NewWindow(metadata.Name)
		w.UI = ui.New(w.Fyne, send)
		w.UI.OnPaint(w.dog.seen)
		w.Anew = w.UI.Rebuild
		w.Fyne.Resize(fyne.NewSize(1080, 1920))
		w.Fyne.SetFullScreen(fullScreen)
	})
	w.Do = func(f func()) {
		select {
		case <-w.over:
		default:
			fyne.Do(f)
		}
	}
	return w
}

// Show brings the window up to date, from any goroutine.
func (w *Window) Show(v visit.Visit, now time.Time) {
	w.dog.show(ui.SightOf(v))
	if w.supervisor != nil {
		w.supervisor.does(statusOf(v, w.night.isDark()))
	}
	if w.next.put(v, now) {
		w.Do(func() { w.UI.Show(w.next.take()) })
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

// put replaces the snapshot, and reports whether nobody is about to take it.
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

// Wait does something with the window and returns when it is done or the window
// is over, on any goroutine but the window's.
func (w *Window) Wait(f func()) {
	done := make(chan struct{})
	w.Do(func() {
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
func (w *Window) clearAway() {
	overwriteStack(deepest)
	w.Do(func() {
		overwriteStack(deepest)
		go clearAway()
	})
}

// Why a kiosk ends that nobody asked to end.
var (
	errClosed = exit.With(exit.Closed, errors.New("the window was closed from outside: by a window manager, or Alt-F4"))
	errFrozen = exit.With(exit.Frozen, errors.New("the window does not show what it should, and could not be built anew"))
	errGone   = exit.Failed(errors.New("the window has ended"))
)

// Run runs a kiosk in its window until ctx ends or a signal asks for it: then
// the error is nil. Otherwise it says why the window is no more. Seen, which may be
// nil, gets every snapshot too. The window stays until the program ends.
func Run(ctx context.Context, k *kiosk.Kiosk, w *Window, seen func(visit.Visit, time.Time)) error {
	return RunMade(ctx, w, k.Log, func(context.Context) (*kiosk.Kiosk, error) { return k, nil }, seen)
}

// RunMade does that with a kiosk that there is only once the window is shown, because somebody
// makes it there (app/first). When none is made, the error says why.
func RunMade(ctx context.Context, w *Window, log *slog.Logger, made func(context.Context) (*kiosk.Kiosk, error), seen func(visit.Visit, time.Time)) (err error) {
	asked, stop := exit.UntilSignal(ctx)
	defer stop()
	ctx, end := context.WithCancelCause(asked)
	context.AfterFunc(ctx, func() {
		w.supervisor.ends()
		close(w.over)
	})
	w.Fyne.SetCloseIntercept(func() { end(errClosed) })
	started := make(chan struct{})
	w.app.Lifecycle().SetOnStarted(func() {
		overwriteStack(deepest)
		close(started)
	})
	onMain <- func() {
		w.Fyne.ShowAndRun()
		end(errGone) // without a window there are no visits
	}
	<-started
	if w.Log.Windowless() {
		end(errGone)
	}
	go warmUp()
	go func() {
		if !w.dog.guard(ctx, log, does{w.Do, w.UI.Paint, w.Anew, w.supervisor.alive}) {
			end(errFrozen)
		}
	}()
	if w.full {
		go w.stayFullScreen(ctx, log)
	}
	overwriteStack(deepest)
	k, err := made(ctx)
	if err == nil {
		k.SayStart()
		defer func() { k.SayStop(context.Cause(asked), cmp.Or(err, context.Cause(ctx))) }()
		w.Do(func() { w.UI.SetKeypad(k.Config.Keypad) })
		defer w.speaks(ctx, k)()
		w.night = &night{lit: k.Config.Window.Hours.Lit, dark: display.Dark, log: k.Log}
		Visits(ctx, k, w, seen)
		end(k.Why())
		k.Close()
	}
	end(err)
	if w.Log.Windowless() {
		return exit.Failed(errors.New("no window can open; the lines above say why, and graphics drivers with OpenGL 2.1 are needed"))
	}
	if asked.Err() != nil { // by a signal, or by whoever runs this
		return nil
	}
	return context.Cause(ctx)
}

// Visits runs a kiosk's visits until ctx ends. Its window shows them, and seen,
// which may be nil, gets every snapshot after that.
func Visits(ctx context.Context, k *kiosk.Kiosk, w *Window, seen func(visit.Visit, time.Time)) {
	past := rest{hangUp: k.Client.Close}
	k.Run(ctx, func(v visit.Visit, now time.Time) {
		w.Show(v, now)
		w.night.seen(ctx, v, now)
		if past.seen(v, now) {
			w.clearAway()
		}
		if seen != nil {
			seen(v, now)
		}
	})
}
