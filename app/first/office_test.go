package first_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"vaxkiosk/app/config"
	"vaxkiosk/app/first"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/logs/logstest"
	"vaxkiosk/ui"
	"vaxkiosk/ui/robot"
)

// office is a central that can go and come back, and a machine with a package on it.
type office struct {
	*central.Central
	t       *testing.T
	data    string       // of central
	address string       // host:port
	off     atomic.Int64 // how far central's clock is off
	file    string       // of the machine
	state   string       // its data folder
	stop    func()
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, data: filepath.Join(t.TempDir(), "central"), stop: func() {}}
	if err := central.Init(t.Context(), o.data, time.Now()); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.address = l.Addr().String()
	o.serve(l)
	t.Cleanup(func() { o.stop() })
	dir := t.TempDir()
	o.file, o.state = filepath.Join(dir, "kiosk.toml"), filepath.Join(t.TempDir(), "state")
	o.configure("")
	return o
}

// configure writes what IT says.
func (o *office) configure(more string) {
	o.t.Helper()
	text := "# IT's\n[kiosk]\ndata = \"" + o.state + "\"\n[paper]\nsize = \"a4\"\n" + more
	if err := os.WriteFile(o.file, []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) now() time.Time { return time.Now().Add(time.Duration(o.off.Load())) }

// serve opens central, where it was.
func (o *office) serve(l net.Listener) {
	o.t.Helper()
	if l == nil {
		var err error
		if l, err = net.Listen("tcp", o.address); err != nil {
			o.t.Fatal(err)
		}
	}
	c, err := central.Open(o.t.Context(), central.Options{Dir: o.data, Sender: &notice.Phone{}, Serves: true, Now: o.now})
	if err != nil {
		o.t.Fatal(err)
	}
	o.Central = c
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- c.Serve(ctx, l) }()
	o.stop = func() {
		stop()
		if err := errors.Join(<-served, c.Close()); err != nil {
			o.t.Error(err)
		}
		o.stop = func() {}
	}
}

func (o *office) invite(f operator.For) string {
	o.t.Helper()
	code, _, err := o.InviteKiosk(o.t.Context(), f)
	if err != nil {
		o.t.Fatal(err)
	}
	return code.Grouped()
}

// kept are the files in the data folder.
func (o *office) kept() (all []string) {
	o.t.Helper()
	entries, err := os.ReadDir(o.state)
	if err != nil && !os.IsNotExist(err) {
		o.t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// staff stands before a machine, in a window of Fyne's test driver.
type staff struct {
	*robot.Robot
	t     *testing.T
	u     *ui.UI
	news  chan visit.Visit
	v     visit.Visit
	log   *logstest.Buffer
	ended chan error // of the first start
	leave context.CancelFunc
	next  *first.Start
}

// stands starts the machine, and comes to its screen.
func (o *office) stands(lying bool) *staff {
	o.t.Helper()
	m := config.Look(o.file)
	if !m.New {
		o.t.Fatal("the machine is not new")
	}
	ctx, leave := context.WithCancel(o.t.Context())
	p := &staff{t: o.t, news: make(chan visit.Visit, 1024), log: &logstest.Buffer{}, ended: make(chan error, 1), leave: leave}
	p.next = first.New(m, slog.New(slog.NewTextHandler(p.log, nil)))
	win := test.NewTempApp(o.t).NewWindow("")
	o.t.Cleanup(win.Close)
	p.u = ui.New(win, p.next.Post)
	p.u.SetCalm(0)
	wide, high := float32(1080), float32(1920)
	if lying {
		wide, high = high, wide
	}
	none := win.Canvas().Size()
	win.Resize(none.Subtract(none).AddWidthHeight(wide, high))
	p.Robot = robot.New(win.Canvas())
	go func() { p.ended <- p.next.Run(ctx, func(v visit.Visit, _ time.Time) { p.news <- v }) }()
	p.until("the first screen", func(v visit.Visit) bool { return v.State == visit.FirstStart })
	return p
}

// until shows what comes until it is as it should be.
func (p *staff) until(what string, is func(visit.Visit) bool) {
	p.t.Helper()
	late := time.After(30 * time.Second)
	for p.v.Number == 0 || !is(p.v) {
		select {
		case p.v = <-p.news:
			p.u.Show(p.v, time.Now())
		case <-late:
			p.t.Fatalf("%s does not come: %v, %q\n%s", what, p.v.State, p.v.Joining.Snag, p.log)
		}
	}
}

// types types faster than the screen follows.
func (p *staff) types(text string) {
	p.t.Helper()
	if err := p.Type(text); err != nil {
		p.t.Fatal(err)
	}
	p.until("what is typed", func(v visit.Visit) bool {
		return strings.EqualFold(v.Joining.Address, text) || strings.EqualFold(v.Joining.Code, text)
	})
}

// taps touches what has the tag, as soon as what was touched before has become of something.
func (p *staff) taps(tag string) {
	p.t.Helper()
	err := p.Tap(tag)
	for err != nil && strings.Contains(err.Error(), "takes no touch yet") {
		acted := p.v.Acted
		p.until("an answer to the touch before", func(v visit.Visit) bool { return v.Acted != acted })
		err = p.Tap(tag)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// asks types address and code, and has the machine set up.
func (p *staff) asks(address, code string) {
	p.t.Helper()
	p.types(address)
	p.taps("first.next")
	p.until("the code", visit.Visit.AtInvitation)
	p.types(code)
	p.taps("first.next")
	p.until("the wait", func(v visit.Visit) bool { return v.State == visit.Enrolling })
}

// told waits for a snag, which the screen says.
func (p *staff) told(s visit.Snag, words string) {
	p.t.Helper()
	p.until(string(s), func(v visit.Visit) bool { return v.State == visit.FirstStart && v.Joining.Snag == s })
	if said := strings.ReplaceAll(p.Markup(), "\n", " "); !strings.Contains(said, words) {
		p.t.Errorf("%s is not said:\n%s", s, said)
	}
}

// serves wants the first start to end, and the kiosk to go on in the same window.
func (p *staff) serves(o *office) {
	p.t.Helper()
	select {
	case err := <-p.ended:
		if err != nil {
			p.t.Fatal(err)
		}
	case <-time.After(30 * time.Second):
		p.t.Fatalf("nobody is enrolled\n%s", p.log)
	}
	cfg, err := config.Load(o.file)
	if err != nil {
		p.t.Fatal(err)
	}
	k, err := kiosk.Open(p.t.Context(), o.file, cfg, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		p.t.Fatal(err)
	}
	p.next.HandOver(k.Desk.Post)
	ctx, stop := context.WithCancel(p.t.Context())
	done := make(chan struct{})
	go func() { k.Run(ctx, func(v visit.Visit, _ time.Time) { p.news <- v }); close(done) }()
	p.until("the welcome screen", func(v visit.Visit) bool { return v.State == visit.Welcome })
	p.taps("welcome.es")
	p.until("the menu", func(v visit.Visit) bool { return v.State == visit.Choosing && v.Lang == "es" })
	stop()
	<-done
	k.Close()
}
