package main

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"fyne.io/fyne/v2/driver"
	"github.com/jezek/xgb/xproto"
)

// stayFullScreen keeps the window over the whole of a screen until ctx ends. It looks
// again and again, because what GLFW does on a change comes later than the change. With
// a window manager the window is its business: that is asked once for each change.
func (w *window) stayFullScreen(ctx context.Context, log *slog.Logger) {
	s, err := openScreen()
	if err != nil {
		log.Warn("the window is not kept on the screen", "event", "window.not-followed", "cause", err)
		return
	}
	defer s.close()
	id := w.handle()
	tick := time.NewTicker(screenEvery)
	defer tick.Stop()
	var asked []area
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		shown, err := s.screens()
		if err != nil {
			log.Warn("the window is no longer kept on the screen", "event", "window.not-followed", "cause", err)
			return
		}
		at, err := s.windowArea(id)
		if err != nil || len(shown) == 0 || slices.Contains(shown, at) {
			continue
		}
		if managed, _, err := s.hasManager(); err != nil || !managed {
			log.Info("the screen has changed and the window is put back", "event", "window.put-back", "width", shown[0].w, "height", shown[0].h)
			if err := s.place(id, shown[0]); err != nil {
				log.Warn("the window cannot be put back", "event", "window.not-put-back", "cause", err)
			}
			continue
		}
		if !slices.Equal(asked, shown) {
			asked = shown
			w.do(func() {
				w.win.SetFullScreen(false)
				w.win.SetFullScreen(true)
			})
		}
	}
}

// handle is the window's number on the X display, 0 when it has none.
func (w *window) handle() (id xproto.Window) {
	native, is := w.win.(driver.NativeWindow)
	if !is {
		return 0
	}
	w.wait(func() {
		native.RunNative(func(c any) {
			if x, is := c.(driver.X11WindowContext); is {
				id = xproto.Window(x.WindowHandle)
			}
		})
	})
	return id
}
