package printer

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/OpenPrinting/goipp"
)

// fake is an IPP printer that does what a test tells it to, also what real ones
// do only on bad days.
type fake struct {
	t      testing.TB
	server *httptest.Server
	limits // of the kiosk that speaks to it

	once    sync.Once // for hooks
	mu      sync.Mutex
	formats []string
	reasons []string
	ops     []goipp.Op
	stopped bool
	refuses bool // jobs
	noUUID  bool // gives jobs none
	ignores bool // the passwords of jobs, and says so
	noClock bool // does not say how long it has been on
	mute    bool // counts nothing of the next job
	boots   int
	up      int // seconds since it was switched on
	jobs    map[int]*fakeJob
	seen    []goipp.Op
	names   []string         // of jobs
	lengths []int64          // Content-Length of each request
	wishes  []string         // what jobs asked for
	says    goipp.Attributes // more about itself
	// on answers an operation instead of the printer; false means it did not.
	on map[goipp.Op]func(w http.ResponseWriter, r *http.Request, m *goipp.Message) bool
	// looked is called, locked, before each answer about a job that has its
	// document; n counts these looks from 1. Without it the job completes at once.
	looked func(j *fakeJob, n int)
	// busyOver, if any, is called from the second time on that it is too busy.
	busyOver func()
}

type fakeJob struct {
	id, state, looks int
	uuid, name, user string
	made             int // time-at-creation
	reasons          []string
	document         []byte
	password         []byte // as sent
	passwordBy       string
	typed            bool             // at the panel
	counts           goipp.Attributes // what is counted of it
}

func newFake(t testing.TB) *fake {
	f := &fake{
		t: t, limits: limits{poll: time.Millisecond, answer: 10 * time.Second, cancel: 10 * time.Second},
		up: 4000, formats: []string{"image/pwg-raster", pdfFormat}, jobs: map[int]*fakeJob{},
		ops: []goipp.Op{goipp.OpPrintJob, goipp.OpCreateJob, goipp.OpSendDocument, goipp.OpCancelJob, goipp.OpGetJobAttributes},
		on:  map[goipp.Op]func(http.ResponseWriter, *http.Request, *goipp.Message) bool{},
	}
	f.server = httptest.NewUnstartedServer(f)
	f.server.Config.ErrorLog = log.New(io.Discard, "", 0) // broken connections are wanted
	t.Cleanup(f.server.Close)
	return f
}

// printer starts the fake and opens it.
func (f *fake) printer() *ipp {
	f.server.Start()
	return f.open("ipp", nil)
}

func (f *fake) open(scheme string, pin []byte) *ipp {
	u, err := url.Parse(f.server.URL)
	if err != nil {
		f.t.Fatal(err)
	}
	u.Scheme, u.Path = scheme, "/ipp/print"
	p := newIPP(u, pin, lobby(f.server.URL, ""))
	p.limits = f.limits
	f.t.Cleanup(p.http.CloseIdleConnections)
	return p
}

// documents are those whose job completed, in order.
func (f *fake) documents() [][]byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all [][]byte
	for id := 1; id <= len(f.jobs); id++ {
		if j := f.jobs[id]; j.state == jobCompleted {
			all = append(all, j.document)
		}
	}
	return all
}

func (f *fake) did(op goipp.Op) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.seen {
		if s == op {
			return true
		}
	}
	return false
}

// reboot forgets all jobs; numbers start at 1 again.
func (f *fake) reboot() { f.boots, f.jobs, f.up = f.boots+1, map[int]*fakeJob{}, 7 }

func (f *fake) add() *fakeJob {
	id := len(f.jobs) + 1
	j := &fakeJob{id: id, state: 3, uuid: fmt.Sprintf("urn:uuid:%d-%d", f.boots, id), made: 1000 * (f.boots + 1)}
	if f.noUUID {
		j.uuid = ""
	}
	f.jobs[id] = j
	return j
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m := &goipp.Message{}
	if m.Decode(r.Body) != nil {
		return // the kiosk gave up while it was sending
	}
	op := goipp.Op(m.Code)
	f.mu.Lock()
	f.seen, f.lengths = append(f.seen, op), append(f.lengths, r.ContentLength)
	if name := text(m.Operation, "job-name"); name != "" {
		f.names = append(f.names, name)
	}
	for _, w := range m.Job {
		f.wishes = append(f.wishes, w.Name+"="+w.Values.String())
	}
	hook := f.on[op]
	f.mu.Unlock()
	if hook != nil && hook(w, r, m) {
		return
	}
	document, err := io.ReadAll(r.Body)
	if err != nil {
		return // the kiosk gave up
	}
	f.mu.Lock()
	answer := f.answer(op, m, document)
	f.mu.Unlock()
	f.write(w, answer)
}

func (f *fake) write(w http.ResponseWriter, m *goipp.Message) {
	w.Header().Set("Content-Type", goipp.ContentType)
	if err := m.Encode(w); err != nil && !strings.Contains(err.Error(), "reset") {
		f.t.Logf("answer: %v", err)
	}
}

// refuse makes an operation end with a status.
func refuse(status goipp.Status) func(http.ResponseWriter, *http.Request, *goipp.Message) bool {
	return func(w http.ResponseWriter, r *http.Request, m *goipp.Message) bool {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = start(m, status).Encode(w)
		return true
	}
}

