package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vaxkiosk/ui/look"
)

// Scroll shows content that may be higher than the room for it: a finger drags
// it, and two big buttons below move it by a page. When everything fits, they are hidden.
type Scroll struct {
	base
	view     *finger
	inner    *fyne.Container
	up, down *Button
	content  float32 // height of the content
	over     bool    // it is higher than the room for it
	touch    func()
}

// ScrollWords are the words on the buttons.
type ScrollWords struct{ Up, Down string }

// NewScroll returns an empty scroll. Its buttons are tag + ".up" and tag + ".down".
func NewScroll(st look.Style, tag string, words ScrollWords, width float32, touch func()) *Scroll {
	s := &Scroll{inner: container.NewWithoutLayout(), touch: touch}
	s.st = st
	s.view = newFinger(s.inner, s.moved)
	s.view.slop = st.Px(14)
	w := (width - st.Px(look.Near)) / 2
	s.up = NewButton(st, Spec{Tag: tag + ".up", Kind: Small, Icon: "up", Title: words.Up, Width: w, Tap: func() { s.page(-1) }})
	s.down = NewButton(st, Spec{Tag: tag + ".down", Kind: Small, Icon: "down", Title: words.Down, Width: w, Tap: func() { s.page(1) }})
	s.objects = []fyne.CanvasObject{s.view, s.up, s.down}
	s.ExtendBaseWidget(s)
	return s
}

// Fill replaces what is shown. The objects are already placed; height is theirs.
func (s *Scroll) Fill(objects []fyne.CanvasObject, height float32) {
	s.inner.Objects, s.content = objects, height
	s.listen(s.inner)
	s.place(s.Size())
	s.Refresh()
}

// Reveal scrolls so that the part of the content from y to y+h can be seen, with
// a focus ring around it.
func (s *Scroll) Reveal(y, h float32) {
	y, h = y-ringRoom(s.st), h+2*ringRoom(s.st)
	top, room := s.view.Offset.Y, s.view.Size().Height
	switch {
	case y < top:
		top = y
	case y+h > top+room:
		top = min(y, y+h-room)
	default:
		return
	}
	s.view.ScrollToOffset(fyne.NewPos(0, max(0, top)))
	s.moved()
}

// ShowInside scrolls to something inside that cannot have the focus.
func (s *Scroll) ShowInside(o fyne.CanvasObject) {
	inside := false
	Each(s.inner, func(i fyne.CanvasObject) { inside = inside || i == o })
	if d := fyne.CurrentApp().Driver(); inside {
		s.Reveal(d.AbsolutePositionForObject(o).Y-d.AbsolutePositionForObject(s.inner).Y, o.Size().Height)
	}
}

// listen makes everything that gets the focus scroll into sight: the Tab key
// goes further than the eye.
func (s *Scroll) listen(o fyne.CanvasObject) {
	if c, ok := o.(interface{ onReveal(func()) }); ok {
		c.onReveal(func() {
			d := fyne.CurrentApp().Driver()
			y := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(s.inner).Y
			h := o.Size().Height
			if e, is := o.(interface{ extent() float32 }); is {
				h = e.extent()
			}
			s.Reveal(y, h)
		})
	}
	for _, i := range inside(o) {
		s.listen(i)
	}
}

// inside is what an object shows, as far as this package knows.
func inside(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case Holder:
		return o.Inside()
	}
	return nil
}

// Over reports whether the content is higher than the room for it.
func (s *Scroll) Over() bool { return s.over }

// Lacks is how much room for the content is missing.
func (s *Scroll) Lacks() float32 { return max(0, s.content-s.Size().Height) }

