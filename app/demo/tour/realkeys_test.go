package tour

import (
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"vaxkiosk/app/visit"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/registry"
)

// A real keyboard alone, in a real window: the X server repeats a held key as it
// does for a person who leans on one.

const symSpace xproto.Keysym = ' '

// longHeld is long enough for a key to repeat many times.
const longHeld = 2 * time.Second

func (r *real) key(sym xproto.Keysym, kind byte) {
	r.t.Helper()
	code := r.keys.keys[sym].code
	if err := xtest.FakeInputChecked(r.x.Conn, kind, code, xproto.TimeCurrentTime, r.x.Root.Root, 0, 0, 0).Check(); err != nil {
		r.t.Fatalf("type on the display: %v", err)
	}
}

// focus is the tag of what has the focus.
func (r *real) focus() (tag string) {
	r.t.Helper()
	r.asks("focus", &tag)
	return tag
}

// tabs presses Tab until the focus is on something.
func (r *real) tabs(tag string) {
	r.t.Helper()
	for range 40 {
		at := r.focus()
		if at == tag {
			return
		}
		r.strike(symTab)
		r.until("the focus to leave "+at, func() bool { return r.focus() != at })
	}
	r.t.Fatalf("Tab does not come to %s, it is at %q", tag, r.focus())
}

// enters presses Enter until the visit is as wanted, as patient people do: a screen
// that has just come takes no key that acts. While the kiosk is at work nobody does.
func (r *real) enters(what string, wanted func(visit.Visit) bool) {
	r.t.Helper()
	struck := time.Time{}
	r.until(what, func() bool {
		v := r.state()
		if wanted(v) {
			return true
		}
		if v.Waiting == nil && time.Since(struck) > time.Second {
			r.strike(symReturn)
			struck = time.Now()
		}
		return false
	})
}

// entersTo presses Enter on a button, which leads to a screen.
func (r *real) entersTo(tag, screen string) {
	r.t.Helper()
	r.tabs(tag)
	r.enters(screen, func(v visit.Visit) bool { return screenName(v) == screen })
	r.keep(screen, r.still())
}

func TestAHeldEnterActsOnceInARealWindow(t *testing.T) {
	for name, sym := range map[string]xproto.Keysym{"Enter": symReturn, "space": symSpace} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := openReal(t, "1080x1920")
			for _, c := range []struct{ tag, next string }{
				{"welcome.en", "choosing"}, {"choose.ask", "consent"}, {"consent.agree", "declaring"}, {"declare.self", "declaring-self"},
			} {
				r.until("the focus on "+c.tag, func() bool { return r.focus() == c.tag })
				r.still()
				time.Sleep(longHeld) // the screen has been seen
				r.key(sym, xproto.KeyPress)
				r.awaitScreen(c.next)
				time.Sleep(longHeld)
				if at := screenName(r.state()); at != c.next {
					t.Fatalf("%s held on %s goes on to %s", name, c.tag, at)
				}
				r.key(sym, xproto.KeyRelease)
			}
		})
	}
}

// Letters of a held key arrive, and keep no visit open.
func TestABookOnTheKeyboardKeepsNoVisitOpen(t *testing.T) {
	t.Parallel()
	r := openReal(t, "1080x1920")
	r.goes("welcome.en", "choosing")
	r.goes("choose.collect", "collecting")
	r.until("the field", func() bool { return r.focus() == "collect.number" })
	r.still() // a key that goes down while the screen is still being made is another screen's
	r.key('a', xproto.KeyPress)
	r.await("letters that repeat", func(v visit.Visit) bool { return len(v.Track.Typed) > 2 })
	r.tells("clock 1m")
	time.Sleep(longHeld)
	r.tells("clock " + (visit.WarnAfter + 5*time.Second).String())
	r.await("the question whether somebody is there", func(v visit.Visit) bool { return v.IdleWarning })
	r.keep("still", r.picture())
	r.key('a', xproto.KeyRelease)
	r.strike(symTab) // somebody is
	r.await("the visit to go on", func(v visit.Visit) bool { return !v.IdleWarning && len(v.Track.Typed) > 2 })
}

