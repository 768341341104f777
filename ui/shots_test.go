//go:build !race

// Painting is ten times slower under the race detector, which finds nothing in it;
// make test runs these tests without it.

package ui

import (
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
)

var shots = flag.String("shots", "", "folder for a picture of every screen")

// TestShots paints every screen into a folder, to be looked at:
//
//	go test ./ui -run TestShots -shots DIR -only "name-*-en-p-150,review"
//
// Without the folder it checks that every screen can be painted at all.
func TestShots(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	turns := map[string]fyne.Size{"p": standing, "l": lying, "s": fyne.NewSize(1280, 1024)}
	looks := map[string]visit.Look{"100": {}, "125": {Size: 1}, "175": {Size: 3}, "125-dark": {Size: 1, Contrast: 1}, "150-light": {Size: 2, Contrast: 2}, "100-soft": {Contrast: 3}}
	if *shots == "" {
		turns, looks = map[string]fyne.Size{"s": fyne.NewSize(270, 480)}, map[string]visit.Look{"": {}}
	}
	st := newStage(t, standing, visit.New(house()))
	for lookName, l := range looks {
		for turn, size := range turns {
			for _, lang := range []string{"en", "es"} {
				for _, s := range samples(lang) {
					name := strings.Join([]string{s.name, lang, turn, lookName}, "-")
					if wanted(name) {
						s.v.Look = l
						st.turnTo(size, s.v)
						paint(t, name, size, st)
					}
				}
			}
		}
	}
}

func paint(t *testing.T, name string, size fyne.Size, st *stage) {
	t.Helper()
	if strings.HasPrefix(name, "unlocking-") || strings.HasPrefix(name, "sent-answered") {
		st.u.Messages([]Message{{"(617) 555-0123", "Your vaccine record pickup code is 482 913. It is good for 24 hours. Enter it at the kiosk with your PIN. We never ask for it by phone."}})
	}
	picture := st.win.Canvas().Capture()
	if b := picture.Bounds(); b.Dx() != int(size.Width) || b.Dy() != int(size.Height) {
		t.Fatalf("%s is %v, want %v", name, b, size)
	}
	if *shots == "" {
		return
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
