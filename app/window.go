package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"vaxkiosk/app/config"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui"
)

// window is the kiosk's one window.
type window struct {
	app fyne.App
	win fyne.Window
	ui  *ui.UI
	do  func(func()) // has the goroutine that the window belongs to do something, later
	log *fyneLog     // nil: nobody listens to what Fyne says
}

// openWindow makes the window for a kiosk. Events go to send.
func openWindow(fullScreen bool, send func(visit.Event)) *window {
	app.SetMetadata(metadata)
	a := app.NewWithID(metadata.ID)
	w := a.NewWindow(metadata.Name)
	u := ui.New(w, send)
	w.Resize(fyne.NewSize(1080, 1920))
	w.SetFullScreen(fullScreen)
	return &window{app: a, win: w, ui: u, do: fyne.Do}
}

// show brings the window up to date, from any goroutine.
func (w *window) show(v visit.Visit, now time.Time) {
	w.do(func() { w.ui.Show(v, now) })
}

// wait does something with the window and returns when it is done, on any
// goroutine but the window's.
func (w *window) wait(f func()) {
	done := make(chan struct{})
	w.do(func() {
		defer close(done)
		f()
	})
	<-done
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

// runKiosk runs a kiosk in its window until the window closes, ctx ends or a
// signal asks for it. Seen, which may be nil, gets every snapshot too.
func runKiosk(ctx context.Context, k *kiosk, w *window, seen func(visit.Visit, time.Time)) error {
	ctx, stop := untilSignal(ctx)
	defer stop()
	visits := make(chan struct{})
	w.app.Lifecycle().SetOnStarted(func() {
		if w.log.windowless() {
			stop()
		}
		overwriteStack(deepest)
		go warmUp()
		go func() {
			defer close(visits)
			overwriteStack(deepest)
			runVisits(ctx, k, w, seen)
		}()
		context.AfterFunc(ctx, func() { w.do(w.app.Quit) })
	})
	w.win.ShowAndRun()
	stop()
	<-visits
	k.close()
	if w.log.windowless() {
		return &faultError{errors.New("no window can open; the lines above say why, and graphics drivers with OpenGL 2.1 are needed")}
	}
	return nil
}

// runVisits runs a kiosk's visits until ctx ends. Its window shows them, and seen,
// which may be nil, gets every snapshot after that.
func runVisits(ctx context.Context, k *kiosk, w *window, seen func(visit.Visit, time.Time)) {
	past := rest{hangUp: k.client.Close}
	k.run(ctx, func(v visit.Visit, now time.Time) {
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
	log := slog.New(slog.NewTextHandler(errs, nil))
	said := takeFyneLog(log)
	if err := refuseDumps(); err != nil {
		log.Warn("a crash may write a core file", "cause", err)
	}
	cfg, err := config.Load(o.config)
	if err != nil {
		return err
	}
	if o.printer != "" {
		if cfg.Printer, err = printerFlag(o.printer); err != nil {
			return err
		}
	}
	k, err := openKiosk(context.Background(), o.config, cfg, log)
	if err != nil {
		return err
	}
	if err := needWindow(); err != nil {
		k.close()
		return err
	}
	w := openWindow(cfg.Window.FullScreen, k.desk.Post)
	w.log = said
	return runKiosk(context.Background(), k, w, nil)
}
