package main

import (
	"context"
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
}

// openWindow makes the window for a kiosk. Events go to send.
func openWindow(fullScreen bool, send func(visit.Event)) *window {
	app.SetMetadata(metadata)
	a := app.NewWithID(metadata.ID)
	w := a.NewWindow(metadata.Name)
	u := ui.New(w, send)
	w.Resize(fyne.NewSize(1080, 1920))
	w.SetFullScreen(fullScreen)
	return &window{a, w, u}
}

// show brings the window up to date, from any goroutine.
func (w *window) show(v visit.Visit, now time.Time) {
	fyne.Do(func() { w.ui.Show(v, now) })
}

// runKiosk runs a kiosk in its window until the window closes, ctx ends or a
// signal asks for it. Seen, which may be nil, gets every snapshot too.
func runKiosk(ctx context.Context, k *kiosk, w *window, seen func(visit.Visit, time.Time)) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	visits := make(chan struct{})
	w.app.Lifecycle().SetOnStarted(func() {
		go func() {
			defer close(visits)
			var past rest
			k.run(ctx, func(v visit.Visit, now time.Time) {
				w.show(v, now)
				past.seen(v, now)
				if seen != nil {
					seen(v, now)
				}
			})
		}()
		context.AfterFunc(ctx, func() { fyne.Do(w.app.Quit) })
	})
	w.win.ShowAndRun()
	stop()
	<-visits
	k.close()
}

// serve is the kiosk of a clinic or town hall.
func serve(o options, errs io.Writer) error {
	log := slog.New(slog.NewTextHandler(errs, nil))
	takeFyneLog(log)
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
	w := openWindow(cfg.Window.FullScreen, k.desk.Post)
	runKiosk(context.Background(), k, w, nil)
	return nil
}
