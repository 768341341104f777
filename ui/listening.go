package ui

import (
	"image/color"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/app/keypad"
	"vaxkiosk/app/speech"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
)

// Listening: a visit by ear. While speech is on, texts are stops as well, a new screen says its
// heading, what appears on a screen is said, and so is what is typed. Whoever looks sees a ring
// around what is being said. Every key and every touch is silence first.

// Speaker says utterances (app/speech).
type Speaker interface {
	Begin(visit uint64)
	Set(speech.Settings)
	Say(speech.Utterance)
	Again()
	Stop()
}

// listening is where a visitor is who listens.
type listening struct {
	to    Speaker // nil: nobody can be spoken to here
	visit uint64
	voice visit.Voice       // of the snapshot before
	jack  bool              // headphones were in
	place screenKey         // of the screen whose stops these are
	lang  string            // they are in
	idle  bool              // the idle question lies over it
	at    fyne.CanvasObject // the text that is read, nil while something has the focus
	texts []string          // on the screen, as they were said or could be
	value voiced            // what had the focus, with what was typed
	ring  *canvas.Rectangle
}

// SetSpeaker has the screens speak. Without it speech is not offered.
func (u *UI) SetSpeaker(s Speaker) { u.ear.to = s }

// speak does what a snapshot means for whoever listens.
func (u *UI) speak() {
	e := &u.ear
	if e.to == nil || u.page == nil {
		return
	}
	if u.v.Number != e.visit {
		e.to.Begin(u.v.Number)
		*e = listening{to: e.to, visit: u.v.Number, ring: e.ring, jack: u.v.Headphones}
	}
	was, out := e.voice, e.jack && !u.v.Headphones
	e.voice, e.jack = u.v.Voice, u.v.Headphones
	t := u.reader()
	e.to.Set(speech.Settings{Louder: u.v.Voice.Louder, Faster: u.v.Voice.Faster, Paused: u.v.Voice.Paused, Private: u.v.Private(), Hidden: t.key("speech.hidden")})
	defer u.drawRing()
	switch {
	case !u.v.Voice.On:
		if was.On {
			e.to.Stop()
		}
		*e = listening{to: e.to, visit: e.visit, voice: e.voice, jack: e.jack, ring: e.ring}
	case !was.On:
		u.arrive(u.greeting())
	case u.key.place() != e.place || u.lang() != e.lang || (u.idle != nil) != e.idle:
		u.arrive(nil)
	case out:
		u.tells(speech.Announce, t.key("speech.unplugged"))
	case was.Louder != e.voice.Louder:
		u.tells(speech.Echo, t.key("speech.volume", "n", strconv.Itoa(10*(visit.Volumes+e.voice.Louder))))
	case was.Faster != e.voice.Faster:
		u.tells(speech.Echo, t.key("speech.rate", "n", strconv.Itoa(speech.Percent(e.voice.Faster))))
	default:
		u.notice()
	}
}

func (u *UI) reader() reader { return reader{w: u.words(u.lang()), visit: u.v.Number} }

// greeting is what is said first. At the start nobody has picked a language: it is said in each.
func (u *UI) greeting() (all []speech.Piece) {
	if u.v.State != visit.Welcome {
		return []speech.Piece{u.reader().key("speech.again")}
	}
	for _, l := range u.v.Site.Languages {
		p := reader{w: u.words(l.Tag)}.key("speech.welcome")
		p.Pause = 4 * pause
		all = append(all, p)
	}
	return all
}

// voices are the stops there are now: of what lies over the screen, or of the page.
func (u *UI) voices() (all []voiced) {
	if u.idle != nil {
		for _, s := range parts.Sayings(u.idle.card) {
			all = append(all, voiced{Saying: s})
		}
		return all
	}
	all = u.page.says()
	if u.v.State == visit.Welcome { // in several languages: the greeting has said it
		all = slices.DeleteFunc(all, func(s voiced) bool { return s.Role == parts.Reads })
	}
	return all
}

