package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vaxkiosk/app/keypad"
)

// Keys is the real keyboard of a window, shared by all of its parts.
//
// Fyne calls TypedKey and TypedRune when a key goes down and again and again
// while it stays down; KeyDown it calls once. So what is done once (a touch by
// Enter or the space bar, entering what is typed) hangs on KeyDown, and a letter
// that repeats is known as one: Held reports it meanwhile. A key that went down on
// something else does nothing here: whoever holds it while the screen changes has to
// let it go first.
//
// What a key is for, if it is for anything but letters, the bindings say; Do does it. A key
// that writes a character is for that wherever one is typed. The Tab key goes from thing to
// thing as Next does, and back with Shift.
//
// Parts find the keys of their window through its content, whose layout hands
// them out. Without them every key counts as pressed anew.
type Keys struct {
	Pressed func()                                // a key went down: somebody is there
	Focused func(fyne.Focusable)                  // a part has got the focus
	Beside  func(e *fyne.KeyEvent) fyne.Focusable // gives the focus, which nothing has, to what a key is for
	Bound   keypad.Bindings
	Do      func(keypad.Command) // never Select and Choose: those are for what has the focus
	Over    func(words string)   // the cursor in the keys on the screen has come to one; "": it has left them

	on    fyne.Focusable // saw the key go down
	key   fyne.KeyEvent
	down  bool // the key has not come up
	fresh bool // what the key types at once is still to come
	turn  turn
	held  bool
	loose bool // letters were typed that nothing takes
	shift bool // is down
	wrote bool // the last key in a field was one that writes: arrows move its cursor
	// steered says that whoever is there goes by keys that write nothing. Without letters on
	// them, Select on a field cannot mean that it is filled in: it goes to the keys on the screen.
	steered bool
	mute    map[fyne.HardwareKey]bool // keys without a name that are down
}

// turn is what the typing under way comes from.
type turn int

const (
	first   turn = iota // a key that went down here just now
	again               // one that is held here
	foreign             // one that went down elsewhere
)

// KeysOf returns the keys of a window, nil when its content has none.
func KeysOf(c fyne.Canvas) *Keys {
	root, ok := c.Content().(*fyne.Container)
	if !ok {
		return nil
	}
	if l, ok := root.Layout.(interface{ Keys() *Keys }); ok {
		return l.Keys()
	}
	return nil
}

// keysOf returns the keys of the window a part is in.
func keysOf(o fyne.CanvasObject) *Keys {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil {
		return KeysOf(c)
	}
	return nil
}

// Held reports whether what is reported right now comes from a key that is held
// down, again: nobody needs to be there for that.
func (k *Keys) Held() bool { return k != nil && k.held }

// DownBeside is a key that goes down while nothing has the focus.
func (k *Keys) DownBeside(e *fyne.KeyEvent) {
	if c := k.commandOf(e); c != keypad.None && c != keypad.Select && !keypad.Writes(string(e.Name)) {
		if k.press(nil, e) {
			k.steer(e)
			k.Do(c)
		}
		return
	}
	if to, ok := k.Beside(e).(desktop.Keyable); ok {
		to.KeyDown(e)
		return
	}
	k.press(nil, e)
}

// Up is a key that comes up, whatever has the focus.
func (k *Keys) Up(e *fyne.KeyEvent) {
	if k == nil {
		return
	}
	delete(k.mute, e.Physical)
	if shifts(e) {
		k.shift = false
	}
	if *e == k.key {
		k.down, k.fresh = false, false
	}
}

// press takes a key that goes down on a part, and reports whether it really does:
// of keys without a name the repeats come as presses, too.
func (k *Keys) press(on fyne.Focusable, e *fyne.KeyEvent) bool {
	if k == nil {
		return true
	}
	if e.Name == fyne.KeyUnknown {
		if k.mute[e.Physical] {
			return false
		}
		if k.mute == nil {
			k.mute = map[fyne.HardwareKey]bool{}
		}
		k.mute[e.Physical] = true
	}
	k.on, k.key, k.down, k.fresh = on, *e, true, true
	k.shift = k.shift || shifts(e)
	if k.Pressed != nil {
		k.Pressed()
	}
	return true
}

