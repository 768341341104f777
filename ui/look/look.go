// Package look is how the kiosk looks: colours, type, space and icons.
//
// Every size is written in pixels of the 1080×1920 design (1920×1080 lying) and
// goes through Style.Px; text goes through Style.Font, which also follows the
// size the visitor chose. A Style is made once per window size, text size and
// contrast:
//
//	st := look.For(canvas.Size(), v.Look)
//	theme.Style = st // theme is the window's look.Theme
//
// The package refuses colours outside a Palette: a test measures the contrast of
// every pair of text and ground that palettes name.
package look

import (
	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
)

// The design canvas, in pixels.
const (
	Short = 1080
	Long  = 1920
)

// Type sizes in pixels at 100 %.
const (
	TitleSize     = 68
	LeadSize      = 36
	BodySize      = 34
	StatementSize = 42
	ButtonSize    = 46
	FieldSize     = 52
	KeySize       = 44
	SmallSize     = 30 // the smallest text there is
)

// Space in pixels.
const (
	Margin    = 64
	Gap       = 30  // between cards
	Near      = 16  // between things that belong together, and between targets
	Radius    = 24  // corners
	Target    = 96  // the smallest thing to touch
	Tall      = 136 // the primary button
	Ring      = 6   // focus
	Stroke    = 3   // outlines
	BarHeight = 124
)

var sizes = [visit.Sizes]float32{1, 1.25, 1.5, 1.75}

// Style is the look for one window, text size and contrast.
type Style struct {
	Palette
	Scale float32 // Fyne units per design pixel
	Text  float32 // 1 to 1.75
	Wide  bool    // lying: question left, keyboard, pad or list right
	Tight bool    // less room between things, for a screen that would have to scroll
	W, H  float32 // the window in design pixels
}

// For returns the style of a window. A size or contrast that cannot be chosen is taken as
// the nearest one that can.
func For(window fyne.Size, l visit.Look) Style {
	s := Style{
		Palette: palettes[clamp(l.Contrast, visit.Contrasts)],
		Text:    sizes[clamp(l.Size, visit.Sizes)],
		Wide:    window.Width > window.Height,
	}
	w, h := float32(Short), float32(Long)
	if s.Wide {
		w, h = h, w
	}
	s.Scale = min(window.Width/w, window.Height/h)
	if s.Scale <= 0 {
		s.Scale = 1
	}
	s.W, s.H = window.Width/s.Scale, window.Height/s.Scale
	return s
}

func clamp(i, n int) int { return max(0, min(i, n-1)) }

// Px turns design pixels into Fyne units.
func (s Style) Px(n float32) float32 { return n * s.Scale }

// Room turns the room around and between things into Fyne units: half of it on a
// tight screen, but never less than targets need.
func (s Style) Room(n float32) float32 {
	if s.Tight && n > Near {
		n = max(Near, n/2)
	}
	return s.Px(n)
}

// High turns the height of what can be touched into Fyne units: less of it on a
// tight screen, but never less than a target.
func (s Style) High(n float32) float32 {
	if s.Tight {
		n = max(Target, n*tightHigh)
	}
	return s.Px(n)
}

// To how much of their size heights and headings shrink on a tight screen.
const (
	tightHigh  = 0.82
	tightTitle = 0.8
)

// Font turns a type size into Fyne units, at the size the visitor chose.
func (s Style) Font(n float32) float32 { return n * s.Scale * s.Text }

// Large turns a type size into Fyne units for headings and buttons: they are
// large already and grow half as much, so that they stay larger than all other
// text and leave room for it. On a lying screen the column is narrower, and
// headings with it.
func (s Style) Large(n float32) float32 {
	if s.Wide && n > ButtonSize {
		n *= 0.88
	}
	if s.Tight && n > ButtonSize {
		n *= tightTitle
	}
	return n * s.Scale * (1 + (s.Text-1)/2)
}

// Fixed turns a type size into Fyne units for controls that must stay where the
// hand expects them (keys, top bar): it grows with the visitor's choice only as
// far as the control has room, by a quarter.
func (s Style) Fixed(n float32) float32 { return n * s.Scale * min(s.Text, 1.25) }
