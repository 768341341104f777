package demo

import (
	"context"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store/storetest"
	"vaxkiosk/sync/seal"
)

// clock is central's clock: a central that is a day behind is a kiosk that is a
// day ahead.
type clock struct{ off atomic.Int64 }

func (c *clock) now() time.Time      { return time.Now().Add(time.Duration(c.off.Load())) }
func (c *clock) set(d time.Duration) { c.off.Store(int64(d)) }

// guest is a visitor of a kiosk in trouble. It notes what the screen says.
type guest struct {
	*visitor
	clock *clock
	line  *line
	cfg   config.Config
	quit  func() // closes the kiosk

	change func(*kiosk.Kiosk) // before it runs
	texts  chan struct{}

	met     []fault.Code      // codes of the faults shown, each once, in order
	told    map[string]string // receipts told as saved, by key
	numbers map[string]bool   // of corrections told as saved
}

// newGuest sets everything up but opens no kiosk yet. The certificates are from
// two days ago.
func newGuest(t *testing.T) *guest {
	t.Helper()
	g := &guest{
		visitor: &visitor{t: t, person: People()[0], pages: t.TempDir(), news: make(chan struct{}, 1)},
		clock:   &clock{}, quit: func() {}, change: func(*kiosk.Kiosk) {}, told: map[string]string{}, numbers: map[string]bool{}, texts: make(chan struct{}, 100),
	}
	g.clock.set(-2 * day)
	s, file, err := SetUp(g.clock.now, "folder:"+g.pages, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	g.clock.set(0)
	g.s, g.line = s, newLine(t, s)
	t.Cleanup(func() { g.quit(); g.line.down(); s.Close() })
	s.Phone.Subscribe(func(notice.Message) { g.texts <- struct{}{} })
	if g.cfg, err = config.Load(file); err != nil {
		t.Fatal(err)
	}
	g.cfg.Central.URL = "https://" + g.line.address
	return g
}

// start opens the kiosk, after quit again, and waits for its first screen.
func (g *guest) start() {
	g.t.Helper()
	k, err := kiosk.Open(g.t.Context(), "kiosk.toml", g.cfg, g.s.Log)
	if err != nil {
		g.t.Fatal(err)
	}
	k.Bootstrap.Retry = 50 * time.Millisecond
	g.change(k)
	g.s.Kiosk = k
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	g.mu.Lock()
	g.v = visit.Visit{}
	g.mu.Unlock()
	go func() { k.Run(ctx, g.look); close(done) }()
	g.quit = func() { stop(); <-done; k.Close(); g.quit = func() {} }
	g.until("the first screen", func(v visit.Visit) bool { return v.Number > 0 })
}

// look notes what the screen says.
func (g *guest) look(v visit.Visit, now time.Time) {
	g.mu.Lock()
	faults := []*fault.Fault{v.Fault}
	if v.State == visit.OutOfService {
		faults = append(faults, v.OutOfOrder)
	}
	for _, f := range faults {
		if f != nil && !slices.Contains(g.met, f.Code) {
			g.met = append(g.met, f.Code)
		}
	}
	if v.State == visit.Sent {
		g.told[v.Unlock.Key] = v.Unlock.Receipt
	}
	if v.State == visit.Amended {
		g.numbers[v.Track.Number] = true
	}
	g.mu.Unlock()
	g.see(v, now)
}

// call does what makes the kiosk call somebody, waits for the end of the call and
// returns the fault it ended with, nil when it went well.
func (g *guest) call(what string, actions ...visit.Action) *fault.Fault {
	g.t.Helper()
	calls := g.seen().Calls
	g.do(actions...)
	g.until(what, func(v visit.Visit) bool { return v.Calls != calls && v.Waiting == nil })
	return g.seen().Fault
}

// wants fails unless a call ended with a fault in a state.
func (g *guest) wants(f *fault.Fault, s visit.State, code fault.Code) {
	g.t.Helper()
	if v := g.seen(); f == nil || f.Code != code || v.State != s {
		g.t.Fatalf("%s with fault %v, want %s with %s", v.State, f, s, code)
	}
}

// mend brings central back if it is away.
func (g *guest) mend() {
	g.t.Helper()
	if g.line.isDown() {
		g.serveAgain()
		g.line.up()
	}
}

// send fills in the form and sends it.
func (g *guest) send() {
	g.t.Helper()
	g.fillIn()
	if f := g.call("saved", visit.Send{}); f != nil {
		g.t.Fatalf("not saved: %s", f.Code)
	}
	g.await(visit.Sent)
}

// message waits for the next message, and until central has noted that it went
// out; it returns the code in it.
func (g *guest) message() string {
	g.t.Helper()
	select {
	case <-g.texts:
	case <-time.After(time.Minute):
		g.t.Fatal("no message came")
	}
	db := g.database()
	g.eventually("central to have noted it", func() bool {
		return db.Unfinished() == 0
	})
	all := g.s.Phone.Messages()
	return regexp.MustCompile(`\b\d{6}\b`).FindString(all[len(all)-1].Text)
}

// eventually looks at what tells no news by itself until it is as wanted.
func (g *guest) eventually(what string, wanted func() bool) {
	g.t.Helper()
	every, late := time.NewTicker(5*time.Millisecond), time.After(time.Minute)
	defer every.Stop()
	for !wanted() {
		select {
		case <-every.C:
		case <-late:
			g.t.Fatalf("waiting for %s", what)
		}
	}
}

// unlocks are the touches from Sent, or from the code or PIN of Unlocking, to an
// open record; staff has vouched when code is "".
func (g *guest) unlocks(code string) []visit.Action {
	pin := []visit.Action{visit.TypePIN{Digits: testPIN}, visit.Next{}}
	if code == "" {
		return pin
	}
	all := append([]visit.Action{visit.TypeCode{Digits: code}, visit.Next{}}, pin...)
	if g.seen().State == visit.Sent {
		all = append([]visit.Action{visit.Unlock{}}, all...)
	}
	return all
}

// collect comes back with a receipt.
func (g *guest) collect(receipt, code string) {
	g.t.Helper()
	g.await(visit.Welcome)
	f := g.call("collected", visit.Begin{Lang: "en"}, visit.Collect{}, visit.TypeReceipt{Text: receipt}, visit.Next{},
		visit.TypeCode{Digits: code}, visit.Next{}, visit.TypePIN{Digits: testPIN}, visit.Next{})
	if f != nil {
		g.t.Fatalf("not collected: %s", f.Code)
	}
}

// print prints the open record and ends the visit.
func (g *guest) print() {
	g.t.Helper()
	g.await(visit.Ready)
	if f := g.call("printed", visit.Print{}); f != nil {
		g.t.Fatalf("not printed: %s", f.Code)
	}
	g.await(visit.Done)
	g.leave()
}

// leave ends the visit and waits until the next one may begin.
func (g *guest) leave() {
	g.t.Helper()
	g.do(visit.Leave{})
	g.await(visit.Welcome)
}

// goOn asks, unlocks and prints on a kiosk that is in order.
func (g *guest) goOn() {
	g.t.Helper()
	g.await(visit.Welcome)
	g.send()
	if f := g.call("unlocked", g.unlocks(g.message())...); f != nil {
		g.t.Fatalf("not unlocked: %s", f.Code)
	}
	g.print()
}

// settled waits until all that was told as saved has left the kiosk, and checks
// that it is at central exactly once.
func (g *guest) settled() {
	g.t.Helper()
	ctx, cancel := context.WithTimeout(g.t.Context(), time.Minute)
	defer cancel()
	g.eventually("the requests to be at central", func() bool {
		c, err := g.s.Kiosk.Box.Counts(ctx, seal.ForRequest)
		return err == nil && c.Waiting == 0
	})
	c, err := g.s.Kiosk.Box.Counts(ctx, seal.ForRequest)
	if err != nil || c.Waiting != 0 || c.Refused != 0 || c.Sent != len(g.told) {
		g.t.Errorf("outbox %+v, %v; %d were told", c, err, len(g.told))
	}
	db := g.database()
	for _, receipt := range g.told {
		if n := db.WithReceipt(receipt); n != 1 {
			g.t.Errorf("a request told as saved is %d times at central", n)
		}
	}
	if all := db.Count("requests"); all != len(g.told) {
		g.t.Errorf("central has %d requests; %d were told", all, len(g.told))
	}
}

// database is central's, past the service.
func (g *guest) database() storetest.DB {
	return storetest.At(g.t, filepath.Join(g.s.Dir, "central", central.DatabaseFile))
}

// papers is how often something was printed into the folder.
func (g *guest) papers() int {
	g.t.Helper()
	all, err := filepath.Glob(filepath.Join(g.pages, "*.pdf"))
	if err != nil {
		g.t.Fatal(err)
	}
	return len(all)
}

// quiet checks that the log holds nothing of the visitor.
func (g *guest) quiet() {
	g.t.Helper()
	text, err := os.ReadFile(filepath.Join(g.s.Dir, "kiosk", logFile))
	if err != nil {
		g.t.Fatal(err)
	}
	private := []string{g.person.Given, g.person.Family, g.person.Birth.String(), strings.TrimPrefix(g.person.Phone, "+1"), testPIN, Staff[0].PIN}
	private = slices.Concat(private, slices.Collect(maps.Values(g.told)), slices.Collect(maps.Keys(g.numbers)),
		[]string{missing.vaccine, missing.place, missing.email})
	for _, m := range g.s.Phone.Messages() {
		private = append(private, regexp.MustCompile(`\b\d{6}\b`).FindAllString(m.Text, -1)...)
	}
	for _, value := range private {
		if regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(value) + `\b`).Match(text) {
			g.t.Errorf("the log holds a value of the visitor, of %d signs", len(value))
		}
	}
}