// typed begins what a key types: TypedKey comes before the letters.
func (k *Keys) typed(on fyne.Focusable, e *fyne.KeyEvent) {
	if k == nil {
		return
	}
	switch {
	case k.on != on || !k.down || *e != k.key:
		k.turn = foreign
	case k.fresh:
		k.turn = first
	default:
		k.turn = again
	}
	k.fresh = false
}

// do does what the key under way types, unless it went down elsewhere.
func (k *Keys) do(f func()) {
	if k == nil {
		f()
		return
	}
	if k.turn == foreign {
		return
	}
	k.held = k.turn == again
	defer func() { k.held = false }()
	f()
}

// stray is a letter on a part that is not typed into: a scanner knows nothing of
// screens.
func (k *Keys) stray() {
	if k != nil && k.key.Name != fyne.KeySpace {
		k.loose = true
	}
}

// ends reports whether Enter, or a space, belongs to letters that nothing took. It
// is no touch then.
func (k *Keys) ends(e *fyne.KeyEvent) bool {
	if k == nil || !k.loose {
		return false
	}
	k.loose = !enters(e)
	return true
}

// gained is called when a part has got the focus.
func (k *Keys) gained(on fyne.Focusable) {
	if k == nil {
		return
	}
	k.loose, k.wrote = false, false
	if k.Focused != nil {
		k.Focused(on)
	}
}

// enters reports whether a key enters what is typed.
func enters(e *fyne.KeyEvent) bool { return e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter }

func shifts(e *fyne.KeyEvent) bool {
	return e.Name == desktop.KeyShiftLeft || e.Name == desktop.KeyShiftRight
}

// commandOf is what a key is for.
func (k *Keys) commandOf(e *fyne.KeyEvent) keypad.Command {
	switch {
	case e.Name != fyne.KeyTab:
		return k.Bound.Of(string(e.Name), e.Physical.ScanCode)
	case k.shift:
		return keypad.Previous
	}
	return keypad.Next
}

// command does what a key is for that went down on a part, and reports whether it is for
// anything. Choosing is the part's own.
func (k *Keys) command(on fyne.Focusable, e *fyne.KeyEvent) bool {
	if k == nil {
		return false
	}
	c := k.commandOf(e)
	switch c {
	case keypad.None:
		return false
	case keypad.Select, keypad.Choose:
		if s, ok := on.(interface{ selected() }); ok {
			s.selected()
		}
	default:
		k.steer(e)
		if o, ok := on.(fyne.CanvasObject); ok && fyne.CurrentApp().Driver().CanvasForObject(o) != nil { // it is there still
			k.Do(c)
		}
	}
	return true
}

// steer notes a key that leads from thing to thing: keypads have no Tab key.
func (k *Keys) steer(e *fyne.KeyEvent) { k.steered = e.Name != fyne.KeyTab }

// inField is a key that went down where letters or digits are typed: those that write go
// there, and once one has, so do the keys that move the cursor.
func (k *Keys) inField(on fyne.Focusable, e *fyne.KeyEvent, cursor bool) bool {
	if k == nil {
		return false
	}
	switch e.Name {
	case fyne.KeyHome, fyne.KeyEnd, fyne.KeyBackspace, fyne.KeyDelete:
		k.wrote = true
		return false
	case fyne.KeyLeft, fyne.KeyRight:
		if cursor && k.wrote {
			return false
		}
	default:
	}
	if keypad.Writes(string(e.Name)) {
		k.wrote, k.steered = true, false
		return false
	}
	k.wrote = false
	return k.command(on, e)
}
