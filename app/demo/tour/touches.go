package tour

import (
	"fmt"
	"strings"
)

// How many touches a request takes, so that it can be watched: each step of the form
// with its Next, from the first touch to the one that sends. Names have as many
// letters as they have; what is typed in words is not counted.

// sendStep is the step that sends what was reviewed.
const sendStep = "review"

// touches are those of each step until the request, or the correction, is sent.
type touches struct {
	steps []string
	of    map[string]int
	sent  bool
}

func (t *touches) add(step string, n int) {
	if t.sent || n == 0 {
		return
	}
	if t.of == nil {
		t.of = map[string]int{}
	}
	if _, known := t.of[step]; !known {
		t.steps = append(t.steps, step)
	}
	t.of[step] += n
	t.sent = step == sendStep
}

func (t *touches) total() int {
	all := 0
	for _, n := range t.of {
		all += n
	}
	return all
}

// String says how many there are, and where.
func (t touches) String() string {
	var each []string
	for _, step := range t.steps {
		each = append(each, fmt.Sprintf("%s %d", step, t.of[step]))
	}
	return fmt.Sprintf("%d touches until it was sent, without the letters of names: %s", t.total(), strings.Join(each, ", "))
}

// touched is how often the window was touched so far.
func (g *guide) touched() (n int) {
	g.window.Wait(func() { n = g.robot.Touches() })
	return n
}
