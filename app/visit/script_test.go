package visit_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// Whole visits as text, in testdata/visits. A line is what the visitor or the
// kiosk does, "late" for the visit before, "too late" to the call before, "held" by a
// key that repeats; "wait" is time that passes, "sleep" time that nobody counts; "=>
// State" is what must be on the screen after it; "-> effect" is what the kiosk
// must have been asked to do since the line before. A person who does not
// program can read and check them.

type reporter interface {
	Fatalf(string, ...any)
	Helper()
}

type player struct {
	t       reporter
	where   string
	v       visit.Visit
	now     time.Time
	effects []visit.Effect
}

func TestWholeVisitsGoAsTheScriptsSay(t *testing.T) {
	scripts, err := filepath.Glob("testdata/visits/*.txt")
	if err != nil || len(scripts) < 12 {
		t.Fatalf("found %d scripts, %v", len(scripts), err)
	}
	for _, path := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) { play(t, path, nil) })
	}
}

// milestones are the visits after each line of all scripts: starting points deep
// inside a visit for the walk and the random steps.
func milestones(t reporter) []visit.Visit {
	scripts, err := filepath.Glob("testdata/visits/*.txt")
	if err != nil {
		t.Fatalf("%v", err)
	}
	var all []visit.Visit
	for _, path := range scripts {
		play(t, path, func(v visit.Visit) { all = append(all, v) })
	}
	return all
}

func play(t reporter, path string, each func(visit.Visit)) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer func() { _ = f.Close() }()
	p := &player{t: t, v: visit.New(house()), now: noon}
	for n, lines := 1, bufio.NewScanner(f); lines.Scan(); n++ {
		p.where = fmt.Sprintf("%s:%d", filepath.Base(path), n)
		p.line(lines.Text())
		if each != nil {
			each(p.v)
		}
	}
}

func (p *player) line(line string) {
	line, _, _ = strings.Cut(line, "#")
	line = strings.TrimSpace(line)
	switch {
	case line == "":
	case line == "a new machine":
		p.v = visit.New(newMachine())
	case line == "a new machine that IT has told its central":
		h := newMachine()
		h.Central, h.CentralFixed = "https://records.example.org", true
		p.v = visit.New(h)
	case strings.HasPrefix(line, "=>"):
		p.expect(strings.TrimSpace(line[2:]))
	case strings.HasPrefix(line, "->"):
		p.expectEffect(strings.TrimSpace(line[2:]))
	case strings.HasPrefix(line, "sleep "): // the machine, so that no second is counted
		d, err := time.ParseDuration(line[6:])
		if err != nil {
			p.t.Fatalf("%s: %v", p.where, err)
		}
		p.now = p.now.Add(d)
	case strings.HasPrefix(line, "wait "):
		d, err := time.ParseDuration(line[5:])
		if err != nil {
			p.t.Fatalf("%s: %v", p.where, err)
		}
		p.effects = nil
		for end := p.now.Add(d); p.now.Before(end); {
			p.now = p.now.Add(time.Second)
			p.step(visit.Event{Do: visit.Tick{}})
		}
	default:
		p.effects = nil
		e := visit.Event{Visit: p.v.Number, Call: p.v.Calls}
		if rest, late := strings.CutPrefix(line, "late "); late {
			line, e.Visit = rest, e.Visit-1
		}
		if rest, held := strings.CutPrefix(line, "held "); held {
			line, e.Held = rest, true
		}
		if rest, late := strings.CutPrefix(line, "too late "); late {
			line, e.Call = rest, e.Call-1
		}
		e.Do = p.action(line)
		p.step(e)
	}
}

func (p *player) step(e visit.Event) {
	next, effects := visit.Step(p.v, e, p.now)
	if err := breach(p.v, e, next, effects); err != nil {
		p.t.Fatalf("%s: %v", p.where, err)
	}
	p.v, p.effects = next, append(p.effects, effects...)
}

var stateNames = []string{
	"Welcome", "Choosing", "Helping", "Reporting", "Consent", "Declaring", "Filling", "Review", "Saving", "Sent", "Collecting",
	"Unlocking", "NoCode", "Resending", "StaffIn", "StaffAsking", "StaffCheck", "Upkeep", "TestPrinting", "Fetching", "Ready",
	"Amending", "Amended", "Slipping", "Tracking", "TrackAsking", "Printing", "PrintFailed", "PrintUnknown", "Done", "ConfirmPIN",
	"FirstStart", "Enrolling", "OutOfService",
}

// screen is what a script calls the present screen: state, then what stands out.
func (p *player) screen() string {
	v := p.v
	s := stateNames[v.State]
	if v.State == visit.Filling {
		s += " " + string(v.Form.Question)
	}
	if v.Unlock.AtPIN && v.State == visit.Unlocking {
		s += " pin"
	}
	if v.Form.Hint != "" && v.State == visit.Filling {
		s += ", " + v.Form.Hint + "?"
	}
	for _, problem := range v.Form.Problems {
		s += fmt.Sprintf(", %s %s", problem.Field, problem.Code)
	}
	if v.State == visit.FirstStart && v.AtInvitation() {
		s += " code"
	}
	if v.Joining.Snag != "" {
		s += ", " + string(v.Joining.Snag)
	}
	if v.Fault != nil {
		s += ", fault " + string(v.Fault.Code)
	}
	if v.IdleWarning {
		s += ", still there?"
	}
	return s
}

