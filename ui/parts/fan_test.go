package parts

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vaxkiosk/app/visit"
)

const long, short = 600 * time.Millisecond, 300 * time.Millisecond

// wants checks what is typed and that the field can be typed into.
func (d *desk) wants(t *testing.T, text string) {
	t.Helper()
	if d.field.Text() != text || d.typed != text {
		t.Errorf("typed %q, reported %q, want %q", d.field.Text(), d.typed, text)
	}
	if d.win.Canvas().Focused() != d.field.Target() {
		t.Errorf("after %q the field has lost the focus", text)
	}
}

func TestALetterHeldDownOffersItsVariants(t *testing.T) {
	onDesk(t, Names, "en", func(t *testing.T, d *desk, f *hand) {
		d.write(t, "Jos")
		d.holdDown(t, f, "key.e", long)
		if d.keyboard.fan == nil {
			t.Fatal("no fan opens")
		}
		f.lift() // the finger lets go and comes again
		d.wants(t, "Jos")
		f.tap(middle(d.key(t, "variant.é")))
		d.wants(t, "José")
		if d.keyboard.fan != nil {
			t.Error("the fan stays")
		}
		f.tap(middle(d.key(t, "key.e")))
		d.wants(t, "Josée")
	})
}

func TestAFingerSlidesToAVariant(t *testing.T) {
	onDesk(t, Names, "en", func(t *testing.T, d *desk, f *hand) {
		d.write(t, "M")
		d.holdDown(t, f, "key.u", long)
		f.move(middle(d.key(t, "variant.ú")))
		if !d.key(t, "variant.ú").lit {
			t.Error("the letter under the finger is not lit")
		}
		f.move(middle(d.key(t, "variant.ü")))
		if d.key(t, "variant.ú").lit {
			t.Error("the letter that was left stays lit")
		}
		f.lift()
		d.wants(t, "Mü")
		f.pass(long)
		d.wants(t, "Mü")
	})
}

// Between a release and what it leads to, the window may report more.
func TestAFanTypesOnce(t *testing.T) {
	onDesk(t, Names, "en", func(t *testing.T, d *desk, f *hand) {
		d.write(t, "M")
		d.holdDown(t, f, "key.u", long)
		k := d.key(t, "variant.ú")
		f.move(middle(k))
		k.MouseUp(nil)
		k.MouseUp(nil)
		f.lift()
		d.wants(t, "Mú")
	})
}

func TestAVariantFollowsShift(t *testing.T) {
	onDesk(t, Names, "en", func(t *testing.T, d *desk, f *hand) {
		d.holdDown(t, f, "key.a", long)
		if shown := d.key(t, "variant.á").label.Text; shown != "Á" {
			t.Errorf("at the start of a name the fan shows %q, want Á", shown)
		}
		f.move(middle(d.key(t, "variant.á")))
		f.lift()
		d.wants(t, "Á")
		d.holdDown(t, f, "key.a", long)
		f.move(middle(d.key(t, "variant.á")))
		f.lift()
		d.wants(t, "Áá")
	})
}

func TestAShortTouchTypesOnceAndAtOnce(t *testing.T) {
	onDesk(t, Names, "en", func(t *testing.T, d *desk, f *hand) {
		for _, tag := range []string{"key.a", "key.n", "key.n", "key.a"} {
			d.holdDown(t, f, tag, short)
			f.lift()
		}
		d.wants(t, "Anna")
		f.pass(long) // nothing comes late
		d.wants(t, "Anna")
		d.holdDown(t, f, "key.q", long) // no variants
		f.lift()
		d.wants(t, "Annaq")
	})
}

func TestASlideOffAKeyTypesNothingAndKeepsTheField(t *testing.T) {
	onDesk(t, Names, "en", func(t *testing.T, d *desk, f *hand) {
		d.write(t, "A")
		d.holdDown(t, f, "key.e", short)
		f.move(middle(d.key(t, "key.e")).AddXY(0, 60)) // between two rows
		f.pass(long)
		f.lift()
		if d.keyboard.fan != nil {
			t.Error("a fan opens over a key that was left")
		}
		d.wants(t, "A")
	})
}

