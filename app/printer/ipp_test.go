package printer

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/visit"
)

const (
	printed, isFailed, isUnknown = desk.Printed, desk.Failed, desk.Unknown
)

// bad is a printer on a bad day and what the kiosk must make of it.
type bad struct {
	name    string
	day     func(f *fake, end context.CancelFunc)
	outcome desk.Outcome
	fault   string
	detail  string // part of it
	faults  string // told on the way
	cancels bool   // the job is cancelled at the printer
}

// at does something at the n-th look at the job.
func at(n int, do func(f *fake, j *fakeJob)) func(*fake, context.CancelFunc) {
	return func(f *fake, _ context.CancelFunc) {
		f.looked = func(j *fakeJob, look int) {
			if look == n {
				do(f, j)
			}
		}
	}
}

// ends lets the job end in a state and for a reason.
func ends(state int, reason string) func(*fake, context.CancelFunc) {
	return at(2, func(_ *fake, j *fakeJob) { j.state, j.reasons = state, []string{reason} })
}

// waits lets a printer reason hold for a while with the job in a state.
func waits(reason string, job int) func(*fake, context.CancelFunc) {
	return func(f *fake, _ context.CancelFunc) {
		f.looked = func(j *fakeJob, look int) {
			switch look {
			case 2:
				f.reasons, j.state = []string{"none", reason}, job
			case 5:
				f.reasons, j.state = nil, jobCompleted
			}
		}
	}
}

func onOp(op goipp.Op, status goipp.Status) func(*fake, context.CancelFunc) {
	return func(f *fake, _ context.CancelFunc) { f.on[op] = refuse(status) }
}

// visitEnds ends the visit at the fourth look.
func (f *fake) visitEnds(end context.CancelFunc) {
	f.looked = func(_ *fakeJob, look int) {
		if look == 4 {
			end()
		}
	}
}

// jobsEnd are jobs the printer took and told about.
func jobsEnd() []bad {
	return []bad{
		{name: "aborted", day: ends(jobAborted, "aborted-by-system"), outcome: isFailed, fault: visit.FaultPrinter, detail: "aborted-by-system"},
		{name: "aborted for a jam", day: at(1, func(f *fake, j *fakeJob) {
			j.state, j.reasons, f.reasons = jobAborted, []string{"aborted-by-system"}, []string{"media-jam-error"}
		}), outcome: isFailed, fault: visit.FaultJam, detail: "media-jam"},
		{
			name: "aborted for its format", day: ends(jobAborted, "document-format-error"),
			outcome: isFailed, fault: visit.FaultPrinter, detail: "application/pdf",
		},
		{
			name: "cancelled at the printer", day: ends(jobCanceled, "job-canceled-at-device"),
			outcome: isFailed, fault: visit.FaultCancelled, detail: "job-canceled-at-device",
		},
		{name: "completed with errors", day: ends(jobCompleted, "job-completed-with-errors"), outcome: isUnknown, fault: visit.FaultNoAnswer, detail: "with-errors"},
		{name: "paper empty, then refilled", day: waits("media-empty-error", jobProcessing), outcome: printed, faults: "paper"},
		{name: "paper needed, no suffix", day: waits("media-needed", jobProcessing), outcome: printed, faults: "paper"},
		{name: "paper empty as a warning", day: waits("media-empty-warning", jobProcessing), outcome: printed, faults: "paper"},
		{name: "a report", day: waits("media-empty-report", jobProcessing), outcome: printed},
		{name: "jam", day: waits("media-jam-error", jobStopped), outcome: printed, faults: "jam"},
		{name: "cover open", day: waits("cover-open", jobStopped), outcome: printed, faults: "jam"},
		{name: "toner", day: waits("toner-empty-error", jobStopped), outcome: printed, faults: "toner"},
		{name: "stopped for a reason unheard of", day: waits("moon-in-the-way", jobStopped), outcome: printed, faults: "printer"},
		{name: "forgets the job", day: at(3, func(f *fake, _ *fakeJob) { f.jobs = map[int]*fakeJob{} }), outcome: isUnknown, fault: visit.FaultNoAnswer},
		{name: "restarts and gives the number to another job", day: at(3, func(f *fake, _ *fakeJob) {
			f.reboot()
			f.add().state = jobCompleted
		}), outcome: isUnknown, fault: visit.FaultNoAnswer},
	}
}

