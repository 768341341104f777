package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
	"vaxkiosk/assets"
	"vaxkiosk/ui/robot"
)

// The rules of the layout (look.md): nothing cut off or overlapping, letters of
// at least 28 px, targets of at least 88×88 px with 16 between.
const (
	smallestLetter = 28
	smallestTarget = 88
	between        = 16
)

func TestEveryScreenKeepsTheRulesOfTheLayout(t *testing.T) {
	st := newStage(t, standing, visit.New(house())) // one window for all: each would take megabytes
	for _, size := range []fyne.Size{standing, lying} {
		for _, textSize := range hardest(0, 1, 2, 3) {
			for _, l := range hardest(assets.Languages...) {
				for _, s := range samples(l.Tag) {
					s.v.Look.Size = textSize
					name := strings.Join([]string{s.name, l.Tag, turnOf(size), []string{"100", "125", "150", "175"}[textSize]}, "-")
					t.Run(name, func(t *testing.T) {
						st.turnTo(size, s.v)
						lintTexts(t, st.robot.TopTexts(), size)
						lintTargets(t, st.robot.Touchables(), size)
						lintReach(t, st.robot)
					})
				}
			}
		}
	}
}

// hardest are those that a test goes through: the last one alone, the largest text or the
// longest words, in a short test.
func hardest[T any](all ...T) []T {
	if testing.Short() {
		return all[len(all)-1:]
	}
	return all
}

func turnOf(size fyne.Size) string {
	if size.Width > size.Height {
		return "lying"
	}
	return "standing"
}

func lintTexts(t *testing.T, texts []robot.Seen, window fyne.Size) {
	t.Helper()
	whole := robot.Box{W: window.Width, H: window.Height}
	for i, s := range texts {
		if s.Needs.IsZero() {
			continue // an entry scrolls by itself
		}
		if strings.ContainsAny(s.Text, "⟦{") {
			t.Errorf("%q lacks words, or what is to be filled in", s.Text)
		}
		if s.Size < smallestLetter {
			t.Errorf("%q is %.0f px, want %d", s.Text, s.Size, smallestLetter)
		}
		if s.Needs.Width > s.Box.W+1 || s.Needs.Height > s.Box.H+1 {
			t.Errorf("%q needs %v, has %.0f×%.0f", s.Text, s.Needs, s.Box.W, s.Box.H)
		}
		if s.Box.X < s.Clip.X-1 || s.Box.X+s.Box.W > s.Clip.X+s.Clip.W+1 {
			t.Errorf("%q is cut off sideways", s.Text)
		}
		if s.Clip == whole && !whole.Has(s.Box) {
			t.Errorf("%q is outside of the window", s.Text)
		}
		for _, o := range texts[:i] {
			if both := s.Box.Cut(s.Clip).Cut(o.Box.Cut(o.Clip)); both.W > 2 && both.H > 2 && !o.Needs.IsZero() {
				t.Errorf("%q overlaps %q", s.Text, o.Text)
			}
		}
	}
}

func lintTargets(t *testing.T, targets []robot.Seen, window fyne.Size) {
	t.Helper()
	whole := robot.Box{W: window.Width, H: window.Height}
	for i, s := range targets {
		if s.Box.W < smallestTarget || s.Box.H < smallestTarget {
			t.Errorf("%s is %.0f×%.0f px", s.Tag, s.Box.W, s.Box.H)
		}
		if s.Clip == whole && !whole.Has(s.Box) {
			t.Errorf("%s is outside of the window", s.Tag)
		}
		const e = between - 1
		near := robot.Box{X: s.Box.X - e/2, Y: s.Box.Y - e/2, W: s.Box.W + e, H: s.Box.H + e}.Cut(s.Clip)
		for _, o := range targets[:i] {
			other := robot.Box{X: o.Box.X - e/2, Y: o.Box.Y - e/2, W: o.Box.W + e, H: o.Box.H + e}.Cut(o.Clip)
			if both := near.Cut(other); both.W > 0 && both.H > 0 {
				t.Errorf("%s is too near to %s", s.Tag, o.Tag)
			}
		}
	}
}

// lintReach scrolls to everything that can be touched.
func lintReach(t *testing.T, r *robot.Robot) {
	t.Helper()
	for _, s := range r.Touchables() {
		if strings.HasSuffix(s.Tag, ".up") || strings.HasSuffix(s.Tag, ".down") {
			continue
		}
		if err := r.Reveal(s.Tag); err != nil {
			t.Error(err)
		}
	}
}

// TestOtherWindowsShrinkInsteadOfCutting goes through windows of other shapes;
// letters and targets are smaller there, but nothing is cut off.
func TestOtherWindowsShrinkInsteadOfCutting(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	st := newStage(t, standing, visit.New(house()))
	for _, size := range []fyne.Size{fyne.NewSize(1280, 1024), fyne.NewSize(1366, 768), fyne.NewSize(768, 1366), fyne.NewSize(800, 1280), fyne.NewSize(2160, 3840)} {
		for _, s := range samples("es") {
			st.turnTo(size, s.v)
			whole := robot.Box{W: size.Width, H: size.Height}
			for _, text := range st.robot.TopTexts() {
				if text.Clip == whole && !whole.Has(text.Box) || text.Needs.Width > text.Box.W+1 {
					t.Errorf("%v %s: %q is cut off", size, s.name, text.Text)
				}
			}
			for _, target := range st.robot.Touchables() {
				if target.Clip == whole && !whole.Has(target.Box) {
					t.Errorf("%v %s: %s is outside of the window", size, s.name, target.Tag)
				}
			}
		}
	}
}

func TestControlsAreInTheLowerTwoThirdsWhereThereIsRoom(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for _, s := range samples("en") {
		if strings.HasPrefix(s.name, "review") || strings.HasPrefix(s.name, "ready") || strings.HasPrefix(s.name, "helping") || strings.HasPrefix(s.name, "fix-dose") || s.name == "consent-full" {
			continue // a list that needs the whole screen
		}
		switch s.name {
		case "unlocking-refused", "unlocking-busy", "unlocking-code-typed", "unlocking-vouched-refused", "unlocking-vouched-late", "staff-in-wrong", "staff-in-locked", "contact-phone", "contact-not-a-cell", "birth-minor", "birth-grown-up":
			continue // words about a trouble that need the room
		}
		st.turnTo(standing, s.v)
		for _, target := range st.robot.Touchables() {
			if !strings.HasPrefix(target.Tag, "top.") && target.Box.Y < standing.Height/3-1 {
				t.Errorf("%s: %s is at %.0f", s.name, target.Tag, target.Box.Y)
			}
		}
	}
}
