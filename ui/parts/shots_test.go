package parts

import (
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
)

var shots = flag.String("shots", "", "folder for pictures of keyboards and pads")

// TestShots paints what no screen of package ui shows without a finger on it:
//
//	go test ./ui/parts -run TestShots -shots DIR
//
// Without the folder it checks that all of it can be painted.
func TestShots(t *testing.T) {
	langs, turns, looks := langs, turns, map[string]visit.Look{"100": {}, "150-dark": {Size: 2, Contrast: 1}}
	if *shots == "" {
		langs, turns, looks = []string{"vi"}, map[string]fyne.Size{"small": fyne.NewSize(270, 480)}, map[string]visit.Look{"": {}}
	}
	for turn, window := range turns {
		for name, l := range looks {
			for _, lang := range langs {
				d := newDeskOf(t, Names, lang, window, l)
				shoot(t, d.win, "keys", lang, turn, name)
				d.key(t, "key.shift").Tapped(nil)
				d.key(t, "key.shift").Tapped(nil)
				d.open(t, "key.o")
				shoot(t, d.win, "fan-caps", lang, turn, name)
				d.open(t, "key.a")
				shoot(t, d.win, "fan", lang, turn, name)
				d.open(t, "key.e")
				shoot(t, d.win, "fan-e", lang, turn, name)
				d.keyboard.closed()
				for _, layer := range []string{"accents", "tones"} {
					d.keyboard.turnTo(layer)
					shoot(t, d.win, layer, lang, turn, name)
				}
			}
			for mode, of := range map[Mode]string{Email: "email", Address: "address", Receipt: "receipt"} {
				shoot(t, newDeskOf(t, mode, "", window, l).win, of, "en", turn, name)
			}
		}
	}
}

func shoot(t *testing.T, w fyne.Window, parts ...string) {
	t.Helper()
	picture := w.Canvas().Capture()
	if *shots == "" {
		if picture.Bounds().Empty() {
			t.Errorf("%v: nothing painted", parts)
		}
		return
	}
	name := fmt.Sprint(parts[0])
	for _, p := range parts[1:] {
		name += "-" + p
	}
	f, err := os.Create(filepath.Join(*shots, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, picture); err != nil {
		t.Fatal(err)
	}
}
