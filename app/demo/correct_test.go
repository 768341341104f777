package demo

import (
	"os"
	"path/filepath"
	"testing"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/seal"
)

// Whole kiosks: corrections, slips and reports.

// What a visitor types to correct.
var (
	rightName = request.Name{Given: "Zéphyrine", Family: "Quillfeather"}
	missing   = struct {
		vaccine, place, email string
		day                   request.Date
	}{"Yellow fever in Brasília", "Hospital do Campo", "quillfeather@example.org", request.Date{Year: 2019, Month: 7, Day: 13}}
)

// wrongName corrects the name, from the open record.
func (p *visitor) wrongName() (tracking string) {
	p.t.Helper()
	p.do(visit.Amend{}, visit.PickFix{Kind: request.WrongName}, visit.Type{Field: request.FieldNewGiven, Text: rightName.Given},
		visit.Type{Field: request.FieldNewFamily, Text: rightName.Family}, visit.Next{}, visit.Send{})
	p.await(visit.Amended)
	return p.seen().Track.Number
}

// missingDose asks for a dose that is missing, from the menu.
func (p *visitor) missingDose() (tracking string) {
	p.t.Helper()
	p.do(p.wishes()...)
	p.await(visit.Amended)
	return p.seen().Track.Number
}

// wishes are the touches that ask for a missing dose.
func (p *visitor) wishes() []visit.Action {
	return []visit.Action{
		visit.Begin{Lang: "en"},
		visit.Amend{},
		visit.Agree{},
		visit.PickFix{Kind: request.MissingDose},
		visit.Type{Field: request.FieldGiven, Text: p.person.Given},
		visit.Type{Field: request.FieldFamily, Text: p.person.Family},
		visit.Next{},
		visit.PickBirth{Date: p.person.Birth},
		visit.Next{},
		visit.Type{Field: request.FieldVaccine, Text: missing.vaccine},
		visit.Type{Field: request.FieldPlace, Text: missing.place},
		visit.Next{},
		visit.PickDay{Date: missing.day},
		visit.Next{},
		visit.PickContact{Kind: request.ByEmail},
		visit.Type{Field: request.FieldEmail, Text: missing.email},
		visit.Next{},
		visit.Send{},
	}
}

// reportProblem reports one from the screen that is shown, and returns there.
func (p *visitor) reportProblem() {
	p.t.Helper()
	from := p.seen().State
	p.do(visit.Help{Topic: visit.ReportTopic}, visit.Report{Kind: "touch"})
	p.until("the report", func(v visit.Visit) bool { return v.Help.Reported })
	p.do(visit.Back{})
	p.await(from)
}

// wantKept compares how much of each kind the outbox has kept.
func (p *visitor) wantKept(want map[seal.Purpose]int) {
	p.t.Helper()
	for purpose, n := range want {
		c, err := p.s.Kiosk.Box.Counts(p.t.Context(), purpose)
		if got := c.Waiting + c.Sent; err != nil || got != n || c.Refused != 0 {
			p.t.Errorf("%s: %+v, %v, want %d", purpose, c, err, n)
		}
	}
}

// corrections waits until central has n.
func (p *visitor) corrections(n int) []central.Amendment {
	p.t.Helper()
	for {
		all, err := p.s.Central.Amendments(p.t.Context(), true)
		if err != nil {
			p.t.Fatal(err)
		}
		if len(all) >= n {
			return all
		}
		p.until("the next second", p.later())
	}
}

// later is true of every snapshot but the present one.
func (p *visitor) later() func(visit.Visit) bool {
	first := true
	return func(visit.Visit) bool {
		if first {
			first = false
			return false
		}
		return true
	}
}

