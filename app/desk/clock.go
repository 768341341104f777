package desk

import "time"

// clock is the time that visits go by. It goes on while the machine sleeps, which
// only the wall clock knows of, and never back, which a wall clock does that is put
// right: then a visit would stay open for as long as it was put back. So a visit may
// run ahead of the wall; once nobody is there, it is the wall's time again.
type clock struct {
	wall  func() time.Time
	last  time.Time     // of the wall
	ahead time.Duration // of it
}

// stepBack is how much the wall clock may lose against time that has surely passed
// before it counts as put back; slewing it takes less.
const stepBack = time.Second

// now is the time, without a monotonic reading: that one stands still in a sleep.
func (c *clock) now() time.Time {
	t := c.wall()
	if !c.last.IsZero() {
		passed := max(0, t.Sub(c.last)) // monotonic, if the clock has that
		if lost := passed - t.Round(0).Sub(c.last.Round(0)); lost >= stepBack {
			c.ahead += lost
		}
	}
	c.last = t
	return t.Round(0).Add(c.ahead)
}

// rest goes back to the wall's time.
func (c *clock) rest() { c.ahead = 0 }
