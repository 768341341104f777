package robot

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/ui/parts"
)

// Markup describes what can be seen, in reading order: words, what can be
// touched, and the keyboard in one line. It is made to be compared and read, so
// it leaves positions out.
func (r *Robot) Markup() string {
	var b strings.Builder
	layer := r.canvas.Content()
	if o := r.canvas.Overlays().Top(); o != nil {
		layer = o
	}
	markup(&b, layer)
	return b.String()
}

func markup(b *strings.Builder, o fyne.CanvasObject) {
	if o == nil || !o.Visible() {
		return
	}
	switch o := o.(type) {
	case *parts.Keyboard, *parts.Pad:
		fmt.Fprintf(b, "<keys>%s</keys>\n", words(o))
		return
	case *parts.Text, *canvas.Text:
		if s := words(o); s != "" {
			fmt.Fprintf(b, "<text>%s</text>\n", s)
		}
		return
	}
	if t, ok := o.(parts.Tagged); ok {
		state := ""
		if d, ok := o.(fyne.Disableable); ok && d.Disabled() {
			state = " off"
		}
		if p, ok := o.(interface{ Picked() bool }); ok && p.Picked() {
			state += " picked"
		}
		fmt.Fprintf(b, "<touch %s%s>%s</touch>\n", t.Tag(), state, words(o))
		return
	}
	for _, inner := range inside(o) {
		markup(b, inner)
	}
}

// words joins what can be read in an object, wherever its lines break.
func words(o fyne.CanvasObject) string { return strings.Join(strings.Fields(read(o)), " ") }

func read(o fyne.CanvasObject) string {
	if o == nil || !o.Visible() {
		return ""
	}
	switch o := o.(type) {
	case *parts.Text:
		return o.Text()
	case *canvas.Text:
		return o.Text
	case interface{ Typed() string }:
		return o.Typed()
	}
	var all []string
	for _, inner := range inside(o) {
		all = append(all, read(inner))
	}
	return strings.Join(all, " ")
}

// Everything visits an object and all inside, hidden ones too.
func Everything(o fyne.CanvasObject, do func(fyne.CanvasObject)) {
	if o == nil {
		return
	}
	do(o)
	for _, inner := range inside(o) {
		Everything(inner, do)
	}
}
