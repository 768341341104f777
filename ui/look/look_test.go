package look

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
)

// luminance is the relative luminance of WCAG 2.2.
func luminance(c color.NRGBA) float64 {
	part := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}

func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestContrastOfKnownPairs(t *testing.T) {
	if c := contrast(black, white); math.Abs(c-21) > 0.01 {
		t.Errorf("black on white is %.2f, want 21", c)
	}
	if c := contrast(rgb(0x777777), white); math.Abs(c-4.48) > 0.01 {
		t.Errorf("#777777 on white is %.2f, want 4.48", c)
	}
}

func TestEveryTextCanBeReadOnItsGround(t *testing.T) {
	for i, p := range palettes {
		text := map[string][2]color.NRGBA{
			"ink on page": {p.Ink, p.Page}, "title on page": {p.Title, p.Page}, "muted on page": {p.Muted, p.Page},
			"error on page": {p.Error, p.Page}, "ink on card": {p.Ink, p.Card}, "title on card": {p.Title, p.Card},
			"muted on card": {p.Muted, p.Card}, "error on card": {p.Error, p.Card},
			"on action": {p.OnAction, p.Action}, "on tint": {p.OnTint, p.Tint}, "on bar": {p.OnBar, p.Bar},
			"soft on bar": {p.OnBarSoft, p.Bar}, "off on bar": {p.BarLine, p.Bar},
			"error on its ground": {p.Error, p.ErrorPage}, "ink on error": {p.Ink, p.ErrorPage},
			"ink on info": {p.Ink, p.Info}, "title on info": {p.Title, p.Info}, "on key": {p.OnKey, p.Key},
			"on dim key": {p.OnKey, p.KeyDim}, "off": {p.OnOff, p.Off}, "on demo": {p.OnDemo, p.Demo},
			"picked icon": {p.Action, p.OnAction},
		}
		for name, pair := range text {
			if c := contrast(pair[0], pair[1]); c < 4.5 {
				t.Errorf("palette %d: %s is %.2f : 1, want 4.5", i, name, c)
			}
		}
		shapes := map[string][2]color.NRGBA{ // WCAG 2.2, 1.4.11
			"frame on page": {p.Frame, p.Page}, "edge on page": {p.Edge, p.Page}, "edge on card": {p.Edge, p.Card}, "frame on card": {p.Frame, p.Card}, "focus on page": {p.Focus, p.Page},
			"focus on card": {p.Focus, p.Card}, "focus on bar": {p.FocusBar, p.Bar}, "error edge": {p.Error, p.Card},
			"focus on board": {p.Focus, p.Board}, "focus on key": {p.Focus, p.Key}, "focus on dim key": {p.Focus, p.KeyDim}, "focus on info": {p.Focus, p.Info},
			"action on page": {p.Action, p.Page}, "done on page": {p.Done, p.Page}, "ahead on page": {p.Edge, p.Page},
		}
		for name, pair := range shapes {
			if c := contrast(pair[0], pair[1]); c < 3 {
				t.Errorf("palette %d: %s is %.2f : 1, want 3", i, name, c)
			}
		}
	}
}

func TestStyleFollowsWindowAndVisitor(t *testing.T) {
	for _, c := range []struct {
		size  fyne.Size
		look  visit.Look
		wide  bool
		scale float32
		text  float32
	}{
		{fyne.NewSize(1080, 1920), visit.Look{}, false, 1, 1},
		{fyne.NewSize(1920, 1080), visit.Look{Size: 3}, true, 1, 1.75},
		{fyne.NewSize(540, 960), visit.Look{Size: 1, Contrast: 2}, false, 0.5, 1.25},
		{fyne.NewSize(1280, 1024), visit.Look{Size: 99, Contrast: -1}, true, 2.0 / 3, 1.75},
		{fyne.NewSize(0, 0), visit.Look{}, false, 1, 1},
	} {
		st := For(c.size, c.look)
		if st.Wide != c.wide || st.Scale != c.scale || st.Text != c.text {
			t.Errorf("%v %v: wide %v, scale %v, text %v", c.size, c.look, st.Wide, st.Scale, st.Text)
		}
	}
}

func TestNoTypeIsSmallerThanTheSmallest(t *testing.T) {
	for size := range visit.Sizes {
		for _, window := range []fyne.Size{{Width: Short, Height: Long}, {Width: Long, Height: Short}} {
			st := For(window, visit.Look{Size: size})
			for _, n := range []float32{TitleSize, LeadSize, BodySize, ButtonSize, FieldSize, KeySize, SmallSize, StatementSize} {
				if st.Font(n) < 28 || st.Fixed(n) < 28 || st.Large(n) < 28 {
					t.Errorf("%v at size %d: %v becomes smaller than 28 px", window, size, n)
				}
			}
		}
	}
}
