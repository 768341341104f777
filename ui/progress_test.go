package ui

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

func TestEveryQuestionSaysItsNumberInWords(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for lang, words := range map[string][2]string{
		"en": {"Question %d of %d", "All %d questions are answered"}, "es": {"Pregunta %d de %d", "Las %d preguntas están contestadas"},
	} {
		for whose, of := range map[request.Relation]int{request.Self: 6, request.Child: 7} {
			d := person("Ana", "Ruiz")
			d.Relation = whose
			met := 0 // as the visitor meets them
			for _, q := range d.Questions() {
				v := at(lang, visit.Filling, asking(q), relation(whose))
				if q == request.AskRelation {
					v.State = visit.Declaring
				}
				if q != request.AskPINAgain {
					met++
				}
				st.turnTo(standing, v)
				st.reads(fmt.Sprintf(words[0], met, of))
			}
			st.turnTo(standing, at(lang, visit.Filling, asking(request.AskMiddle), relation(whose)))
			st.reads(fmt.Sprintf(words[0], of-4, of)) // beside the name
			st.turnTo(standing, at(lang, visit.Review, relation(whose)))
			st.reads(fmt.Sprintf(words[1], of))
		}
	}
}

// What is still ahead is a frame that can be seen, not a paler fill.
func TestWhatIsStillAheadCanBeSeenOnThePage(t *testing.T) {
	half := fyne.NewSize(540, 960)
	st := newStage(t, half, visit.New(house()))
	for contrast := range visit.Contrasts {
		for _, screen := range []string{"name-empty", "printing"} {
			v := sampleOf(t, screen)
			v.Look.Contrast = contrast
			st.turnTo(half, v)
			seen := 0
			for _, s := range st.robot.Everything() {
				switch p := s.Object.(type) {
				case *parts.Progress, *parts.Meter:
					for _, o := range p.(parts.Holder).Inside() {
						if r, ok := o.(*canvas.Rectangle); ok && r.FillColor == color.Color(st.u.st.Page) {
							seen++
							if c := contrastOf(r.StrokeColor.(color.NRGBA), st.u.st.Page); c < 3 || r.StrokeWidth < st.u.st.Px(3) {
								t.Errorf("contrast %d, %s: the frame is %.2f : 1 and %.1f wide", contrast, screen, c, r.StrokeWidth)
							}
						}
					}
				}
			}
			if seen == 0 {
				t.Errorf("contrast %d: nothing is ahead on %s", contrast, screen)
			}
		}
	}
}

// contrastOf is the contrast ratio of WCAG 2.2.
func contrastOf(a, b color.NRGBA) float64 {
	luminance := func(c color.NRGBA) float64 {
		part := func(v uint8) float64 {
			s := float64(v) / 255
			if s <= 0.04045 {
				return s / 12.92
			}
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
