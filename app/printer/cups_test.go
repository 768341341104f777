package printer

import (
	"context"
	"net/url"
	"testing"
	"time"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/printer/printertest"
)

// The same through a real print server: CUPS' cupsd, with a real printer behind it.

// careless are settings under which a print server keeps all it was sent.
const careless = "PreserveJobFiles Yes\nPreserveJobHistory Yes\nErrorPolicy retry-job"

// rigServer starts a printer whose jobs run a script, a careless print server before
// it, and a client for its queue.
func rigServer(t *testing.T, script string) (*printertest.Printer, *printertest.Server, *ipp) {
	t.Helper()
	e := printertest.Start(t, script, nil)
	s := printertest.StartServer(t, e.URI, careless)
	return e, s, client(t, s.URI)
}

// client is one that asks often.
func client(t *testing.T, address string) *ipp {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p := newIPP(u, nil, lobby(address, ""))
	p.poll = 20 * time.Millisecond
	t.Cleanup(p.http.CloseIdleConnections)
	return p
}

// forgot fails unless the server has nothing left of its first job.
func forgot(t *testing.T, s *printertest.Server, p *ipp) {
	t.Helper()
	if n := s.Documents(); n != 0 {
		t.Errorf("the server keeps %d documents", n)
	}
	if _, err := (&job{ipp: p, id: 1}).state(soon(t)); !isGone(err) {
		t.Errorf("the server still knows the job: %v", err)
	}
}

func TestAPrintServerConforms(t *testing.T) {
	e := printertest.Start(t, mayRunOut, nil)
	s := printertest.StartServer(t, e.URI, "")
	p := client(t, s.URI)
	conformEve(t, e, p, fault.HandedOn)
	forgot(t, s, p)
}

// CUPS calls one such job completed and the next one cancelled: it says no more than
// that the page was sent.
func TestAPageThatTheServersPrinterGaveUpIsNotCalledPrinted(t *testing.T) {
	e, s, p := rigServer(t, "echo 'STATE: +media-jam-error' >&2\nread line < $DIR/go\nexit 1\n")
	r := p.Print(soon(t), page(1), func(g desk.Progress) {
		if g.Fault != nil {
			e.Go()
		}
	})
	switch r.Outcome {
	case fault.HandedOn:
	case fault.Failed:
		honest(t, r)
	default:
		t.Errorf("%+v, want sent or failed", r)
	}
	forgot(t, s, p)
}

func TestAPrintServersJobOfAnEndedVisitIsGoneThereAndAtThePrinter(t *testing.T) {
	e, s, p := rigServer(t, "echo 'STATE: +media-empty-error' >&2\nread line < $DIR/go\nexit 0\n")
	leavesWithoutPaper(t, p, 1)
	forgot(t, s, p)
	e.Go() // refilled
	behind := &job{ipp: client(t, e.URI), id: 1}
	for {
		at, err := behind.state(soon(t))
		if err != nil || at.state == jobCompleted {
			t.Fatalf("the page came out for somebody else: %+v, %v", at, err)
		}
		if at.state == jobCanceled || at.state == jobAborted {
			return
		}
	}
}

func TestAPrintServerWithoutItsPrinterKeepsNothing(t *testing.T) {
	s := printertest.StartServer(t, "ipp://localhost:1/ipp/print", careless)
	p := client(t, s.URI)
	ctx, end := context.WithTimeout(t.Context(), time.Second)
	defer end()
	if r := p.Print(ctx, page(1), ignore); r.Outcome != fault.Failed || r.Fault.Code != fault.PrintSlow {
		t.Errorf("%+v, want failed, slow: the server does not tell why", r)
	}
	forgot(t, s, p)
}
