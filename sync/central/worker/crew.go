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

// Several workers share the requests, of this program and of others that serve the same database: what
// takes long is the hash of each PIN, and a core can do one at a time. Who works on what, and
// that order holds for each contact, is the store's to say (store.TakeWork); here is only what of
// it is this program's.

// task is what a worker does: a job with what is in it, or a wish for a new code.
type task struct {
	store.Job
	asked  request.Request
	unread error         // why it cannot be read
	wish   *store.Resend // nil for a job
}

// id of the request.
func (t task) id() string {
	if t.wish != nil {
		return t.wish.ID
	}
	return t.ID
}

// crew is what the workers of this program are at.
type crew struct {
	mu      sync.Mutex
	working []string        // ids in work
	blocked map[string]task // those that wait for others with their contacts, opened
}

// taken is what need not be looked for, and whether that is all there is for now.
func (w *crew) taken() (ids []string, full bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id := range w.blocked {
		ids = append(ids, id)
	}
	return append(ids, w.working...), len(w.blocked) >= store.MostBlocked
}

// take takes what is to be done next; see store.TakeWork.
func (c *Worker) take(ctx context.Context, now time.Time) (t task, ok bool, err error) {
	w := &c.crew
	w.mu.Lock()
	defer w.mu.Unlock()
	opened := map[string]task{}
	work, err := c.Store.TakeWork(ctx, now, w.working, func(j store.Job) []string {
		t, is := opened[j.ID]
		if before, was := w.blocked[j.ID]; !is && was {
			t, is = before, true
		}
		if !is {
			t = c.task(j, now)
		}
		t.Job = j
		opened[j.ID] = t
		return c.contacts(t)
	})
	if err != nil {
		return task{}, false, err
	}
	w.blocked = map[string]task{}
	for _, id := range work.Blocked {
		w.blocked[id] = opened[id]
	}
	if work.Freed {
		c.State.Work.Ring()
	}
	switch {
	case work.Wish != nil:
		t = task{wish: work.Wish}
	case work.Job != nil:
		t = opened[work.Job.ID]
	default:
		return task{}, false, nil
	}
	w.working = append(w.working, t.id())
	return t, true, nil
}

// task opens a job.
func (c *Worker) task(j store.Job, now time.Time) task {
	t := task{Job: j}
	t.asked, t.unread = c.opener.Job(j, now)
	return t
}

// contacts are keyed hashes of those of a job. What cannot be read has none.
func (c *Worker) contacts(t task) (all []string) {
	if t.unread != nil {
		return nil
	}
	for _, contact := range []string{t.asked.Phone, t.asked.Email} {
		if contact != "" {
			all = append(all, c.Keeper.ContactMark("", notice.ContactKey(contact)))
		}
	}
	return all
}

// done ends a task: the next one to be taken ends its claim.
func (c *Worker) done(t task) {
	c.crew.mu.Lock()
	defer c.crew.mu.Unlock()
	c.crew.working = slices.DeleteFunc(c.crew.working, func(id string) bool { return id == t.id() })
}
