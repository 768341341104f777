package tour

import (
	"image"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/ui"
)

// One touch, one act, by real fingers in a real window.

// tries is how often a test of double taps begins anew when the machine was too slow
// for two taps to be one.
const tries = 8

// twice is somebody who touches everything twice.
type twice struct {
	*real
	gap  time.Duration
	late bool // two taps were so far apart that the second may count: this try says nothing
}

// calm waits until the screen takes touches.
func (r *real) calm() {
	r.t.Helper()
	r.until("the screen to take touches", func() (calm bool) {
		r.asks("calm", &calm)
		return calm
	})
}

// tap touches something twice. The visit must then be at a screen, and stay there.
func (d *twice) tap(tag, screen string) {
	d.t.Helper()
	if d.late {
		return
	}
	d.calm()
	x, y := d.middle(tag)
	number := d.state().Number
	if tag == "done.finish" {
		number++ // the one button that ends the visit
	}
	begin := time.Now()
	d.tapAt(x, y)
	time.Sleep(d.gap - time.Since(begin))
	d.tapAt(x, y)
	if d.late = time.Since(begin) > ui.Calm; d.late {
		return
	}
	d.awaitScreen(screen)
	d.calm()
	d.keep(d.gap.String()+"-"+tag, d.picture())
	if v := d.state(); screenName(v) != screen || v.Number != number {
		d.keep("after-"+tag, d.picture())
		d.t.Errorf("%s twice in %v: visit %d is at %s, want visit %d at %s", tag, d.gap, v.Number, screenName(v), number, screen)
		d.late = true
	}
}

// types types, unless this try is over.
func (d *twice) types(text string, arrived func(visit.Visit) string) {
	d.t.Helper()
	if !d.late {
		d.write("", text, arrived)
	}
}

// must checks something of the visit.
func (d *twice) must(what string, holds func(visit.Visit) bool) {
	d.t.Helper()
	if !d.late && !holds(d.state()) {
		d.t.Errorf("%v: %s", d.gap, what)
	}
}

// begins asks for a record, and goes back to the menu in between: no tap of Back too
// many ends the visit.
func (d *twice) begins() {
	d.t.Helper()
	d.tap("welcome.en", "choosing")
	d.tap("choose.ask", "consent")
	d.tap("consent.agree", "declaring")
	d.tap("declare.self", "declaring-self")
	d.tap("declare.accept", "form-name")
	d.must("a letter was typed", func(v visit.Visit) bool { return v.Form.Draft.Given == "" })
	d.tap("form.back", "declaring-self")
	d.tap("form.back", "declaring")
	d.tap("form.back", "consent")
	d.tap("form.back", "choosing")
	d.tap("choose.ask", "consent")
	d.tap("consent.agree", "declaring")
	d.tap("declare.self", "declaring-self")
	d.tap("declare.accept", "form-name")
}

func (d *twice) fills(p registry.Person) {
	d.t.Helper()
	d.types(p.Given, func(v visit.Visit) string { return v.Form.Draft.Given })
	if !d.late {
		d.real.write("form.family", p.Family, func(v visit.Visit) string { return v.Form.Draft.Family })
	}
	d.tap("form.next", "form-birth")
	d.types(american(p.Birth), func(v visit.Visit) string { return american(v.Form.Draft.Birth) })
	d.tap("form.next", "form-gender")
	d.must("a gender was chosen", func(v visit.Visit) bool { return v.Form.Draft.Gender == "" })
	d.tap("gender."+string(p.Gender), "form-gender")
	d.tap("form.next", "form-contact")
	d.must("a contact was chosen", func(v visit.Visit) bool { return v.Form.Draft.Contact == "" })
	d.tap("contact.phone", "form-contact")
	d.must("a digit was typed", func(v visit.Visit) bool { return v.Form.Draft.Contact == request.ByPhone && v.Form.Draft.Phone == "" })
	d.types(strings.TrimPrefix(p.Phone, "+1"), func(v visit.Visit) string { return v.Form.Draft.Phone })
	d.tap("form.next", "form-pin")
	d.types(pinFor(p), func(v visit.Visit) string { return v.Form.Draft.PIN })
	d.tap("form.next", "form-pin-again")
	d.must("something was refused before it was asked", func(v visit.Visit) bool { return len(v.Form.Problems) == 0 })
	d.types(pinFor(p), func(v visit.Visit) string { return v.Form.Draft.PINAgain })
	d.tap("form.next", "review")
}