// printersRefuse are printers that take no document.
func printersRefuse() []bad {
	return []bad{
		{
			name: "takes no PDF", day: func(f *fake, _ context.CancelFunc) { f.formats = f.formats[:1] },
			outcome: isFailed, fault: visit.FaultPrinter, detail: "IPP Everywhere",
		},
		{
			name: "takes no jobs", day: func(f *fake, _ context.CancelFunc) { f.refuses = true },
			outcome: isFailed, fault: visit.FaultPrinter, detail: "not accepting",
		},
		{
			name: "refuses the format by the standard", day: onOp(goipp.OpSendDocument, goipp.StatusErrorDocumentFormatNotSupported),
			outcome: isFailed, fault: visit.FaultPrinter, detail: "application/pdf", cancels: true,
		},
		{
			name: "refuses the format its own way", day: onOp(goipp.OpSendDocument, goipp.StatusErrorAttributesOrValues),
			outcome: isFailed, fault: visit.FaultPrinter, detail: "application/pdf", cancels: true,
		},
		{
			name: "is too busy for a job", day: onOp(goipp.OpCreateJob, goipp.StatusErrorNotAcceptingJobs),
			outcome: isFailed, fault: visit.FaultPrinter, detail: "not-accepting",
		},
		{name: "answers nonsense", day: func(f *fake, _ context.CancelFunc) {
			f.on[goipp.OpCreateJob] = func(w http.ResponseWriter, _ *http.Request, _ *goipp.Message) bool {
				_, _ = io.WriteString(w, "<html>hello</html>")
				return true
			}
		}, outcome: isFailed, fault: visit.FaultPrinter, detail: "not IPP"},
		{name: "has an error of its own", day: func(f *fake, _ context.CancelFunc) {
			f.on[goipp.OpGetPrinterAttributes] = func(w http.ResponseWriter, _ *http.Request, _ *goipp.Message) bool {
				w.WriteHeader(http.StatusInternalServerError)
				return true
			}
		}, outcome: isFailed, fault: visit.FaultPrinter, detail: "500"},
	}
}

// connectionsBreak are answers that never come.
func connectionsBreak() []bad {
	return []bad{
		{name: "takes the document only as it prints", day: func(f *fake, _ context.CancelFunc) {
			f.limits.answer = time.Second
			out := make(chan struct{})
			f.on[goipp.OpSendDocument] = func(_ http.ResponseWriter, r *http.Request, _ *goipp.Message) bool {
				_, _ = io.CopyN(io.Discard, r.Body, 1000)
				<-out
				return false
			}
			f.on[goipp.OpGetJobAttributes] = func(http.ResponseWriter, *http.Request, *goipp.Message) bool {
				f.once.Do(func() { close(out) })
				return false
			}
		}, outcome: printed},
		{name: "loses the answer to the document but prints it", day: func(f *fake, _ context.CancelFunc) {
			f.on[goipp.OpSendDocument] = f.swallow
			f.looked = func(j *fakeJob, look int) {
				if look > 3 && j.document != nil {
					j.state = jobCompleted
				}
			}
		}, outcome: printed},
		{name: "breaks off while the document comes in", day: func(f *fake, _ context.CancelFunc) {
			f.on[goipp.OpSendDocument] = hangUp
		}, outcome: isFailed, fault: visit.FaultPrinter, cancels: true},
		{name: "has no Create-Job and loses the answer", day: func(f *fake, _ context.CancelFunc) {
			f.ops, f.on[goipp.OpPrintJob] = f.ops[:1], f.swallow
		}, outcome: isUnknown, fault: visit.FaultNoAnswer, detail: "lost"},
	}
}

