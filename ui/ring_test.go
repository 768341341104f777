//go:build !race

// Painting is ten times slower under the race detector, which finds nothing in it;
// make test runs these tests without it.

package ui

import (
	"fmt"
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
	"vaxkiosk/ui/robot"
)

// ringOf is the ring that is to be seen; there must be one.
func (s *stage) ringOf(t *testing.T, name string) (ring robot.Seen, line color.NRGBA) {
	t.Helper()
	n := 0
	for _, seen := range s.robot.Everything() {
		r, ok := seen.Object.(*canvas.Rectangle)
		if !ok || r.StrokeColor == nil || r.StrokeWidth != s.u.st.Px(look.Ring) {
			continue
		}
		if c := color.NRGBAModel.Convert(r.StrokeColor).(color.NRGBA); c.A == 0xff {
			ring, line = seen, c
			n++
		}
	}
	if n != 1 {
		t.Errorf("%s: %d rings are to be seen on %s", name, n, s.robot.Focus())
	}
	return ring, line
}

// eachFocus puts the focus on everything that can have it, on every screen that is
// not like one before.
func eachFocus(st *stage, size fyne.Size, l visit.Look, do func(name string)) {
	tried := map[screenKey]bool{}
	for _, s := range samples("en") {
		s.v.Look = l
		st.turnTo(size, s.v)
		place := st.u.key.place()
		place.number = 0
		if tried[place] && !s.v.IdleWarning {
			continue
		}
		tried[place] = true
		layer := st.win.Canvas().Content()
		if top := st.win.Canvas().Overlays().Top(); top != nil {
			layer = top
		}
		for _, f := range focusables(layer) {
			st.win.Canvas().Focus(f)
			if st.win.Canvas().Focused() == f { // else it went when another got the focus
				do(s.name)
			}
		}
	}
}

// What the ring is painted over is looked up in a picture without it.
func TestTheFocusRingStandsOutFromItsGround(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	half := fyne.NewSize(540, 960)
	st := newStage(t, half, visit.New(house()))
	for contrast := range visit.Contrasts {
		ground, of := (*image.NRGBA)(nil), ""
		eachFocus(st, half, visit.Look{Contrast: contrast}, func(name string) {
			tag := st.robot.Focus()
			ring, line := st.ringOf(t, name)
			st.win.Canvas().Unfocus()
			if layout := fmt.Sprint(st.v.Number, st.robot.Layout()); layout != of {
				ground, of = st.win.Canvas().Capture().(*image.NRGBA), layout
			}
			b := ring.Box
			for side, at := range map[string][2]fyne.Position{ // the middle of a side, and across it
				"left": {{X: b.X, Y: b.Y + b.H/2}, {X: 3}}, "right": {{X: b.X + b.W, Y: b.Y + b.H/2}, {X: 3}},
				"top": {{X: b.X + b.W/2, Y: b.Y}, {Y: 3}}, "bottom": {{X: b.X + b.W/2, Y: b.Y + b.H}, {Y: 3}},
			} {
				stands := 0
				for _, p := range []fyne.Position{at[0], at[0].Add(at[1]), at[0].Subtract(at[1])} {
					if contrastOf(line, ground.NRGBAAt(int(p.X), int(p.Y))) >= 3 {
						stands++
					}
				}
				if stands < 2 { // the outline of a field is in between
					t.Errorf("contrast %d, %s: the ring of %s does not stand out on the %s", contrast, name, tag, side)
				}
			}
		})
	}
}

func TestTheFocusRingIsNotCutOff(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for _, size := range []fyne.Size{standing, lying} {
		for _, text := range hardest(0, visit.Sizes-1) {
			eachFocus(st, size, visit.Look{Size: text}, func(name string) {
				ring, _ := st.ringOf(t, name)
				line := float32(look.Ring) / 2 // of it is outside of the box
				b := robot.Box{X: ring.Box.X - line, Y: ring.Box.Y - line, W: ring.Box.W + 2*line, H: ring.Box.H + 2*line}
				if b.H <= ring.Clip.H && !ring.Clip.Has(b) {
					t.Errorf("%s %s %d: the ring of %s is cut off: %v in %v", name, turnOf(size), text, st.robot.Focus(), b, ring.Clip)
				}
			})
		}
	}
}

// A ring says where the keyboard is, not what is chosen.
func TestTheFocusDoesNotLookLikeAChoice(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Declaring, relation("")))
	face := func() color.Color {
		return st.win.Canvas().Focused().(*parts.Button).Inside()[1].(*canvas.Rectangle).FillColor
	}
	if face() != color.Color(st.u.st.Card) {
		t.Error("the first choice is filled like one that is chosen")
	}
}
