// Package ui draws a visit and turns touches into events. Besides app/window and tours it
// is the only place that knows Fyne.
//
//	u := ui.New(window, desk.Post)
//	u.Show(snapshot, time.Now()) // on the main goroutine, after every event and every second
//
// A screen is built when the visit enters it, and again when language, text
// size, contrast or window change; every later snapshot updates it in place.
// Screens hold no truth: what is typed goes to the visit at once, and comes back
// into a field only when its screen is built, so that an echo never takes letters
// away. Every event carries the number of the visit its screen was built for, so
// a touch that comes late belongs to nobody. When the number changes, all screens
// and messages are cleared. A new screen takes no touch until it has been seen for a moment,
// and one touch acts once (shield.go). A real keyboard does all that a finger does: the
// focus has a place on every screen, and a held key acts once and keeps nothing open. What each
// key is for is configuration (SetKeypad), the order of the stops that of the page (stops.go).
//
// Each screen, or a few that belong together, has a file of its name; what several share
// is in kit.go, and where things are on a page in page.go.
//
// The package refuses to import the desk, to keep a value of its own about the
// visitor, and to phrase a sentence: all words come from the catalogue.
package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"vaxkiosk/app/visit"
	"vaxkiosk/assets"
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
	"vaxkiosk/ui/words"
)

// UI is the content of one window. All methods belong to the main goroutine.
type UI struct {
	win      fyne.Window
	send     func(visit.Event)
	root     *fyne.Container
	size     fyne.Size
	v        visit.Visit
	now      time.Time
	shown    bool // a snapshot has come
	key      screenKey
	style    styleKey
	st       look.Style
	theme    look.Theme
	page     *page
	idle     *idle
	messages []Message
	shield   shield
	acts     uint64        // sent so far
	typed    bool          // on this screen, by whatever means
	built    int           // screens so far
	mix      func() string // another order of the ten digits
	wiped    time.Time     // when the visit before ended; zero once Fyne has forgotten it, too
	sight    Sight         // what must be seen
	dot      *dot          // on every screen
	onPaint  func(Sight)
	keys     parts.Keys
	at       fyne.Focusable // had the focus last, on this screen
	forth    forward
	ear      listening
	clock    func() time.Time
	later    func(time.Duration, func()) *time.Timer
	words    func(lang string) *words.Catalogue
}

// forgetAfter is how long after a wipe the window is painted anew. Fyne drops
// what it has drawn before only when it paints, and a welcome screen stands still.
const forgetAfter = 30 * time.Second

// New fills the window. send must not block and may be called at any time; it
// gets what the visitor does.
func New(win fyne.Window, send func(visit.Event)) *UI {
	u := &UI{win: win, send: send, mix: mixedDigits, later: later, clock: time.Now, words: words.Of, shield: shield{calm: Calm}, ear: newEar()}
	u.theme.Style = look.For(fyne.NewSize(look.Short, look.Long), visit.Look{})
	fyne.CurrentApp().Settings().SetTheme(&u.theme)
	u.dot = newDot(u.painted)
	u.root = container.New(u)
	win.SetPadded(false)
	win.SetContent(u.root)
	u.listen()
	return u
}

// later does something on the window's goroutine after a while.
func later(wait time.Duration, do func()) *time.Timer {
	return time.AfterFunc(wait, func() { fyne.Do(do) })
}

// Show brings the window up to date with a visit.
func (u *UI) Show(v visit.Visit, now time.Time) {
	handed := v.Acted < u.v.Acted // to a kiosk that counts its own acts: it never took those before
	if handed {
		u.acts = 0
	}
	if v.Number != u.v.Number || handed {
		u.messages, u.wiped = nil, now
	}
	u.v, u.now, u.shown = v, now, true
	u.acts = max(u.acts, v.Acted) // of a window before this one
	u.sync()
	u.speak()
	u.see()
	u.settle()
	u.cover()
	if now.Before(u.wiped) { // the clock was put back: count anew
		u.wiped = now
	}
	if !u.wiped.IsZero() && now.Sub(u.wiped) >= forgetAfter {
		u.wiped = time.Time{}
		canvas.Refresh(u.root)
	}
}

// MinSize implements fyne.Layout: any window is fine.
func (u *UI) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// Layout implements fyne.Layout: a new window size means new screens.
func (u *UI) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		if o == fyne.CanvasObject(u.dot.Raster) {
			continue
		}
		o.Move(fyne.Position{})
		o.Resize(size)
	}
	if size != u.size {
		u.size = size
		u.sync()
	}
}

// screenKey is everything a screen is built for; what is not in it is updated.
type screenKey struct {
	styleKey
	number uint64
	state  visit.State
	lang   string
	part   string // question, topic or step of the state
	out    string
	mixed  bool
}

type styleKey struct {
	size fyne.Size
	look visit.Look
}

func (u *UI) screenKey() screenKey {
	k := screenKeyOf(u.v)
	k.size = u.size
	return k
}

// screenKeyOf is the key of a visit's screen in a window of any size.
func screenKeyOf(v visit.Visit) screenKey {
	k := screenKey{styleKey: styleKey{look: v.Look}, number: v.Number, state: v.State, lang: v.Lang, part: partOf(v), mixed: v.Mixed}
	if v.State == visit.OutOfService && v.OutOfOrder != nil {
		k.out = string(v.OutOfOrder.Code) + v.OutOfOrder.Detail
	}
	return k
}