func (p *player) expect(want string) {
	p.t.Helper()
	if got := p.screen(); got != want {
		p.t.Fatalf("%s: screen is %q, want %q", p.where, got, want)
	}
}

func (p *player) expectEffect(want string) {
	p.t.Helper()
	var names []string
	for _, f := range p.effects {
		name := strings.TrimPrefix(fmt.Sprintf("%T", f), "visit.")
		if name == want {
			return
		}
		names = append(names, name)
	}
	p.t.Fatalf("%s: effects are %v, want %s", p.where, names, want)
}

// simple are the lines of one fixed meaning.
var simple = map[string]visit.Action{
	"touch": visit.Touch{}, "ask for a record": visit.Ask{}, "collect a record": visit.Collect{}, "help": visit.Help{},
	"read the full text": visit.ReadAll{Open: true}, "agree": visit.Agree{}, "declare": visit.Declare{}, "next": visit.Next{}, "yes, that domain": visit.TakeHint{},
	"back": visit.Back{}, "send": visit.Send{}, "enter the code": visit.Unlock{}, "no code came": visit.Missing{}, "ask staff": visit.CallStaff{}, "staff signed in": visit.SignedIn{Token: "staff"}, "send it again": visit.Resend{}, "use my other contact": visit.Resend{Other: true}, "print": visit.Print{},
	"correct the record": visit.Amend{}, "I have a tracking number": visit.LookUp{}, "report kept": visit.Reported{},
	"print a test page": visit.TestPrint{}, "print a slip": visit.Slip{}, "mix the digits": visit.Mix{}, "another record": visit.Another{},
	"only one name": visit.PickSingle{On: true}, "two names": visit.PickSingle{},
	"correction saved": visit.Saved{Key: "0123456789abcdef", Receipt: request.TrackingFor("0123456789abcdef")}, "stay": visit.Stay{},
	"leave": visit.Leave{}, "larger text": visit.Resize{By: 1}, "other contrast": visit.Recolour{},
	"saved": visit.Saved{Key: "0123456789abcdef", Receipt: request.ReceiptFor("0123456789abcdef")}, "central answered": visit.Answered{},
	"unlocked": visit.Unlocked{Token: "pass"}, "the record of another person arrives": visit.Fetched{Record: record.Record{Given: "Quentin", Family: "Woodford", Birth: "1958-03-14"}}, "printed": visit.Ended{Outcome: fault.Printed}, "handed on": visit.Ended{Outcome: fault.HandedOn},
	"kiosk repaired": visit.Repair{}, "printer blind": visit.PrinterDown{}, "printer sees": visit.PrinterUp{},
}

