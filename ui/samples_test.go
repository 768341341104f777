package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vaxkiosk/app/record"
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
func house() visit.House {
	h := visit.House{HelpPhone: "(617) 555-0100", Demo: true, Zone: time.UTC, Texts: map[string]visit.Texts{}}
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
}

func newStage(t *testing.T, size fyne.Size, v visit.Visit) *stage {
	t.Helper()
	app := test.NewTempApp(t)
	s := &stage{t: t, v: v, now: morning}
	s.win = app.NewWindow("")
	t.Cleanup(s.win.Close)
	s.u = New(s.win, s.post)
	s.win.Resize(size)
	s.robot = robot.New(s.win.Canvas())
	s.u.Show(s.v, s.now)
	return s
}

// post is what the desk does: step, then show.
func (s *stage) post(e visit.Event) {
	s.events = append(s.events, e)
	s.v, _ = visit.Step(s.v, e, s.now)
	s.u.Show(s.v, s.now)
}

func (s *stage) do(a visit.Action) { s.post(visit.Event{Visit: s.v.Number, Do: a}) }

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
func history(n int) *record.Record {
	r := &record.Record{
		Given: "María José", Family: "O’Neill-García", Birth: "1958-03-14", Registry: "Demo registry", Issuer: "https://example.org",
	}
	codes := []string{"309", "135", "187", "115", "216", "43", "03"}
	places := []string{"CVS Pharmacy 0417", "Lowell Community Health Center, Pawtucket Street", ""}
	for i := range n {
		d := record.Dose{
			Date: fmt.Sprintf("%d-%02d-%02d", 2025-i, 1+i%12, 1+(7*i)%28), CVX: codes[i%len(codes)],
			Performer: places[i%len(places)], Status: record.StatusCompleted,
		}
		if i == 3 {
			d.Status = record.StatusNotDone
		}
		r.Doses = append(r.Doses, d)
	}
	return r
}

// at returns a visit in a state, changed as needed.
func at(lang string, s visit.State, change ...func(*visit.Visit)) visit.Visit {
	v := visit.New(house())
	v.Lang, v.State, v.Touched, v.Receipt = lang, s, morning, "7KQ2-M4VD"
	v.Draft = person("María José", "O’Neill-García")
	for _, c := range change {
		c(&v)
	}
	return v
}

func asking(q request.Question) func(*visit.Visit) {
	return func(v *visit.Visit) { v.Question = q }
}

func waiting(v *visit.Visit) {
	v.Waiting = &visit.Wait{Since: morning.Add(-4 * time.Second), Until: morning.Add(time.Minute)}
}

