package demo

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/demo/demotest"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/seal"
)

// Whole kiosks without a window: real TLS, real SQLite, real central, real pages.

// visitor drives a kiosk by events, as the window would.
type visitor struct {
	t      testing.TB
	s      *Stage
	person registry.Person
	pages  string

	lastCode string
	end      func() // of the kiosk; what is left to be kept is kept

	mu   sync.Mutex
	v    visit.Visit
	news chan struct{}
}

func arrive(t testing.TB) *visitor {
	t.Helper()
	pages := t.TempDir()
	p := arriveAt(t, "folder:"+pages, func(*kiosk.Kiosk) {})
	p.pages = pages
	return p
}

// arriveAt arrives at a kiosk with a printer; change changes it before it runs.
func arriveAt(t testing.TB, printer string, change func(*kiosk.Kiosk)) *visitor {
	t.Helper()
	p := &visitor{t: t, person: People()[0], news: make(chan struct{}, 1)}
	s, err := Open(printer, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	p.s = s
	change(s.Kiosk)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { s.Kiosk.Run(ctx, p.see); close(done) }()
	p.end = sync.OnceFunc(func() { stop(); <-done })
	t.Cleanup(func() { p.end(); s.Kiosk.Close(); s.Close() })
	p.until("the first screen", func(v visit.Visit) bool { return v.Number > 0 })
	return p
}

func (p *visitor) see(v visit.Visit, _ time.Time) {
	p.mu.Lock()
	p.v = v
	p.mu.Unlock()
	select {
	case p.news <- struct{}{}:
	default:
	}
}

func (p *visitor) seen() visit.Visit {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.v
}

// until waits for a snapshot that is as wanted.
func (p *visitor) until(what string, wanted func(visit.Visit) bool) {
	p.t.Helper()
	late := time.After(60 * time.Second)
	for !wanted(p.seen()) {
		select {
		case <-p.news:
		case <-late:
			v := p.seen()
			p.t.Fatalf("waiting for %s: still %s, fault %v, problems %v", what, v.State, v.Fault, v.Form.Problems)
		}
	}
}

func (p *visitor) await(s visit.State) {
	p.t.Helper()
	p.until(s.String(), func(v visit.Visit) bool { return v.State == s })
}

func (p *visitor) do(actions ...visit.Action) {
	number := p.seen().Number
	for _, a := range actions {
		p.s.Kiosk.Desk.Post(visit.Event{Visit: number, Do: a})
	}
}

const testPIN = "8317"

// fillIn fills in the form.
func (p *visitor) fillIn() {
	p.do(visit.Begin{Lang: "es"}, visit.Ask{}, visit.Agree{}, visit.Choose{Relation: request.Self}, visit.Declare{},
		visit.Type{Field: request.FieldGiven, Text: p.person.Given}, visit.Type{Field: request.FieldFamily, Text: p.person.Family}, visit.Next{},
		visit.PickBirth{Date: p.person.Birth}, visit.Next{}, visit.PickGender{Gender: p.person.Gender}, visit.Next{},
		visit.PickContact{Kind: request.ByPhone}, visit.Type{Field: request.FieldPhone, Text: p.person.Phone}, visit.Next{},
		visit.Type{Field: request.FieldPIN, Text: testPIN}, visit.Next{},
		visit.Type{Field: request.FieldPINAgain, Text: testPIN}, visit.Next{})
	p.await(visit.Review)
}

// ask fills in the form and sends it.
func (p *visitor) ask() {
	p.fillIn()
	p.do(visit.Send{})
	p.await(visit.Sent)
}

// code is the pickup code that came last.
func (p *visitor) code() string {
	p.until("the answer", func(v visit.Visit) bool { return v.Unlock.Answered })
	all := p.s.Phone.Messages()
	p.lastCode = regexp.MustCompile(`\b\d{6}\b`).FindString(all[len(all)-1].Text)
	return p.lastCode
}

func (p *visitor) unlock(code, pin string) {
	p.do(visit.Unlock{}, visit.TypeCode{Digits: code}, visit.Next{}, visit.TypePIN{Digits: pin}, visit.Next{})
}

func (p *visitor) printed() {
	p.await(visit.Ready)
	p.do(visit.Print{})
	p.await(visit.Done)
	all, err := filepath.Glob(filepath.Join(p.pages, "*.pdf"))
	if err != nil || len(all) != 1 {
		p.t.Fatalf("%d pages files, %v", len(all), err)
	}
}

// written finds a value in any case. What is sealed or signed is in base64, some ten thousand letters
// of it, in which four digits or a short name stand by chance now and then: such runs are left out,
// which are longer than anything that is typed.
func written(value string, in []byte) bool {
	return regexp.MustCompile(`(?i)` + regexp.QuoteMeta(value)).Match(base64Run.ReplaceAll(in, []byte("|")))
}

var base64Run = regexp.MustCompile(`[A-Za-z0-9+/_=-]{80,}`)

// onDisk counts the typed values in the kiosk's data folder.
func (p *visitor) onDisk(values ...string) (hits, files int) {
	all, err := filepath.Glob(filepath.Join(p.s.Kiosk.Config.Kiosk.Data, "*"))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, path := range all {
		content, err := os.ReadFile(path)
		if err != nil {
			p.t.Fatal(err)
		}
		for i, value := range values {
			if written(value, content) {
				p.t.Errorf("%s holds typed value %d", filepath.Base(path), i)
				hits++
			}
		}
	}
	return hits, len(all)
}

func TestAVisitGoesFromTheFormToThePaperAndLeavesNothingOnTheDisk(t *testing.T) {
	p := arrive(t)
	p.open()
	p.wrongName()
	p.reportProblem()
	p.do(visit.Back{})
	p.printed()
	p.do(visit.Leave{})
	p.await(visit.Welcome)
	p.missingDose()
	for range 2 { // so that there are counts of this hour, small ones
		p.do(visit.Leave{})
		p.await(visit.Welcome)
		p.do(visit.Begin{Lang: "es"})
		p.await(visit.Choosing)
	}
	p.end()
	person := p.person
	hits, files := p.onDisk(person.Given, person.Family, person.Birth.String(), strings.TrimPrefix(person.Phone, "+1"), testPIN, p.lastCode,
		rightName.Given, rightName.Family, missing.vaccine, missing.place, missing.email, missing.day.String())
	if hits != 0 || files < 2 {
		t.Errorf("%d hits in %d files", hits, files)
	}
	p.wantKept(map[seal.Purpose]int{seal.ForRequest: 1, seal.ForAmend: 2, seal.ForReport: 1, seal.ForUsage: 1})
}

func TestTheCodeWorksAgainByReceiptAtTheSameKiosk(t *testing.T) {
	p := arrive(t)
	p.ask()
	code, receipt := p.code(), p.seen().Unlock.Receipt
	p.do(visit.Leave{})
	p.await(visit.Welcome)
	p.do(visit.Begin{Lang: "en"}, visit.Collect{}, visit.TypeReceipt{Text: strings.ToLower(receipt)}, visit.Next{},
		visit.TypeCode{Digits: code}, visit.Next{}, visit.TypePIN{Digits: testPIN}, visit.Next{})
	p.printed()
}

func TestFiveWrongPINsEndTheRequestAndTheRightOneComesTooLate(t *testing.T) {
	p := arrive(t)
	p.ask()
	code := p.code()
	for left := 4; left >= 0; left-- {
		p.unlock(code, "9052")
		p.until("a refusal", func(v visit.Visit) bool { return v.State == visit.Unlocking && v.Unlock.Left == left })
	}
	if !p.seen().Unlock.Over {
		t.Error("the request is not over")
	}
	p.do(visit.Leave{})
	p.await(visit.Welcome)
}

func TestARequestThatMatchesNobodyLooksTheSame(t *testing.T) {
	p := arrive(t)
	p.person.Family = "Nobody"
	p.ask()
	p.until("the answer", func(v visit.Visit) bool { return v.Unlock.Answered })
	all := p.s.Phone.Messages()
	if len(all) != 1 || regexp.MustCompile(`\b\d{6}\b`).MatchString(all[0].Text) {
		t.Fatalf("%d messages, or a code in one", len(all))
	}
	p.unlock("482913", testPIN)
	p.until("a refusal", func(v visit.Visit) bool { return v.State == visit.Unlocking && v.Unlock.Left == 4 })
	if f := p.seen().Fault; f == nil || f.Code != fault.Refused {
		t.Errorf("fault %v", f)
	}
}

func TestARequestMadeWhileCentralIsAwayIsSavedAndGoesOnLater(t *testing.T) {
	p := arrive(t)
	p.s.Stop()
	p.ask() // told as saved
	p.unlock("482913", testPIN)
	p.until("the fault", func(v visit.Visit) bool {
		return v.State == visit.Unlocking && v.Fault != nil && v.Fault.Code == fault.Away
	})
	if err := p.s.Serve(p.s.Address); err != nil {
		t.Fatal(err)
	}
	code := p.code()
	p.do(visit.Back{})
	p.unlock(code, testPIN)
	p.printed()
}

func TestAKioskThatKnowsItsSettingsStartsWithoutANetwork(t *testing.T) {
	p := arrive(t)
	c := demotest.NewConfigs(t, p.s.Dir)
	args := c.With("again", c.Data(), c.Other("again"))
	cfg, err := config.Load(args[1])
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	first, err := kiosk.Open(t.Context(), args[1], cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	first.Close()
	p.s.Stop()
	again, err := kiosk.Open(t.Context(), args[1], cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if h := again.Bootstrap.Site(); len(h.Languages) < 2 || h.Texts["es"].PolicyVersion == "" {
		t.Error("the kept settings lack languages or texts")
	}
}

func TestTheResidentsAreATableOfNineColumns(t *testing.T) {
	if testing.Short() {
		t.Skip("has the first of them only")
	}
	var out bytes.Buffer
	if err := ListResidents(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != Residents+1 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, line := range lines {
		if n := len(strings.Split(line, "\t")); n != 9 {
			t.Fatalf("line %d has %d columns", i+1, n)
		}
	}
}

func TestWhatIsSealedHoldsNothingAndWhatStandsBesideItDoes(t *testing.T) {
	sealed := "8317" + strings.Repeat("0aZ+", 30)
	for text, want := range map[string]bool{
		sealed: false, `"ct":"` + sealed + `"`: false, sealed + `", "pin": "8317"`: true, "8317 " + sealed: true, "UjsdPQ--2f_lHHeyctQj-Q8317": true, "831": false,
	} {
		if got := written("8317", []byte(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