func TestATouchBesideTheFanClosesIt(t *testing.T) {
	for name, where := range map[string]func(*testing.T, *desk) fyne.Position{
		"a key":            func(t *testing.T, d *desk) fyne.Position { return middle(d.key(t, "key.m")) },
		"next":             func(t *testing.T, d *desk) fyne.Position { return middle(d.key(t, "key.next")) },
		"the ground":       func(_ *testing.T, d *desk) fyne.Position { return middle(d.keyboard).AddXY(0, 240) },
		"the page":         func(*testing.T, *desk) fyne.Position { return fyne.NewPos(500, 900) },
		"the field itself": func(_ *testing.T, d *desk) fyne.Position { return middle(d.field.entry) },
	} {
		onDesk(t, Names, "en", func(t *testing.T, d *desk, f *hand) {
			d.write(t, "A")
			d.holdDown(t, f, "key.e", long)
			f.lift()
			before := d.touches
			f.tap(where(t, d))
			if d.keyboard.fan != nil {
				t.Errorf("%s: the fan stays", name)
			}
			if d.touches == before {
				t.Errorf("%s: the touch is not reported", name)
			}
			d.wants(t, "A")
			d.write(t, "n")
			d.wants(t, "An")
		})
	}
}

func TestATouchBetweenVariantsKeepsTheFan(t *testing.T) {
	onDesk(t, Names, "en", func(t *testing.T, d *desk, f *hand) {
		d.write(t, "A")
		d.holdDown(t, f, "key.e", long)
		f.lift()
		first := d.keyboard.fan.keys[0]
		f.tap(middle(first).AddXY(first.Size().Width/2+8, 0))
		if d.keyboard.fan == nil {
			t.Error("a touch 8 px beside a letter closed the fan")
		}
		d.wants(t, "A")
	})
}

func TestARealKeyboardClosesTheFan(t *testing.T) {
	onDesk(t, Names, "en", func(t *testing.T, d *desk, f *hand) {
		d.holdDown(t, f, "key.e", long)
		d.win.Canvas().Focused().TypedRune('E')
		if d.keyboard.fan != nil {
			t.Error("the fan stays")
		}
		f.lift()
		d.wants(t, "E")
	})
}

func TestDeleteRepeatsWhileItIsHeld(t *testing.T) {
	onDesk(t, Names, "en", func(t *testing.T, d *desk, f *hand) {
		d.write(t, "Maximiliana")
		d.holdDown(t, f, "key.delete", holdFirst+3*holdNext+holdNext/2)
		d.wantsText(t, "Maximil") // one at the start of the repeats, three more
		f.lift()
		f.pass(time.Minute)
		d.wants(t, "Maximil")
		f.tap(middle(d.key(t, "key.delete")))
		d.wants(t, "Maximi")
		d.holdDown(t, f, "key.delete", holdFirst+holdNext/2)
		f.move(middle(d.key(t, "key.m"))) // slides off
		f.pass(time.Minute)
		f.lift()
		d.wants(t, "Maxim")
	})
}

func (d *desk) wantsText(t *testing.T, text string) {
	t.Helper()
	if d.field.Text() != text {
		t.Errorf("typed %q, want %q", d.field.Text(), text)
	}
}

func TestWhatIsHeldStopsWhenTheScreenGoes(t *testing.T) {
	for name, leave := range map[string]func(*desk){
		"another screen":  func(d *desk) { d.win.SetContent(container.NewWithoutLayout()) },
		"a screen before": func(d *desk) { d.win.Canvas().Overlays().Add(container.NewWithoutLayout()) },
		"a hidden screen": func(d *desk) { d.keyboard.Hide() },
	} {
		onDesk(t, Names, "en", func(t *testing.T, d *desk, f *hand) {
			d.write(t, "Maximiliana")
			d.holdDown(t, f, "key.delete", holdFirst+holdNext/2)
			leave(d)
			f.pass(time.Minute)
			if d.field.Text() != "Maximilian" {
				t.Errorf("%s: left %q, want Maximilian", name, d.field.Text())
			}
		})
		onDesk(t, Names, "en", func(t *testing.T, d *desk, f *hand) {
			d.holdDown(t, f, "key.e", short)
			leave(d)
			f.pass(long)
			if d.keyboard.fan != nil {
				t.Errorf("%s: a fan opens", name)
			}
		})
	}
}