// worded are the lines that end in a word or text.
var worded = map[string]func(rest string) visit.Action{
	"begin":        func(s string) visit.Action { return visit.Begin{Lang: s} },
	"speak":        func(s string) visit.Action { return visit.Speak{Lang: s} },
	"topic":        func(s string) visit.Action { return visit.Help{Topic: s} },
	"choose":       func(s string) visit.Action { return visit.Choose{Relation: request.Relation(s)} },
	"gender":       func(s string) visit.Action { return visit.PickGender{Gender: request.Gender(s)} },
	"contact":      func(s string) visit.Action { return visit.PickContact{Kind: request.ContactKind(s)} },
	"capacity":     func(s string) visit.Action { return visit.PickCapacity{Capacity: request.Capacity(s)} },
	"add":          func(s string) visit.Action { return visit.Add{Question: request.Question(s)} },
	"suffix":       func(s string) visit.Action { return visit.PickSuffix{Suffix: s} },
	"fix":          func(s string) visit.Action { return visit.PickFix{Kind: request.FixKind(s)} },
	"wrong":        func(s string) visit.Action { return visit.PickWrong{Wrong: request.Wrong(s)} },
	"find":         func(s string) visit.Action { return visit.TypeQuery{Text: s} },
	"report":       func(s string) visit.Action { return visit.Report{Kind: s} },
	"report-fails": func(s string) visit.Action { return visit.ReportFailed{Fault: fault.Fault{Code: fault.Code(s)}} },
	"central-says": func(s string) visit.Action { return visit.Tracked{Progress: visit.Progress(s)} },
	"track-fails":  func(s string) visit.Action { return visit.TrackFailed{Fault: fault.Fault{Code: fault.Code(s)}} },
	"change":       func(s string) visit.Action { return visit.Change{Question: request.Question(s)} },
	"receipt":      func(s string) visit.Action { return visit.TypeReceipt{Text: s} },
	"code":         func(s string) visit.Action { return visit.TypeCode{Digits: s} },
	"pin":          func(s string) visit.Action { return visit.TypePIN{Digits: s} },
	"type": func(s string) visit.Action {
		field, text, _ := strings.Cut(s, " ")
		return visit.Type{Field: request.Field(field), Text: text}
	},
	"save-fails":    func(s string) visit.Action { return visit.SaveFailed{Fault: fault.Fault{Code: fault.Code(s)}} },
	"staff-id":      func(s string) visit.Action { return visit.TypeStaffID{Text: s} },
	"staff-pin":     func(s string) visit.Action { return visit.TypeStaffPIN{Digits: s} },
	"saw":           func(s string) visit.Action { return visit.SawID{Kind: visit.IDKind(s)} },
	"sign-in-fails": func(s string) visit.Action { return visit.SignInFailed{Fault: fault.Fault{Code: fault.Code(s)}} },
	"resend-fails":  func(s string) visit.Action { return visit.ResendFailed{Fault: fault.Fault{Code: fault.Code(s)}} },
	"unlock-fails":  func(s string) visit.Action { return visit.UnlockFailed{Fault: fault.Fault{Code: fault.Code(s)}} },
	"fetch-fails":   func(s string) visit.Action { return visit.FetchFailed{Fault: fault.Fault{Code: fault.Code(s)}} },
	"printer-waits": func(s string) visit.Action { return visit.PrintProgress{Fault: &fault.Fault{Code: fault.Code(s)}} },
	"not-printed": func(s string) visit.Action {
		return visit.Ended{Outcome: fault.Failed, Fault: fault.Fault{Code: fault.Code(s)}}
	},
	"unsure": func(s string) visit.Action {
		return visit.Ended{Outcome: fault.Unknown, Fault: fault.Fault{Code: fault.Code(s)}}
	},
	"printer-blind": func(s string) visit.Action {
		return visit.PrinterDown{Fault: fault.Fault{Code: fault.Code(s)}}
	},
	"address":      func(s string) visit.Action { return visit.TypeAddress{Text: s} },
	"invitation":   func(s string) visit.Action { return visit.TypeInvitation{Text: s} },
	"not-enrolled": func(s string) visit.Action { return visit.EnrolFailed{Snag: visit.Snag(s)} },
	"kiosk-breaks": func(s string) visit.Action { return visit.OutOfOrder{Fault: fault.Fault{Code: fault.Code(s)}} },
}

// numbered are the lines that end in a number.
var numbered = map[string]func(n int) visit.Action{
	"dose":    func(n int) visit.Action { return visit.PickDose{N: n} },
	"refused": func(n int) visit.Action { return visit.Refused{Left: n} },
	"resent":  func(n int) visit.Action { return visit.Resent{Left: n} },
	"pages":   func(n int) visit.Action { return visit.PrintStarted{Pages: n} },
	"page":    func(n int) visit.Action { return visit.PrintProgress{Page: n} },
}

func (p *player) action(line string) visit.Action {
	if line == "record arrives" { // of whom was asked for
		r := aRecord()
		if c := p.v.Unlock.Claim; c != (visit.Claim{}) {
			r.Given, r.Family, r.Birth = c.Given, c.Family, c.Birth.String()
		}
		return visit.Fetched{Record: r}
	}
	if line == "a new policy comes" {
		h := house()
		for lang, texts := range h.Texts {
			texts.PolicyVersion = "2"
			h.Texts[lang] = texts
		}
		return visit.Settle{Site: h}
	}
	if a, ok := simple[line]; ok {
		return a
	}
	verb, rest, _ := strings.Cut(line, " ")
	if f, ok := worded[verb]; ok {
		return f(rest)
	}
	if f, ok := numbered[verb]; ok {
		n, err := strconv.Atoi(rest)
		if err != nil {
			p.t.Fatalf("%s: %v", p.where, err)
		}
		return f(n)
	}
	if verb != "born" && verb != "given-on" {
		p.t.Fatalf("%s: no such line: %q", p.where, line)
	}
	return p.dated(verb, strings.Fields(rest))
}

// dated is a line with a date, with zeros for what is not chosen yet, and behind it
// the part that is asked for and what is typed of it.
func (p *player) dated(verb string, rest []string) visit.Action {
	var d request.Date
	if len(rest) == 0 {
		p.t.Fatalf("%s: no date", p.where)
	}
	if _, err := fmt.Sscanf(rest[0], "%d-%d-%d", &d.Year, &d.Month, &d.Day); err != nil {
		p.t.Fatalf("%s: %v", p.where, err)
	}
	var half request.Half
	if len(rest) > 1 {
		half = request.Half{Part: request.Part(rest[1]), Typed: strings.Join(rest[2:], "")}
	}
	if verb == "given-on" {
		return visit.PickDay{Date: d, Half: half}
	}
	return visit.PickBirth{Date: d, Half: half}
}
