package printer

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/fault"
)

// Bad days of a printer: what real ones do now and then, done on purpose by the
// fake.

const (
	printed, isFailed, isUnknown = fault.Printed, fault.Failed, fault.Unknown
)

// bad is a printer on a bad day and what the kiosk must make of it.
type bad struct {
	name    string
	day     func(f *fake, end context.CancelFunc)
	outcome fault.Outcome
	wrong   fault.Code
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
		{name: "aborted", day: ends(jobAborted, "aborted-by-system"), outcome: isFailed, wrong: fault.PrinterStopped, detail: "aborted-by-system"},
		{name: "aborted for a jam", day: at(1, func(f *fake, j *fakeJob) {
			j.state, j.reasons, f.reasons = jobAborted, []string{"aborted-by-system"}, []string{"media-jam-error"}
		}), outcome: isFailed, wrong: fault.Jam, detail: "media-jam"},
		{
			name: "aborted for its format", day: ends(jobAborted, "document-format-error"),
			outcome: isFailed, wrong: fault.NoPDF, detail: "application/pdf",
		},
		{
			name: "cancelled at the printer", day: ends(jobCanceled, "job-canceled-at-device"),
			outcome: isFailed, wrong: fault.Cancelled, detail: "job-canceled-at-device",
		},
		{name: "completed with errors", day: ends(jobCompleted, "job-completed-with-errors"), outcome: isUnknown, wrong: fault.Unclear, detail: "with-errors"},
		{name: "completed with nothing counted", day: at(1, func(_ *fake, j *fakeJob) {
			j.state, j.counts = jobCompleted, goipp.Attributes{sidesOut(0), sheetsOut(0)}
		}), outcome: isUnknown, wrong: fault.Unclear, detail: "counted 0 of 3"},
		{name: "completed for its format", day: ends(jobCompleted, "document-format-error"), outcome: isUnknown, wrong: fault.Unclear, detail: "document-format-error"},
		{name: "completed and cancelled", day: ends(jobCompleted, "job-canceled-by-user"), outcome: isUnknown, wrong: fault.Unclear, detail: "job-canceled-by-user"},
		{name: "paper empty, then refilled", day: waits("media-empty-error", jobProcessing), outcome: printed, faults: "paper"},
		{name: "paper needed, no suffix", day: waits("media-needed", jobProcessing), outcome: printed, faults: "paper"},
		{name: "paper empty as a warning", day: waits("media-empty-warning", jobProcessing), outcome: printed, faults: "paper"},
		{name: "a report", day: waits("media-empty-report", jobProcessing), outcome: printed},
		{name: "jam", day: waits("media-jam-error", jobStopped), outcome: printed, faults: "jam"},
		{name: "cover open", day: waits("cover-open", jobStopped), outcome: printed, faults: "cover"},
		{name: "toner", day: waits("toner-empty-error", jobStopped), outcome: printed, faults: "toner"},
		{name: "a tray of another size", day: waits("input-media-size-change-error", jobStopped), outcome: printed, faults: "media"},
		{name: "offline as a report", day: func(f *fake, end context.CancelFunc) {
			waits("offline-report", jobStopped)(f, end)
		}, outcome: printed, faults: "offline"},
		{name: "stopped for a reason unheard of", day: waits("moon-in-the-way", jobStopped), outcome: printed, faults: "printer"},
	}
}

