package printer

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/fault"
)

// Jobs left behind: those whose end the printer did not confirm in time, and those
// of a kiosk that was switched off while it printed. Refilled or thawed, the printer
// would bring them out in front of somebody else. So each is cancelled until the
// printer says that it is over, and meanwhile nothing is printed (promise P8).

// left is what a printer may still hold of this kiosk's.
type left struct {
	mu    sync.Mutex
	jobs  []*job
	asked bool // the printer has been asked for jobs that nobody here knows the number of
}

// leave remembers a job whose end is not confirmed: what it is known by at the
// printer, and nothing of the document or the visit (promise P4).
func (j *job) leave() {
	j.left.mu.Lock()
	defer j.left.mu.Unlock()
	j.left.jobs = append(j.left.jobs, &job{ipp: j.ipp, id: j.id, who: j.who, able: j.able})
}

// lose remembers that there may be a job whose number is not known.
func (p *ipp) lose() {
	p.left.mu.Lock()
	defer p.left.mu.Unlock()
	p.left.asked = false
}

// clear removes what was left behind; a fault means that something still may be there.
// A job of which nobody knows how it ended may be there under another number, if the
// printer keeps its jobs when it is switched off.
func (p *ipp) clear(ctx context.Context, a about) *fault.Fault {
	p.left.mu.Lock()
	defer p.left.mu.Unlock()
	p.left.jobs = slices.DeleteFunc(p.left.jobs, func(j *job) bool { return j.over(ctx) })
	if !p.left.asked {
		found, err := p.ours(ctx, a)
		if err != nil {
			wrong := trouble(err)
			return &wrong
		}
		p.left.asked = true
		for _, j := range found {
			known := slices.ContainsFunc(p.left.jobs, func(k *job) bool { return k.id == j.id })
			if !known && !j.over(ctx) {
				p.left.jobs = append(p.left.jobs, j)
			}
		}
	}
	if len(p.left.jobs) > 0 {
		return &fault.Fault{Code: fault.LeftBehind, Detail: "job " + strconv.Itoa(p.left.jobs[0].id)}
	}
	return nil
}

// over cancels a job that was left behind and reports whether it has ended.
func (j *job) over(ctx context.Context) bool {
	result, over := j.settled(ctx, false, fault.Fault{})
	if !over && j.sure {
		if _, err := j.quick(ctx, j.message(goipp.OpCancelJob, j.id)); err == nil {
			result, over = j.settled(ctx, true, fault.Fault{})
		}
	}
	if over && result.Outcome == fault.Unknown {
		j.left.asked = false
	}
	return over
}

// ours are the jobs of this kiosk that are not over. One document is at the printer
// at a time, and none is when this is asked. Other kiosks have other names.
func (p *ipp) ours(ctx context.Context, a about) ([]*job, error) {
	m := p.message(goipp.OpGetJobs, 0)
	m.Operation.Add(goipp.MakeAttr("which-jobs", goipp.TagKeyword, goipp.String("not-completed")))
	m.Operation.Add(goipp.MakeAttr("my-jobs", goipp.TagBoolean, goipp.Boolean(true)))
	ask(m, append([]string{"job-id"}, whose...)...)
	answer, err := p.quick(ctx, m)
	var refused *statusError
	if isGone(err) || errors.As(err, &refused) && refused.status == goipp.StatusErrorOperationNotSupported {
		return nil, nil // it keeps no list
	}
	if err != nil {
		return nil, err
	}
	var all []*job
	for _, g := range answer.Groups {
		id, ok := number(g.Attrs, "job-id")
		who := identityOf(g.Attrs)
		if ok && g.Tag == goipp.TagJobGroup && who.name == jobName && who.user == p.user {
			all = append(all, &job{ipp: p, id: id, who: who, able: a})
		}
	}
	return all, nil
}