// partOf names the step within a state.
func partOf(v visit.Visit) string {
	switch v.State {
	case visit.Consent:
		if v.Form.FullText {
			return "full"
		}
	case visit.Helping:
		return v.Help.Topic
	case visit.Declaring:
		return string(v.Form.Draft.Relation) + string(v.Form.Draft.Capacity)
	case visit.Filling:
		return fmt.Sprint(v.Form.Question, v.Form.Draft.Contact, v.Form.Draft.Single, v.Form.Hint)
	case visit.Amending:
		return string(v.Form.Draft.Fix.Kind)
	case visit.Tracking:
		return string(v.Track.Progress)
	case visit.FirstStart:
		return fmt.Sprint(v.AtInvitation())
	case visit.Done:
		if v.Print.HandedOn && v.Unlock.Record == nil {
			return "over"
		}
	case visit.ConfirmPIN:
		return fmt.Sprint(v.Unlock.Left)
	case visit.Unlocking:
		return partOfUnlocking(v)
	default:
	}
	return ""
}

func partOfUnlocking(v visit.Visit) string {
	switch {
	case v.Unlock.Over:
		return "over"
	case v.NotShown():
		return "not-shown"
	case v.Unlock.AtPIN:
		return "pin"
	}
	return ""
}

// sync builds what has to be built and updates the rest.
func (u *UI) sync() {
	if !u.shown || u.size.Width < 1 || u.size.Height < 1 {
		return
	}
	reads, built := u.ear.at, u.built
	defer func() {
		if built != u.built {
			u.ear.at = reads // the focus of a new screen says nothing of who listens
		}
	}()
	if key := u.screenKey(); u.page == nil || key != u.key {
		before, was := u.at, u.key
		if key.place() != u.key.place() {
			before, u.typed = nil, false
		}
		u.key = key
		u.build(resized(was, key))
		u.placeFocus(before)
	}
	if u.page.refresh(u.v, u.now); u.page.outgrown() {
		before := u.at
		u.build(false)
		u.placeFocus(before)
	}
	u.syncIdle()
}

// resized tells screens apart that differ in the size of the text alone.
func resized(a, b screenKey) bool {
	size := a.look.Size
	a.look.Size = b.look.Size
	return a == b && size != b.look.Size
}

// build makes the screen of the state and puts it into the window. For the one that
// differs in the size of the text the way there may go on at once.
func (u *UI) build(resized bool) {
	if u.key.styleKey != u.style || u.page == nil {
		u.style = u.key.styleKey
		u.st = look.For(u.size, u.v.Look)
		u.theme.Style = u.st
	}
	u.retire()
	u.built++
	k := u.kit()
	u.page = u.fitting(k)
	ground := canvas.NewRectangle(u.st.Page)
	if u.page.hero {
		ground.FillColor = u.st.Bar
	}
	catcher := parts.NewCatcher(k.touch)
	whole := []fyne.CanvasObject{ground, catcher, u.page.whole}
	for _, o := range whole {
		o.Move(fyne.Position{})
		o.Resize(u.size)
	}
	u.root.Objects = append(whole, u.ear.ring, u.dot.Raster, u.coverPage(resized))
	u.raise()
	u.page.live = true
	canvas.Refresh(u.root)
}

// lang is the visitor's language, before that the first one offered.
func (u *UI) lang() string {
	switch {
	case u.v.Lang != "":
		return u.v.Lang
	case len(u.v.Site.Languages) > 0:
		return u.v.Site.Languages[0].Tag
	}
	return assets.Languages[0].Tag
}

// screens build the screen of each state, but for OutOfService, which is what is
// left.
var screens = map[visit.State]func(*kit) *page{
	visit.Welcome:      (*kit).welcome,
	visit.Choosing:     (*kit).choosing,
	visit.Helping:      (*kit).helping,
	visit.Reporting:    (*kit).reporting,
	visit.Consent:      (*kit).consent,
	visit.Declaring:    (*kit).declaring,
	visit.Filling:      (*kit).filling,
	visit.Review:       (*kit).reviewing,
	visit.Saving:       (*kit).saving,
	visit.Sent:         (*kit).sent,
	visit.Collecting:   (*kit).collecting,
	visit.Unlocking:    (*kit).unlocking,
	visit.NoCode:       (*kit).noCode,
	visit.Resending:    (*kit).resending,
	visit.StaffIn:      (*kit).staffIn,
	visit.StaffAsking:  (*kit).staffAsking,
	visit.StaffCheck:   (*kit).staffCheck,
	visit.Upkeep:       (*kit).upkeep,
	visit.TestPrinting: (*kit).testPrinting,
	visit.Fetching:     (*kit).fetching,
	visit.Ready:        (*kit).ready,
	visit.Amending:     (*kit).amending,
	visit.Amended:      (*kit).amended,
	visit.Slipping:     (*kit).slipping,
	visit.Tracking:     (*kit).tracking,
	visit.TrackAsking:  (*kit).trackAsking,
	visit.Printing:     (*kit).printing,
	visit.PrintFailed:  (*kit).notPrinted,
	visit.PrintUnknown: (*kit).notPrinted,
	visit.Done:         (*kit).done,
	visit.ConfirmPIN:   (*kit).confirmPIN,
	visit.FirstStart:   (*kit).firstStart,
	visit.Enrolling:    (*kit).enrolling,
}

// screen builds the screen of the state.
func (k *kit) screen() *page {
	if build, is := screens[k.v.State]; is {
		return build(k)
	}
	return k.outOfService()
}
