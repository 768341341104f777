package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// One touch, one act. People tap twice, and the second tap must not act on the
// screen that the first has led to. Two rules keep that:
//
// What comes to the screen takes no touch until it has been seen for a moment, and
// no key that acts. Sheets over the screen swallow what comes down on them; that is
// a sign of life, and no more. Letters of a real keyboard or a scanner always arrive, and
// so does the key that enters them: who has typed here means this screen.
//
// As soon as something has acted, nothing else does until the visit has taken it and
// shown what became of it. Acts are numbered for that: the visit says which was the
// last that it has taken, so that no other snapshot can be mistaken for its answer.

// Calm is how long a new screen takes no touch once it can be seen.
const Calm = 400 * time.Millisecond

// mostCalm is how long a screen waits to be painted before it takes touches
// nevertheless.
const mostCalm = 3 * time.Second

// shield is the sheets over a screen, and over the idle question.
type shield struct {
	calm    time.Duration
	raised  time.Time // when the latest screen came
	until   time.Time // when it takes touches
	quiet   time.Time // until when nothing acts, though it takes touches
	paints  bool      // the window says when it has painted
	painted bool      // what came last
	covers  []*fyne.Container
	timer   *time.Timer
}

// SetCalm makes new screens take no touch for another time than Calm, none for tests
// that touch faster than people.
func (u *UI) SetCalm(d time.Duration) {
	u.shield.calm, u.shield.until = d, time.Time{}
	u.cover()
}

// fresh reports whether what is on the screen came so lately that nobody can mean it.
func (s *shield) fresh(now time.Time) bool {
	return s.calm > 0 && s.paints && !s.painted && now.Before(s.raised.Add(mostCalm)) || now.Before(s.until)
}

// raise begins the calm of something new.
func (u *UI) raise() {
	s, now := &u.shield, time.Now()
	if s.calm == 0 {
		return
	}
	s.raised, s.painted, s.until = now, false, now.Add(s.calm)
	u.dot.Refresh()
	u.cover()
}

// pause keeps everything from acting for a moment; what only types goes on.
func (u *UI) pause() { u.shield.quiet = time.Now().Add(u.shield.calm) }

// seen is called once the window has painted what came last: the calm begins.
func (u *UI) seen() {
	s := &u.shield
	s.paints = true
	if s.painted || s.calm == 0 {
		return
	}
	s.painted, s.until = true, time.Now().Add(s.calm)
	u.cover()
}

// cover covers the screen as long as it takes no touch.
func (u *UI) cover() {
	s, now := &u.shield, time.Now()
	fresh := s.fresh(now)
	for _, c := range s.covers {
		c.Hidden = !fresh && !u.busy() // a clear sheet needs no painting
	}
	if s.timer != nil {
		s.timer.Stop()
	}
	if fresh {
		s.timer = u.later(s.rest(now), u.cover)
	}
}

// rest is how long the calm lasts at least.
func (s *shield) rest(now time.Time) time.Duration {
	if now.Before(s.until) {
		return s.until.Sub(now)
	}
	return s.raised.Add(mostCalm).Sub(now)
}

// coverPage returns what covers the page that is being built, and no page before.
func (u *UI) coverPage(resized bool) *fyne.Container {
	var hole fyne.Position
	var gap fyne.Size
	if resized {
		hole, gap = u.page.bar.Sizes()
	}
	u.shield.covers = []*fyne.Container{u.newCover(hole, gap)}
	return u.shield.covers[0]
}

// newCover returns sheets over a whole layer but for a hole, which may be empty.
func (u *UI) newCover(hole fyne.Position, gap fyne.Size) *fyne.Container {
	box := container.NewWithoutLayout()
	box.Hidden = true // until something is raised
	add := func(x, y, w, h float32) {
		if w == 0 || h == 0 {
			return
		}
		sheet := parts.NewSheet(u.swallow)
		put(sheet, x, y, w, h)
		box.Objects = append(box.Objects, sheet)
	}
	w, h, right, low := u.size.Width, u.size.Height, hole.X+gap.Width, hole.Y+gap.Height
	add(0, 0, w, hole.Y)
	add(0, hole.Y, hole.X, gap.Height)
	add(right, hole.Y, w-right, gap.Height)
	add(0, low, w, h-low)
	box.Resize(u.size)
	return box
}

// swallow is a touch that does nothing. Fyne takes the focus away for it.
func (u *UI) swallow() {
	u.send(visit.Event{Visit: u.v.Number, Do: visit.Touch{}})
	c, built := u.win.Canvas(), u.built
	if to := c.Focused(); to != nil {
		fyne.Do(func() {
			if built == u.built {
				c.Focus(to)
			}
		})
	}
}

// busy reports whether something has acted and the visit has not answered yet.
func (u *UI) busy() bool { return u.acts > u.v.Acted }

// do sends what the visitor did on a screen.
func (u *UI) do(number uint64, built int, a visit.Action) {
	now := time.Now()
	switch e := u.event(number, a); {
	case !acts(a):
		u.typed = u.typed || types(a)
		u.send(e)
	case built != u.built || u.busy() || u.shield.fresh(now) && !u.typed || now.Before(u.shield.quiet):
		e.Do = visit.Touch{}
		u.send(e)
	default:
		u.acts++
		e.Act = u.acts
		u.cover()
		u.send(e)
	}
}

// acts reports whether an action leads on or changes something. The others may come as
// fast as fingers are, because each of them counts: typing, steps of dates and text size.
func acts(a visit.Action) bool {
	switch a.(type) {
	case visit.Touch, visit.Type, visit.TypeCode, visit.TypePIN, visit.TypeReceipt, visit.TypeQuery, visit.TypeStaffID, visit.TypeStaffPIN,
		visit.TypeAddress, visit.TypeInvitation, visit.PickBirth, visit.PickDay, visit.Resize:
		return false
	}
	return !voices(a)
}

// voices reports whether an action is about speech, which comes as fast as fingers are.
func voices(a visit.Action) bool {
	switch a.(type) {
	case visit.Listen, visit.Hush, visit.Louder, visit.Faster, visit.Darken, visit.Plug:
		return true
	}
	return false
}

// types reports whether an action that does not act fills something in.
func types(a visit.Action) bool {
	switch a.(type) {
	case visit.Touch, visit.Resize:
		return false
	}
	return !acts(a) && !voices(a)
}

// settle takes the marks off what was touched once the visit has answered.
func (u *UI) settle() {
	if u.busy() || u.page == nil {
		return
	}
	parts.Settle(u.page.whole)
	if u.idle != nil {
		parts.Settle(u.idle.card)
	}
}