// printersRefuse are printers that take no document.
func printersRefuse() []bad {
	return []bad{
		{
			name: "takes no PDF", day: func(f *fake, _ context.CancelFunc) { f.formats = f.formats[:1] },
			outcome: isFailed, wrong: fault.NoPDF, detail: "IPP Everywhere",
		},
		{
			name: "takes no jobs", day: func(f *fake, _ context.CancelFunc) { f.refuses = true },
			outcome: isFailed, wrong: fault.NotAccepting, detail: "not accepting",
		},
		{
			name: "refuses the format by the standard", day: onOp(goipp.OpSendDocument, goipp.StatusErrorDocumentFormatNotSupported),
			outcome: isFailed, wrong: fault.NoPDF, detail: "application/pdf", cancels: true,
		},
		{
			name: "refuses the format its own way", day: onOp(goipp.OpSendDocument, goipp.StatusErrorAttributesOrValues),
			outcome: isFailed, wrong: fault.NoPDF, detail: "application/pdf", cancels: true,
		},
		{
			name: "takes no jobs when it comes to it", day: onOp(goipp.OpCreateJob, goipp.StatusErrorNotAcceptingJobs),
			outcome: isFailed, wrong: fault.NotAccepting, detail: "not-accepting",
		},
		{name: "knows no such job when its document comes", day: onOp(goipp.OpSendDocument, goipp.StatusErrorNotFound), outcome: isFailed, wrong: fault.PrinterStopped, detail: "not-found", cancels: true},
		{name: "is busy with another job", day: busyFor(goipp.OpCreateJob, 3), outcome: printed, faults: "printer-busy"},
		{name: "has no Create-Job and is busy", day: func(f *fake, end context.CancelFunc) {
			f.ops = f.ops[:1]
			busyFor(goipp.OpPrintJob, 3)(f, end)
		}, outcome: printed, faults: "printer-busy"},
		{name: "is busy until the visit ends", day: func(f *fake, end context.CancelFunc) {
			busyFor(goipp.OpCreateJob, 3)(f, end)
			f.busyOver = end
		}, outcome: isFailed, wrong: fault.PrinterBusy, faults: "printer-busy"},
		{
			name: "wants a password", day: onPage(goipp.OpGetPrinterAttributes, http.StatusUnauthorized),
			outcome: isFailed, wrong: fault.PrinterAccess, detail: "401",
		},
		{
			name: "lets this kiosk make no job", day: onPage(goipp.OpCreateJob, http.StatusForbidden),
			outcome: isFailed, wrong: fault.PrinterAccess, detail: "403",
		},
		{
			name: "lets this kiosk send no document", day: onPage(goipp.OpSendDocument, http.StatusForbidden),
			outcome: isFailed, wrong: fault.PrinterAccess, detail: "403", cancels: true,
		},
		{
			name: "says in IPP that it wants a password", day: onOp(goipp.OpCreateJob, goipp.StatusErrorNotAuthenticated),
			outcome: isFailed, wrong: fault.PrinterAccess, detail: "not-authenticated",
		},
		{name: "answers nonsense", day: func(f *fake, _ context.CancelFunc) {
			f.on[goipp.OpCreateJob] = func(w http.ResponseWriter, _ *http.Request, _ *goipp.Message) bool {
				_, _ = io.WriteString(w, "<html>hello</html>")
				return true
			}
		}, outcome: isFailed, wrong: fault.PrinterNotIPP, detail: "not IPP but text/html"},
		{
			name: "has an error of its own", day: onPage(goipp.OpGetPrinterAttributes, http.StatusInternalServerError),
			outcome: isFailed, wrong: fault.PrinterStopped, detail: "500",
		},
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
		}, outcome: isFailed, wrong: fault.PrinterStopped, cancels: true},
		{name: "cuts an answer short now and then", day: func(f *fake, _ context.CancelFunc) {
			f.on[goipp.OpGetJobAttributes] = f.firstFew(3, func(w http.ResponseWriter, m *goipp.Message) {
				whole, _ := f.answer(goipp.OpGetJobAttributes, m, nil).EncodeBytes()
				_, _ = w.Write(whole[:len(whole)/2])
			})
		}, outcome: printed, faults: "printer"},
		{name: "answers another request now and then", day: func(f *fake, _ context.CancelFunc) {
			f.on[goipp.OpGetJobAttributes] = f.firstFew(3, func(w http.ResponseWriter, m *goipp.Message) {
				m.RequestID += 7
				f.write(w, f.answer(goipp.OpGetJobAttributes, m, nil))
			})
		}, outcome: printed, faults: "printer"},
		{name: "cuts the answer about itself short", day: func(f *fake, _ context.CancelFunc) {
			f.on[goipp.OpGetPrinterAttributes] = f.firstFew(1, func(w http.ResponseWriter, m *goipp.Message) {
				whole, _ := f.answer(goipp.OpGetPrinterAttributes, m, nil).EncodeBytes()
				_, _ = w.Write(whole[:len(whole)-9])
			})
		}, outcome: isFailed, wrong: fault.PrinterStopped, detail: "not IPP"},
		{
			name: "lets nobody ask about the job any more", day: onPage(goipp.OpGetJobAttributes, http.StatusUnauthorized),
			outcome: isUnknown, wrong: fault.NoAnswer, detail: "401",
		},
	}
}

// nobodyKnows are answers that leave open whether the document has come.
func nobodyKnows() []bad {
	return []bad{
		{name: "has no Create-Job and loses the answer", day: func(f *fake, _ context.CancelFunc) {
			f.ops, f.on[goipp.OpPrintJob] = f.ops[:1], f.swallow
		}, outcome: isUnknown, wrong: fault.NoAnswer, detail: "lost"},
		{name: "has no Create-Job and an error of its own with the document", day: func(f *fake, _ context.CancelFunc) {
			f.ops, f.on[goipp.OpPrintJob] = f.ops[:1], f.keeps(http.StatusInternalServerError)
		}, outcome: isUnknown, wrong: fault.NoAnswer, detail: "500"},
		{name: "has no Create-Job and is overloaded with the document", day: func(f *fake, _ context.CancelFunc) {
			f.ops, f.on[goipp.OpPrintJob] = f.ops[:1], f.keeps(http.StatusServiceUnavailable)
		}, outcome: isUnknown, wrong: fault.NoAnswer, detail: "503"},
		{name: "has an error of its own with the document and prints it", day: func(f *fake, _ context.CancelFunc) {
			f.on[goipp.OpSendDocument], f.looked = f.keeps(http.StatusInternalServerError), func(j *fakeJob, _ int) { j.state = jobCompleted }
		}, outcome: printed, cancels: true},
		{name: "has an error of its own with the document and never confirms the cancellation", day: func(f *fake, _ context.CancelFunc) {
			f.cancel, f.looked = 50*time.Millisecond, func(*fakeJob, int) {}
			f.on[goipp.OpSendDocument] = f.keeps(http.StatusInternalServerError)
			f.on[goipp.OpCancelJob] = refuse(goipp.StatusOk)
		}, outcome: isUnknown, wrong: fault.NoAnswer, cancels: true},
	}
}

