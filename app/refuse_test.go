package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/desk"
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
	*wire
	pass  string // "" for the right one
	noted chan error
}

func (m *mixedUp) Record(ctx context.Context, pass string) (record.Record, error) {
	if m.pass != "" {
		pass = m.pass
	}
	return m.wire.Record(ctx, pass)
}

func (m *mixedUp) Printed(ctx context.Context, pass, job string, how desk.Result, pages int) error {
	err := m.wire.Printed(ctx, pass, job, how, pages)
	m.noted <- err
	return err
}

// arriveMixedUp arrives at a kiosk with such a central, in order for now.
func arriveMixedUp(t *testing.T) (*visitor, *mixedUp) {
	t.Helper()
	m, pages := &mixedUp{noted: make(chan error, 8)}, t.TempDir()
	p := arriveAt(t, "folder:"+pages, func(k *kiosk) { m.wire, k.desk.Central = k.wire, m })
	p.pages = pages
	return p, m
}

// audited is the print that was noted last, of so many.
func (p *visitor) audited(m *mixedUp, n int) central.Print {
	p.t.Helper()
	if err := <-m.noted; err != nil {
		p.t.Fatal(err)
	}
	all, err := p.s.central.Prints(p.t.Context(), time.Now().Add(-time.Hour))
	if err != nil || len(all) != n {
		p.t.Fatalf("%d prints are audited, want %d, %v", len(all), n, err)
	}
	return all[n-1]
}

// refusedFor wants nothing shown or printed, and central told why.
func (p *visitor) refusedFor(m *mixedUp, code string, reason api.PrintReportReason) {
	p.t.Helper()
	p.until("the refusal", func(v visit.Visit) bool { return v.State == visit.Unlocking && v.Fault != nil })
	if v := p.seen(); v.Fault.Code != code || v.Record != nil || v.Pass != "" {
		p.t.Errorf("fault %v, record kept: %t, pass kept: %t", v.Fault, v.Record != nil, v.Pass != "")
	}
	if last := p.audited(m, 1); last.Outcome != "failed" || last.Reason != string(reason) || last.KioskName == "" {
		p.t.Errorf("audited as %+v", last)
	}
	if pages, err := filepath.Glob(filepath.Join(p.pages, "*")); err != nil || len(pages) != 0 {
		p.t.Errorf("%d files at the printer, %v", len(pages), err)
	}
	p.logHoldsNothingOf(p.person, demoPeople()[1])
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
	others := p.seen().Pass
	p.do(visit.Leave{})
	p.await(visit.Welcome)
	p.person, m.pass = demoPeople()[1], others // from now on the first one's
	p.ask()
	p.unlock(p.code(), testPIN)
	p.refusedFor(m, visit.FaultOtherPerson, api.PrintReportReasonOtherPerson)
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
	w, r := p.s.kiosk.wire, *p.seen().Record
	if err := p.s.central.WithdrawCards(t.Context(), strconv.Itoa(p.person.Number)); err != nil {
		t.Fatal(err)
	}
	if err := w.Stands(t.Context(), r); err != nil {
		t.Errorf("asked again at once: %v", err)
	}
	w.revoked.age(r.Cards[0].KeyID, listAge)
	p.do(visit.Print{})
	p.refusedFor(m, visit.FaultRevoked, api.PrintReportReasonRevoked)
}

// age makes the last answer older, as if the visitor had read for so long.
func (l *revoked) age(kid string, by time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	last := l.lists[kid]
	last.asked = last.asked.Add(-by)
	l.lists[kid] = last
}

func TestWhileCentralIsAwayARecordIsPrintedByTheLastList(t *testing.T) {
	p := arrive(t)
	p.open()
	p.s.kiosk.wire.revoked.age(p.seen().Record.Cards[0].KeyID, listAge)
	p.s.stop()
	p.printed()
	log, err := os.ReadFile(p.s.logged.Name())
	if err != nil || !strings.Contains(string(log), "the revocation list was not read") {
		t.Errorf("the log does not say so, %v", err)
	}
}

func TestTheAuditNamesEveryFaultThatIsKnown(t *testing.T) {
	for _, fault := range visit.PrinterFaults {
		got := reportOf(desk.Result{Outcome: desk.Failed, Fault: desk.Fault{Code: fault.Code}}, 2)
		if got.Reason == nil || string(*got.Reason) != fault.Code || got.Outcome != api.Failed || got.Pages != 2 {
			t.Errorf("%s: %+v: the contract does not know it (PrintReport in openapi.yaml)", fault.Code, got)
		}
	}
	for _, c := range []struct {
		outcome    desk.Outcome
		code, want string
	}{
		{desk.Printed, "", "printed"},
		{desk.Sent, "", "unknown handed-on"},
		{desk.Unknown, visit.FaultNoAnswer, "unknown no-answer"},
		{desk.Failed, visit.FaultRecord, "failed record-check"},
		{desk.Failed, visit.FaultClock, "failed clock"},
		{desk.Failed, visit.FaultOtherPerson, "failed other-person"},
		{desk.Failed, visit.FaultRevoked, "failed revoked"},
		{desk.Failed, visit.FaultPage, "failed page-check"},
		{desk.Failed, "what nobody thought of", "failed"},
	} {
		r := reportOf(desk.Result{Outcome: c.outcome, Fault: desk.Fault{Code: c.code, Detail: "media-jam"}}, 1)
		got := string(r.Outcome)
		if r.Reason != nil {
			got = fmt.Sprint(got, " ", *r.Reason)
		}
		if got != c.want {
			t.Errorf("%s %s: %s, want %s", c.outcome, c.code, got, c.want)
		}
	}
}
