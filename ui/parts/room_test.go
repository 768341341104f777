package parts

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
)

// The rules of the layout for keys, in pixels of a screen as large as the design.
const (
	smallestKey = 88
	between     = 16
)

// places are the windows and text sizes in which keys are measured.
func places(t *testing.T, do func(*testing.T, fyne.Size, visit.Look)) {
	for turn, window := range turns {
		for name, size := range map[string]int{"100": 0, "150": 2} {
			t.Run(turn+"-"+name, func(t *testing.T) { do(t, window, visit.Look{Size: size}) })
		}
	}
}

// lintKeys checks sizes, distances and words of keys that are there together.
func lintKeys(t *testing.T, keys []*key, w fyne.Window, inside fyne.CanvasObject) {
	t.Helper()
	d := fyne.CurrentApp().Driver()
	from := d.AbsolutePositionForObject(inside)
	to := from.Add(inside.Size())
	at := make([]fyne.Position, len(keys))
	for i, k := range keys {
		at[i] = d.AbsolutePositionForObject(k)
	}
	for i, k := range keys {
		at, size, others := at[i], k.Size(), at[:i]
		if size.Width < smallestKey-0.1 || size.Height < smallestKey-0.1 {
			t.Errorf("%s is %.1f×%.1f", k.Tag(), size.Width, size.Height)
		}
		if at.X < from.X || at.Y < from.Y || at.X+size.Width > to.X+0.1 || at.Y+size.Height > to.Y+0.1 {
			t.Errorf("%s at %v does not fit into %v to %v", k.Tag(), at, from, to)
		}
		lintFace(t, k)
		for j, far := range others {
			o := keys[j]
			if max(at.X-far.X-o.Size().Width, far.X-at.X-size.Width, at.Y-far.Y-o.Size().Height, far.Y-at.Y-size.Height) < between-0.1 {
				t.Errorf("%s and %s are too near", k.Tag(), o.Tag())
			}
		}
	}
}

// lintFace checks that what a key shows is large enough and not cut off.
func lintFace(t *testing.T, k *key) {
	t.Helper()
	size := k.Size()
	if k.label == nil {
		if bottom := k.bar.Position().Y + k.bar.Size().Height; k.icon.Size().Width > size.Width || k.icon.Position().Y < 0 || bottom > size.Height {
			t.Errorf("%s: its icon is cut off", k.Tag())
		}
		return
	}
	if need := k.label.MinSize(); need.Width > size.Width-4 || need.Height > size.Height || k.label.TextSize < 28 {
		t.Errorf("%s: %q at %.0f px needs %v of %v", k.Tag(), k.label.Text, k.label.TextSize, need, size)
	}
}

func TestKeysHaveRoomOnEveryLayer(t *testing.T) {
	places(t, func(t *testing.T, window fyne.Size, l visit.Look) {
		for _, lang := range langs {
			d := newDeskOf(t, Names, lang, window, l)
			height := d.keyboard.MinSize().Height
			for _, layer := range nameLayers {
				d.keyboard.turnTo(layer)
				lintKeys(t, d.keys(), d.win, d.keyboard)
				if got := d.keyboard.MinSize().Height; got != height {
					t.Errorf("%s: layer %s is %.0f high, not %.0f: it grows under the hand", lang, layer, got, height)
				}
			}
		}
		for _, mode := range []Mode{Email, Address, Receipt} {
			d := newDeskOf(t, mode, "en", window, l)
			lintKeys(t, d.keys(), d.win, d.keyboard)
		}
	})
}

func TestFansHaveRoomOverEveryKey(t *testing.T) {
	places(t, func(t *testing.T, window fyne.Size, l visit.Look) {
		for _, lang := range langs {
			d := newDeskOf(t, Names, lang, window, l)
			fans := 0
			for _, row := range d.keyboard.rows {
				for _, k := range row {
					if k.spec.stay == nil {
						continue
					}
					k.spec.stay()
					fans++
					f := d.keyboard.fan
					lintKeys(t, f.keys, d.win, f.beside)
					if end := f.keys[0].Position().Y + f.keys[0].Size().Height; end > k.Position().Y-between {
						t.Errorf("%s: the fan of %s covers it", lang, k.Tag())
					}
					if f.beside.Size() != window {
						t.Errorf("%s: the fan of %s takes touches in %v only", lang, k.Tag(), f.beside.Size())
					}
				}
			}
			if fans < 15 {
				t.Errorf("%s: only %d keys have variants", lang, fans)
			}
		}
	})
}

// The letter needed most is the nearest: over the key or at most a key away
// towards the edge of the board.
func TestTheFirstVariantIsNearTheFinger(t *testing.T) {
	d := newDeskOf(t, Names, "en", standing, visit.Look{})
	for _, tag := range []string{"key.a", "key.s", "key.n", "key.c", "key.o", "key.l", "key.i"} {
		d.open(t, tag)
		first, over := d.keyboard.fan.keys[0], d.keyboard.fan.over
		away := first.Position().X - over.Position().X
		if away > 320 || away < -320 {
			t.Errorf("%s: the first variant is %.0f px away", tag, away)
		}
		if len(d.keyboard.fan.keys) < 5 && (away > 1 || away < -1) {
			t.Errorf("%s: a short fan begins %.0f px beside its key", tag, away)
		}
		d.keyboard.close()
	}
}

func TestEveryKeyHasWords(t *testing.T) {
	for _, mode := range []Mode{Names, Email, Address, Receipt} {
		d := newDeskOf(t, mode, "es", standing, visit.Look{})
		for _, k := range d.keys() {
			if strings.TrimSpace(k.Says()) == "" {
				t.Errorf("%s says nothing", k.Tag())
			}
		}
	}
}
