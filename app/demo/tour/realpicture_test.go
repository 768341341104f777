package tour

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// What the screen of a real window shows. With VAXKIOSK_PICTURES set to a folder, the
// pictures that a test is about are left there.

// picture is what the screen shows now.
func (r *real) picture() *image.RGBA {
	r.t.Helper()
	m, err := r.x.picture()
	if err != nil {
		r.t.Fatal(err)
	}
	return m
}

// still is what the screen shows once it stands still. A screen takes touches only
// when it has been painted; before, the one before it may stand still.
func (r *real) still() *image.RGBA {
	r.t.Helper()
	r.calm()
	before := r.picture()
	for late := time.Now().Add(realPatience); time.Now().Before(late); {
		time.Sleep(60 * time.Millisecond)
		now := r.picture()
		if slices.Equal(before.Pix, now.Pix) && !oneColour(now) {
			return now
		}
		before = now
	}
	r.t.Fatal("the screen never stands still")
	return nil
}

// oneColour reports whether a picture has one colour.
func oneColour(m *image.RGBA) bool {
	for i := 4; i < len(m.Pix); i += 4 {
		if m.Pix[i] != m.Pix[0] || m.Pix[i+1] != m.Pix[1] || m.Pix[i+2] != m.Pix[2] {
			return false
		}
	}
	return true
}

// differ is the share of pixels in which two pictures differ, 1 for other sizes.
func differ(a, b *image.RGBA) float64 {
	if a.Rect != b.Rect {
		return 1
	}
	n := 0
	for i := 0; i < len(a.Pix); i += 4 {
		if a.Pix[i] != b.Pix[i] || a.Pix[i+1] != b.Pix[i+1] || a.Pix[i+2] != b.Pix[i+2] {
			n++
		}
	}
	return float64(n) / float64(len(a.Pix)/4)
}

// shows waits until the screen looks like a picture, but for a share of its pixels.
func (r *real) shows(what string, want *image.RGBA, but float64) {
	r.t.Helper()
	var now *image.RGBA
	for late := time.Now().Add(realPatience); time.Now().Before(late); time.Sleep(60 * time.Millisecond) {
		if now = r.picture(); differ(now, want) <= but {
			return
		}
	}
	r.keep(what+"-is", now)
	r.keep(what+"-should-be", want)
	r.t.Fatalf("the screen does not show %s: %.1f %% of it differ; the visit is at %s", what, 100*differ(now, want), screenName(r.state()))
}

// keep saves a picture where pictures of tests are asked for.
func (r *real) keep(name string, m image.Image) {
	dir := os.Getenv("VAXKIOSK_PICTURES")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, strings.ReplaceAll(r.t.Name(), "/", "-")+"-"+name+".png"))
	if err != nil {
		r.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, m); err != nil {
		r.t.Fatal(err)
	}
}
