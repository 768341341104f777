package window

import (
	"context"
	"log/slog"
	"time"
	"unsafe"

	"vaxkiosk/app/window/display"

	"fyne.io/fyne/v2/driver"
	"golang.org/x/sys/windows"
)

var (
	user32       = windows.NewLazySystemDLL("user32.dll")
	monitorOf    = user32.NewProc("MonitorFromWindow")
	monitorInfo  = user32.NewProc("GetMonitorInfoW")
	windowRect   = user32.NewProc("GetWindowRect")
	nearest      = uintptr(2) // MONITOR_DEFAULTTONEAREST
	bytesOfScope = uint32(unsafe.Sizeof(scope{}))
)

// scope is what Windows calls MONITORINFO.
type scope struct {
	size       uint32
	whole, use windows.Rect
	flags      uint32
}

// stayFullScreen keeps the window over the whole of a screen until ctx ends: GLFW leaves it
// small or minimized when the screen it was on goes, or somebody else takes the whole of it.
// It is asked for once for each change.
func (w *Window) stayFullScreen(ctx context.Context, log *slog.Logger) {
	hwnd := w.handle()
	if hwnd == 0 {
		log.Warn("the window is not kept on the screen", "event", "window.not-followed", "cause", "it has no handle")
		return
	}
	tick := time.NewTicker(display.LookEvery)
	defer tick.Stop()
	var asked windows.Rect
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		at, screen, ok := places(hwnd)
		if !ok || at == screen {
			asked = windows.Rect{}
			continue
		}
		if screen != asked {
			asked = screen
			log.Info("the screen has changed and the window is put back", "event", "window.put-back", "width", screen.Right-screen.Left, "height", screen.Bottom-screen.Top)
			w.Do(func() {
				w.Fyne.SetFullScreen(false)
				w.Fyne.SetFullScreen(true)
			})
		}
	}
}

// places are where the window is, and the screen that it is on or nearest to.
func places(hwnd uintptr) (at, screen windows.Rect, ok bool) {
	m := scope{size: bytesOfScope}
	monitor, _, _ := monitorOf.Call(hwnd, nearest)
	known, _, _ := monitorInfo.Call(monitor, uintptr(unsafe.Pointer(&m)))
	found, _, _ := windowRect.Call(hwnd, uintptr(unsafe.Pointer(&at)))
	return at, m.whole, known != 0 && found != 0
}

// handle is the window's handle, 0 when it has none.
func (w *Window) handle() (hwnd uintptr) {
	native, is := w.Fyne.(driver.NativeWindow)
	if !is {
		return 0
	}
	w.Wait(func() {
		native.RunNative(func(c any) {
			if x, is := c.(driver.WindowsWindowContext); is {
				hwnd = x.HWND
			}
		})
	})
	return hwnd
}
