package demo

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/record"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/registry"
)

// Drills of what a kiosk refuses (promise P7), each with a real central.

// mixedUp is the way to a central that hands out, signed and valid, what another pass
// opens. It tells when a print has been audited.
type mixedUp struct {
	desk.Central
	clock clock  // by which revocation lists grow old
	pass  string // "" for the right one
	noted chan error
}

func (m *mixedUp) Record(ctx context.Context, pass string) (record.Record, error) {
	if m.pass != "" {
		pass = m.pass
	}
	return m.Central.Record(ctx, pass)
}

func (m *mixedUp) Printed(ctx context.Context, pass, job string, how desk.Result, pages int) error {
	err := m.Central.Printed(ctx, pass, job, how, pages)
	m.noted <- err
	return err
}

// arriveMixedUp arrives at a kiosk with such a central, in order for now.
func arriveMixedUp(t *testing.T) (*visitor, *mixedUp) {
	t.Helper()
	m, pages := &mixedUp{noted: make(chan error, 8)}, t.TempDir()
	p := arriveAt(t, "folder:"+pages, func(k *kiosk.Kiosk) { m.Central, k.Desk.Central, k.Central.Now = k.Central, m, m.clock.now })
	p.pages = pages
	return p, m
}

// audited is the print that was noted last, of so many.
func (p *visitor) audited(m *mixedUp, n int) central.Print {
	p.t.Helper()
	if err := <-m.noted; err != nil {
		p.t.Fatal(err)
	}
	all, err := p.s.Central.Prints(p.t.Context(), time.Now().Add(-time.Hour))
	if err != nil || len(all) != n {
		p.t.Fatalf("%d prints are audited, want %d, %v", len(all), n, err)
	}
	return all[n-1]
}

// refusedFor wants nothing shown or printed, and central told why.
func (p *visitor) refusedFor(m *mixedUp, code fault.Code, reason api.PrintReportReason) {
	p.t.Helper()
	p.until("the refusal", func(v visit.Visit) bool { return v.State == visit.Unlocking && v.Fault != nil })
	if v := p.seen(); v.Fault.Code != code || v.Unlock.Record != nil || v.Unlock.Token != "" {
		p.t.Errorf("fault %v, record kept: %t, pass kept: %t", v.Fault, v.Unlock.Record != nil, v.Unlock.Token != "")
	}
	if last := p.audited(m, 1); last.Outcome != "failed" || last.Reason != string(reason) || last.KioskName == "" {
		p.t.Errorf("audited as %+v", last)
	}
	if pages, err := filepath.Glob(filepath.Join(p.pages, "[^.]*")); err != nil || len(pages) != 0 {
		p.t.Errorf("%d files at the printer, %v", len(pages), err)
	}
	p.logHoldsNothingOf(p.person, People()[1])
}

func (p *visitor) logHoldsNothingOf(all ...registry.Person) {
	p.t.Helper()
	log, err := os.ReadFile(p.s.logged.Name())
	if err != nil || len(log) == 0 {
		p.t.Fatalf("log of %d bytes, %v", len(log), err)
	}
	for _, who := range all {
		for _, value := range []string{who.Given, who.Family, who.Birth.String(), strings.TrimPrefix(who.Phone, "+1"), testPIN} {
			if value != "" && strings.Contains(string(log), value) {
				p.t.Error("the log holds a personal value")
			}
		}
	}
}

func TestARecordOfAnotherPersonIsNotShownOrPrintedAndIsAudited(t *testing.T) {
	p, m := arriveMixedUp(t)
	p.open()
	others := p.seen().Unlock.Token
	p.do(visit.Leave{})
	p.await(visit.Welcome)
	p.person, m.pass = People()[1], others // from now on the first one's
	p.ask()
	p.unlock(p.code(), testPIN)
	p.refusedFor(m, fault.OtherPerson, api.PrintReportReasonOtherPerson)
	m.pass = "" // mended
	p.do(visit.TypeCode{Digits: p.lastCode}, visit.Next{}, visit.TypePIN{Digits: testPIN}, visit.Next{})
	p.printed()
	if last := p.audited(m, 2); last.Outcome != "printed" || last.Reason != "" {
		t.Errorf("audited as %+v", last)
	}
}

// A card is revoked while the record is on the screen. Right after the fetch nothing
// is asked again; a minute later it is, and the record is not printed.
func TestARecordThatIsRevokedBetweenFetchAndPrintIsNotPrinted(t *testing.T) {
	p, m := arriveMixedUp(t)
	p.open()
	w, r := p.s.Kiosk.Central, *p.seen().Unlock.Record
	if err := p.s.Central.WithdrawCards(t.Context(), strconv.Itoa(p.person.Number)); err != nil {
		t.Fatal(err)
	}
	if err := w.StillValid(t.Context(), r); err != nil {
		t.Errorf("asked again at once: %v", err)
	}
	m.clock.set(listAge)
	p.do(visit.Print{})
	p.refusedFor(m, fault.Revoked, api.PrintReportReasonRevoked)
}

// listAge is how old a revocation list may be when a record is printed (app/kiosk).
const listAge = time.Minute

func TestWhileCentralIsAwayARecordIsPrintedByTheLastList(t *testing.T) {
	p, m := arriveMixedUp(t)
	p.open()
	m.clock.set(listAge)
	p.s.Stop()
	p.printed()
	log, err := os.ReadFile(p.s.logged.Name())
	if err != nil || !strings.Contains(string(log), "the revocation list was not read") {
		t.Errorf("the log does not say so, %v", err)
	}
}

// A record whose cards central has taken back is not printed (promise P7), also when
// central is away by then.
func TestARevokedCardDoesNotStand(t *testing.T) {
	p, m := arriveMixedUp(t)
	p.open()
	r := *p.seen().Unlock.Record
	minutes := time.Duration(0)
	stands := func() error { // asked anew
		minutes++
		m.clock.set(minutes * listAge)
		return p.s.Kiosk.Central.StillValid(t.Context(), r)
	}
	for range 2 { // the second time the list has not changed
		if err := stands(); err != nil || len(r.Cards) == 0 {
			t.Fatalf("%d cards, %v", len(r.Cards), err)
		}
	}
	if err := p.s.Central.WithdrawCards(t.Context(), strconv.Itoa(p.person.Number)); err != nil {
		t.Fatal(err)
	}
	if err := stands(); !errors.Is(err, fault.Revoked) {
		t.Errorf("a card that was withdrawn: %v", err)
	}
	p.s.Stop()
	if err := stands(); !errors.Is(err, fault.Revoked) {
		t.Errorf("central is away, and what it said last is forgotten: %v", err)
	}
}

// Each record that is fetched is held against the list: this one's cards are withdrawn
// while it is on its way.
func TestAFetchedRecordIsHeldAgainstTheRevocationList(t *testing.T) {
	g := newGuest(t)
	g.start()
	g.send()
	code := g.message()
	g.until("the answer", func(v visit.Visit) bool { return v.Unlock.Answered })
	g.line.breakAt(recordRoute, withdrawn)
	g.line.withdraw = func() error { return g.s.Central.WithdrawCards(g.t.Context(), strconv.Itoa(g.person.Number)) }
	g.wants(g.call("a record", g.unlocks(code)...), visit.Unlocking, fault.Revoked)
	if g.seen().Unlock.Record != nil {
		t.Error("the record is on the screen")
	}
}
