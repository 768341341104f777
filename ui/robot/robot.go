// Package robot uses a screen as a finger does: it finds what can be touched by
// its tag, checks that a touch in its middle would reach it, and touches it. The
// tour of the real window and the tests share it.
//
//	r := robot.New(window.Canvas())
//	err := r.Tap("welcome.en")
//	err = r.Type("María José")
//
// All methods belong to the main goroutine. The robot refuses to touch what is
// covered, off or outside the window, or on a screen that takes no touch yet: try
// again, as people do. It knows no screen.
package robot

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"vaxkiosk/ui/parts"
)

// Robot uses one canvas.
type Robot struct {
	canvas  fyne.Canvas
	touches int
	at      fyne.Position // of the finger
	pressed Seen          // what it came down on
}

// New returns a robot for a canvas.
func New(c fyne.Canvas) *Robot { return &Robot{canvas: c} }

// Touches is how often it has touched something.
func (r *Robot) Touches() int { return r.touches }

// Seen is something on the screen: where it is in the window, and the part of
// the window in which it can be seen.
type Seen struct {
	Tag    string // "" for what cannot be touched
	Text   string
	Size   float32   // of the letters
	Needs  fyne.Size // that the text needs
	Box    Box
	Clip   Box
	Off    bool
	Object fyne.CanvasObject
}

// Box is a rectangle in the window.
type Box struct{ X, Y, W, H float32 }

// Has reports whether o lies inside b, half a unit of rounding allowed.
func (b Box) Has(o Box) bool {
	const e = 0.5
	return o.X >= b.X-e && o.Y >= b.Y-e && o.X+o.W <= b.X+b.W+e && o.Y+o.H <= b.Y+b.H+e
}

// Cut is the part of b inside o.
func (b Box) Cut(o Box) Box {
	x, y := max(b.X, o.X), max(b.Y, o.Y)
	w, h := min(b.X+b.W, o.X+o.W)-x, min(b.Y+b.H, o.Y+o.H)-y
	return Box{x, y, max(0, w), max(0, h)}
}

// Empty reports whether nothing can be seen of b.
func (b Box) Empty() bool { return b.W < 1 || b.H < 1 }

func (b Box) at(x, y float32) bool { return x >= b.X && y >= b.Y && x < b.X+b.W && y < b.Y+b.H }

// look walks over everything visible, in the order it is painted.
func (r *Robot) look(do func(Seen)) {
	size := r.canvas.Size()
	window := Box{0, 0, size.Width, size.Height}
	walk(r.canvas.Content(), 0, 0, window, do)
	for _, o := range r.canvas.Overlays().List() {
		walk(o, 0, 0, window, do)
	}
}

// top walks over what a finger can reach: the topmost layer.
func (r *Robot) top(do func(Seen)) {
	size := r.canvas.Size()
	layer := r.canvas.Content()
	if o := r.canvas.Overlays().Top(); o != nil {
		layer = o
	}
	walk(layer, 0, 0, Box{0, 0, size.Width, size.Height}, do)
}

func walk(o fyne.CanvasObject, x, y float32, clip Box, do func(Seen)) {
	if o == nil || !o.Visible() {
		return
	}
	x, y = x+o.Position().X, y+o.Position().Y
	s := Seen{Box: Box{x, y, o.Size().Width, o.Size().Height}, Clip: clip, Object: o}
	switch o := o.(type) {
	case *canvas.Text:
		s.Text, s.Size, s.Needs = o.Text, o.TextSize, o.MinSize()
	case interface{ Typed() string }:
		s.Text = o.Typed()
	}
	if t, ok := o.(parts.Tagged); ok && !o.Size().IsZero() { // a stop of the keys alone has no size
		s.Tag = t.Tag()
	}
	if d, ok := o.(fyne.Disableable); ok {
		s.Off = d.Disabled()
	}
	do(s)
	if c, ok := o.(interface{ Clips() bool }); ok && c.Clips() {
		clip = clip.Cut(s.Box)
	}
	for _, inner := range inside(o) {
		walk(inner, x, y, clip, do)
	}
}

// inside is what an object shows. Fyne's own widgets keep that to themselves.
func inside(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case parts.Holder:
		return o.Inside()
	}
	return nil
}

// find returns what has the tag.
func (r *Robot) find(tag string) (Seen, bool) {
	var found Seen
	ok := false
	r.top(func(s Seen) {
		if s.Tag == tag {
			found, ok = s, true
		}
	})
	return found, ok
}

// Has reports whether something with the tag is on the screen.
func (r *Robot) Has(tag string) bool {
	_, ok := r.find(tag)
	return ok
}

// Focused is the tag of what has the focus, "" for nothing that can be touched.
func (r *Robot) Focused() string {
	if t, ok := r.canvas.Focused().(parts.Tagged); ok {
		return t.Tag()
	}
	return ""
}