// samples are all screens in one language, in order of a visit.
func samples(lang string) []sample {
	problems := func(all ...request.Problem) func(*visit.Visit) {
		return func(v *visit.Visit) { v.Problems = all }
	}
	draft := func(change func(*request.Draft)) func(*visit.Visit) {
		return func(v *visit.Visit) { change(&v.Draft) }
	}
	fault := func(code string) func(*visit.Visit) {
		return func(v *visit.Visit) { v.Fault = &visit.Fault{Code: code, Detail: "media-empty"} }
	}
	with := func(doses int) func(*visit.Visit) {
		return func(v *visit.Visit) { v.Record = history(doses) }
	}
	all := []sample{
		{"welcome", at("", visit.Welcome)},
		{"choosing", at(lang, visit.Choosing)},
		{"helping", at(lang, visit.Helping)},
		{"helping-answer", at(lang, visit.Helping, func(v *visit.Visit) { v.Topic = "no-code" })},
		{"consent", at(lang, visit.Consent)},
		{"consent-full", at(lang, visit.Consent, func(v *visit.Visit) { v.FullText = true })},
		{"declaring", at(lang, visit.Declaring, draft(func(d *request.Draft) { d.Relation = "" }))},
		{"declaring-child", at(lang, visit.Declaring, draft(func(d *request.Draft) { d.Relation = request.Child }))},
		{"name-empty", at(lang, visit.Filling, asking(request.AskName), draft(func(d *request.Draft) { d.Given, d.Family = "", "" }))},
		{"name-problems", at(lang, visit.Filling, asking(request.AskName),
			draft(func(d *request.Draft) {
				d.Relation, d.Given, d.Family = request.Child, "Nguyễn Thị Ánh Tuyết", "R2"
			}),
			problems(request.Problem{Field: request.FieldFamily, Code: request.NotAName}))},
		{"birth", at(lang, visit.Filling, asking(request.AskBirth))},
		{"birth-empty", at(lang, visit.Filling, asking(request.AskBirth), draft(func(d *request.Draft) { d.Birth = request.Date{} }),
			problems(request.Problem{Field: request.FieldBirth, Code: request.Required}))},
		{"gender", at(lang, visit.Filling, asking(request.AskGender))},
		{"contact", at(lang, visit.Filling, asking(request.AskContact), draft(func(d *request.Draft) { d.Contact = "" }))},
		{"contact-phone", at(lang, visit.Filling, asking(request.AskContact), draft(func(d *request.Draft) { d.Phone = "61755" }),
			problems(request.Problem{Field: request.FieldPhone, Code: request.BadPhone}))},
		{"contact-email", at(lang, visit.Filling, asking(request.AskContact), draft(func(d *request.Draft) { d.Contact = request.ByEmail }))},
		{"pin", at(lang, visit.Filling, asking(request.AskPIN), draft(func(d *request.Draft) { d.PIN = "83" }))},
		{"pin-problem", at(lang, visit.Filling, asking(request.AskPIN), problems(request.Problem{Field: request.FieldPIN, Code: request.PINBirth}))},
		{"pin-again", at(lang, visit.Filling, asking(request.AskPINAgain), draft(func(d *request.Draft) { d.PINAgain = "" }))},
		{"review", at(lang, visit.Review)},
		{"review-fault", at(lang, visit.Review, fault(visit.FaultDatabase), draft(func(d *request.Draft) {
			d.Contact, d.Given, d.Relation = request.ByEmail, strings.Repeat("Maximiliana ", 4), request.Represented
			d.Email = "a.very.long.address.of.somebody@department.university.example.com"
		}))},
		{"saving", at(lang, visit.Saving, waiting)},
		{"sent", at(lang, visit.Sent)},
		{"sent-answered", at(lang, visit.Sent, func(v *visit.Visit) { v.Answered = true })},
		{"collecting", at(lang, visit.Collecting, fault(visit.FaultReceipt), func(v *visit.Visit) { v.Typed = "7KQ2-M4VX" })},
		{"unlocking", at(lang, visit.Unlocking, func(v *visit.Visit) { v.Code = "48" })},
		{"unlocking-refused", at(lang, visit.Unlocking, fault(visit.FaultRefused), func(v *visit.Visit) { v.Left = 3 })},
		{"unlocking-pin", at(lang, visit.Unlocking, func(v *visit.Visit) { v.AtPIN, v.Code, v.PIN = true, "482913", "8" })},
		{"unlocking-over", at(lang, visit.Unlocking, fault(visit.FaultTooMany), func(v *visit.Visit) { v.Over, v.Left = true, 0 })},
		{"fetching", at(lang, visit.Fetching, waiting)},
		{"ready", at(lang, visit.Ready, with(5))},
		{"ready-long", at(lang, visit.Ready, with(40))},
		{"ready-none", at(lang, visit.Ready, with(0), func(v *visit.Visit) { v.Blind = true })},
		{"printing", at(lang, visit.Printing, waiting, with(5), func(v *visit.Visit) { v.Pages, v.Page = 2, 1 })},
		{"printing-paper", at(lang, visit.Printing, waiting, with(5), fault(visit.FaultPaper), func(v *visit.Visit) { v.Pages, v.Page = 2, 1 })},
		{"print-failed", at(lang, visit.PrintFailed, with(5), fault(visit.FaultJam))},
		{"print-unknown", at(lang, visit.PrintUnknown, with(5), fault(visit.FaultNoAnswer))},
		{"done", at(lang, visit.Done, func(v *visit.Visit) { v.Pages = 2 })},
		{"out-of-service", at("", visit.OutOfService, func(v *visit.Visit) { v.Out = &visit.Fault{Code: visit.FaultClock, Detail: "312 s"} })},
		{"idle", at(lang, visit.Filling, asking(request.AskBirth), func(v *visit.Visit) {
			v.Still, v.Touched = true, morning.Add(-96*time.Second)
		})},
	}
	return all
}
