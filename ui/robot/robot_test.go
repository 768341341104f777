package robot

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
)

// screen is a window with one button.
func screen(t *testing.T, x float32) (*Robot, *parts.Button, *fyne.Container, *int) {
	t.Helper()
	app := test.NewTempApp(t)
	st := look.For(fyne.NewSize(1080, 1920), visit.Look{})
	touched := new(int)
	b := parts.NewButton(st, parts.Spec{Tag: "b", Title: "Touch", Width: 400, Tap: func() { *touched++ }})
	b.Move(fyne.NewPos(x, 100))
	b.Resize(fyne.NewSize(400, 136))
	w := app.NewWindow("")
	t.Cleanup(w.Close)
	box := container.NewWithoutLayout(b)
	w.SetPadded(false)
	w.SetContent(box)
	w.Resize(fyne.NewSize(1080, 1920))
	return New(w.Canvas()), b, box, touched
}

func TestTapReachesWhatCanBeTouched(t *testing.T) {
	r, _, _, touched := screen(t, 100)
	if err := r.Tap("b"); err != nil || *touched != 1 {
		t.Errorf("touched %d times, %v", *touched, err)
	}
	if !r.Has("b") || r.Has("c") {
		t.Error("Has is wrong about b or c")
	}
	if got, want := r.Markup(), "<touch b>Touch</touch>\n"; got != want {
		t.Errorf("markup %q, want %q", got, want)
	}
}

func TestTapRefusesWhatAFingerCannotReach(t *testing.T) {
	for name, c := range map[string]struct {
		x      float32
		change func(*parts.Button, *fyne.Container)
		want   string
	}{
		"off":     {100, func(b *parts.Button, _ *fyne.Container) { b.Disable() }, "off"},
		"hidden":  {100, func(b *parts.Button, _ *fyne.Container) { b.Hide() }, "not on the screen"},
		"outside": {1000, func(*parts.Button, *fyne.Container) {}, "outside"},
		"covered": {100, func(_ *parts.Button, box *fyne.Container) {
			cover := parts.NewCatcher(func() {})
			cover.Resize(fyne.NewSize(1080, 1920))
			box.Objects = append(box.Objects, cover)
		}, "covered"},
	} {
		r, b, box, touched := screen(t, c.x)
		c.change(b, box)
		err := r.Tap("b")
		if err == nil || !strings.Contains(err.Error(), c.want) || *touched != 0 {
			t.Errorf("%s: %v, touched %d times", name, err, *touched)
		}
	}
}

func TestTypeWithoutKeysIsAnError(t *testing.T) {
	r, _, _, _ := screen(t, 100)
	if err := r.Type("1"); err == nil {
		t.Error("typed without a key")
	}
}

func TestLayoutSaysWhereThingsAreAndHowMuchOfThemCanBeSeen(t *testing.T) {
	for x, want := range map[float32]string{
		100:  "b 100 100 400 136\n",
		1000: "b 1000 100 400 136 cut\n",
		1080: "b 1080 100 400 136 out\n",
	} {
		r, _, _, _ := screen(t, x)
		if got := r.Layout(); got != want {
			t.Errorf("layout %q, want %q", got, want)
		}
	}
}
