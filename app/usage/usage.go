// Package usage counts what happens at a kiosk, so that those who run the
// service can see how it is used: counts of an hour, and nothing else.
//
// Small counts are in them, since nothing could be told of a small town without.
// They are sealed to central, which adds them up by day and month and publishes no
// number that could point to somebody (sync/central/counts).
//
// Note counts one of the names below; Turn is called now and then, so that an
// hour does not wait for the next visitor; Flush ends the running hour, for the
// end of the program. Each returns the Batch of an hour that has ended, to be
// kept and sent; Encode is its JSON (UsageBatch in the API).
//
// Rules. A name that is not listed here is not counted, so nothing that a
// visitor typed can get in. Hours are UTC. An hour in which nothing was counted is not
// handed out.
//
// A clock that is corrected is believed from then on: when it goes back, or
// ahead by more than Far, what was counted in the running hour moves to the hour
// that the clock now says. So no batch has an hour that the clock took back, and
// nothing is lost. A step back by no more than Slack changes nothing, or the
// hour would end twice. A batch already handed out keeps its hour.
//
// The package is pure: time is an argument. A Counter is not safe for
// concurrent use.
package usage

import (
	"encoding/json"
	"time"

	"vaxkiosk/sync/api"
)

// Limits of counting.
const (
	Slack = 5 * time.Minute    // a step back that changes no hour
	Far   = 7 * 24 * time.Hour // a step ahead that is no passing of time: Turn is called more often
	Most  = api.UsageNames     // different names in an hour
)

// Counter counts the running hour. The zero value is ready.
type Counter struct {
	hour   time.Time // when it began
	counts map[string]int
}

// Batch is what happened in one hour.
type Batch struct {
	Hour   time.Time      // when it began, UTC
	Counts map[string]int // by name
}

// Note counts what happened now. A name that is not listed is ignored.
func (c *Counter) Note(name string, now time.Time) (finished []Batch) {
	finished = c.Turn(now)
	if _, old := c.counts[name]; !old && (!listed(name) || len(c.counts) >= Most) {
		return finished
	}
	if c.counts == nil {
		c.counts = map[string]int{}
	}
	c.counts[name]++
	return finished
}

// Turn ends the hour when it is over.
func (c *Counter) Turn(now time.Time) (finished []Batch) {
	hour := now.UTC().Truncate(time.Hour)
	switch back := c.hour.Sub(now); {
	case back > 0 && back <= Slack, hour.Equal(c.hour):
		return nil
	case hour.After(c.hour) && hour.Sub(c.hour) <= Far:
		finished = c.end()
	}
	c.hour = hour
	return finished
}

// Flush ends the running hour too.
func (c *Counter) Flush(now time.Time) (finished []Batch) {
	return append(c.Turn(now), c.end()...)
}

// end hands out the hour.
func (c *Counter) end() []Batch {
	b := Batch{Hour: c.hour, Counts: c.counts}
	c.counts = nil
	if len(b.Counts) == 0 {
		return nil
	}
	return []Batch{b}
}

// Encode writes the batch as the API's UsageBatch; the same batch is always the
// same bytes.
func (b Batch) Encode() []byte {
	out, err := json.Marshal(struct {
		Counts map[string]int `json:"counts"`
		Hour   time.Time      `json:"hour"`
	}{b.Counts, b.Hour})
	if err != nil {
		panic(err) // words, numbers and a time of this age always encode
	}
	return out
}
