package central

import (
	"context"
	"strings"
	"sync"
	"time"

	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/worker"
)

// One of several instances. They are equal, know of each other by the database alone, and keep
// nothing in memory that decides: see "Several instances" in README.md.

// leaveFor is how long an instance that is told to stop says so at /readyz and goes on, so that
// whoever spreads the calls sends nobody here any more; a variable for the tests.
var leaveFor = 4 * time.Second

// handLimit is how long what a worker has in hand may take to end; a variable for the tests.
var handLimit = 10 * time.Second

// beAmong makes this service one of the instances. What rings here rings at the others.
func (c *Central) beAmong(ctx context.Context, working *sync.WaitGroup) (leave func(), err error) {
	m, err := c.folder.Store.Join(context.WithoutCancel(ctx), c.hear)
	if err != nil {
		return nil, err
	}
	c.state.Work.Reach(func() { m.Tell(wordWork) })
	c.state.Changed.Reach(func() { m.Tell(wordChanged) })
	c.worker.TellPaces(m.Tell)
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx)) // until all else has ended
	working.Go(func() { m.Run(ctx) })
	return func() {
		c.state.Work.Reach(nil)
		c.state.Changed.Reach(nil)
		c.worker.TellPaces(nil)
		stop()
		working.Wait()
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownLimit)
		defer cancel()
		m.Leave(limited)
	}, nil
}

// The words of instances.
const (
	wordWork    = "work"    // there is something to work on
	wordChanged = "changed" // a request has a new state
)

// hear does what another instance has told; "" is all of it.
func (c *Central) hear(word string) {
	if strings.HasPrefix(word, worker.WordPace) {
		c.worker.HearPace(word)
		return
	}
	if word == wordWork || word == "" {
		c.state.Work.Heard()
	}
	if word == wordChanged || word == "" {
		c.state.Changed.Heard()
	}
	if word == store.WordKeys || word == "" {
		c.state.Keys.Heard()
	}
	if word == "" {
		c.door.Drop()
	}
}

// leaveSlowly has whoever spreads the calls of several instances know that this one stops.
func (c *Central) leaveSlowly() {
	c.state.Leaving.Store(true)
	if c.folder.Store.Several() {
		<-time.After(leaveFor)
	}
}
