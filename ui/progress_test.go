package ui

import (
	"fmt"
	"image/color"
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
