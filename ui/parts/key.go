package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"vaxkiosk/ui/look"
)

type keySpec struct {
	tag, label, icon string
	size             float32
	dim, strong      bool
	tap              func()
	repeats          bool          // held, it is touched again and again
	stay             func()        // what holding it does instead of the touch
	left             func()        // a finger has left it
	slid             func()        // a finger that came down elsewhere has left it
	says             func() string // the words for an icon
	deaf             func() bool   // a finger that comes down now means what was here before
}

// key is one key of the keyboard or a pad. Keys take no focus: with a real
// keyboard the Tab key should not have to pass thirty of them. All together are one stop (cells).
type key struct {
	base
	spec  keySpec
	hold  *hold
	press press
	deaf  bool // the finger that came down here does not count
	face  *canvas.Rectangle
	label *canvas.Text
	icon  *canvas.Image
	bar   *canvas.Rectangle // below the icon: it stays on
	lit   bool
}

func newKey(st look.Style, spec keySpec) *key {
	k := &key{spec: spec, face: canvas.NewRectangle(color.Transparent)}
	k.st = st
	k.hold = &hold{on: k, touch: spec.tap, stay: spec.stay, first: holdLetter}
	if spec.repeats {
		k.hold = repeating(k, spec.tap)
	}
	k.face.CornerRadius, k.face.StrokeWidth = st.Px(16), st.Px(2)
	k.objects = []fyne.CanvasObject{k.face}
	if spec.icon != "" {
		k.icon = canvas.NewImageFromResource(look.Icon(spec.icon, st.OnKey))
		k.icon.FillMode = canvas.ImageFillContain
		k.bar = canvas.NewRectangle(st.OnAction)
		k.bar.CornerRadius, k.bar.Hidden = st.Px(4), true
		k.objects = append(k.objects, k.icon, k.bar)
	} else {
		k.label = canvas.NewText(spec.label, st.OnKey)
		k.label.TextSize, k.label.TextStyle.Bold = st.Fixed(spec.size), spec.size != look.KeySize
		k.label.Alignment = fyne.TextAlignCenter
		k.objects = append(k.objects, k.label)
	}
	k.ExtendBaseWidget(k)
	k.paint()
	return k
}

// Tag names the key.
func (k *key) Tag() string { return k.spec.tag }

// Says is what the key is for, in words: what an eye reads on it, or what its
// icon means.
func (k *key) Says() string {
	if k.label == nil {
		return k.spec.says()
	}
	return k.label.Text
}

// Tapped types.
func (k *key) Tapped(*fyne.PointEvent) {
	if !k.press.acts() {
		return
	}
	if !k.deaf {
		k.hold.tap()
	}
	k.deaf = false
}

// TappedSecondary types, too.
func (k *key) TappedSecondary(e *fyne.PointEvent) { k.Tapped(e) }

// Deaf reports whether a finger that comes down now means what was here before.
func (k *key) Deaf() bool { return k.spec.deaf != nil && k.spec.deaf() }

func (k *key) see(change func()) {
	before := k.press.shown()
	if change(); k.press.shown() != before {
		k.Refresh()
	}
}

// MouseDown is a finger that comes down.
func (k *key) MouseDown(e *desktop.MouseEvent) {
	if k.press.held == 0 {
		if k.deaf = k.Deaf(); !k.deaf {
			k.hold.press()
		}
	}
	k.see(func() { k.press.begin(e) })
}

// MouseUp is a finger that leaves. Fyne takes the focus away after this, so what
// gives it back comes later.
func (k *key) MouseUp(e *desktop.MouseEvent) {
	slid := k.press.held == 0
	if k.see(func() { k.press.end(e) }); k.press.held != 0 {
		return // a button of the same touch
	}
	k.hold.release()
	switch {
	case slid && k.spec.slid != nil:
		fyne.Do(k.spec.slid)
	case k.spec.left != nil:
		fyne.Do(k.spec.left)
	}
}

// MouseIn lights a key that a finger can slide to.
func (k *key) MouseIn(e *desktop.MouseEvent) {
	k.see(func() { k.press.enter(e) })
	if k.spec.slid != nil && e.Button != 0 {
		k.light(true)
	}
}

// MouseMoved implements desktop.Hoverable: within the key a finger may tremble.
func (k *key) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is a finger that slides off.
func (k *key) MouseOut() {
	k.hold.release()
	k.see(func() { k.press.over = false })
	if k.spec.slid != nil {
		k.light(false)
	}
}

// CreateRenderer implements fyne.Widget.
func (k *key) CreateRenderer() fyne.WidgetRenderer { return drawing{k} }

// relabel shows another letter.
func (k *key) relabel(s string) {
	if k.label != nil && k.label.Text != s {
		k.label.Text = s
		k.Refresh()
	}
}

// light shows that a key like shift is on.
func (k *key) light(on bool) {
	if k.lit != on {
		k.lit = on
		k.Refresh()
	}
}

// lock shows that a key like shift stays on.
func (k *key) lock(on bool) {
	if k.bar.Hidden == on {
		k.bar.Hidden = !on
		k.Refresh()
	}
}

func (k *key) paint() {
	fill, ink := k.st.Key, k.st.OnKey
	if k.spec.dim {
		fill = k.st.KeyDim
	}
	if k.spec.strong || k.lit {
		fill, ink = k.st.Action, k.st.OnAction
	}
	if k.press.shown() {
		fill, ink = ink, fill
	}
	k.face.FillColor, k.face.StrokeColor = fill, k.st.Line
	if k.label != nil {
		k.label.Color = ink
	} else {
		k.icon.Resource = look.Icon(k.spec.icon, ink)
		k.icon.Refresh()
	}
}

func (k *key) measure() fyne.Size { return fyne.NewSquareSize(k.st.Px(88)) }

func (k *key) place(size fyne.Size) {
	put(k.face, 0, 0, size.Width, size.Height)
	if k.label != nil {
		k.fit(size.Width)
		h := k.label.MinSize().Height
		put(k.label, 0, (size.Height-h)/2, size.Width, h)
		return
	}
	side, y := k.st.Px(48), (size.Height-k.st.Px(48))/2
	if !k.bar.Hidden {
		y -= k.st.Px(8)
	}
	put(k.icon, (size.Width-side)/2, y, side, side)
	put(k.bar, (size.Width-side)/2, y+side+k.st.Px(6), side, k.st.Px(8))
}

// fit makes the words of a key small enough for it, never below the smallest size.
func (k *key) fit(width float32) {
	k.label.TextSize = k.st.Fixed(k.spec.size)
	for k.label.MinSize().Width > width-k.st.Px(16) && k.label.TextSize > k.st.Px(look.SmallSize) {
		k.label.TextSize -= k.st.Px(1)
	}
}