func TestAButtonWhoseReleaseIsLostStops(t *testing.T) {
	onDesk(t, Names, "en", func(t *testing.T, d *desk, f *hand) {
		d.field.Fill(strings.Repeat("a", 2*holdLimit))
		d.holdDown(t, f, "key.delete", time.Hour)
		if left := len(d.field.Text()); left != holdLimit {
			t.Errorf("%d letters are left, want %d", left, holdLimit)
		}
	})
}

// Every letter of the languages of the kiosk can be typed, and the ones a
// language needs most without leaving the first layer.
func TestEveryLanguageFindsItsLetters(t *testing.T) {
	need := map[string]string{
		"en": "", "es": "ñáéíóúü", "pt": "ãõçáâéêíóôú", "ht": "èò", "fr": "éèêàçôîœ", "vi": "ăâđêôơư\u0301\u0300\u0309\u0303\u0323",
	}
	without := "ñáéíóúüãõçâêôàèòùëïÿœæîûăđơưảạắằẳẵặấầẩẫậẻẽẹếềểễệỉĩịỏọốồổỗộớờởỡợủũụứừửữựỳỷỹỵ"
	all := "ñáéíóúüãõçâêôàèòùëïÿœæîûäöåøßłşğıčšžőůźýþð" + "ảạắằẳẵặấầẩẫậẻẽẹếềểễệỉĩịỏọốồổỗộớờởỡợủũụứừửữựỳỷỹỵ"
	for _, lang := range langs {
		d := newDeskOf(t, Names, lang, standing, visit.Look{})
		for _, r := range need[lang] {
			if !d.keyboard.has("names", string(r)) {
				t.Errorf("%s: %q has no key of its own", lang, r)
			}
		}
		for _, r := range all {
			if d.keyboard.Path(r) == nil && !d.held(r) {
				t.Errorf("%s: no way to type %q", lang, r)
			}
			if d.keyboard.Path(r) == nil && strings.ContainsRune(without, r) {
				t.Errorf("%s: %q cannot be typed without holding a key", lang, r)
			}
		}
		for _, r := range need[lang] {
			base := unmarked(string(r))
			if isTone(string(r)) || len([]rune(base)) != 1 {
				continue
			}
			if own := d.keyboard.variantsOf(base); !strings.ContainsAny(strings.Join(own[:min(6, len(own))], ""), string(r)) {
				t.Errorf("%s: %q is not among the first variants of %s", lang, r, base)
			}
		}
	}
}

// held reports whether a letter can be reached by holding another one.
func (d *desk) held(r rune) bool {
	for _, row := range d.keyboard.rows {
		for _, k := range row {
			if slices.Contains(d.keyboard.variantsOf(strings.TrimPrefix(k.Tag(), "key.")), string(r)) {
				return true
			}
		}
	}
	return false
}

func TestVariantsAreSingleLettersOfTheKey(t *testing.T) {
	for _, lang := range langs {
		d := newDeskOf(t, Names, lang, standing, visit.Look{})
		for _, row := range d.keyboard.rows {
			for _, k := range row {
				token := strings.TrimPrefix(k.Tag(), "key.")
				all := d.keyboard.variantsOf(token)
				if len(all) > fanMost {
					t.Errorf("%s: %s has %d variants", lang, token, len(all))
				}
				for i, v := range all {
					if len([]rune(v)) != 1 || v == token || slices.Contains(all[:i], v) {
						t.Errorf("%s: %s offers %q", lang, token, v)
					}
				}
			}
		}
	}
}

func TestVietnameseNamesNeedNoOtherLayer(t *testing.T) {
	d := newDeskOf(t, Names, "vi-VN", standing, visit.Look{})
	const name = "Nguyễn Thị Ánh Tuyết Đặng Quốc Vượng"
	for _, r := range name {
		path := d.keyboard.Path(r)
		for _, tag := range path {
			if tag == "key.accents" || tag == "key.more" {
				t.Errorf("%q leaves the letters: %v", r, path)
			}
			d.press(t, tag)
		}
	}
	d.wants(t, name)
}
