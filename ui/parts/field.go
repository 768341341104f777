package parts

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/text/unicode/norm"

	"vaxkiosk/app/request"
	"vaxkiosk/ui/look"
)

// Field is a line of text to type, its name above and what is wrong with it
// below.
type Field struct {
	base
	told
	label     *Text
	ring, box *canvas.Rectangle
	entry     *input
	active    bool
	changed   func(string)
	mode      Mode
	of        request.Field
	onFocus   func(*Field)
	moved     func() // text or cursor has changed
}

// FieldSpec describes a field.
type FieldSpec struct {
	Tag, Label string
	Mode       Mode
	Of         request.Field // says how much there is room for
	Width      float32
	Changed    func(string) // a letter was typed, also one that there was no room for
	Submit     func()       // the Enter key
}

// NewField returns an empty field.
func NewField(st look.Style, spec FieldSpec) *Field {
	f := &Field{
		label: Label(st, spec.Width, spec.Label), mode: spec.Mode, of: spec.Of, changed: spec.Changed,
		ring: canvas.NewRectangle(color.Transparent), box: canvas.NewRectangle(st.Card),
		told: told{fault: NewFault(st, spec.Width)},
	}
	f.st = st
	f.entry = newInput(spec.Tag, f)
	f.entry.OnChanged = func(s string) { spec.Changed(s) }
	f.entry.submit = spec.Submit
	f.ring.StrokeWidth, f.box.StrokeWidth = st.Px(look.Ring), st.Px(look.Stroke)
	f.box.CornerRadius = st.Px(look.Radius)
	f.objects = []fyne.CanvasObject{f.label, f.box, f.ring, f.entry, f.fault}
	f.ExtendBaseWidget(f)
	f.paint()
	return f
}

// CreateRenderer implements fyne.Widget.
func (f *Field) CreateRenderer() fyne.WidgetRenderer { return drawing{f} }

// Fill replaces the text without reporting it, the cursor goes to the end.
func (f *Field) Fill(s string) {
	f.entry.OnChanged = nil
	f.entry.SetText(s)
	f.entry.CursorColumn = len([]rune(s))
	f.entry.OnChanged = func(s string) { f.changed(s) }
	f.entry.Refresh()
	f.follow()
}

// Text returns what is typed.
func (f *Field) Text() string { return f.entry.Text }

// Tell says what is wrong; "" for nothing.
func (f *Field) Tell(problem string) {
	f.say(problem)
	f.Refresh()
}

// OnFocus sets who is told when the field gets the cursor.
func (f *Field) OnFocus(do func(*Field)) { f.onFocus = do }

// Target is the entry, to be focused.
func (f *Field) Target() fyne.Focusable { return f.entry }

// Before is the text left of the cursor.
func (f *Field) Before() string {
	letters := []rune(f.entry.Text)
	return string(letters[:min(f.entry.CursorTextOffset(), len(letters))])
}

// Type enters a letter at the cursor. A combining mark joins the letter before.
func (f *Field) Type(r rune) {
	before := []rune(f.Before())
	if len(before) > 0 && norm.NFD.PropertiesString(string(r)).CCC() != 0 {
		last := string(before[len(before)-1])
		joined := []rune(norm.NFC.String(last + string(r)))
		if len(joined) != 1 {
			return // no such letter
		}
		f.Delete()
		r = joined[0]
	}
	f.entry.put(r)
}

// takes reports whether there is room for a letter at the cursor, and anything to see of
// it. What is pasted in or scanned would grow without end.
func (f *Field) takes(r rune) bool {
	before := f.Before()
	text := norm.NFC.String(before + string(r) + strings.TrimPrefix(f.entry.Text, before))
	return request.Kept(f.of, text) == text
}

// Delete takes the letter left of the cursor away.
func (f *Field) Delete() {
	f.entry.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	f.follow()
}

func (f *Field) follow() {
	if f.moved != nil {
		f.moved()
	}
}

// Active reports whether the field is marked as the one that is typed into.
func (f *Field) Active() bool { return f.active }

// activate marks the field the keyboard types into.
func (f *Field) activate(on bool) {
	f.active = on
	f.Refresh()
}

func (f *Field) paint() {
	f.box.StrokeColor, f.ring.StrokeColor = f.st.Edge, color.Transparent
	if f.Wrong() {
		f.box.StrokeColor = f.st.Error
	}
	if f.active {
		f.box.StrokeColor, f.ring.StrokeColor = color.Transparent, f.st.Focus
	}
}

func (f *Field) boxHeight() float32 { return max(f.st.Px(112), f.entry.MinSize().Height) }

func (f *Field) measure() fyne.Size {
	near := f.st.Px(10)
	h := f.label.MinSize().Height + near + f.boxHeight()
	if f.fault.Visible() {
		h += near + f.fault.MinSize().Height
	}
	return fyne.NewSize(f.label.width, h)
}

