package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
	"vaxkiosk/ui/robot"
)

// explanation is every text of the head of the screen that can be read without scrolling.
func explanation(st *stage) map[string]bool {
	seen, said := map[string]bool{}, map[string]bool{}
	for _, s := range st.robot.TopTexts() {
		seen[s.Text] = seen[s.Text] || s.Clip.Has(s.Box)
	}
	for _, o := range st.u.page.head {
		text, ok := o.(*parts.Text)
		if !ok || !text.Visible() {
			continue
		}
		words, whole := "", true
		robot.Everything(text, func(o fyne.CanvasObject) {
			if line, ok := o.(*canvas.Text); ok {
				words, whole = words+" "+line.Text, whole && seen[line.Text]
			}
		})
		said[words] = whole
	}
	return said
}

// An error stands beside the explanation, it does not take its place or push it away,
// neither as it comes nor when the screen is there again with it.
func TestAnErrorLeavesTheExplanationInSight(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for _, size := range []fyne.Size{standing, lying} {
		for _, lang := range hardest("en", "es") {
			for _, s := range samples(lang) {
				for _, textSize := range hardest(0, 1) {
					if s.v.Form.Problems == nil && s.v.Fault == nil || s.v.State == visit.Printing {
						continue // printing: what the printer waits for comes without an attempt
					}
					ill := s.v
					ill.Look.Size = textSize
					well := ill
					well.Form.Problems, well.Fault = nil, nil
					if partOf(well) != partOf(ill) {
						continue // a screen of its own
					}
					st.turnTo(size, well)
					want := explanation(st)
					ill.Number, ill.Acted = st.v.Number, st.v.Acted
					st.u.Show(ill, st.now)
					comes := explanation(st)
					st.turnTo(size, ill)
					stays := explanation(st)
					for text, whole := range want {
						if whole && (!comes[text] || !stays[text]) {
							t.Errorf("%s %s %s %d %%: %q is out of sight (comes %v stays %v)", s.name, lang, turnOf(size), 100+25*textSize, text, comes[text], stays[text])
						}
					}
				}
			}
		}
	}
}
