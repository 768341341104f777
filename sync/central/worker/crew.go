package worker

import (
	"context"
	"slices"
	"sync"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store"
)

// Several workers share the requests: what takes long is the hash of each PIN, and a
// core can do one at a time. Order holds for each contact: of two requests that share
// one, the second is not begun before the first has ended, so that of two codes the one
// that comes last is the newer one. Which those are is kept in memory only; one process
// works on a folder.

// mostParked is how many requests wait for one before them while others go on.
const mostParked = 64

// task is what a worker does: a job with what is in it, or a wish for a new code.
type task struct {
	store.Job
	asked  request.Request
	unread error         // why it cannot be read
	wish   *store.Resend // nil for a job
	keys   []string      // its id and contacts
}

// crew is what all workers are at.
type crew struct {
	mu     sync.Mutex
	tasks  []task // in work
	parked []task // taken, and waiting for one of those before them
}

// ids of all that is taken.
func (w *crew) ids() (all []string) {
	for _, t := range slices.Concat(w.tasks, w.parked) {
		all = append(all, t.keys[0])
	}
	return all
}

// taken is ids for others than the crew.
func (w *crew) taken() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ids()
}

// free reports whether a task shares nothing with those in work and those parked before it.
func (w *crew) free(t task, before int) bool {
	return !slices.ContainsFunc(slices.Concat(w.tasks, w.parked[:before]), func(other task) bool {
		return slices.ContainsFunc(t.keys, func(k string) bool { return slices.Contains(other.keys, k) })
	})
}

// unpark returns the first that need not wait any more.
func (w *crew) unpark() (t task, ok bool) {
	for i, t := range w.parked {
		if w.free(t, i) {
			w.parked = slices.Delete(w.parked, i, i+1)
			return t, true
		}
	}
	return task{}, false
}

// take takes what is to be done next: a new code first, since somebody waits for it at
// a kiosk, or else a request whose contacts nobody works for.
func (c *Worker) take(ctx context.Context, now time.Time) (t task, ok bool, err error) {
	w := &c.crew
	w.mu.Lock()
	defer w.mu.Unlock()
	wish, ok, err := c.Store.NextResend(ctx, now, w.ids()...)
	if err != nil {
		return task{}, false, err
	}
	if ok {
		t = task{wish: &wish, keys: []string{wish.ID}}
	} else {
		t, ok = w.unpark()
	}
	for !ok && len(w.parked) < mostParked {
		j, due, err := c.Store.TakeJob(ctx, now, w.ids()...)
		if !due || err != nil {
			return task{}, false, err
		}
		if t = c.task(j, now); w.free(t, len(w.parked)) {
			ok = true
		} else {
			w.parked = append(w.parked, t)
		}
	}
	if ok {
		w.tasks = append(w.tasks, t)
	}
	return t, ok, nil
}

// task opens a job.
func (c *Worker) task(j store.Job, now time.Time) task {
	t := task{Job: j, keys: []string{j.ID}}
	if t.asked, t.unread = c.opener.Job(j, now); t.unread != nil {
		return t
	}
	for _, contact := range []string{t.asked.Phone, t.asked.Email} {
		if contact != "" {
			t.keys = append(t.keys, notice.ContactKey(contact))
		}
	}
	return t
}

// done ends a task; those who wait for it are looked at again.
func (c *Worker) done(t task) {
	w := &c.crew
	w.mu.Lock()
	w.tasks = slices.DeleteFunc(w.tasks, func(other task) bool { return other.keys[0] == t.keys[0] })
	parked := len(w.parked)
	w.mu.Unlock()
	if parked > 0 {
		c.State.Work.Ring()
	}
}
