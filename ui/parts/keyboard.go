package parts

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"golang.org/x/text/unicode/norm"

	"vaxkiosk/ui/look"
)

// Mode is what a field is for; it decides which keys there are.
type Mode int

// The modes.
const (
	Names   Mode = iota // letters, accents; a part of a name starts with a capital
	Email               // letters, digits and the signs of an address
	Receipt             // capitals and digits
)

// Keyboard is the touch keyboard. It types into the field it was given last and
// gives the focus back to it after every touch, also one that missed a key.
type Keyboard struct {
	base
	words  KeyWords
	mode   Mode
	layer  string // of layers
	shift  bool
	target *Field
	ground *ground
	rows   [][]*key
	next   func()
	touch  func()
}

// KeyWords are the words on keys.
type KeyWords struct{ Space, Next, Letters, Accents, More string }

// NewKeyboard returns a keyboard. next is called by its Next key, touch by a
// touch that types nothing.
func NewKeyboard(st look.Style, mode Mode, words KeyWords, next, touch func()) *Keyboard {
	k := &Keyboard{words: words, mode: mode, layer: firstLayer[mode], next: next, touch: touch}
	k.st = st
	k.ground = newGround(st, k.missed)
	k.ExtendBaseWidget(k)
	k.build()
	return k
}

// SetTarget makes the keyboard type into a field.
func (k *Keyboard) SetTarget(f *Field) {
	if k.target != nil && k.target != f {
		k.target.activate(false)
	}
	k.target = f
	f.activate(true)
	k.autoShift()
}

// Rest takes the mark off the field: something else is typed into now.
func (k *Keyboard) Rest() {
	if k.target != nil {
		k.target.activate(false)
	}
}

// CreateRenderer implements fyne.Widget.
func (k *Keyboard) CreateRenderer() fyne.WidgetRenderer { return drawing{k} }

// build makes the keys of the layer.
func (k *Keyboard) build() {
	k.rows, k.objects = nil, []fyne.CanvasObject{k.ground}
	for _, row := range layers[k.layer] {
		var keys []*key
		for _, token := range strings.Fields(row) {
			key := newKey(k.st, k.spec(token))
			keys, k.objects = append(keys, key), append(k.objects, key)
		}
		k.rows = append(k.rows, keys)
	}
	k.relabel()
}

// spec describes the key of a token: a letter, or a word with its own meaning.
func (k *Keyboard) spec(token string) keySpec {
	s := keySpec{tag: "key." + token, label: token, size: look.KeySize}
	word := func(label string, do func()) keySpec {
		return keySpec{tag: s.tag, label: label, size: look.LeadSize, dim: true, tap: do}
	}
	switch token {
	case "shift":
		return keySpec{tag: s.tag, icon: "shift", dim: true, tap: k.toggleShift}
	case "delete":
		return keySpec{tag: s.tag, icon: "delete", dim: true, tap: k.delete}
	case "space":
		s.label, s.size, s.tap = k.words.Space, look.LeadSize, func() { k.typeIn(" ") }
	case "next":
		s = word(k.words.Next, k.goOn)
		s.dim, s.strong = false, true
	case "letters":
		s = word(k.words.Letters, func() { k.turnTo("names"); k.missed() })
	case "accents":
		s = word(k.words.Accents, func() { k.turnTo("accents"); k.missed() })
	case "more":
		s = word(k.words.More, func() { k.turnTo("tones"); k.missed() })
	default:
		s.tap = func() { k.typeIn(token) }
		if isTone(token) {
			s.label = "◌" + token
		}
	}
	return s
}

func isTone(token string) bool {
	return norm.NFD.PropertiesString(token).CCC() != 0
}

func (k *Keyboard) typeIn(s string) {
	if k.target == nil {
		return
	}
	for _, r := range s {
		if k.shift || k.mode == Receipt {
			r = unicode.ToUpper(r)
		}
		k.target.Type(r)
	}
	if k.layer != "names" && k.mode == Names && unicode.IsLetter([]rune(s)[0]) {
		k.turnTo("names") // one accent, then plain letters again
	}
	k.autoShift()
	k.refocus()
}

