//go:build !windows

package display

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"vaxkiosk/app/exit"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/randr"
	"github.com/jezek/xgb/xproto"
)

// Need says in one sentence why no window can open; the window's own
// library would crash or wait for ever. It waits until a screen is connected.
func Need(log *slog.Logger) error {
	const fix = "no window can open: %w; start in an X session (Xorg or Xwayland) and set DISPLAY"
	s, err := Open()
	if err != nil {
		return exit.Failed(fmt.Errorf(fix, err))
	}
	defer s.Close()
	const opengl = "GLX"
	answer, err := xproto.QueryExtension(s.Conn, uint16(len(opengl)), opengl).Reply()
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
		return exit.Failed(fmt.Errorf(fix, err))
	}
	return nil
}

// Screen is the screen of an X display.
type Screen struct {
	Conn *xgb.Conn
	Root xproto.ScreenInfo
}

// Open opens the display that the environment names.
func Open() (*Screen, error) { return OpenOf(os.Getenv("DISPLAY")) }

// OpenOf opens a display, such as ":0".
func OpenOf(display string) (*Screen, error) {
	xgb.Logger.SetOutput(io.Discard) // it writes about missing authority files, which are no error
	conn, err := xgb.NewConnDisplay(display)
	if err != nil {
		return nil, fmt.Errorf("the X display %q cannot be reached (%w)", display, err)
	}
	return &Screen{conn, *xproto.Setup(conn).DefaultScreen(conn)}, nil
}

// Close hangs up.
func (s *Screen) Close() { s.Conn.Close() }

// managerCheck is where a window manager says that it runs: the root window names a
// window of the manager's, which names itself (Extended Window Manager Hints).
const managerCheck = "_NET_SUPPORTING_WM_CHECK"

// HasManager reports whether a window manager runs, and whether one has died and left
// its name behind.
func (s *Screen) HasManager() (runs, died bool, err error) {
	atom, err := xproto.InternAtom(s.Conn, false, uint16(len(managerCheck)), managerCheck).Reply()
	if err != nil {
		return false, false, err
	}
	named := func(w xproto.Window) (xproto.Window, error) {
		p, err := xproto.GetProperty(s.Conn, false, w, atom.Atom, xproto.AtomWindow, 0, 1).Reply()
		if err != nil || len(p.Value) < 4 {
			return 0, err
		}
		return xproto.Window(uint32(p.Value[0]) | uint32(p.Value[1])<<8 | uint32(p.Value[2])<<16 | uint32(p.Value[3])<<24), nil
	}
	of, err := named(s.Root.Root)
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
func (s *Screen) buryManager() error {
	_, died, err := s.HasManager()
	if err != nil || !died {
		return err
	}
	atom, err := xproto.InternAtom(s.Conn, false, uint16(len(managerCheck)), managerCheck).Reply()
	if err != nil {
		return err
	}
	return xproto.DeletePropertyChecked(s.Conn, s.Root.Root, atom.Atom).Check()
}

// Area is a part of the display, in pixels.
type Area struct{ X, Y, W, H int }

// Screens are the areas that are shown on connected screens, the primary one first.
// Without RandR the whole display is one.
func (s *Screen) Screens() ([]Area, error) {
	if err := randr.Init(s.Conn); err != nil {
		return []Area{{0, 0, int(s.Root.WidthInPixels), int(s.Root.HeightInPixels)}}, nil
	}
	all, err := randr.GetScreenResourcesCurrent(s.Conn, s.Root.Root).Reply()
	if err != nil {
		return nil, err
	}
	var primary randr.Output
	if p, err := randr.GetOutputPrimary(s.Conn, s.Root.Root).Reply(); err == nil {
		primary = p.Output
	}
	var shown []Area
	for _, o := range all.Outputs {
		out, err := randr.GetOutputInfo(s.Conn, o, all.ConfigTimestamp).Reply()
		if err != nil || out.Crtc == 0 || out.Connection != randr.ConnectionConnected {
			continue
		}
		c, err := randr.GetCrtcInfo(s.Conn, out.Crtc, all.ConfigTimestamp).Reply()
		if err != nil || c.Width == 0 || c.Height == 0 {
			continue // it has changed since
		}
		a := Area{int(c.X), int(c.Y), int(c.Width), int(c.Height)}
		if o == primary {
			shown = append([]Area{a}, shown...)
		} else {
			shown = append(shown, a)
		}
	}
	return shown, nil
}

// awaitScreen waits until a screen is connected.
func (s *Screen) awaitScreen(log *slog.Logger) error {
	for said := false; ; time.Sleep(LookEvery) {
		shown, err := s.Screens()
		if err != nil || len(shown) > 0 {
			return err
		}
		if !said {
			said = true
			log.Info("no screen is connected; the window opens when one is", "event", "window.no-screen")
		}
	}
}

// WindowArea is where a window is.
func (s *Screen) WindowArea(w xproto.Window) (Area, error) {
	g, err := xproto.GetGeometry(s.Conn, xproto.Drawable(w)).Reply()
	if err != nil {
		return Area{}, err
	}
	at, err := xproto.TranslateCoordinates(s.Conn, w, s.Root.Root, 0, 0).Reply()
	if err != nil {
		return Area{}, err
	}
	return Area{int(at.DstX), int(at.DstY), int(g.Width), int(g.Height)}, nil
}

// Place puts a window over an area.
func (s *Screen) Place(w xproto.Window, a Area) error {
	const mask = xproto.ConfigWindowX | xproto.ConfigWindowY | xproto.ConfigWindowWidth | xproto.ConfigWindowHeight
	return xproto.ConfigureWindowChecked(s.Conn, w, mask, []uint32{uint32(a.X), uint32(a.Y), uint32(a.W), uint32(a.H)}).Check()
}
