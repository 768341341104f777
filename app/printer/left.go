package printer

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/visit"
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
	j.left.jobs = append(j.left.jobs, &job{ipp: j.ipp, id: j.id, uuid: j.uuid, able: j.able})
}

// lose remembers that there may be a job without a number.
func (p *ipp) lose() {
	p.left.mu.Lock()
	defer p.left.mu.Unlock()
	p.left.asked = false
}

// clear removes what was left behind; a fault means that something still may be there.
func (p *ipp) clear(ctx context.Context, a about) *desk.Fault {
	p.left.mu.Lock()
	defer p.left.mu.Unlock()
	p.left.jobs = slices.DeleteFunc(p.left.jobs, func(j *job) bool {
		lost := j.uuid == "" && a.up < j.able.up // switched off and on since: its number is another's, or its own
		p.left.asked = p.left.asked && !lost
		return lost
	})
	if !p.left.asked {
		found, err := p.ours(ctx)
		if err != nil {
			fault := trouble(err)
			return &fault
		}
		p.left.jobs, p.left.asked = append(p.left.jobs, found...), true
	}
	var still []*job
	for _, j := range p.left.jobs {
		if !j.over(ctx, a) {
			still = append(still, j)
		}
	}
	if p.left.jobs = still; len(still) > 0 {
		return &desk.Fault{Code: visit.FaultLeftBehind, Detail: "job " + strconv.Itoa(still[0].id)}
	}
	return nil
}

// over cancels a job that was left behind and tells whether it has ended.
func (j *job) over(ctx context.Context, now about) bool {
	j.able = now
	if _, over := j.settled(ctx, false, desk.Fault{}); over {
		return true
	}
	if !j.sure {
		return false
	}
	if _, err := j.quick(ctx, j.message(goipp.OpCancelJob, j.id)); err != nil {
		return false
	}
	_, over := j.settled(ctx, true, desk.Fault{})
	return over
}

// ours are the jobs of this kiosk that are not over. One document is at the printer
// at a time, and none is when this is asked. Other kiosks have other names.
func (p *ipp) ours(ctx context.Context) ([]*job, error) {
	m := p.message(goipp.OpGetJobs, 0)
	m.Operation.Add(goipp.MakeAttr("which-jobs", goipp.TagKeyword, goipp.String("not-completed")))
	m.Operation.Add(goipp.MakeAttr("my-jobs", goipp.TagBoolean, goipp.Boolean(true)))
	ask(m, "job-id", "job-uuid", "job-name", "job-originating-user-name")
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
		if ok && g.Tag == goipp.TagJobGroup && text(g.Attrs, "job-name") == jobName && text(g.Attrs, "job-originating-user-name") == p.user {
			all = append(all, &job{ipp: p, id: id, uuid: text(g.Attrs, "job-uuid")})
		}
	}
	return all, nil
}