// Each visits an object and everything inside that can be seen, in order.
func Each(o fyne.CanvasObject, do func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	do(o)
	for _, i := range inside(o) {
		Each(i, do)
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Scroll) CreateRenderer() fyne.WidgetRenderer { return drawing{s} }

func (s *Scroll) page(direction float32) {
	s.touch()
	room := s.view.Size().Height
	step := room - max(s.st.Px(96), 0.3*room) // what was at the edge stays in sight
	y := s.view.Offset.Y + direction*step
	y = max(0, min(y, s.content-s.view.Size().Height))
	s.view.ScrollToOffset(fyne.NewPos(0, y))
	s.moved()
}

func (s *Scroll) moved() {
	s.up.Turn(s.view.Offset.Y > 1)
	s.down.Turn(s.view.Offset.Y < s.content-s.view.Size().Height-1)
}

func (s *Scroll) measure() fyne.Size { return fyne.Size{} }

func (s *Scroll) place(size fyne.Size) {
	room := size.Height
	s.over = s.content > room+1
	if s.over {
		h := s.up.MinSize().Height
		room -= h + s.st.Px(look.Near)
		pad := s.pad()
		w := (size.Width - 2*pad - s.st.Px(look.Near)) / 2
		put(s.up, pad, size.Height-h, w, h)
		put(s.down, pad+w+s.st.Px(look.Near), size.Height-h, w, h)
	}
	s.up.Hidden, s.down.Hidden = !s.over, !s.over
	s.inner.Resize(fyne.NewSize(size.Width, s.content))
	s.view.least = fyne.NewSize(size.Width, s.content)
	put(s.view, 0, 0, size.Width+s.st.Px(barRoom), room)
	if s.view.Offset.Y > max(0, s.content-room) {
		s.view.ScrollToOffset(fyne.NewPos(0, max(0, s.content-room)))
	}
	s.moved()
}

// barRoom is for the line that shows how far one has scrolled, beside the rings.
const barRoom = 12

// pad is the room around the content for focus rings.
func (s *Scroll) pad() float32 { return s.st.Px(look.Near) }

// finger is Fyne's scroll that a finger can drag on a desktop, too.
type finger struct {
	container.Scroll
	least fyne.Size
	moved func()
	slop  float32 // a finger that moves less has touched, not dragged
	from  *fyne.Position
	on    pressable // what the finger came down on, or nil
	far   bool
}

func newFinger(content fyne.CanvasObject, moved func()) *finger {
	f := &finger{moved: moved}
	f.Direction = container.ScrollVerticalOnly
	f.Content = container.New(&sized{f}, content)
	f.OnScrolled = func(fyne.Position) { moved() }
	f.ExtendBaseWidget(f)
	return f
}

// Dragged moves the content with the finger, once it has moved far enough.
func (f *finger) Dragged(e *fyne.DragEvent) {
	if f.from == nil {
		start := e.AbsolutePosition.SubtractXY(e.Dragged.DX, e.Dragged.DY)
		f.from = &start
		if p, ok := f.under(start).(pressable); ok && p.pressed() {
			f.on = p
		}
	}
	gone := e.AbsolutePosition.Subtract(*f.from)
	if f.far = f.far || gone.X*gone.X+gone.Y*gone.Y > f.slop*f.slop; !f.far {
		return
	}
	if f.on != nil {
		f.on.letGo()
	}
	y := max(0, min(f.Offset.Y-e.Dragged.DY, f.least.Height-f.Size().Height))
	f.ScrollToOffset(fyne.NewPos(0, y))
	f.moved()
}

// DragEnd touches what a finger that only trembled came down on, as long as it is
// there: Fyne takes a touch that moved by two units for a drag.
func (f *finger) DragEnd() {
	from, on, far := f.from, f.on, f.far
	f.from, f.on, f.far = nil, nil, false
	if on == nil || far {
		return
	}
	if on.letGo(); shown(on) && f.under(*from) == fyne.Tappable(on) {
		on.Tapped(&fyne.PointEvent{AbsolutePosition: *from})
	}
}

// under is what takes touches at a place in the window.
func (f *finger) under(at fyne.Position) fyne.Tappable {
	return tappableAt(f.Content, at.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(f)))
}

// tappableAt is the topmost part inside o that takes touches at a position in
// o's parent.
func tappableAt(o fyne.CanvasObject, at fyne.Position) (found fyne.Tappable) {
	at = at.Subtract(o.Position())
	if !o.Visible() || at.X < 0 || at.Y < 0 || at.X >= o.Size().Width || at.Y >= o.Size().Height {
		return nil
	}
	if t, ok := o.(fyne.Tappable); ok {
		found = t
	}
	for _, i := range inside(o) {
		if t := tappableAt(i, at); t != nil {
			found = t
		}
	}
	return found
}

// Inside returns the content.
func (f *finger) Inside() []fyne.CanvasObject { return []fyne.CanvasObject{f.Content} }

// Clips reports whether content outside cannot be seen.
func (f *finger) Clips() bool { return true }

// sized gives the content the size it was placed for.
type sized struct{ f *finger }

func (s *sized) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, s.f.least.Height) }

func (s *sized) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		put(o, 0, 0, size.Width, size.Height)
	}
}