func TestACorrectionFromTheOpenRecordReachesCentralWithItsPerson(t *testing.T) {
	p := arrive(t)
	p.open()
	record := p.seen().Unlock.Record
	p.do(visit.Amend{}, visit.PickFix{Kind: request.WrongDose}, visit.PickDose{N: 2}, visit.Next{},
		visit.PickWrong{Wrong: request.Twice}, visit.Next{}, visit.Send{})
	p.await(visit.Amended)
	number := p.seen().Track.Number
	a := p.corrections(1)[0]
	if a.Ref != number || !a.Verified || a.Person != p.person.Number || a.State != "received" {
		t.Errorf("central has %+v for %s", a, number)
	}
	_, c, err := p.s.Central.OpenAmendment(t.Context(), number, central.Looker{Staff: "nurse"})
	day, _ := request.ParseDate(record.Doses[1].Date)
	if err != nil || c.Kind != request.WrongDose || c.Wrong != request.Twice || c.Day != day || c.Family != record.Family {
		t.Errorf("read %v of %v, %v", c, c.Day, err)
	}
	p.do(visit.Back{})
	p.printed()
}

func TestACorrectionFromTheMenuIsFollowedByItsNumber(t *testing.T) {
	p := arrive(t)
	number := p.missingDose()
	if a := p.corrections(1)[0]; a.Ref != number || a.Verified || a.Person != 0 {
		t.Errorf("central has %+v for %s", a, number)
	}
	p.do(visit.Slip{})
	p.until("the slip", func(v visit.Visit) bool { return v.State == visit.Amended && v.Print.Slip == fault.Printed })
	if all, err := filepath.Glob(filepath.Join(p.pages, "*.pdf")); err != nil || len(all) != 1 {
		t.Errorf("%d slips, %v", len(all), err)
	} else if pdf, err := os.ReadFile(all[0]); err != nil || len(pdf) < 1000 {
		t.Errorf("a slip of %d bytes, %v", len(pdf), err)
	}
	nurse := central.Looker{Staff: "nurse"}
	for _, step := range []struct {
		want visit.Progress
		next func() error
	}{
		{visit.Received, func() error { _, _, err := p.s.Central.OpenAmendment(t.Context(), number, nurse); return err }},
		{visit.InReview, func() error { return p.s.Central.CloseAmendment(t.Context(), number, nurse) }},
		{visit.Closed, func() error { return nil }},
	} {
		p.follow(number)
		p.until(string(step.want), func(v visit.Visit) bool { return v.State == visit.Tracking && v.Track.Progress == step.want })
		if err := step.next(); err != nil {
			t.Fatal(err)
		}
	}
}

// follow begins anew and asks how far a correction is.
func (p *visitor) follow(number string) {
	before := p.seen().Number
	p.do(visit.Leave{})
	p.until("the next visit", func(v visit.Visit) bool { return v.Number > before })
	p.do(visit.Begin{Lang: "es"}, visit.Amend{}, visit.Agree{}, visit.LookUp{}, visit.TypeReceipt{Text: number}, visit.Next{})
}

func TestANumberThatNobodyHasIsToldAndAnOutageIsNotTakenForIt(t *testing.T) {
	p := arrive(t)
	p.follow(request.TrackingFor("nobody-has-this"))
	p.fault(visit.Tracking, fault.NoTracking)
	p.s.Stop()
	p.follow(request.TrackingFor("nobody-has-this"))
	p.fault(visit.Tracking, fault.Away)
	p.serveAgain()
}

func TestACorrectionMadeWhileCentralIsAwayGoesOnLater(t *testing.T) {
	p := arrive(t)
	p.s.Stop()
	number := p.missingDose() // told as saved
	p.serveAgain()
	if a := p.corrections(1); a[0].Ref != number {
		t.Errorf("central has %+v", a)
	}
}

func TestEveryKindOfProblemThatCanBeReportedIsInTheAPI(t *testing.T) {
	for _, kind := range visit.ReportKinds {
		if !api.ProblemReportKind(kind).Valid() {
			t.Errorf("the API does not know the kind %q", kind)
		}
	}
}

func TestAReportReachesCentral(t *testing.T) {
	p := arrive(t)
	p.do(visit.Begin{Lang: "en"}, visit.Ask{})
	p.await(visit.Consent)
	p.reportProblem()
	for {
		all, err := p.s.Central.Problems(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(all) == 0 {
			p.until("the next second", p.later())
			continue
		}
		if got := all[0]; len(all) != 1 || got.Kind != "touch" || got.Screen != "consent" || got.Kiosk != "demo" {
			t.Errorf("central has %+v", all)
		}
		return
	}
}
