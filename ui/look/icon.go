package look

import (
	"bytes"
	"fmt"
	"image/color"
	"sync"

	"fyne.io/fyne/v2"

	"vaxkiosk/assets"
)

var icons sync.Map // name and colour → resource

// Icon returns an icon of assets/icons in one colour of the palette. The icons
// are drawn with black strokes.
func Icon(name string, c color.NRGBA) fyne.Resource {
	hex := fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B)
	key := name + hex[1:] + ".svg"
	if r, ok := icons.Load(key); ok {
		return r.(fyne.Resource)
	}
	r := fyne.NewStaticResource(key, bytes.ReplaceAll(assets.Icon(name), []byte("#000"), []byte(hex)))
	icons.Store(key, r)
	return r
}
