package main

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jezek/xgb/randr"
	"github.com/jezek/xgb/xproto"
)

// What the window's own library (GLFW) leaves to others on an X display: what a
// window manager that has died leaves behind, screens that are not there yet, and
// screens that come, go and turn. It moves the window off a screen that goes and,
// without a window manager, never back.

// screenEvery is how often the kiosk looks for the screen.
const screenEvery = 500 * time.Millisecond

// needWindow says in one sentence why no window can open; the window's own
// library would crash or wait for ever. It waits until a screen is connected.
func needWindow(log *slog.Logger) error {
	const fix = "no window can open: %w; start vaxkiosk in an X session (Xorg or Xwayland) and set DISPLAY"
	s, err := openScreen()
	if err != nil {
		return failed(fmt.Errorf(fix, err))
	}
	defer s.close()
	const opengl = "GLX"
	answer, err := xproto.QueryExtension(s.conn, uint16(len(opengl)), opengl).Reply()
	if err == nil && !answer.Present {
		err = errors.New("the X display has no OpenGL (GLX)")
	}
	if err == nil {
		err = s.buryManager()
	}
	if err == nil {
		err = s.awaitScreen(log)
	}
	if err != nil {
		return failed(fmt.Errorf(fix, err))
	}
	return nil
}

// managerCheck is where a window manager says that it runs: the root window names a
// window of the manager's, which names itself (Extended Window Manager Hints).
const managerCheck = "_NET_SUPPORTING_WM_CHECK"

// hasManager reports whether a window manager runs, and whether one has died and left
// its name behind.
func (s *screen) hasManager() (runs, died bool, err error) {
	atom, err := xproto.InternAtom(s.conn, false, uint16(len(managerCheck)), managerCheck).Reply()
	if err != nil {
		return false, false, err
	}
	named := func(w xproto.Window) (xproto.Window, error) {
		p, err := xproto.GetProperty(s.conn, false, w, atom.Atom, xproto.AtomWindow, 0, 1).Reply()
		if err != nil || len(p.Value) < 4 {
			return 0, err
		}
		return xproto.Window(uint32(p.Value[0]) | uint32(p.Value[1])<<8 | uint32(p.Value[2])<<16 | uint32(p.Value[3])<<24), nil
	}
	of, err := named(s.root.Root)
	if err != nil || of == 0 {
		return false, false, err
	}
	itself, err := named(of)
	var gone xproto.WindowError
	if err != nil && !errors.As(err, &gone) {
		return false, false, err
	}
	return itself == of, itself != of, nil
}

// buryManager removes what a window manager has left that has died: GLFW asks its
// window, which is gone, and every start would abort (glfw/glfw#2601).
func (s *screen) buryManager() error {
	_, died, err := s.hasManager()
	if err != nil || !died {
		return err
	}
	atom, err := xproto.InternAtom(s.conn, false, uint16(len(managerCheck)), managerCheck).Reply()
	if err != nil {
		return err
	}
	return xproto.DeletePropertyChecked(s.conn, s.root.Root, atom.Atom).Check()
}

// area is a part of the display, in pixels.
type area struct{ x, y, w, h int }

// screens are the areas that are shown on connected screens, the primary one first.
// Without RandR the whole display is one.
func (s *screen) screens() ([]area, error) {
	if err := randr.Init(s.conn); err != nil {
		return []area{{0, 0, int(s.root.WidthInPixels), int(s.root.HeightInPixels)}}, nil
	}
	all, err := randr.GetScreenResourcesCurrent(s.conn, s.root.Root).Reply()
	if err != nil {
		return nil, err
	}
	var primary randr.Output
	if p, err := randr.GetOutputPrimary(s.conn, s.root.Root).Reply(); err == nil {
		primary = p.Output
	}
	var shown []area
	for _, o := range all.Outputs {
		out, err := randr.GetOutputInfo(s.conn, o, all.ConfigTimestamp).Reply()
		if err != nil || out.Crtc == 0 || out.Connection != randr.ConnectionConnected {
			continue
		}
		c, err := randr.GetCrtcInfo(s.conn, out.Crtc, all.ConfigTimestamp).Reply()
		if err != nil || c.Width == 0 || c.Height == 0 {
			continue // it has changed since
		}
		a := area{int(c.X), int(c.Y), int(c.Width), int(c.Height)}
		if o == primary {
			shown = append([]area{a}, shown...)
		} else {
			shown = append(shown, a)
		}
	}
	return shown, nil
}

// awaitScreen waits until a screen is connected.
func (s *screen) awaitScreen(log *slog.Logger) error {
	for said := false; ; time.Sleep(screenEvery) {
		shown, err := s.screens()
		if err != nil || len(shown) > 0 {
			return err
		}
		if !said {
			said = true
			log.Info("no screen is connected; the window opens when one is", "event", "window.no-screen")
		}
	}
}

// windowArea is where a window is.
func (s *screen) windowArea(w xproto.Window) (area, error) {
	g, err := xproto.GetGeometry(s.conn, xproto.Drawable(w)).Reply()
	if err != nil {
		return area{}, err
	}
	at, err := xproto.TranslateCoordinates(s.conn, w, s.root.Root, 0, 0).Reply()
	if err != nil {
		return area{}, err
	}
	return area{int(at.DstX), int(at.DstY), int(g.Width), int(g.Height)}, nil
}

// place puts a window over an area.
func (s *screen) place(w xproto.Window, a area) error {
	const mask = xproto.ConfigWindowX | xproto.ConfigWindowY | xproto.ConfigWindowWidth | xproto.ConfigWindowHeight
	return xproto.ConfigureWindowChecked(s.conn, w, mask, []uint32{uint32(a.x), uint32(a.y), uint32(a.w), uint32(a.h)}).Check()
}
