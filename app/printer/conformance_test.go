package printer

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
)

// What every printer must do (desk.Printer). rig is a printer and what came out
// of it, in order.
type rig struct {
	printer desk.Printer
	came    func() [][]byte
	ends    fault.Outcome       // how a page that comes out ends
	empty   func()              // takes the paper out
	types   func(number string) // at the printer, if it holds pages
	refill  func()              // puts it back, while a page waits or its job is cancelled
	mute    func()              // the next job completes and nothing of it is counted
	asked   func() string       // what the last job asked for; nil where there are no jobs
}

// page is a small real PDF whose bytes depend on n.
func page(n int) desk.Document {
	var b bytes.Buffer
	var at []int
	object := func(s string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), s)
	}
	b.WriteString("%PDF-1.4\n")
	object("<</Type/Catalog/Pages 2 0 R>>")
	object("<</Type/Pages/Kids[3 0 R]/Count 1>>")
	object(fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 %d]>>", 700+n))
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return desk.Document{PDF: b.Bytes(), Pages: 1, Personal: true}
}

// soon bounds what must end by itself, so that a fault fails a test at once.
func soon(t *testing.T) context.Context {
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(stop)
	return ctx
}

func ignore(desk.Progress) {}

// lobby are the options of a kiosk's printer at an address.
func lobby(address, pin string) Options {
	return Options{Address: address, Pin: pin, Paper: "letter", Kiosk: "lobby", Log: slog.New(slog.DiscardHandler)}
}

func open(address, pin string) (desk.Printer, error) { return Open(lobby(address, pin)) }

// leavesWithoutPaper prints a document whose visitor leaves when paper is asked for,
// and fails unless that is how it ends.
func leavesWithoutPaper(t *testing.T, p desk.Printer, n int) {
	t.Helper()
	left, leave := context.WithCancel(soon(t))
	defer leave()
	r := p.Print(left, page(n), func(g desk.Progress) {
		if g.Fault != nil && g.Fault.Code == fault.Paper { // a queue may be connecting first
			leave()
		}
	})
	if r.Outcome != fault.Failed || r.Fault.Code != fault.Paper {
		t.Errorf("a visitor who left it without paper: %+v, want failed for want of paper", r)
	}
}

func conform(t *testing.T, r rig) {
	if wrong := r.printer.Ready(t.Context()); wrong != nil {
		t.Fatalf("a good printer is not ready: %+v", *wrong)
	}
	r.prints(t, 1, 2)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if result := r.printer.Print(over, page(3), ignore); result.Outcome != fault.Failed || result.Fault.Code == "" {
		t.Errorf("a print that was over before it began: %+v, want failed with a fault", result)
	}
	r.has(t, 1, 2)

	r.empty()
	told := r.prints(t, 4)
	if told != fault.Paper {
		t.Errorf("without paper it told %q", told)
	}
	r.has(t, 1, 2, 4)

	r.empty()
	leavesWithoutPaper(t, r.printer, 5)
	r.refill()
	r.prints(t, 6)
	r.has(t, 1, 2, 4, 6)
	if r.asked != nil {
		r.talks(t)
	}
}

// talks is what holds for printers that are asked, and that tell.
func (r rig) talks(t *testing.T) {
	t.Helper()
	if got := r.asked(); !strings.HasSuffix(got, asDrawn) {
		t.Errorf("a job asked for %q, want %q too", got, asDrawn)
	}
	r.mute()
	result := r.printer.Print(soon(t), page(7), func(g desk.Progress) {
		if g.Release != "" {
			r.types(g.Release)
		}
	})
	want := fault.Unknown
	if r.ends == fault.HandedOn { // what a print server counts is not what came out
		want = fault.HandedOn
	}
	if result.Outcome != want || (result.Fault.Code == fault.Unclear) != (want == fault.Unknown) {
		t.Errorf("a job that is complete, and nothing of it counted: %+v, want %s", result, want)
	}
	r.prints(t, 8)
	r.has(t, 1, 2, 4, 6, 7, 8)
}

// listener notes what jobs ask for, and fails when the printer does not take all of it.
type listener struct {
	http.RoundTripper
	t    testing.TB
	mu   sync.Mutex
	asks string
}