// arrive is a new screen: its heading is said, after something else, and is where the visitor is.
func (u *UI) arrive(before []speech.Piece) {
	e := &u.ear
	all := u.voices()
	e.place, e.lang, e.idle, e.texts, e.value = u.key.place(), u.lang(), u.idle != nil, textsOf(all), voiced{}
	kind, t := speech.Screen, u.reader()
	if e.idle {
		kind = speech.Warning
	}
	pieces := before
	first := slices.IndexFunc(all, func(s voiced) bool { return s.Role == parts.Reads && !isProgress(s) })
	for i, s := range all {
		if s.Role != parts.Reads || i > first+1 {
			continue
		}
		pieces = append(pieces, t.words(s)...)
	}
	e.at = nil
	if first >= 0 && !e.idle {
		e.at, e.value = all[first].Of, all[first]
		u.win.Canvas().Unfocus()
	} else if f := u.win.Canvas().Focused(); f != nil {
		if i := slices.IndexFunc(all, func(s voiced) bool { return s.Focus == f }); i >= 0 {
			pieces, e.value = append(pieces, t.stop(all[i], i, len(all)).Pieces...), all[i]
		}
	}
	e.to.Say(speech.Utterance{Visit: u.v.Number, Kind: kind, Pieces: pieces})
}

func isProgress(s voiced) bool { _, is := s.Of.(*parts.Progress); return is }

// notice says what has appeared on the screen, and what was typed.
func (u *UI) notice() {
	e := &u.ear
	all := u.voices()
	now := textsOf(all)
	if e.stay(all); e.at != nil {
		u.win.Canvas().Unfocus() // a screen that is built anew has put the focus somewhere
	}
	var fresh []speech.Piece
	for _, s := range all {
		for _, text := range s.Words {
			if !slices.ContainsFunc(e.texts, func(old string) bool { return still(old) == still(text) }) {
				level := speech.Public
				if s.personal {
					level = speech.Personal
				}
				fresh = append(fresh, u.reader().text(text, level)...)
			}
		}
	}
	e.texts = now
	if fresh != nil {
		u.tells(speech.Announce, fresh...)
		return
	}
	f := u.win.Canvas().Focused()
	if i := slices.IndexFunc(all, func(s voiced) bool { return s.Focus != nil && s.Focus == f }); i >= 0 {
		u.echo(e.value, all[i])
		e.value = all[i]
	}
}

// stay finds the text that is read on the screen that was built anew, in another size say.
func (e *listening) stay(all []voiced) {
	if e.at == nil || slices.ContainsFunc(all, func(s voiced) bool { return s.Of == e.at }) {
		return
	}
	if i := slices.IndexFunc(all, func(s voiced) bool { return s.Role == e.value.Role && slices.Equal(s.Words, e.value.Words) }); i >= 0 {
		e.at = all[i].Of
	} else {
		e.at = nil
	}
}

// echo says what was typed: the letter, or the word that a space has ended; of a PIN how many digits
// there are.
func (u *UI) echo(before, now voiced) {
	t := u.reader()
	switch {
	case before.Focus != now.Focus || before.N == now.N && before.Value == now.Value:
	case now.Secret:
		u.tells(speech.Echo, t.kind(now)...)
	case len(now.Value) > len(before.Value):
		r, _ := utf8.DecodeLastRuneInString(now.Value)
		if words := strings.Fields(now.Value); r == ' ' && len(words) > 0 {
			u.tells(speech.Echo, speech.Name(words[len(words)-1])...)
			return
		}
		u.tells(speech.Echo, speech.Signs(string(r), t.w.Lang(), speech.Personal)...)
	default:
		u.tells(speech.Echo, t.kind(now)...)
	}
}

// over says which key of the keyboard on the screen the cursor is on. Where it goes tells what is
// typed: that is for headphones.
func (u *UI) over(words string) {
	switch {
	case !u.hears():
	case words == "":
		u.tells(speech.Focus, u.reader().key("speech.keyboard"))
	case utf8.RuneCountInString(words) == 1:
		u.tells(speech.Focus, speech.Signs(words, u.lang(), speech.Personal)...)
	default:
		u.tells(speech.Focus, speech.Piece{Text: words, Lang: u.lang(), Level: speech.Personal})
	}
}