func TestAWholeVisitByKeyboardAlone(t *testing.T) {
	for _, size := range bothWays {
		t.Run(size, func(t *testing.T) {
			t.Parallel()
			r, p := openReal(t, size), visitorOf(t)
			r.keep("welcome", r.still())
			r.formByKey(p)
			r.pickupByKey(p)
			r.entersTo("record.print", "done")
			if r.printed() != 1 {
				t.Errorf("%d documents were printed", r.printed())
			}
			r.tabs("done.finish")
			r.enters("the end", func(v visit.Visit) bool { return v.State == visit.Welcome })
		})
	}
}

// formByKey answers all questions up to the review.
func (r *real) formByKey(p registry.Person) {
	r.t.Helper()
	r.entersTo("welcome.en", "choosing")
	r.entersTo("choose.ask", "consent")
	r.entersTo("consent.agree", "declaring")
	r.entersTo("declare.self", "declaring-self")
	r.entersTo("declare.accept", "form-name")
	r.tabs("form.given")
	r.write("", p.Given, func(v visit.Visit) string { return v.Form.Draft.Given })
	r.tabs("form.family")
	r.write("", p.Family, func(v visit.Visit) string { return v.Form.Draft.Family })
	r.enters("form-birth", func(v visit.Visit) bool { return screenName(v) == "form-birth" })
	r.until("the date", func() bool { return r.focus() == "birth.month" })
	r.keep("form-birth", r.still())
	r.write("", american(p.Birth), func(v visit.Visit) string { return american(v.Form.Draft.Birth) })
	r.entersTo("form.next", "form-gender")
	r.tabs("gender." + string(p.Gender))
	r.enters("the gender", func(v visit.Visit) bool { return v.Form.Draft.Gender == p.Gender })
	r.entersTo("form.next", "form-contact")
	r.tabs("contact.phone")
	r.enters("the phone", func(v visit.Visit) bool { return v.Form.Draft.Contact != "" })
	r.until("the number", func() bool { return r.focus() == "form.phone" })
	r.write("", strings.TrimPrefix(p.Phone, "+1"), func(v visit.Visit) string { return v.Form.Draft.Phone })
	for _, c := range []struct {
		screen, tag string
		of          func(visit.Visit) string
	}{
		{"form-pin", "form.pin", func(v visit.Visit) string { return v.Form.Draft.PIN }},
		{"form-pin-again", "form.pin-again", func(v visit.Visit) string { return v.Form.Draft.PINAgain }},
	} {
		r.enters(c.screen, func(v visit.Visit) bool { return screenName(v) == c.screen })
		r.until(c.tag, func() bool { return r.focus() == c.tag })
		r.keep(c.screen, r.still())
		r.write("", pinFor(p), c.of)
	}
	r.enters("review", func(v visit.Visit) bool { return v.State == visit.Review })
	r.keep("review", r.still())
}

// pickupByKey goes on from the review to the open record.
func (r *real) pickupByKey(p registry.Person) {
	r.t.Helper()
	r.entersTo("review.send", "sent")
	var messages []notice.Message
	r.until("a pickup code", func() bool { r.asks("phone", &messages); return len(messages) > 0 })
	r.await("the answer", func(v visit.Visit) bool { return v.Unlock.Answered })
	r.entersTo("sent.unlock", "unlocking")
	r.write("", sixDigits.FindString(messages[len(messages)-1].Text), func(v visit.Visit) string { return v.Unlock.Code })
	r.enters("the PIN", func(v visit.Visit) bool { return v.Unlock.AtPIN })
	r.until("unlock.pin", func() bool { return r.focus() == "unlock.pin" })
	r.write("", pinFor(p), func(v visit.Visit) string { return v.Unlock.PIN })
	r.enters("ready", func(v visit.Visit) bool { return v.State == visit.Ready })
	r.keep("ready", r.still())
}