func (k *Keyboard) delete() {
	if k.target != nil {
		k.target.Delete()
		k.autoShift()
	}
	k.refocus()
}

func (k *Keyboard) goOn() {
	k.touch()
	k.next()
}

func (k *Keyboard) toggleShift() {
	k.shift = !k.shift
	k.relabel()
	k.missed()
}

// turnTo shows another layer.
func (k *Keyboard) turnTo(layer string) {
	k.layer = layer
	k.build()
	k.Refresh()
}

// autoShift turns capitals on at the start of a part of a name, off after it.
func (k *Keyboard) autoShift() {
	k.shift = k.mode == Names && k.target != nil && capital(k.target.Before())
	k.relabel()
}

// missed is a touch that types nothing.
func (k *Keyboard) missed() {
	k.touch()
	k.refocus()
}

// refocus gives the focus back to the field.
func (k *Keyboard) refocus() {
	if k.target == nil {
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(k); c != nil {
		c.Focus(k.target.Target())
	}
}

// relabel shows what the keys type now.
func (k *Keyboard) relabel() {
	for _, row := range k.rows {
		for _, key := range row {
			token := strings.TrimPrefix(key.spec.tag, "key.")
			switch {
			case token == "shift":
				key.light(k.shift)
			case len([]rune(token)) == 1 && !isTone(token):
				if k.shift || k.mode == Receipt {
					token = strings.ToUpper(token)
				}
				key.relabel(token)
			}
		}
	}
}

// Room of the keyboard in design pixels.
const (
	keyHeight = 104
	keyGap    = 16
	keyEdge   = 16
)

func (k *Keyboard) measure() fyne.Size {
	rows := float32(len(k.rows))
	return fyne.NewSize(k.st.Px(10*88+11*keyGap), k.st.Px(rows*keyHeight+(rows-1)*keyGap+2*24))
}

func (k *Keyboard) place(size fyne.Size) {
	st := k.st
	put(k.ground, 0, 0, size.Width, size.Height)
	gap, edge := st.Px(keyGap), st.Px(keyEdge)
	unit := (size.Width - 2*edge - 9*gap) / 10
	h := st.Px(keyHeight)
	y := (size.Height - float32(len(k.rows))*(h+gap) + gap) / 2
	for _, row := range k.rows {
		used, stretch := -gap, float32(0)
		for _, key := range row {
			w := keyUnits(key)
			stretch += w.stretch
			used += w.units*unit + (w.units-1)*gap + gap
		}
		spare := max(0, size.Width-2*edge-used)
		x := edge
		if stretch == 0 {
			x, spare = edge+spare/2, 0
		}
		for _, key := range row {
			u := keyUnits(key)
			w := u.units*unit + (u.units-1)*gap
			if stretch > 0 {
				w += spare * u.stretch / stretch
			}
			put(key, x, y, w, h)
			x += w + gap
		}
		y += h + gap
	}
}

// ground is what a touch between the keys hits: it keeps the field.
type ground struct {
	base
	rect *canvas.Rectangle
	tap  func()
}

func newGround(st look.Style, tap func()) *ground {
	g := &ground{rect: canvas.NewRectangle(st.Board), tap: tap}
	g.st = st
	g.objects = []fyne.CanvasObject{g.rect}
	g.ExtendBaseWidget(g)
	return g
}

// Tapped keeps the field focused.
func (g *ground) Tapped(*fyne.PointEvent) { g.tap() }

// CreateRenderer implements fyne.Widget.
func (g *ground) CreateRenderer() fyne.WidgetRenderer { return drawing{g} }

func (g *ground) measure() fyne.Size   { return fyne.Size{} }
func (g *ground) place(size fyne.Size) { put(g.rect, 0, 0, size.Width, size.Height) }