func (d *twice) collects(p registry.Person) {
	d.t.Helper()
	var before, messages []notice.Message
	d.asks("phone", &before)
	printed := d.printed()
	d.tap("review.send", "sent")
	if !d.late {
		d.until("a pickup code", func() bool { d.asks("phone", &messages); return len(messages) > len(before) })
		d.await("the answer", func(v visit.Visit) bool { return v.Unlock.Answered })
	}
	d.tap("sent.unlock", "unlocking")
	if !d.late {
		d.types(sixDigits.FindString(messages[len(messages)-1].Text), func(v visit.Visit) string { return v.Unlock.Code })
	}
	d.tap("unlock.next", "unlocking-pin")
	d.types(pinFor(p), func(v visit.Visit) string { return v.Unlock.PIN })
	d.tap("unlock.next", "ready")
	if n := d.printed() - printed; !d.late && n != 0 {
		d.t.Errorf("%v: %d records printed that nobody has seen", d.gap, n)
	}
	d.tap("record.print", "done")
	if n := d.printed() - printed; !d.late && n != 1 {
		d.t.Errorf("%v: %d records printed, want one", d.gap, n)
	}
	d.tap("done.finish", "welcome")
	d.must("the next visit has begun", func(v visit.Visit) bool { return v.Lang == "" })
}

func TestAVisitByDoubleTapsGoesOneStepForEach(t *testing.T) {
	for _, size := range bothWays {
		t.Run(size, func(t *testing.T) {
			r, left := openReal(t, size), tries
			for _, gap := range []time.Duration{80, 120, 200, 300, 350} {
				for r.visitsByDoubleTaps(gap * time.Millisecond) {
					if left--; left == 0 {
						t.Skip("the machine is too slow to tap twice")
					}
					r = openReal(t, size)
				}
			}
		})
	}
}

// visitsByDoubleTaps makes a visit, and reports whether it was in vain.
func (r *real) visitsByDoubleTaps(gap time.Duration) (late bool) {
	r.t.Helper()
	d, p := &twice{real: r, gap: gap}, visitorOf(r.t)
	d.begins()
	d.fills(p)
	d.collects(p)
	if r.t.Failed() {
		r.t.FailNow()
	}
	return d.late
}

// in is the part of a picture where something is.
func in(m *image.RGBA, s spot) *image.RGBA {
	part := m.SubImage(image.Rect(s.X, s.Y, s.X+s.W, s.Y+s.H)).(*image.RGBA)
	copied := image.NewRGBA(image.Rect(0, 0, s.W, s.H))
	for y := range s.H {
		copy(copied.Pix[y*copied.Stride:(y+1)*copied.Stride], part.Pix[y*part.Stride:])
	}
	return copied
}

func TestAPressIsSeenInTheWindow(t *testing.T) {
	for _, size := range bothWays {
		r := openReal(t, size)
		r.goes("welcome.en", "choosing")
		r.goes("choose.collect", "collecting")
		for _, tag := range []string{"collect.next", "form.back", "key.7", "top.bigger", "collect.staff"} {
			r.calm()
			x, y := r.middle(tag)
			s, _ := r.spotOf(tag)
			before := r.still()
			r.press(x, y)
			r.until(tag+" to look pressed", func() bool { return differ(in(before, s), in(r.picture(), s)) > 0.5 })
			r.pointer(4, y) // slides off
			r.shows("before "+tag, before, 0.001)
			r.release(4, y)
		}
		r.await("nothing else", func(v visit.Visit) bool {
			return screenName(v) == "collecting" && v.Track.Typed == "" && v.Look == visit.Look{}
		})
	}
}

// Some touch drivers click the second button for a finger that stays.
func TestTheSecondButtonTouchesInTheWindow(t *testing.T) {
	r := openReal(t, bothWays[0])
	r.calm()
	for tag, screen := range map[string]string{"welcome.en": "choosing"} {
		x, y := r.middle(tag)
		r.pointer(x, y)
		r.fake(xproto.ButtonPress, 3, x, y)
		r.fake(xproto.ButtonRelease, 3, x, y)
		r.awaitScreen(screen)
	}
	r.goes("choose.collect", "collecting")
	r.calm()
	x, y := r.middle("key.7")
	r.pointer(x, y, xproto.ButtonPress)
	r.fake(xproto.ButtonPress, 3, x, y) // while the first is down
	r.fake(xproto.ButtonRelease, 3, x, y)
	r.fake(xproto.ButtonRelease, 1, x, y)
	r.await("a digit", func(v visit.Visit) bool { return v.Track.Typed != "" })
	r.tapAt(r.middle("key.k"))
	r.await("one digit and a letter", func(v visit.Visit) bool { return v.Track.Typed == "7K" })
}

func TestTwentyTapsOnAKeyLoseNothingInTheWindow(t *testing.T) {
	r := openReal(t, bothWays[0])
	r.goes("welcome.en", "choosing")
	r.goes("choose.ask", "consent")
	r.goes("consent.agree", "declaring")
	r.goes("declare.self", "declaring-self")
	r.goes("declare.accept", "form-name")
	r.calm()
	x, y := r.middle("key.n")
	for range 20 {
		r.tapAt(x, y)
		time.Sleep(60 * time.Millisecond)
	}
	r.await("twenty letters", func(v visit.Visit) bool { return v.Form.Draft.Given == "N"+strings.Repeat("n", 19) })
}