// visitsEnd are visits that end before the job does.
func visitsEnd() []bad {
	return []bad{
		{name: "the visit ends while it waits for paper", day: func(f *fake, end context.CancelFunc) {
			f.reasons = []string{"media-empty-error"}
			f.visitEnds(end)
		}, outcome: isFailed, fault: visit.FaultPaper, faults: "paper", cancels: true},
		{name: "the visit ends while it prints", day: func(f *fake, end context.CancelFunc) {
			f.visitEnds(end)
		}, outcome: isFailed, fault: visit.FaultCancelled, cancels: true},
		{name: "the page comes out before the cancellation", day: func(f *fake, end context.CancelFunc) {
			f.visitEnds(end)
			f.on[goipp.OpCancelJob] = func(http.ResponseWriter, *http.Request, *goipp.Message) bool {
				f.mu.Lock()
				defer f.mu.Unlock()
				f.jobs[1].state = jobCompleted
				return false
			}
		}, outcome: printed, cancels: true},
		{name: "never confirms the cancellation", day: func(f *fake, end context.CancelFunc) {
			f.visitEnds(end)
			f.on[goipp.OpCancelJob] = refuse(goipp.StatusOk)
			f.cancel = 50 * time.Millisecond
		}, outcome: isUnknown, fault: visit.FaultNoAnswer, cancels: true},
		{name: "freezes with the document", day: func(f *fake, end context.CancelFunc) {
			f.cancel = 50 * time.Millisecond
			f.on[goipp.OpSendDocument] = func(w http.ResponseWriter, r *http.Request, m *goipp.Message) bool {
				_, _ = io.Copy(io.Discard, r.Body)
				f.mu.Lock()
				for _, op := range f.ops {
					f.on[op] = freeze
				}
				f.mu.Unlock()
				end()
				return freeze(w, r, m)
			}
		}, outcome: isUnknown, fault: visit.FaultNoAnswer, cancels: true},
	}
}

// swallow takes the document and drops the connection instead of answering.
func (f *fake) swallow(w http.ResponseWriter, r *http.Request, m *goipp.Message) bool {
	document, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	f.answer(goipp.Op(m.Code), m, document)
	f.mu.Unlock()
	panic(http.ErrAbortHandler)
}

// hangUp drops the connection before the document is in.
func hangUp(http.ResponseWriter, *http.Request, *goipp.Message) bool {
	panic(http.ErrAbortHandler)
}

// freeze answers nothing until the kiosk gives up.
func freeze(_ http.ResponseWriter, r *http.Request, _ *goipp.Message) bool {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
	return true
}

func TestABadDayEndsHonestly(t *testing.T) {
	for _, c := range slices.Concat(jobsEnd(), printersRefuse(), connectionsBreak(), visitsEnd()) {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t)
			ctx, end := context.WithCancel(soon(t))
			defer end()
			c.day(f, end)
			p := f.printer()
			var told []string
			r := p.Print(ctx, large(), func(g desk.Progress) {
				if g.Fault != nil {
					told = append(told, g.Fault.Code)
				}
			})
			if r.Outcome != c.outcome || r.Fault.Code != c.fault || !strings.Contains(r.Fault.Detail, c.detail) {
				t.Errorf("%+v, want %s %s %q", r, c.outcome, c.fault, c.detail)
			}
			if faults := strings.Join(told, " "); faults != c.faults {
				t.Errorf("told %q on the way, want %q", faults, c.faults)
			}
			if got := f.did(goipp.OpCancelJob); got != c.cancels {
				t.Errorf("cancelled at the printer: %t, want %t", got, c.cancels)
			}
		})
	}
}

// large is a document that does not fit the buffers of a connection.
func large() desk.Document {
	return desk.Document{PDF: append(page(1).PDF, make([]byte, 8<<20)...), Pages: 3}
}

func TestADocumentIsSentOnceWithItsLengthAndAConstantName(t *testing.T) {
	f := newFake(t)
	p := f.printer()
	if r := p.Print(soon(t), page(1), ignore); r.Outcome != printed {
		t.Fatalf("%+v", r)
	}
	sent := 0
	for i, op := range f.seen {
		if f.lengths[i] <= 0 {
			t.Errorf("%v without a length", op)
		}
		if op == goipp.OpSendDocument || op == goipp.OpPrintJob {
			sent++
		}
	}
	if sent != 1 || fmt.Sprint(f.names) != "["+jobName+"]" {
		t.Errorf("sent %d times as %q", sent, f.names)
	}
}

