package demo

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/OpenPrinting/goipp"
)

// press is an IPP Everywhere printer as whole visits meet it (RFC 8011). What
// happens to it, and what staff does about it, is told by a test.
type press struct {
	t       testing.TB
	address string
	server  *http.Server // nil while it is switched off

	mu      sync.Mutex
	reasons []string // why it does not print; jobs go on once there is none
	aborts  bool     // for a reason, jobs are aborted instead of waiting
	refuses bool     // takes no jobs
	busy    bool     // takes none for now
	frozen  chan struct{}
	jobs    []*pressJob
	boots   int
	hit     func(*press, *pressJob) // when a document comes in, once
}

type pressJob struct {
	state int
	uuid  string
	bytes int // of its document
}

// Job states (RFC 8011, 5.3.7).
const (
	pressPending    = 3
	pressProcessing = 5
	pressStopped    = 6
	pressCanceled   = 7
	pressAborted    = 8
	pressCompleted  = 9
)

func newPress(t testing.TB) *press {
	p := &press{t: t, address: "127.0.0.1:0"}
	p.switchOn()
	t.Cleanup(p.switchOff)
	return p
}

func (p *press) switchOn() {
	p.t.Helper()
	l, err := net.Listen("tcp", p.address)
	if err != nil {
		p.t.Fatal(err)
	}
	p.address, p.server = l.Addr().String(), &http.Server{Handler: p, ErrorLog: log.New(io.Discard, "", 0)}
	go func(s *http.Server) { _ = s.Serve(l) }(p.server)
}

func (p *press) switchOff() { _ = p.server.Close() }

// is changes the printer.
func (p *press) is(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

// says has the printer give a reason that keeps it from printing.
func (p *press) says(reason string) { p.is(func() { p.reasons = []string{reason} }) }

// mended lets it print.
func (p *press) mended() { p.is(func() { p.reasons, p.refuses, p.busy = nil, false, false }) }

// freeze has it answer nothing more until thaw.
func (p *press) freeze() { p.frozen = make(chan struct{}) }

func (p *press) thaw() {
	p.is(func() {
		close(p.frozen)
		p.frozen = nil
	})
}

// restart forgets every job and counts from 1 again.
func (p *press) restart() { p.jobs, p.boots = nil, p.boots+1 }

// came is how many documents came out, and how many jobs are still in it.
func (p *press) came() (out, in int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, j := range p.jobs {
		switch j.state {
		case pressCompleted:
			out++
		case pressPending, pressProcessing, pressStopped:
			in++
		}
	}
	return out, in
}

func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m := &goipp.Message{}
	if m.Decode(r.Body) != nil {
		return // the kiosk gave up
	}
	document, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	p.mu.Lock()
	frozen := p.frozen
	p.mu.Unlock()
	if frozen != nil {
		select {
		case <-frozen:
		case <-r.Context().Done():
			return
		}
	}
	p.mu.Lock()
	answer := p.answer(m, len(document))
	p.mu.Unlock()
	w.Header().Set("Content-Type", goipp.ContentType)
	_ = answer.Encode(w) // the kiosk is gone if this fails
}

func (p *press) answer(m *goipp.Message, document int) *goipp.Message {
	a := goipp.NewResponse(goipp.DefaultVersion, goipp.StatusOk, m.RequestID)
	a.Operation.Add(goipp.MakeAttr("attributes-charset", goipp.TagCharset, goipp.String("utf-8")))
	a.Operation.Add(goipp.MakeAttr("attributes-natural-language", goipp.TagLanguage, goipp.String("en")))
	switch op := goipp.Op(m.Code); op {
	case goipp.OpGetPrinterAttributes:
		p.describe(a)
		return a
	case goipp.OpCreateJob:
		if p.busy {
			a.Code = goipp.Code(goipp.StatusErrorBusy)
			return a
		}
		p.jobs = append(p.jobs, &pressJob{state: pressPending, uuid: fmt.Sprintf("urn:uuid:%d-%d", p.boots, len(p.jobs)+1)})
		p.tell(a, len(p.jobs))
	default:
		id := jobOf(m)
		if id < 1 || id > len(p.jobs) {
			a.Code = goipp.Code(goipp.StatusErrorNotFound)
			return a
		}
		p.work(op, p.jobs[id-1], document)
		if id <= len(p.jobs) {
			p.tell(a, id)
		}
	}
	return a
}

// work moves a job on.
func (p *press) work(op goipp.Op, j *pressJob, document int) {
	switch {
	case op == goipp.OpCancelJob && j.state < pressCanceled:
		j.state = pressCanceled
	case op == goipp.OpSendDocument:
		j.bytes, j.state = document, pressProcessing
		if hit := p.hit; hit != nil {
			p.hit = nil
			hit(p, j)
		}
	case op == goipp.OpGetJobAttributes && j.state < pressCanceled && j.bytes > 0:
		switch {
		case len(p.reasons) == 0:
			j.state = pressCompleted
		case p.aborts:
			j.state = pressAborted
		default:
			j.state = pressStopped
		}
	}
}

func (p *press) tell(a *goipp.Message, id int) {
	j := p.jobs[id-1]
	a.Job.Add(goipp.MakeAttr("job-id", goipp.TagInteger, goipp.Integer(id)))
	a.Job.Add(goipp.MakeAttr("job-uuid", goipp.TagURI, goipp.String(j.uuid)))
	a.Job.Add(goipp.MakeAttr("job-state", goipp.TagEnum, goipp.Integer(j.state)))
	a.Job.Add(goipp.MakeAttr("job-state-reasons", goipp.TagKeyword, goipp.String("none")))
}

func (p *press) describe(a *goipp.Message) {
	state, reasons := goipp.Integer(3), slices.Concat(p.reasons, []string{"none"})[:max(1, len(p.reasons))]
	if len(p.reasons) > 0 {
		state = 5 // stopped
	}
	a.Printer.Add(goipp.MakeAttr("printer-state", goipp.TagEnum, state))
	why := goipp.Attribute{Name: "printer-state-reasons"}
	for _, r := range reasons {
		why.Values.Add(goipp.TagKeyword, goipp.String(r))
	}
	a.Printer.Add(why)
	a.Printer.Add(goipp.MakeAttr("printer-is-accepting-jobs", goipp.TagBoolean, goipp.Boolean(!p.refuses)))
	a.Printer.Add(goipp.MakeAttr("document-format-supported", goipp.TagMimeType, goipp.String("application/pdf")))
	ops := goipp.Attribute{Name: "operations-supported"}
	for _, op := range []goipp.Op{goipp.OpCreateJob, goipp.OpSendDocument, goipp.OpCancelJob, goipp.OpGetJobAttributes, goipp.OpGetPrinterAttributes} {
		ops.Values.Add(goipp.TagEnum, goipp.Integer(op))
	}
	a.Printer.Add(ops)
}

func jobOf(m *goipp.Message) int {
	for _, a := range m.Operation {
		if n, ok := a.Values[0].V.(goipp.Integer); ok && a.Name == "job-id" {
			return int(n)
		}
	}
	return 0
}