// visitsEnd are visits that end before the job does.
func visitsEnd() []bad {
	return []bad{
		{name: "the visit ends while it waits for paper", day: func(f *fake, end context.CancelFunc) {
			f.reasons = []string{"media-empty-error"}
			f.visitEnds(end)
		}, outcome: isFailed, wrong: fault.Paper, faults: "paper", cancels: true},
		{name: "the visit ends while it prints", day: func(f *fake, end context.CancelFunc) {
			f.visitEnds(end)
		}, outcome: isFailed, wrong: fault.Cancelled, cancels: true},
		{name: "the page comes out before the cancellation", day: func(f *fake, end context.CancelFunc) {
			f.visitEnds(end)
			f.on[goipp.OpCancelJob] = func(http.ResponseWriter, *http.Request, *goipp.Message) bool {
				f.mu.Lock()
				defer f.mu.Unlock()
				f.jobs[1].state = jobCompleted
				return false
			}
		}, outcome: printed, cancels: true},
		restartsUnseen("the visit ends as it restarts with somebody else's job under the number", 2),
		restartsUnseen("it still does not answer when the visit has ended", 4),
		{name: "never confirms the cancellation", day: func(f *fake, end context.CancelFunc) {
			f.visitEnds(end)
			f.on[goipp.OpCancelJob] = refuse(goipp.StatusOk)
			f.cancel = 50 * time.Millisecond
		}, outcome: isUnknown, wrong: fault.NoAnswer, cancels: true},
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
		}, outcome: isUnknown, wrong: fault.NoAnswer, cancels: true},
	}
}

// restartsUnseen is a printer that restarts with somebody else's job under the number,
// and drops the first few questions about it; the visit ends at the second.
func restartsUnseen(name string, questions int) bad {
	return bad{name: name, day: func(f *fake, end context.CancelFunc) {
		f.looked = func(*fakeJob, int) {}
		f.on[goipp.OpGetJobAttributes] = f.firstFew(questions, func(http.ResponseWriter, *goipp.Message) {
			if f.boots > 0 {
				end() // while it is not answered
			} else {
				f.reboot()
				f.add()
			}
			panic(http.ErrAbortHandler)
		})
	}, outcome: isUnknown, wrong: fault.Restarted, faults: "printer"}
}

// busyFor has the printer refuse a job a few times, as it has others.
func busyFor(op goipp.Op, times int) func(*fake, context.CancelFunc) {
	return func(f *fake, _ context.CancelFunc) {
		n := 0
		f.on[op] = func(w http.ResponseWriter, r *http.Request, m *goipp.Message) bool {
			if n++; n > times {
				return false
			}
			if f.busyOver != nil && n > 1 {
				f.busyOver()
			}
			return refuse(goipp.StatusErrorBusy)(w, r, m)
		}
	}
}

// onPage has an operation answered by the printer's web server instead.
func onPage(op goipp.Op, status int) func(*fake, context.CancelFunc) {
	return func(f *fake, _ context.CancelFunc) {
		f.on[op] = func(w http.ResponseWriter, r *http.Request, _ *goipp.Message) bool {
			_, _ = io.Copy(io.Discard, r.Body)
			w.WriteHeader(status)
			return true
		}
	}
}

// firstFew answers an operation another way, the first few times.
func (f *fake) firstFew(times int, way func(http.ResponseWriter, *goipp.Message)) func(http.ResponseWriter, *http.Request, *goipp.Message) bool {
	return func(w http.ResponseWriter, _ *http.Request, m *goipp.Message) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		if times--; times < 0 {
			return false
		}
		way(w, m)
		return true
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

// keeps takes the document and has the printer's web server answer with an error.
func (f *fake) keeps(status int) func(http.ResponseWriter, *http.Request, *goipp.Message) bool {
	return func(w http.ResponseWriter, r *http.Request, m *goipp.Message) bool {
		document, _ := io.ReadAll(r.Body)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.answer(goipp.Op(m.Code), m, document)
		w.WriteHeader(status)
		return true
	}
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
