package parts

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"golang.org/x/text/unicode/norm"

	"vaxkiosk/ui/look"
)

// Mode is what a field is for; it decides which keys there are.
type Mode int

// The modes.
const (
	Names   Mode = iota // letters, accents; a part of a name starts with a capital
	Email               // letters, digits and the characters of an address
	Receipt             // capitals and digits
	Words               // letters and digits, for anything in words
	Address             // small letters, digits and the characters of a machine's address
)

// Keyboard is the touch keyboard. It types into the field it was given last and
// gives the focus back to it after every touch, also one that missed a key.
//
// A letter held down opens a fan of its variants; the accents key leads to the
// same letters for people who do not hold. One touch of shift is for one letter,
// a second one locks, a third releases. What a real keyboard types goes into the
// field directly, and the keys follow it. The keyboard holds nothing typed.
type Keyboard struct {
	base
	words  KeyWords
	lang   string // "es", "vi"; "" for no letters of its own
	mode   Mode
	layer  string // of layers
	shift  bool   // the next letter is a capital
	lock   bool   // and all that follow
	pushes int    // touches of shift since a letter
	target *Field
	ground *ground
	stop   *cells
	rows   [][]*key
	fan    *fan // open over a key, or nil
	next   func()
	touch  func()
}

// KeyWords are the words on keys, and the language they are in as a BCP 47 tag:
// names get its letters as keys. Shift, Caps and Delete are said, not shown.
type KeyWords struct {
	Lang                                string
	Space, Next, Letters, Accents, More string
	Shift, Caps, Delete                 string
}

// NewKeyboard returns a keyboard. next is called by its Next key, touch by a
// touch that types nothing.
func NewKeyboard(st look.Style, mode Mode, words KeyWords, next, touch func()) *Keyboard {
	k := &Keyboard{words: words, lang: primary(words.Lang), mode: mode, layer: firstLayer[mode], next: next, touch: touch}
	k.st = st
	k.ground = newGround(st, k.missed, k.refocus)
	k.stop = newCells(st, func() [][]*key { return k.rows }, k.Target, k.Refresh)
	k.stop.mark = func() {
		if k.target != nil && k.stop.in {
			k.target.activate(true)
		}
	}
	k.ExtendBaseWidget(k)
	k.build()
	return k
}

// SetTarget makes the keyboard type into a field. The same field again changes
// nothing: it only has the focus again.
func (k *Keyboard) SetTarget(f *Field) {
	f.activate(true)
	if k.target == f {
		return
	}
	if k.target != nil {
		k.target.activate(false)
		k.target.moved = nil
	}
	k.target = f
	f.moved = k.follow
	k.follow()
}

// Target is what the keyboard types into, nil before SetTarget.
func (k *Keyboard) Target() fyne.Focusable {
	if k.target == nil {
		return nil
	}
	return k.target.Target()
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
	k.rows, k.objects, k.fan = nil, []fyne.CanvasObject{k.stop, k.ground}, nil
	for _, row := range k.rowsOf(k.layer) {
		var keys []*key
		for _, token := range strings.Fields(row) {
			key := k.key(token)
			keys, k.objects = append(keys, key), append(k.objects, key)
		}
		k.rows = append(k.rows, keys)
	}
	k.objects = append(k.objects, k.stop.ring)
	k.relabel()
}

// key makes the key of a token. Held down, a letter with variants offers them.
func (k *Keyboard) key(token string) *key {
	spec := k.spec(token)
	spec.left = k.refocus
	var made *key
	if all := k.variantsOf(token); len(all) > 0 {
		spec.stay = func() { k.open(made, all) }
	}
	made = newKey(k.st, spec)
	return made
}

// spec describes the key of a token: a letter, or a word with its own meaning.
func (k *Keyboard) spec(token string) keySpec {
	s := keySpec{tag: "key." + token, label: token, size: look.KeySize}
	word := func(label string, do func()) keySpec {
		return keySpec{tag: s.tag, label: label, size: look.LeadSize, dim: true, tap: do}
	}
	switch token {
	case "shift":
		return keySpec{tag: s.tag, icon: "shift", dim: true, tap: k.turnShift, says: k.shiftSays}
	case "delete":
		return keySpec{
			tag: s.tag, icon: "delete", dim: true, tap: k.delete, repeats: true, says: func() string { return k.words.Delete },
		}
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
			s.label, s.size = "◌"+token, look.FieldSize // a mark is small
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
	if k.layer != "names" && k.letters() && unicode.IsLetter([]rune(s)[0]) {
		k.turnTo("names") // one accent, then plain letters again
	}
	k.refocus()
}

// letters reports whether there are layers of letters.
func (k *Keyboard) letters() bool { return k.mode == Names || k.mode == Words }

func (k *Keyboard) delete() {
	if k.target != nil {
		k.target.Delete()
	}
	k.refocus()
}

func (k *Keyboard) goOn() {
	k.touch()
	k.next()
}

// turnShift is a touch of shift.
func (k *Keyboard) turnShift() {
	k.pushes++
	switch {
	case k.lock:
		k.shift, k.lock, k.pushes = false, false, 0
	case k.pushes == 2:
		k.shift, k.lock = true, true
	default:
		k.shift = !k.shift
	}
	k.relabel()
	k.missed()
}

func (k *Keyboard) shiftSays() string {
	if k.lock {
		return k.words.Caps
	}
	return k.words.Shift
}

// pathOfShift are the touches of shift that turn it over.
func (k *Keyboard) pathOfShift() []string {
	if k.shift && !k.lock && k.pushes == 1 {
		return []string{"key.shift", "key.shift"} // the first of them locks
	}
	return []string{"key.shift"}
}

// turnTo shows another layer.
func (k *Keyboard) turnTo(layer string) {
	k.layer = layer
	k.build()
	k.Refresh()
}

// follow is called when the text or the cursor has changed, by whatever
// keyboard: capitals come at the start of a part of a name, and go after it.
func (k *Keyboard) follow() {
	k.close()
	k.pushes = 0
	k.shift = k.lock || k.mode == Names && capital(k.target.Before())
	k.relabel()
}

// missed is a touch that types nothing.
func (k *Keyboard) missed() {
	k.touch()
	k.refocus()
}

// refocus gives the focus back to the field, as long as the keyboard is there.
func (k *Keyboard) refocus() {
	if k.target == nil || !shown(k) {
		return
	}
	fyne.CurrentApp().Driver().CanvasForObject(k).Focus(k.target.Target())
}

// relabel shows what the keys type now.
func (k *Keyboard) relabel() {
	for _, row := range k.rows {
		for _, key := range row {
			token := strings.TrimPrefix(key.spec.tag, "key.")
			switch {
			case token == "shift":
				key.light(k.shift)
				key.lock(k.lock)
			case len([]rune(token)) == 1 && !isTone(token):
				key.relabel(k.shows(token))
			}
		}
	}
}

// shows is the letter as it would be typed now.
func (k *Keyboard) shows(letter string) string {
	if k.shift || k.mode == Receipt {
		return strings.ToUpper(letter)
	}
	return letter
}
