package tour

import (
	"image"
	"testing"

	"github.com/jezek/xgb/xproto"

	"vaxkiosk/app/visit"
)

// black reports whether nothing can be seen.
func black(picture *image.RGBA) bool {
	for i, part := range picture.Pix {
		if i%4 != 3 && part != 0 {
			return false
		}
	}
	return true
}

// At night the screen is black. The touch that lights it shows the welcome screen and chooses
// nothing there, though a finger cannot know what lies under it; so does a key. A visit at night
// is like any other.
func TestTheNightIsBlackUntilSomebodyTouchesIt(t *testing.T) {
	r := openReal(t, "540x960", puppetNight+"=yes")
	welcome := r.still()
	x, y := r.middle("welcome.en")
	for _, c := range []struct {
		what, clock string
		touch       func()
	}{
		{"a finger", "3h", func() { r.tapAt(x, y) }},
		{"a key", "3h2m", func() { r.keyed(36) }}, // nobody has come for two minutes
	} {
		r.tells("clock " + c.clock)
		r.until("darkness before "+c.what, func() bool { return black(r.picture()) })
		c.touch()
		r.until("light after "+c.what, func() bool { return !black(r.picture()) })
		r.shows("welcome", welcome, 0.001)
		if v := r.state(); v.State != visit.Welcome {
			t.Errorf("%s that lights the screen leads to %s", c.what, screenName(v))
		}
	}
	r.goes("welcome.en", "choosing")
	r.tells("clock 3h3m")
	r.goes("choose.help", "helping")
	if black(r.picture()) {
		t.Error("it is dark in a visit")
	}
}

// keyed presses keys of a real keyboard, all of them before the first is let go.
func (r *real) keyed(codes ...byte) {
	r.t.Helper()
	for _, code := range codes {
		r.fake(xproto.KeyPress, code, 0, 0)
	}
	for _, code := range codes {
		r.fake(xproto.KeyRelease, code, 0, 0)
	}
}