func TestPagesAreCountedWhenThePrinterCounts(t *testing.T) {
	f := newFake(t)
	f.looked = func(j *fakeJob, look int) {
		if j.pages = look - 2; j.pages == 4 {
			j.state = jobCompleted
		}
	}
	p := f.printer()
	var pages []int
	r := p.Print(soon(t), desk.Document{PDF: page(1).PDF, Pages: 3}, func(g desk.Progress) { pages = append(pages, g.Page) })
	if r.Outcome != printed {
		t.Fatalf("%+v", r)
	}
	for i, n := range pages {
		if n > 3 || i > 0 && n <= pages[i-1] {
			t.Fatalf("pages told: %v", pages)
		}
	}
	if len(pages) == 0 || pages[len(pages)-1] != 3 {
		t.Errorf("pages told: %v, want to end with 3", pages)
	}
}

func TestReadySaysWhyNot(t *testing.T) {
	for _, c := range []struct {
		name string
		day  func(f *fake)
		code string
	}{
		{"good", func(*fake) {}, ""},
		{"low paper", func(f *fake) { f.reasons = []string{"media-low-report", "toner-low-warning"} }, ""},
		{"a tray empty, others not", func(f *fake) { f.reasons = []string{"media-empty-warning"} }, ""},
		{"empty and stopped", func(f *fake) { f.reasons, f.stopped = []string{"media-empty-warning"}, true }, visit.FaultPaper},
		{"paper", func(f *fake) { f.reasons = []string{"media-empty-error"} }, visit.FaultPaper},
		{"jam before paper", func(f *fake) { f.reasons = []string{"media-empty-error", "media-jam-error"} }, visit.FaultJam},
		{"toner", func(f *fake) { f.reasons = []string{"marker-supply-empty-error"} }, visit.FaultToner},
		{"stopped", func(f *fake) { f.stopped = true }, visit.FaultPrinter},
		{"refusing", func(f *fake) { f.refuses = true }, visit.FaultPrinter},
		{"no PDF", func(f *fake) { f.formats = nil }, visit.FaultPrinter},
		{"frozen", func(f *fake) { f.on[goipp.OpGetPrinterAttributes], f.limits.answer = freeze, 50*time.Millisecond }, visit.FaultPrinter},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t)
			c.day(f)
			fault := f.printer().Ready(t.Context())
			if fault == nil && c.code != "" || fault != nil && fault.Code != c.code {
				t.Errorf("%+v, want %q", fault, c.code)
			}
		})
	}
}

func TestAPrinterThatIsSwitchedOffIsAFault(t *testing.T) {
	f := newFake(t)
	p := f.printer()
	f.server.Close()
	if fault := p.Ready(t.Context()); fault == nil || fault.Code != visit.FaultPrinter {
		t.Errorf("ready: %+v", fault)
	}
	if r := p.Print(soon(t), page(1), ignore); r.Outcome != isFailed || r.Fault.Code != visit.FaultPrinter {
		t.Errorf("print: %+v", r)
	}
}

func TestOnlyThePinnedKeyIsSpokenTo(t *testing.T) {
	f := newFake(t)
	f.server.StartTLS()
	sum := sha256.Sum256(f.server.Certificate().RawSubjectPublicKeyInfo)
	p := f.open("ipps", sum[:])
	if r := p.Print(soon(t), page(1), ignore); r.Outcome != printed {
		t.Fatalf("the pinned key: %+v", r)
	}
	if version := p.http.Transport.(*http.Transport).TLSClientConfig.MinVersion; version < tls.VersionTLS12 {
		t.Errorf("TLS %x is allowed", version)
	}
	before := len(f.documents())
	for _, pin := range [][]byte{make([]byte, sha256.Size), nil} {
		r := f.open("ipps", pin).Print(soon(t), page(1), ignore)
		if r.Outcome != isFailed || !strings.Contains(r.Fault.Detail, "another key") {
			t.Errorf("another key: %+v", r)
		}
	}
	if len(f.documents()) != before {
		t.Error("a document went to another key")
	}
}

func TestTheDeadlineIsSaid(t *testing.T) {
	f := newFake(t)
	f.looked = func(*fakeJob, int) {}
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if r := f.printer().Print(ctx, page(1), ignore); r.Outcome != isFailed || r.Fault.Code != visit.FaultSlow {
		t.Errorf("%+v, want failed, slow", r)
	}
}