// still is a text without what counts up or down in it.
func still(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, text)
}

func textsOf(all []voiced) (texts []string) {
	for _, s := range all {
		texts = append(texts, s.Words...)
	}
	return texts
}

func (u *UI) tells(kind speech.Kind, pieces ...speech.Piece) {
	u.ear.to.Say(speech.Utterance{Visit: u.v.Number, Kind: kind, Pieces: pieces})
}

// newEar is nobody listening.
func newEar() listening { return listening{ring: canvas.NewRectangle(color.Transparent)} }

// hears reports whether somebody listens.
func (u *UI) hears() bool { return u.ear.to != nil && u.v.Voice.On }

// walk goes to the next stop, or the one before, and says it.
func (u *UI) walk(by int) {
	e := &u.ear
	all := u.voices()
	f := u.win.Canvas().Focused()
	at := slices.IndexFunc(all, func(s voiced) bool { return s.Focus != nil && s.Focus == f || f == nil && s.Of == e.at })
	to := at + by
	t := u.reader()
	if to < 0 || to >= len(all) {
		u.tells(speech.Focus, t.key(map[bool]string{true: "speech.last", false: "speech.first"}[by > 0]))
		return
	}
	u.goTo(all, to)
}

// goTo makes a stop the one that keys are for, and says it.
func (u *UI) goTo(all []voiced, to int) {
	e, s := &u.ear, all[to]
	e.value = s
	if s.Focus != nil && !s.Off {
		e.at = nil
		u.win.Canvas().Focus(s.Focus)
	} else {
		e.at = s.Of
		u.win.Canvas().Unfocus()
		u.page.scrollTo(s.Of)
	}
	u.drawRing()
	e.to.Say(u.reader().stop(s, to, len(all)))
}

// scrollTo scrolls to something that cannot have the focus.
func (p *page) scrollTo(o fyne.CanvasObject) {
	p.left.ShowInside(o)
	p.right.ShowInside(o)
}

// drawRing puts the ring around the text that is read.
func (u *UI) drawRing() {
	e := &u.ear
	e.ring.Hidden = true
	if e.at != nil && u.v.Voice.On {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(e.at)
		d := u.st.Px(look.Ring + 4)
		e.ring.StrokeColor, e.ring.StrokeWidth, e.ring.CornerRadius = u.ringColour(), u.st.Px(look.Ring), u.st.Px(look.Radius)
		e.ring.Move(at.SubtractXY(d, d))
		e.ring.Resize(e.at.Size().AddWidthHeight(2*d, 2*d))
		e.ring.Hidden = false
	}
	canvas.Refresh(e.ring)
}

func (u *UI) ringColour() color.Color {
	if u.page.hero {
		return u.st.FocusBar
	}
	return u.st.Focus
}

// aim brings the focus to something, which is said to whoever listens.
func (u *UI) aim(f fyne.Focusable) {
	if u.hears() {
		all := u.voices()
		if i := slices.IndexFunc(all, func(s voiced) bool { return s.Focus == f }); i >= 0 {
			u.goTo(all, i)
			return
		}
	}
	u.win.Canvas().Focus(f)
}

// hush is silence: a key or a finger has come down.
func (u *UI) hush() {
	if u.ear.to != nil {
		u.ear.to.Stop()
	}
}

// commandByEar does what a key is for that is about speech, and reports whether it is.
func (u *UI) commandByEar(c keypad.Command) bool {
	if u.ear.to == nil {
		return false
	}
	do := map[keypad.Command]visit.Action{
		keypad.Speech: visit.Listen{On: !u.v.Voice.On}, keypad.Pause: visit.Hush{}, keypad.Louder: visit.Louder{By: 1}, keypad.Softer: visit.Louder{By: -1},
		keypad.Faster: visit.Faster{By: 1}, keypad.Slower: visit.Faster{By: -1}, keypad.JackIn: visit.Plug{In: true}, keypad.JackOut: visit.Plug{},
	}
	switch a := do[c]; {
	case a != nil:
		u.page.k.do(a)
	case c == keypad.Repeat:
		u.ear.to.Again()
	default:
		return false
	}
	return true
}