// listen has a client's messages listened to.
func listen(t testing.TB, p *ipp) *listener {
	l := &listener{RoundTripper: p.http.Transport, t: t}
	p.http.Transport = l
	return l
}

// asked is what the last job asked for.
func (l *listener) asked() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asks
}

// RoundTrip implements http.RoundTripper.
func (l *listener) RoundTrip(r *http.Request) (*http.Response, error) {
	var m goipp.Message
	read := &bytes.Buffer{}
	if err := m.Decode(io.TeeReader(r.Body, read)); err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(io.MultiReader(read, r.Body))
	res, err := l.RoundTripper.RoundTrip(r)
	if op := goipp.Op(m.Code); err != nil || op != goipp.OpCreateJob && op != goipp.OpPrintJob {
		return res, err
	}
	var asks []string
	for _, a := range m.Job {
		asks = append(asks, a.Name+"="+a.Values.String())
	}
	l.mu.Lock()
	l.asks = strings.Join(asks, " ")
	l.mu.Unlock()
	said, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(said))
	var answer goipp.Message
	if err := answer.DecodeBytes(said); err != nil || len(answer.Unsupported) > 0 {
		l.t.Errorf("of what a job asked for the printer does not take %v, %v", answer.Unsupported, err)
	}
	return res, nil
}

// prints prints documents, refills the paper when it is asked for, and returns the
// codes of what was told on the way.
func (r rig) prints(t *testing.T, documents ...int) (told fault.Code) {
	t.Helper()
	for _, n := range documents {
		var over atomic.Bool
		result := r.printer.Print(soon(t), page(n), func(g desk.Progress) {
			if over.Load() {
				t.Error("progress after the end")
			}
			if g.Release != "" {
				r.types(g.Release)
			}
			if g.Fault != nil {
				told += g.Fault.Code
				r.refill()
			}
		})
		over.Store(true)
		if result != (desk.Result{Outcome: r.ends}) {
			t.Fatalf("document %d: %+v, want %s", n, result, r.ends)
		}
	}
	return told
}

// has fails unless exactly these documents came out.
func (r rig) has(t *testing.T, documents ...int) {
	t.Helper()
	came := r.came()
	if len(came) != len(documents) {
		t.Fatalf("%d documents came out, want %v", len(came), documents)
	}
	for i, n := range documents {
		if !bytes.Equal(came[i], page(n).PDF) {
			t.Errorf("document %d did not come out byte by byte", n)
		}
	}
}

func TestTheFolderConforms(t *testing.T) {
	path := t.TempDir()
	p, err := open("folder:"+path, "")
	if err != nil {
		t.Fatal(err)
	}
	sign := filepath.Join(path, faultPrefix+string(fault.Paper))
	conform(t, rig{
		printer: p, ends: fault.Printed, came: func() [][]byte { return files(t, path, "record-*.pdf") },
		empty: func() {
			if err := os.WriteFile(sign, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		},
		refill: func() { _ = os.Remove(sign) },
	})
}

func TestTheFakePrinterConforms(t *testing.T) { conform(t, newFake(t).rig()) }

func TestAPrinterWithoutCreateJobConforms(t *testing.T) {
	f := newFake(t)
	f.ops = f.ops[:1]
	conform(t, f.rig())
}

// rig is the fake as a good printer that can run out of paper.
func (f *fake) rig() rig {
	f.says = able(letter)
	p := f.printer()
	f.looked = func(j *fakeJob, _ int) {
		if len(f.reasons) == 0 {
			f.finish(j)
		}
	}
	return f.good(p)
}

// finish completes a job of one page, and counts it unless the fake is mute.
func (f *fake) finish(j *fakeJob) {
	j.state, j.reasons = jobCompleted, nil
	if n := 1; j.counts == nil {
		if f.mute {
			n = 0
		}
		j.counts, f.mute = goipp.Attributes{sidesOut(n), sheetsOut(n)}, false
	}
}

// good is the fake as it is, as a printer that can run out of paper.
func (f *fake) good(p *ipp) rig {
	is := func(reasons ...string) func() {
		return func() {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.reasons = reasons
		}
	}
	return rig{
		printer: p, came: f.documents, ends: fault.Printed, empty: is("media-empty-error"), refill: is(),
		asked: listen(f.t, p).asked, mute: func() {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.mute = true
		},
	}
}
