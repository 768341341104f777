package ui

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/assets"
	"vaxkiosk/ui/robot"
)

// morning is when all visits of the tests take place.
var morning = time.Date(2026, 11, 23, 10, 42, 0, 0, time.UTC)

var (
	standing = fyne.NewSize(1080, 1920)
	lying    = fyne.NewSize(1920, 1080)
)

// house is a kiosk with the texts that ship with it.
func house() visit.Site {
	h := visit.Site{HelpPhone: "(617) 555-0100", Demo: true, Zone: time.UTC, Texts: map[string]visit.Texts{}}
	for _, l := range assets.Languages {
		h.Languages = append(h.Languages, visit.Language{Tag: l.Tag, Name: l.Name})
		p := assets.PolicyOf(l.Tag)
		t := visit.Texts{
			PolicyVersion: p.Version, Summary: p.Summary, Full: p.Full,
			Declarations: map[request.Relation]visit.Declaration{},
		}
		for relation, d := range p.Declarations {
			t.Declarations[request.Relation(relation)] = visit.Declaration{Version: d.Version, Text: d.Text}
		}
		h.Texts[l.Tag] = t
	}
	return h
}

// stage is a UI in a test window with the real visit machine behind it. Effects
// are left to the test.
type stage struct {
	t      *testing.T
	u      *UI
	win    fyne.Window
	robot  *robot.Robot
	v      visit.Visit
	now    time.Time
	events []visit.Event
	window sync.Mutex // of tests on their own clock: whoever has it is in the window
}

func newStage(t *testing.T, size fyne.Size, v visit.Visit) *stage {
	t.Helper()
	app := test.NewTempApp(t)
	s := &stage{t: t, v: v, now: morning}
	s.win = app.NewWindow("")
	t.Cleanup(func() { s.win.Close(); forget() })
	s.u = New(s.win, s.post)
	s.u.SetCalm(0)
	s.u.mix = func() string { return "7391506248" }
	s.win.Resize(size)
	s.robot = robot.New(s.win.Canvas())
	s.u.Show(s.v, s.now)
	return s
}

// turnTo shows another visit, in a window of another size.
func (s *stage) turnTo(size fyne.Size, v visit.Visit) {
	v.Number += s.v.Number // the screen is built anew
	v.Acted = s.v.Acted
	s.v = v
	s.win.Resize(size)
	s.u.Show(v, s.now)
}

// post is what the desk does: step, then show.
func (s *stage) post(e visit.Event) {
	s.events = append(s.events, e)
	s.v, _ = visit.Step(s.v, e, s.now)
	s.u.Show(s.v, s.now)
}

func (s *stage) do(a visit.Action) { s.post(visit.Event{Visit: s.v.Number, Call: s.v.Calls, Do: a}) }

func (s *stage) tap(tags ...string) {
	s.t.Helper()
	for _, tag := range tags {
		if err := s.robot.Tap(tag); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *stage) typeIn(text string) {
	s.t.Helper()
	if err := s.robot.Type(text); err != nil {
		s.t.Fatal(err)
	}
}

// sample is a state of a visit worth looking at.
type sample struct {
	name string
	v    visit.Visit
}

// person is a filled form.
func person(given, family string) request.Draft {
	return request.Draft{
		Relation: request.Self, Given: given, Family: family, Birth: request.Date{Year: 1958, Month: 3, Day: 14},
		Gender: request.Female, Contact: request.ByPhone, Phone: "6175550123", Email: "maria.jose@example.com",
		PIN: "8305", PINAgain: "8305",
		Consent: request.Consent{Policy: "1", Declaration: "1"},
	}
}

// history is a record with n doses.
func history(n int) visit.Fetched {
	var f visit.Fetched
	f.Record.Given, f.Record.Family, f.Record.Birth = "María José", "O’Neill-García", "1958-03-14"
	codes := []string{"309", "135", "187", "115", "216", "43", "03"}
	places := []string{"CVS Pharmacy 0417", "Lowell Community Health Center, Pawtucket Street", ""}
	f.Record.Doses = slices.Grow(f.Record.Doses, n)[:n]
	for i := range f.Record.Doses {
		d := &f.Record.Doses[i]
		d.Date = fmt.Sprintf("%d-%02d-%02d", 2025-i, 1+i%12, 1+(7*i)%28)
		d.CVX, d.Performer, d.Status = codes[i%len(codes)], places[i%len(places)], "completed"
		switch i {
		case 1:
			d.NotValid = true
		case 3:
			d.Status = "not-done"
		case 4, 6:
			d.Historical, d.NotValid = true, i == 6
		}
	}
	return f
}

// at returns a visit in a state, changed as needed.
func at(lang string, s visit.State, change ...func(*visit.Visit)) visit.Visit {
	v := visit.New(house())
	v.Lang, v.State, v.Touched, v.Print.DoneAt, v.Unlock.Receipt = lang, s, morning, morning, "7KQ2-M4V9-3X1"
	v.Form.Draft = person("María José", "O’Neill-García")
	for _, c := range change {
		c(&v)
	}
	return v
}

func asking(q request.Question) func(*visit.Visit) {
	return func(v *visit.Visit) { v.Form.Question = q }
}

func waiting(v *visit.Visit) {
	v.Waiting = &visit.Wait{Since: morning.Add(-4 * time.Second), Until: morning.Add(time.Minute)}
}

// triedOut is a kiosk that IT tries out.
func triedOut(v *visit.Visit) { v.Site.Demo, v.Site.Test = false, true }

// nowhere is a kiosk that has never reached central, so that it knows no help phone.
func nowhere(why *fault.Fault) visit.Visit {
	v := visit.New(visit.Site{Zone: time.UTC})
	v.OutOfOrder = why
	return v
}
