//go:build !windows

package window

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"vaxkiosk/app/window/display"

	"fyne.io/fyne/v2/driver"
	"github.com/jezek/xgb/xproto"
)

// stayFullScreen keeps the window over the whole of a screen until ctx ends. It looks
// again and again, because what GLFW does on a change comes later than the change. With
// a window manager the window is its business: that is asked once for each change.
func (w *Window) stayFullScreen(ctx context.Context, log *slog.Logger) {
	s, err := display.Open()
	if err != nil {
		log.Warn("the window is not kept on the screen", "event", "window.not-followed", "cause", err)
		return
	}
	defer s.Close()
	id := w.Handle()
	tick := time.NewTicker(display.LookEvery)
	defer tick.Stop()
	var asked []display.Area
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		shown, err := s.Screens()
		if err != nil {
			log.Warn("the window is no longer kept on the screen", "event", "window.not-followed", "cause", err)
			return
		}
		at, err := s.WindowArea(id)
		if err != nil || len(shown) == 0 || slices.Contains(shown, at) {
			continue
		}
		if managed, _, err := s.HasManager(); err != nil || !managed {
			log.Info("the screen has changed and the window is put back", "event", "window.put-back", "width", shown[0].W, "height", shown[0].H)
			if err := s.Place(id, shown[0]); err != nil {
				log.Warn("the window cannot be put back", "event", "window.not-put-back", "cause", err)
			}
			continue
		}
		if !slices.Equal(asked, shown) {
			asked = shown
			w.Do(func() {
				w.Fyne.SetFullScreen(false)
				w.Fyne.SetFullScreen(true)
			})
		}
	}
}

// Handle is the window's number on the X display, 0 when it has none.
func (w *Window) Handle() (id xproto.Window) {
	native, is := w.Fyne.(driver.NativeWindow)
	if !is {
		return 0
	}
	w.Wait(func() {
		native.RunNative(func(c any) {
			if x, is := c.(driver.X11WindowContext); is {
				id = xproto.Window(x.WindowHandle)
			}
		})
	})
	return id
}