// Tap touches what has the tag, in its middle.
func (r *Robot) Tap(tag string) error {
	s, ok := r.find(tag)
	if !ok {
		return fmt.Errorf("tap %s: not on the screen", tag)
	}
	if s.Off {
		return fmt.Errorf("tap %s: it is off", tag)
	}
	seen := s.Box.Cut(s.Clip)
	x, y := s.Box.X+s.Box.W/2, s.Box.Y+s.Box.H/2
	if !seen.at(x, y) {
		return fmt.Errorf("tap %s: its middle is outside of what can be seen", tag)
	}
	hit := r.hit(x, y)
	if _, new := hit.Object.(*parts.Sheet); new {
		return fmt.Errorf("tap %s: the screen takes no touch yet", tag)
	}
	if d, ok := s.Object.(interface{ Deaf() bool }); ok && d.Deaf() {
		return fmt.Errorf("tap %s: it takes no touch yet", tag)
	}
	if hit.Object != s.Object {
		return fmt.Errorf("tap %s: covered by %q", tag, hit.Tag)
	}
	r.touches++
	r.Land(fyne.NewPos(x, y))
	r.Lift()
	return nil
}

// Land brings the finger down somewhere, whatever is there.
func (r *Robot) Land(at fyne.Position) {
	r.at, r.pressed = at, r.hit(at.X, at.Y)
	if m, ok := r.pressed.Object.(desktop.Mouseable); ok {
		m.MouseDown(r.mouse(r.pressed))
	}
}

// Lift takes the finger away. It taps what it came down on, if that is there still.
func (r *Robot) Lift() {
	s := r.hit(r.at.X, r.at.Y)
	if m, ok := s.Object.(desktop.Mouseable); ok {
		m.MouseUp(r.mouse(s))
	}
	if t, ok := s.Object.(fyne.Tappable); ok && s.Object == r.pressed.Object {
		t.Tapped(&r.mouse(s).PointEvent)
	}
	r.pressed = Seen{}
}

func (r *Robot) mouse(s Seen) *desktop.MouseEvent {
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.AbsolutePosition, e.Position = r.at, r.at.SubtractXY(s.Box.X, s.Box.Y)
	return e
}

// Calm reports whether the screen takes touches by now.
func (r *Robot) Calm() bool {
	calm := true
	r.top(func(s Seen) {
		if _, new := s.Object.(*parts.Sheet); new {
			calm = false
		}
	})
	return calm
}

// hit is what a touch would reach: the last painted thing that takes touches.
func (r *Robot) hit(x, y float32) Seen {
	var hit Seen
	r.top(func(s Seen) {
		if _, ok := s.Object.(fyne.Tappable); ok && s.Box.Cut(s.Clip).at(x, y) {
			hit = s
		}
	})
	return hit
}

// enough is how much of a thing must be seen to touch it safely, in units.
const enough = 88

// Reveal makes what has the tag visible with the big buttons that scroll.
func (r *Robot) Reveal(tag string) error {
	for range 100 {
		s, ok := r.find(tag)
		if !ok {
			return fmt.Errorf("reveal %s: not on the screen", tag)
		}
		if seen := s.Box.Cut(s.Clip); seen.at(s.Box.X+s.Box.W/2, s.Box.Y+s.Box.H/2) && seen.H+0.5 >= min(s.Box.H, enough) { // half a unit of rounding
			return nil
		}
		way := ".down"
		if s.Box.Y < s.Clip.Y {
			way = ".up"
		}
		column := "scroll"
		if list, ok := r.find("list.down"); ok && list.Box.X <= s.Box.X+s.Box.W && s.Box.X <= list.Box.X+2*list.Box.W {
			column = "list"
		}
		if err := r.Tap(column + way); err != nil {
			return fmt.Errorf("reveal %s: %w", tag, err)
		}
	}
	return fmt.Errorf("reveal %s: too far away", tag)
}

// Type enters text on the touch keyboard, or digits on the pad, key by key.
func (r *Robot) Type(text string) error {
	for _, letter := range text {
		path := []string{"pin." + string(letter)}
		if k := r.keyboard(); k != nil {
			path = k.Path(letter)
		}
		if path == nil {
			return fmt.Errorf("type: no key for U+%04X", letter)
		}
		for _, tag := range path {
			if err := r.Tap(tag); err != nil {
				return fmt.Errorf("type: %w", err)
			}
		}
	}
	return nil
}

func (r *Robot) keyboard() (k *parts.Keyboard) {
	r.top(func(s Seen) {
		if found, ok := s.Object.(*parts.Keyboard); ok {
			k = found
		}
	})
	return k
}

// Texts returns everything that can be read, in the order it is painted.
func (r *Robot) Texts() []Seen {
	var all []Seen
	r.look(func(s Seen) {
		if s.Text != "" {
			all = append(all, s)
		}
	})
	return all
}

// TopTexts returns what can be read in the topmost layer only.
func (r *Robot) TopTexts() []Seen {
	var all []Seen
	r.top(func(s Seen) {
		if s.Text != "" {
			all = append(all, s)
		}
	})
	return all
}

// Touchables returns everything a finger can touch.
func (r *Robot) Touchables() []Seen {
	var all []Seen
	r.top(func(s Seen) {
		if s.Tag != "" {
			all = append(all, s)
		}
	})
	return all
}

// Everything returns all that can be seen in the topmost layer.
func (r *Robot) Everything() []Seen {
	var all []Seen
	r.top(func(s Seen) { all = append(all, s) })
	return all
}
