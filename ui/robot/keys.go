package robot

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vaxkiosk/ui/parts"
)

// A real keyboard as Fyne's desktop driver reports it: a key that goes down comes
// as KeyDown, and then, like each of its repeats, as TypedKey and TypedRune.

// Press presses a key and lets it go. Tab moves the focus.
func (r *Robot) Press(key fyne.KeyName) { r.Hold(key, 0) }

// Hold presses a key, which repeats, and lets it go.
func (r *Robot) Hold(key fyne.KeyName, repeats int) {
	r.Down(key)
	for range repeats {
		r.Again(key)
	}
	r.Up(key)
}

// ShiftTab moves the focus back.
func (r *Robot) ShiftTab() {
	r.Down(desktop.KeyShiftLeft)
	r.Press(fyne.KeyTab)
	r.Up(desktop.KeyShiftLeft)
}

// Strike types text key by key, as a person does or a scanner.
func (r *Robot) Strike(text string) {
	for _, letter := range text {
		r.Press(keyOf(letter))
	}
}

// Down presses a key.
func (r *Robot) Down(key fyne.KeyName) {
	r.send(event(key), desktop.Keyable.KeyDown, (*parts.Keys).DownBeside)
	r.Again(key)
}

// Up lets it go.
func (r *Robot) Up(key fyne.KeyName) { r.send(event(key), desktop.Keyable.KeyUp, (*parts.Keys).Up) }

// Again reports a key as the driver does when it goes down, and with each repeat while it
// is held.
func (r *Robot) Again(key fyne.KeyName) {
	typeKey, typeRune := r.canvas.OnTypedKey(), r.canvas.OnTypedRune()
	if f := r.canvas.Focused(); f != nil {
		typeKey = f.TypedKey
	}
	typeKey(event(key))
	if f := r.canvas.Focused(); f != nil {
		typeRune = f.TypedRune
	}
	if letter := letterOf(key); letter != 0 {
		typeRune(letter)
	}
}

// send gives a key to what has the focus, or else to the window.
func (r *Robot) send(e *fyne.KeyEvent, to func(desktop.Keyable, *fyne.KeyEvent), or func(*parts.Keys, *fyne.KeyEvent)) {
	if f := r.canvas.Focused(); f != nil {
		if k, ok := f.(desktop.Keyable); ok {
			to(k, e)
		}
		return
	}
	or(parts.KeysOf(r.canvas), e)
}

// event is a key. A letter keeps its case in the name, so that it can be typed. "scan:191" is
// one that has no name.
func event(key fyne.KeyName) *fyne.KeyEvent {
	if number, is := strings.CutPrefix(string(key), "scan:"); is {
		if code, err := strconv.Atoi(number); err == nil {
			return &fyne.KeyEvent{Physical: fyne.HardwareKey{ScanCode: code}}
		}
	}
	return &fyne.KeyEvent{Name: key}
}

func keyOf(letter rune) fyne.KeyName {
	if letter == ' ' {
		return fyne.KeySpace
	}
	return fyne.KeyName(letter)
}

// letterOf is what a key types, 0 for nothing.
func letterOf(key fyne.KeyName) rune {
	if key == fyne.KeySpace {
		return ' '
	}
	if letters := []rune(key); len(letters) == 1 {
		return letters[0]
	}
	return 0
}

// Focus is the tag of what has the focus, "" for nothing.
func (r *Robot) Focus() string {
	if t, ok := r.canvas.Focused().(parts.Tagged); ok {
		return t.Tag()
	}
	return ""
}

// TabTo moves the focus to what has the tag, and reports whether it came there: it goes
// on to the end, and then back.
func (r *Robot) TabTo(tag string) bool {
	for _, step := range []func(){func() { r.Press(fyne.KeyTab) }, r.ShiftTab} {
		for before := "-"; r.Focus() != before; step() {
			if before = r.Focus(); before == tag {
				return true
			}
		}
	}
	return false
}
