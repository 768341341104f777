package ui

import (
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"vaxkiosk/app/visit"
)

// What the window was told to show is not yet what it shows: frames are painted
// later, and a toolkit that has lost its way paints none. So each screen carries a
// dot that nobody sees. It is painted with everything else, and says what was.

// Sight is what must be seen of a visit: its screen, as it is after the last act on
// it. Sights are compared with ==.
type Sight struct {
	screen  screenKey
	touched time.Time
	still   bool
}

// SightOf is what must be seen of v.
func SightOf(v visit.Visit) Sight {
	return Sight{screenKeyOf(v), v.Touched, v.IdleWarning}
}

// dot is the smallest thing that is painted.
type dot struct {
	*canvas.Raster
	painted func()
}

func newDot(painted func()) *dot {
	d := &dot{painted: painted}
	d.Raster = canvas.NewRaster(func(int, int) image.Image {
		d.painted()
		return image.NewRGBA(image.Rect(0, 0, 1, 1))
	})
	d.Resize(fyne.NewSize(1, 1))
	return d
}

// OnPaint sets who is told, on the main goroutine, what a frame shows that is just
// being painted.
func (u *UI) OnPaint(do func(Sight)) { u.onPaint = do }

func (u *UI) painted() {
	if u.onPaint != nil {
		u.onPaint(u.sight)
	}
	fyne.Do(u.seen) // once all of the frame is there
}

// see asks for the dot to be painted when there is something else to be seen.
func (u *UI) see() {
	if s := SightOf(u.v); s != u.sight {
		u.sight = s
		u.dot.Refresh()
	}
}

// Paint asks for a frame though nothing in it is new, and OnPaint's function hears of it.
func (u *UI) Paint() { u.dot.Refresh() }

// Rebuild puts everything into the window anew: Fyne knows every part again,
// whatever it has forgotten.
func (u *UI) Rebuild() {
	u.retire()
	u.page, u.size = nil, fyne.Size{}
	u.root = container.New(u)
	u.win.SetContent(u.root)
}
