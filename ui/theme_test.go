package ui

import (
	"image"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// One theme serves all looks: nothing of the look before may be left in a field.
func TestAChangedLookIsDrawnLikeOneFromTheStart(t *testing.T) {
	small := fyne.NewSize(540, 960)
	asked := func(l visit.Look) visit.Visit {
		return at("en", visit.Filling, func(v *visit.Visit) {
			v.Form.Question, v.Form.Draft.Given, v.Look = request.AskName, "Ana", l
		})
	}
	picture := func(s *stage) []byte { return s.win.Canvas().Capture().(*image.NRGBA).Pix }
	changed := newStage(t, small, asked(visit.Look{}))
	before := picture(changed)
	changed.do(visit.Resize{By: 1})
	changed.do(visit.Recolour{})
	after := picture(changed)
	if slices.Equal(before, after) {
		t.Fatal("the look did not change")
	}
	if !slices.Equal(after, picture(newStage(t, small, asked(visit.Look{Size: 1, Contrast: 1})))) {
		t.Error("it differs from a screen that was so from the start")
	}
}