func (f *Field) place(size fyne.Size) {
	near, y := f.st.Px(10), float32(0)
	put(f.label, 0, y, size.Width, f.label.MinSize().Height)
	y += f.label.MinSize().Height + near
	h := f.boxHeight()
	put(f.box, 0, y, size.Width, h)
	put(f.ring, 0, y, size.Width, h)
	f.ring.CornerRadius = f.st.Px(look.Radius)
	put(f.entry, f.st.Px(8), y, size.Width-f.st.Px(16), h)
	y += h + near
	put(f.fault, 0, y, size.Width, f.fault.MinSize().Height)
}

// input is Fyne's entry without clipboard, menu and undo.
type input struct {
	widget.Entry
	tag    string
	field  *Field
	submit func() // may be nil
}

func newInput(tag string, f *Field) *input {
	i := &input{tag: tag, field: f}
	i.Wrapping, i.Scroll = fyne.TextWrapOff, fyne.ScrollHorizontalOnly
	i.ExtendBaseWidget(i)
	return i
}

// Tag names the entry.
func (i *input) Tag() string { return i.tag }

// CreateRenderer leaves Fyne's own box and border out: the field draws them.
func (i *input) CreateRenderer() fyne.WidgetRenderer { return bare{i.Entry.CreateRenderer()} }

// bare is the renderer of an entry without its first two objects.
type bare struct{ fyne.WidgetRenderer }

func (b bare) Objects() []fyne.CanvasObject { return b.WidgetRenderer.Objects()[2:] }

// Typed returns what is typed.
func (i *input) Typed() string { return i.Text }

// Tapped brings the keyboard to this entry.
func (i *input) Tapped(*fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(i); c != nil {
		c.Focus(i)
	}
	i.field.follow()
}

// MouseDown places the cursor. Above and below the line Fyne would take it to an
// end of the text.
func (i *input) MouseDown(e *desktop.MouseEvent) {
	e.Position.Y = i.Size().Height / 2
	i.Entry.MouseDown(e)
	i.field.follow()
}

// Dragged selects nothing: the next key would take away what a finger marked.
func (i *input) Dragged(*fyne.DragEvent) {}

// DoubleTapped selects nothing, too.
func (i *input) DoubleTapped(e *fyne.PointEvent) { i.Tapped(e) }

// TypedRune takes a letter from a real keyboard.
func (i *input) TypedRune(r rune) {
	keysOf(i).do(func() { i.put(r) })
}

// put enters a letter, by whatever keyboard.
func (i *input) put(r rune) {
	if i.field.takes(r) {
		i.Entry.TypedRune(r)
	} else {
		i.field.changed(i.Text) // it was a touch, too
	}
	i.field.follow()
}

// TypedKey takes a key that is no letter. Enter is taken when it goes down.
func (i *input) TypedKey(e *fyne.KeyEvent) {
	keysOf(i).typed(i, e)
	if enters(e) || e.Name == fyne.KeyTab {
		return
	}
	keysOf(i).do(func() {
		i.Entry.TypedKey(e)
		i.field.follow()
	})
}

// KeyDown enters what is typed, once for each time Enter is pressed.
func (i *input) KeyDown(e *fyne.KeyEvent) {
	i.Entry.KeyDown(e)
	switch {
	case !keysOf(i).press(i, e):
	case enters(e):
		i.selected()
	default:
		keysOf(i).inField(i, e, true)
	}
}

func (i *input) selected() {
	if !keysOf(i).into(i) && i.submit != nil {
		i.submit()
	}
}

// AcceptsTab keeps the Tab key from Fyne: it goes through the order of the page.
func (i *input) AcceptsTab() bool { return true }

// KeyUp implements desktop.Keyable.
func (i *input) KeyUp(e *fyne.KeyEvent) {
	i.Entry.KeyUp(e)
	keysOf(i).Up(e)
}

// Cursor is how many letters are left of the cursor.
func (i *input) Cursor() int { return i.CursorTextOffset() }

// SetCursor places it.
func (i *input) SetCursor(n int) {
	i.CursorColumn = max(0, min(n, len([]rune(i.Text))))
	i.Refresh()
	i.field.follow()
}

// FocusGained tells the screen, which brings the keyboard.
func (i *input) FocusGained() {
	i.Entry.FocusGained()
	keysOf(i).gained(i)
	if i.field.onFocus != nil {
		i.field.onFocus(i.field)
	}
}

// MinSize is one line of text.
func (i *input) MinSize() fyne.Size {
	m := i.Entry.MinSize()
	m.Width = 0
	return m
}

// TypedShortcut refuses copy, cut, paste and undo: they outlive the visitor.
func (i *input) TypedShortcut(fyne.Shortcut) {}

// TappedSecondary is a touch, not the menu that offers them.
func (i *input) TappedSecondary(e *fyne.PointEvent) { i.Tapped(e) }

// capital reports whether the next letter of a name is a capital.
func capital(before string) bool {
	return before == "" || strings.ContainsRune(" -'’.", []rune(before)[len([]rune(before))-1])
}
