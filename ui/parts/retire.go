package parts

import (
	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
)

// Retire permanently empties everything inside o that a finger can touch, once it is
// off the screen. Fyne keeps what a finger was on last until another finger moves. That may be
// the next visitor's, and it must lead to nothing of this one's.
func Retire(o fyne.CanvasObject) {
	if r, ok := o.(interface{ retire() }); ok {
		defer r.retire() // what is inside is reached through it
	}
	for _, i := range inside(o) {
		Retire(i)
	}
}

func (c *control) retire() { c.tap, c.reveal, c.objects = nil, nil, nil }

func (b *Button) retire() {
	b.control.retire()
	b.spec = Spec{Tag: b.spec.Tag, Kind: b.spec.Kind, Width: b.spec.Width, Erases: b.spec.Erases}
	b.title, b.sub, b.icon, b.sure = nil, nil, nil, false
}

func (d *Digits) retire() {
	d.control.retire()
	d.text, d.characters, d.dots, d.boxes = "", nil, nil, nil
	d.changed, d.submit, d.onFocus = func(string) {}, nil, nil
}

func (b *dateBox) retire() {
	b.control.retire()
	b.value.Text = ""
}

func (e *DateEntry) retire() {
	e.dial.fill(request.Date{}, request.Half{})
	e.run, e.word = "", ""
	e.spec.Refuses, e.spec.Changed = nil, nil
}

func (k *key) retire() {
	k.spec.tap, k.spec.stay, k.spec.left, k.spec.slid, k.spec.deaf = nil, nil, nil, nil, nil
	k.hold.retire()
}

// retire lets go of what the hold does; a timer that still runs does nothing.
func (h *hold) retire() {
	h.release()
	h.touch, h.stay = func() {}, func() {}
}