func start(m *goipp.Message, status goipp.Status) *goipp.Message {
	a := goipp.NewResponse(goipp.DefaultVersion, status, m.RequestID)
	a.Operation.Add(goipp.MakeAttr("attributes-charset", goipp.TagCharset, goipp.String("utf-8")))
	a.Operation.Add(goipp.MakeAttr("attributes-natural-language", goipp.TagLanguage, goipp.String("en")))
	return a
}

func (f *fake) answer(op goipp.Op, m *goipp.Message, document []byte) *goipp.Message {
	a := start(m, goipp.StatusOk)
	if op == goipp.OpGetPrinterAttributes {
		f.describe(a)
		return a
	}
	var j *fakeJob
	switch op {
	case goipp.OpCreateJob, goipp.OpPrintJob:
		j = f.add()
		j.name, j.user = text(m.Operation, "job-name"), text(m.Operation, "requesting-user-name")
		j.passwordBy = text(m.Operation, "job-password-encryption")
		for _, v := range find(m.Operation, "job-password") {
			j.password = v.V.(goipp.Binary)
		}
		if f.ignores && j.password != nil {
			j.password = nil
			a.Code = goipp.Code(goipp.StatusOkIgnoredOrSubstituted)
			a.Unsupported.Add(goipp.MakeAttr("job-password", goipp.TagUnsupportedValue, goipp.Void{}))
		}
	case goipp.OpGetJobs:
		return f.list(m)
	default:
		id, _ := number(m.Operation, "job-id")
		if j = f.jobs[id]; j == nil {
			return start(m, goipp.StatusErrorNotFound)
		}
	}
	switch op {
	case goipp.OpSendDocument, goipp.OpPrintJob:
		j.document = document
		j.state = jobProcessing
	case goipp.OpCancelJob:
		if j.state >= jobCanceled {
			return start(m, goipp.StatusErrorNotPossible)
		}
		j.state = jobCanceled
		return a
	case goipp.OpGetJobAttributes:
		if j.document == nil {
			break
		}
		if j.looks++; f.looked == nil {
			j.state = jobCompleted
		} else {
			f.looked(j, j.looks)
		}
	}
	a.Job.Add(goipp.MakeAttr("job-id", goipp.TagInteger, goipp.Integer(j.id)))
	a.Job = append(a.Job, j.whose()...)
	a.Job.Add(goipp.MakeAttr("job-state", goipp.TagEnum, goipp.Integer(j.state)))
	a.Job.Add(keywords("job-state-reasons", j.reasons))
	a.Job = append(a.Job, j.counts...)
	return a
}

// whose is what a job is known by beside its number.
func (j *fakeJob) whose() goipp.Attributes {
	return goipp.Attributes{
		goipp.MakeAttr("job-uuid", goipp.TagURI, goipp.String(j.uuid)), goipp.MakeAttr("job-name", goipp.TagName, goipp.String(j.name)),
		goipp.MakeAttr("job-originating-user-name", goipp.TagName, goipp.String(j.user)),
		goipp.MakeAttr("time-at-creation", goipp.TagInteger, goipp.Integer(j.made)),
	}
}

// list are the jobs that are not over, of everybody.
func (f *fake) list(m *goipp.Message) *goipp.Message {
	groups := goipp.Groups{{Tag: goipp.TagOperationGroup, Attrs: start(m, goipp.StatusOk).Operation}}
	for id := 1; id <= len(f.jobs); id++ {
		if j := f.jobs[id]; j.state < jobCanceled {
			groups.Add(goipp.Group{Tag: goipp.TagJobGroup, Attrs: append(goipp.Attributes{
				goipp.MakeAttr("job-id", goipp.TagInteger, goipp.Integer(id)),
			}, j.whose()...)})
		}
	}
	return goipp.NewMessageWithGroups(goipp.DefaultVersion, goipp.Code(goipp.StatusOk), m.RequestID, groups)
}

func (f *fake) describe(a *goipp.Message) {
	state := goipp.Integer(3)
	if f.stopped {
		state = printerStopped
	}
	a.Printer.Add(goipp.MakeAttr("printer-state", goipp.TagEnum, state))
	a.Printer.Add(keywords("printer-state-reasons", f.reasons))
	if !f.noClock {
		a.Printer.Add(goipp.MakeAttr("printer-up-time", goipp.TagInteger, goipp.Integer(f.up)))
	}
	a.Printer.Add(goipp.MakeAttr("printer-is-accepting-jobs", goipp.TagBoolean, goipp.Boolean(!f.refuses)))
	a.Printer = append(a.Printer, f.says...)
	formats := goipp.Attribute{Name: "document-format-supported"}
	for _, s := range f.formats {
		formats.Values.Add(goipp.TagMimeType, goipp.String(s))
	}
	a.Printer.Add(formats)
	ops := goipp.Attribute{Name: "operations-supported"}
	for _, op := range f.ops {
		ops.Values.Add(goipp.TagEnum, goipp.Integer(op))
	}
	a.Printer.Add(ops)
}

func keywords(name string, all []string) goipp.Attribute {
	if len(all) == 0 {
		all = []string{"none"}
	}
	a := goipp.Attribute{Name: name}
	for _, s := range all {
		a.Values.Add(goipp.TagKeyword, goipp.String(s))
	}
	return a
}
