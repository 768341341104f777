package printer

import (
	"context"
	"errors"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
)

// delivery is how sending the document ended.
type delivery struct {
	answer *goipp.Message
	err    error
	begun  bool // something went out
	whole  bool // all of it went out
}

// offer makes a job. A printer that is too busy took nothing, and is asked again.
func (j *job) offer(ctx context.Context, try func() error) error {
	tick := time.NewTicker(j.poll)
	defer tick.Stop()
	for {
		err := try()
		if err == nil || retry(trouble(err)) != fault.Repeats {
			return err
		}
		wrong := trouble(err)
		j.say(desk.Progress{Fault: &wrong})
		select {
		case <-tick.C:
		case <-ctx.Done():
			return err
		}
	}
}

// create makes a job without a document and learns its number and UUID.
func (j *job) create(ctx context.Context) error {
	return j.offer(ctx, func() error {
		m := j.message(goipp.OpCreateJob, 0)
		m.Operation.Add(goipp.MakeAttr("job-name", goipp.TagName, goipp.String(jobName)))
		j.lock(m)
		j.able.wish(m, j.paper)
		answer, err := j.quick(ctx, m)
		if err != nil {
			return err
		}
		j.ignored = j.number != "" && ignores(answer)
		return j.know(ctx, answer)
	})
}

// know reads number and UUID from the answer that made the job.
func (j *job) know(ctx context.Context, answer *goipp.Message) error {
	id, ok := number(answer.Job, "job-id")
	if !ok {
		return errors.New("the printer gave the job no number")
	}
	j.id, j.who, j.sure = id, identityOf(answer.Job), true
	if j.who.uuid == "" {
		if s, err := j.state(ctx); err == nil {
			j.who = s.who
		}
	}
	return nil
}

// send puts the document into the created job.
func (j *job) send(ctx context.Context) delivery {
	m := j.message(goipp.OpSendDocument, j.id)
	m.Operation.Add(goipp.MakeAttr("document-format", goipp.TagMimeType, goipp.String(pdfFormat)))
	m.Operation.Add(goipp.MakeAttr("last-document", goipp.TagBoolean, goipp.Boolean(true)))
	return j.deliver(ctx, m)
}

// printAtOnce is for printers that have no Create-Job.
func (j *job) printAtOnce(ctx context.Context) desk.Result {
	var d delivery
	_ = j.offer(ctx, func() error { // d has the error
		m := j.message(goipp.OpPrintJob, 0)
		m.Operation.Add(goipp.MakeAttr("job-name", goipp.TagName, goipp.String(jobName)))
		m.Operation.Add(goipp.MakeAttr("document-format", goipp.TagMimeType, goipp.String(pdfFormat)))
		j.able.wish(m, j.paper)
		d = j.deliver(ctx, m)
		if d.doubtful() {
			return nil // never again
		}
		return d.err
	})
	switch {
	case d.doubtful():
		return unknown("the answer to the document was lost: " + d.err.Error())
	case d.err != nil:
		return failed(j.early(ctx, d.err))
	}
	if err := j.know(ctx, d.answer); err != nil {
		return unknown(err.Error())
	}
	return j.follow(ctx)
}

// doubtful reports whether the printer may have the document, or part of it.
func (d delivery) doubtful() bool { return d.err != nil && d.begun && !isRefusal(d.err) }

// deliver sends the document and notes how much of it went out.
func (j *job) deliver(ctx context.Context, m *goipp.Message) delivery {
	var begun, whole atomic.Bool // set while the answer may be coming in already
	trace := &httptrace.ClientTrace{
		WroteHeaders: func() { begun.Store(true) },
		WroteRequest: func(i httptrace.WroteRequestInfo) { whole.Store(i.Err == nil) },
	}
	answer, err := j.call(httptrace.WithClientTrace(ctx, trace), m, j.doc.PDF)
	return delivery{answer, err, begun.Load(), whole.Load()}
}
