package demo

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/paper"
	"vaxkiosk/app/record"
	"vaxkiosk/app/visit"
)

// How long a visitor waits from the moment the PIN is accepted until the printer has
// the last byte: whole visits of a resident with 40 doses, with a real central over
// TLS, real pages, their check, and IPP to a printer on loopback that takes the pages
// at once. Print is touched as soon as the record is on the screen.

// stopwatch adds up what each part of a visit takes.
type stopwatch struct {
	mu       sync.Mutex
	accepted time.Time
	now      map[string]time.Duration // parts of this visit
	all      map[string][]time.Duration
}

func (w *stopwatch) spent(part string, took time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now[part] += took
}

func (w *stopwatch) accept() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.accepted, w.now = time.Now(), map[string]time.Duration{}
}

// arrived is called with the last byte of a document, whose sending began then.
func (w *stopwatch) arrived(began time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now["IPP"] = time.Since(began)
	w.now["PDF"] -= w.now["QR"] // which is waited for in the midst of drawing
	rest := time.Since(w.accepted)
	w.all["whole"] = append(w.all["whole"], rest)
	for part, took := range w.now {
		w.all[part] = append(w.all[part], took)
		rest -= took
	}
	w.all["rest"] = append(w.all["rest"], rest)
}

// timedCentral notes when the PIN is accepted, and how long the record takes.
type timedCentral struct {
	desk.Central
	w *stopwatch
}

func (c timedCentral) Unlock(ctx context.Context, key, receipt, code, pin string) (string, error) {
	pass, err := c.Central.Unlock(ctx, key, receipt, code, pin)
	c.w.accept()
	return pass, err
}

func (c timedCentral) Record(ctx context.Context, pass string) (record.Record, error) {
	defer func(began time.Time) { c.w.spent("central", time.Since(began)) }(time.Now())
	return c.Central.Record(ctx, pass)
}

// swiftPrinter speaks IPP and prints at once.
type swiftPrinter struct {
	desk.Printer // of the kiosk, which sends to it
	w            *stopwatch
	mu           sync.Mutex
	began        time.Time
}

func (p *swiftPrinter) Print(ctx context.Context, d desk.Document, progress func(desk.Progress)) desk.Result {
	p.mu.Lock()
	p.began = time.Now()
	p.mu.Unlock()
	return p.Printer.Print(ctx, d, progress)
}

func (p *swiftPrinter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var m goipp.Message
	if err := m.Decode(r.Body); err != nil {
		http.Error(w, "no IPP", http.StatusBadRequest)
		return
	}
	size, _ := io.Copy(io.Discard, r.Body) // a broken body ends early and the visit fails
	if size > 0 {
		p.mu.Lock()
		p.w.arrived(p.began)
		p.mu.Unlock()
	}
	answer := goipp.NewResponse(goipp.DefaultVersion, goipp.StatusOk, m.RequestID)
	answer.Operation.Add(goipp.MakeAttribute("attributes-charset", goipp.TagCharset, goipp.String("utf-8")))
	answer.Operation.Add(goipp.MakeAttribute("attributes-natural-language", goipp.TagLanguage, goipp.String("en")))
	if goipp.Op(m.Code) == goipp.OpGetPrinterAttributes {
		aboutPrinter(&answer.Printer)
	} else {
		answer.Job.Add(goipp.MakeAttribute("job-id", goipp.TagInteger, goipp.Integer(1)))
		answer.Job.Add(goipp.MakeAttribute("job-uuid", goipp.TagURI, goipp.String("urn:uuid:1")))
		answer.Job.Add(goipp.MakeAttribute("job-state", goipp.TagEnum, goipp.Integer(9))) // completed
	}
	w.Header().Set("Content-Type", goipp.ContentType)
	_ = answer.Encode(w)
}

func aboutPrinter(all *goipp.Attributes) {
	all.Add(goipp.MakeAttribute("printer-state", goipp.TagEnum, goipp.Integer(3))) // idle
	all.Add(goipp.MakeAttribute("printer-is-accepting-jobs", goipp.TagBoolean, goipp.Boolean(true)))
	all.Add(goipp.MakeAttribute("document-format-supported", goipp.TagMimeType, goipp.String("application/pdf")))
	all.Add(goipp.MakeAttr("operations-supported", goipp.TagEnum, goipp.Integer(goipp.OpCreateJob),
		goipp.Integer(goipp.OpSendDocument), goipp.Integer(goipp.OpGetJobAttributes), goipp.Integer(goipp.OpCancelJob)))
}

func BenchmarkFromThePINToThePrinter40Doses(b *testing.B) {
	w := &stopwatch{all: map[string][]time.Duration{}, now: map[string]time.Duration{}}
	swift := &swiftPrinter{w: w}
	server := httptest.NewServer(swift)
	defer server.Close()
	p := arriveAt(b, "ipp"+strings.TrimPrefix(server.URL, "http")+"/ipp/print", func(k *kiosk.Kiosk) {
		maker, err := paper.New(paper.Options{Keys: k.Bootstrap.CardKeys, Spent: func(on paper.Part, took time.Duration) {
			w.spent(map[paper.Part]string{paper.PartCodes: "QR", paper.PartDraw: "PDF", paper.PartCheck: "self-check"}[on], took)
		}})
		if err != nil {
			b.Fatal(err)
		}
		swift.Printer = k.Desk.Printer
		k.Desk.Central, k.Desk.Renderer, k.Desk.Printer = timedCentral{k.Desk.Central, w}, maker, swift
	})
	for _, r := range People() {
		if p.person = r; len(r.Doses) == 40 {
			break
		}
	}
	for b.Loop() {
		p.open()
		p.do(visit.Print{})
		p.await(visit.Done)
		p.do(visit.Leave{})
		p.await(visit.Welcome)
	}
	w.report(b)
}

// report says p50 and p99 of the whole, and the share of each part.
func (w *stopwatch) report(b *testing.B) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	total := sum(w.all["whole"])
	for part, took := range w.all {
		if part != "whole" {
			b.ReportMetric(100*float64(sum(took))/float64(total), part+"-%")
		}
	}
	whole := slices.Sorted(slices.Values(w.all["whole"]))
	at := func(share float64) time.Duration { return whole[int(share*float64(len(whole)-1)+0.5)] }
	b.ReportMetric(ms(at(0.5)), "p50-ms")
	b.ReportMetric(ms(at(0.99)), "p99-ms")
	b.ReportMetric(0, "ns/op") // of a whole visit, which nobody asked for
	if len(whole) != b.N {
		b.Errorf("%d documents in %d visits", len(whole), b.N)
	}
}

func sum(all []time.Duration) (d time.Duration) {
	for _, x := range all {
		d += x
	}
	return d
}
