package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/ui/look"
)

type keySpec struct {
	tag, label, icon string
	size             float32
	dim, strong      bool
	tap              func()
}

// key is one key of the keyboard or a pad. Keys take no focus: with a real
// keyboard the Tab key should not have to pass thirty of them.
type key struct {
	base
	spec  keySpec
	face  *canvas.Rectangle
	label *canvas.Text
	icon  *canvas.Image
	lit   bool
}

func newKey(st look.Style, spec keySpec) *key {
	k := &key{spec: spec, face: canvas.NewRectangle(color.Transparent)}
	k.st = st
	k.face.CornerRadius, k.face.StrokeWidth = st.Px(16), st.Px(2)
	k.objects = []fyne.CanvasObject{k.face}
	if spec.icon != "" {
		k.icon = canvas.NewImageFromResource(look.Icon(spec.icon, st.OnKey))
		k.icon.FillMode = canvas.ImageFillContain
		k.objects = append(k.objects, k.icon)
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

// Tapped types.
func (k *key) Tapped(*fyne.PointEvent) { k.spec.tap() }

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

func (k *key) paint() {
	fill, ink := k.st.Key, k.st.OnKey
	if k.spec.dim {
		fill = k.st.KeyDim
	}
	if k.spec.strong || k.lit {
		fill, ink = k.st.Action, k.st.OnAction
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
	side := k.st.Px(48)
	put(k.icon, (size.Width-side)/2, (size.Height-side)/2, side, side)
}

// fit makes the words of a key small enough for it, never below the smallest size.
func (k *key) fit(width float32) {
	k.label.TextSize = k.st.Fixed(k.spec.size)
	for k.label.MinSize().Width > width-k.st.Px(8) && k.label.TextSize > k.st.Px(look.SmallSize) {
		k.label.TextSize -= k.st.Px(1)
	}
}
