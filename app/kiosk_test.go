package main

import (
	"bytes"
	"context"
	"fmt"
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
	"vaxkiosk/app/exit"
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
	s      *stage
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
	p := &visitor{t: t, person: demoPeople()[0], news: make(chan struct{}, 1)}
	s, err := openStage(printer, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	p.s = s
	change(s.kiosk)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { s.kiosk.Run(ctx, p.see); close(done) }()
	p.end = sync.OnceFunc(func() { stop(); <-done })
	t.Cleanup(func() { p.end(); s.kiosk.Close(); s.close() })
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
			p.t.Fatalf("waiting for %s: still %s, fault %v, problems %v", what, screenName(v), v.Fault, v.Problems)
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
		p.s.kiosk.Desk.Post(visit.Event{Visit: number, Do: a})
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
	p.until("the answer", func(v visit.Visit) bool { return v.Answered })
	all := p.s.phone.Messages()
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

// onDisk counts the typed values in the kiosk's data folder.
func (p *visitor) onDisk(values ...string) (hits, files int) {
	all, err := filepath.Glob(filepath.Join(p.s.kiosk.Config.Kiosk.Data, "*"))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, path := range all {
		content, err := os.ReadFile(path)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, value := range values {
			if bytes.Contains(bytes.ToLower(content), []byte(strings.ToLower(value))) {
				p.t.Errorf("%s holds a typed value", filepath.Base(path))
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
	code, receipt := p.code(), p.seen().Receipt
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
		p.until("a refusal", func(v visit.Visit) bool { return v.State == visit.Unlocking && v.Left == left })
	}
	if !p.seen().Over {
		t.Error("the request is not over")
	}
	p.do(visit.Leave{})
	p.await(visit.Welcome)
}

func TestARequestThatMatchesNobodyLooksTheSame(t *testing.T) {
	p := arrive(t)
	p.person.Family = "Nobody"
	p.ask()
	p.until("the answer", func(v visit.Visit) bool { return v.Answered })
	all := p.s.phone.Messages()
	if len(all) != 1 || regexp.MustCompile(`\b\d{6}\b`).MatchString(all[0].Text) {
		t.Fatalf("%d messages, or a code in one", len(all))
	}
	p.unlock("482913", testPIN)
	p.until("a refusal", func(v visit.Visit) bool { return v.State == visit.Unlocking && v.Left == 4 })
	if f := p.seen().Fault; f == nil || f.Code != visit.FaultRefused {
		t.Errorf("fault %v", f)
	}
}

func TestARequestMadeWhileCentralIsAwayIsSavedAndGoesOnLater(t *testing.T) {
	p := arrive(t)
	p.s.stop()
	p.ask() // told as saved
	p.unlock("482913", testPIN)
	p.until("the fault", func(v visit.Visit) bool {
		return v.State == visit.Unlocking && v.Fault != nil && v.Fault.Code == visit.FaultAway
	})
	if err := p.s.serve(p.s.address); err != nil {
		t.Fatal(err)
	}
	code := p.code()
	p.do(visit.Back{})
	p.unlock(code, testPIN)
	p.printed()
}

// configs writes broken variants of a kiosk's configuration.
type configs struct {
	t    *testing.T
	s    *stage
	good string // the text of the working one
	dir  string
}

func newConfigs(t *testing.T, s *stage) *configs {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "enrolment", "kiosk.toml"))
	if err != nil {
		t.Fatal(err)
	}
	good := string(text)
	for _, file := range []string{"ca.pem", "kiosk.pem", "kiosk-key.pem"} {
		good = strings.ReplaceAll(good, `"`+file+`"`, fmt.Sprintf("%q", filepath.Join(s.dir, "enrolment", file)))
	}
	return &configs{t, s, good, t.TempDir()}
}

// with replaces pairs of texts and returns the flags for the changed file.
func (c *configs) with(name string, pairs ...string) []string {
	c.t.Helper()
	text := strings.NewReplacer(pairs...).Replace(c.good)
	if text == c.good {
		c.t.Fatalf("%s: nothing to change", name)
	}
	path := filepath.Join(c.dir, name+".toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
	return []string{"--config", path}
}

// data is the folder of the working configuration, other one beside the variants.
func (c *configs) data() string             { return fmt.Sprintf("%q", filepath.Join(c.s.dir, "kiosk")) }
func (c *configs) other(name string) string { return fmt.Sprintf("%q", filepath.Join(c.dir, name)) }

func TestAKioskThatKnowsItsSettingsStartsWithoutANetwork(t *testing.T) {
	p := arrive(t)
	c := newConfigs(t, p.s)
	args := c.with("again", c.data(), c.other("again"))
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
	p.s.stop()
	again, err := kiosk.Open(t.Context(), args[1], cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if h := again.Bootstrap.House(); len(h.Languages) < 2 || h.Texts["es"].PolicyVersion == "" {
		t.Error("the kept settings lack languages or texts")
	}
}

func TestAStartThatCannotBeIsOneClearSentenceAndStatus2(t *testing.T) {
	p := arrive(t)
	c := newConfigs(t, p.s)
	damaged := filepath.Join(c.dir, "damaged", kiosk.OutboxFile)
	if err := os.Mkdir(filepath.Dir(damaged), 0o700); err != nil {
		t.Fatal(err)
	}
	garbage := bytes.Repeat([]byte("no database "), 500)
	if err := os.WriteFile(damaged, garbage, 0o600); err != nil {
		t.Fatal(err)
	}
	working := []string{"--config", filepath.Join(p.s.dir, "enrolment", "kiosk.toml")}
	url := p.s.kiosk.Config.Central.URL
	for name, x := range map[string]struct{ args, want []string }{
		"no flag":         {nil, []string{"--demo", "--config"}},
		"unknown flag":    {[]string{"--frobnicate"}, []string{"frobnicate", "--help"}},
		"stray word":      {[]string{"--demo", "now"}, []string{`"now"`}},
		"tour for real":   {append(working, "--tour", c.dir), []string{"--demo"}},
		"soak for real":   {append(working, "--soak", "200"), []string{"--demo"}},
		"short soak":      {[]string{"--demo", "--soak", "100"}, []string{"--soak", "100"}},
		"any address":     {[]string{"--demo", "--listen", ":8443"}, []string{`":8443"`}},
		"phones at tours": {[]string{"--demo", "--tour", c.dir, "--listen", "127.0.0.1:8443"}, []string{"--listen"}},
		"no resident":     {[]string{"--demo", "--resident", "2001"}, []string{"2000"}},
		"no language":     {[]string{"--demo", "--lang", "xx"}, []string{"xx"}},
		"bad printer":     {[]string{"--demo", "--printer", "lpt1"}, []string{"lpt1", "ipp://"}},
		"missing config":  {[]string{"--config", filepath.Join(c.dir, "none.toml")}, []string{"none.toml"}},
		"broken config":   {c.with("broken", "[central]", "[central"), []string{"broken.toml"}},
		"two mistakes":    {c.with("two", url, "http://central", `"letter"`, `"legal"`), []string{"two.toml", "central.url", "paper.size"}},
		"locked outbox":   {working, []string{kiosk.OutboxFile}},
		"damaged outbox":  {c.with("damaged", c.data(), c.other("damaged")), []string{kiosk.OutboxFile}},
	} {
		var out, errs bytes.Buffer
		if status := run(x.args, &out, &errs); status != exit.Usage {
			t.Errorf("%s: status %d, want %d\n%s", name, status, exit.Usage, errs.String())
		}
		for _, want := range x.want {
			if !strings.Contains(errs.String(), want) {
				t.Errorf("%s: %q does not name %q", name, errs.String(), want)
			}
		}
	}
	if content, err := os.ReadFile(damaged); err != nil || !bytes.Equal(content, garbage) {
		t.Errorf("the damaged outbox was touched: %d bytes, %v", len(content), err)
	}
}

func TestHelpVersionAndResidentsAreNoFaults(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"--version"}, {"--demo", "--list-residents"}} {
		var out, errs bytes.Buffer
		if status := run(args, &out, &errs); status != exit.OK || out.Len() == 0 || errs.Len() != 0 {
			t.Errorf("%v: status %d, %d bytes, %q", args, status, out.Len(), errs.String())
		}
	}
}

func TestTheResidentsAreATableOfNineColumns(t *testing.T) {
	var out bytes.Buffer
	if err := listResidents(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != residents+1 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, line := range lines {
		if n := len(strings.Split(line, "\t")); n != 9 {
			t.Fatalf("line %d has %d columns", i+1, n)
		}
	}
}
