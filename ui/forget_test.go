package ui

import (
	"testing"
	"time"

	"vaxkiosk/app/visit"
)

func TestTheWindowIsPaintedAnewOnceAfterAWipe(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	st.tap("welcome.en")
	st.do(visit.Leave{})
	painted := func(after time.Duration) bool {
		before := !st.u.wiped.IsZero()
		st.u.Show(st.v, st.now.Add(after))
		return before && st.u.wiped.IsZero()
	}
	if painted(forgetAfter - time.Second) {
		t.Error("too early: Fyne would keep what was drawn")
	}
	if !painted(forgetAfter) {
		t.Error("what the last visitor saw stays in Fyne's caches")
	}
	if painted(forgetAfter + time.Second) {
		t.Error("painted again and again on a screen that stands still")
	}
	st.tap("welcome.en")
	st.do(visit.Leave{})
	if painted(-time.Hour) || !painted(forgetAfter-time.Hour) {
		t.Error("once the clock was put back, what the last visitor saw stays")
	}
}
