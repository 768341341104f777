package robot

import (
	"fmt"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/ui/parts"
)

// Layout describes where everything is that Markup names: a line each, with
// left, top, width and height in window units. Of what scrolls,
// "cut" stands at what can be seen in part only, and "out" at what cannot be seen. It is
// made to be compared: a thing that moved, grew or fell out of sight is a line that changed.
func (r *Robot) Layout() string {
	var b strings.Builder
	size := r.canvas.Size()
	layer := r.canvas.Content()
	if o := r.canvas.Overlays().Top(); o != nil {
		layer = o
	}
	layout(&b, layer, 0, 0, Box{0, 0, size.Width, size.Height})
	return b.String()
}

func layout(b *strings.Builder, o fyne.CanvasObject, x, y float32, clip Box) {
	if o == nil || !o.Visible() {
		return
	}
	x, y = x+o.Position().X, y+o.Position().Y
	box := Box{x, y, o.Size().Width, o.Size().Height}
	if name := nameOf(o); name != "" {
		fmt.Fprintf(b, "%s %d %d %d %d%s\n", name, round(x), round(y), round(box.W), round(box.H), sight(box, clip))
	}
	switch o.(type) {
	case parts.Tagged, *parts.Text:
		return
	}
	if c, ok := o.(interface{ Clips() bool }); ok && c.Clips() {
		clip = clip.Cut(box)
	}
	for _, inner := range inside(o) {
		layout(b, inner, x, y, clip)
	}
}

func round(f float32) int { return int(math.Round(float64(f))) }

// sight says how much of a box can be seen.
func sight(box, clip Box) string {
	switch {
	case clip.Has(box):
		return ""
	case box.Cut(clip).Empty():
		return " out"
	}
	return " cut"
}

// nameOf is the tag, the first words, or the kind of a part; "" for what only
// holds or paints.
func nameOf(o fyne.CanvasObject) string {
	switch o := o.(type) {
	case parts.Tagged:
		if o.Size().IsZero() { // a stop of the keys alone
			return ""
		}
		return o.Tag()
	case *parts.Text, *canvas.Text:
		return firstWords(words(o))
	case *parts.Stack, *parts.Row, *parts.Gap, *parts.Catcher, *parts.Sheet, *fyne.Container:
		return ""
	case parts.Holder:
		return strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T", o), "*parts."))
	}
	return ""
}

const shownWords = 24 // letters of a text that tell it from others

func firstWords(s string) string {
	if s == "" {
		return ""
	}
	letters := []rune(s)
	if len(letters) > shownWords {
		letters = append(letters[:shownWords:shownWords], '…')
	}
	return `"` + string(letters) + `"`
}
