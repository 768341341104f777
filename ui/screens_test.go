package ui

import (
	"reflect"
	"strings"
	"testing"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// touches are what a touch of a tag posts.
var touches = []struct {
	screen, tag string
	want        visit.Action
}{
	{"welcome", "welcome.en", visit.Begin{Lang: "en"}},
	{"welcome", "welcome.es", visit.Begin{Lang: "es"}},
	{"welcome", "top.bigger", visit.Resize{By: 1}},
	{"welcome", "top.contrast", visit.Recolour{}},
	{"choosing", "top.language", visit.Speak{Lang: "es"}},
	{"choosing", "choose.ask", visit.Ask{}},
	{"choosing", "choose.collect", visit.Collect{}},
	{"choosing", "choose.help", visit.Help{}},
	{"choosing", "form.back", visit.Back{}},
	{"helping", "help.no-code", visit.Help{Topic: "no-code"}},
	{"helping-answer", "form.back", visit.Back{}},
	{"consent", "consent.full", visit.ReadAll{Open: true}},
	{"consent", "consent.agree", visit.Agree{}},
	{"consent-full", "consent.agree", visit.Agree{}},
	{"consent-full", "form.back", visit.Back{}},
	{"declaring", "declare.self", visit.Choose{Relation: request.Self}},
	{"declaring", "declare.child", visit.Choose{Relation: request.Child}},
	{"declaring", "declare.represented", visit.Choose{Relation: request.Represented}},
	{"declaring-child", "declare.accept", visit.Declare{}},
	{"name-empty", "key.m", visit.Type{Field: request.FieldGiven, Text: "M"}},
	{"name-empty", "form.next", visit.Next{}},
	{"name-empty", "form.back", visit.Back{}},
	{"birth", "birth.month-up", visit.PickBirth{Date: request.Date{Year: 1958, Month: 2, Day: 14}}},
	{"birth", "birth.day-down", visit.PickBirth{Date: request.Date{Year: 1958, Month: 3, Day: 15}}},
	{"birth", "birth.later", visit.PickBirth{Date: request.Date{Year: 1968, Month: 3, Day: 14}}},
	{"birth-empty", "birth.month-down", visit.PickBirth{Date: request.Date{Month: 1}}},
	{"birth-empty", "birth.year-up", visit.PickBirth{Date: request.Date{Year: 1976}}},
	{"gender", "gender.undisclosed", visit.PickGender{Gender: request.Undisclosed}},
	{"contact", "contact.phone", visit.PickContact{Kind: request.ByPhone}},
	{"contact", "contact.email", visit.PickContact{Kind: request.ByEmail}},
	{"contact-phone", "pin.5", visit.Type{Field: request.FieldPhone, Text: "617555"}},
	{"contact-phone", "contact.email", visit.PickContact{Kind: request.ByEmail}},
	{"contact-email", "contact.phone", visit.PickContact{Kind: request.ByPhone}},
	{"contact-email", "key.@", visit.Type{Field: request.FieldEmail, Text: "maria.jose@example.com@"}},
	{"pin", "pin.0", visit.Type{Field: request.FieldPIN, Text: "830"}},
	{"pin", "pin.delete", visit.Type{Field: request.FieldPIN, Text: "8"}},
	{"pin", "pin.clear", visit.Type{Field: request.FieldPIN, Text: ""}},
	{"pin-again", "pin.9", visit.Type{Field: request.FieldPINAgain, Text: "9"}},
	{"review", "review.change.birth", visit.Change{Question: request.AskBirth}},
	{"review", "review.change.relation", visit.Change{Question: request.AskRelation}},
	{"review", "review.send", visit.Send{}},
	{"saving", "wait.erase", visit.Leave{}},
	{"sent", "sent.unlock", visit.Unlock{}},
	{"sent", "sent.leave", visit.Leave{}},
	{"sent", "sent.no-code", visit.Missing{}},
	{"sent-resent", "sent.no-code", visit.Missing{}},
	{"nocode", "nocode.again", visit.Resend{}},
	{"nocode", "nocode.other", visit.Resend{Other: true}},
	{"nocode-one", "nocode.other", visit.Resend{Other: true}},
	{"nocode-no-more", "nocode.unlock", visit.Unlock{}},
	{"nocode", "form.back", visit.Back{}},
	{"reminding", "wait.erase", visit.Leave{}},
	{"collecting", "key.delete", visit.TypeReceipt{Text: "7KQ2-M4V"}},
	{"collecting", "collect.next", visit.Next{}},
	{"unlocking", "pin.2", visit.TypeCode{Digits: "482"}},
	{"unlocking", "unlock.no-code", visit.Missing{}},
	{"unlocking-pin", "pin.3", visit.TypePIN{Digits: "83"}},
	{"unlocking-over", "over.finish", visit.Leave{}},
	{"sent", "sent.staff", visit.CallStaff{}},
	{"nocode-none", "nocode.staff", visit.CallStaff{}},
	{"unlocking", "unlock.staff", visit.CallStaff{}},
	{"staff-in", "key.n", visit.TypeStaffID{Text: "n"}},
	{"staff-in-pin", "pin.1", visit.TypeStaffPIN{Digits: "48291"}},
	{"staff-in-pin", "staff.back", visit.Back{}},
	{"staff-asking", "wait.erase", visit.Leave{}},
	{"staff-check", "staff.saw.license", visit.SawID{Kind: visit.License}},
	{"staff-check", "staff.saw.state-id", visit.SawID{Kind: visit.StateID}},
	{"staff-check", "staff.saw.other", visit.SawID{Kind: visit.OtherID}},
	{"staff-check-picked", "staff.vouch", visit.Next{}},
	{"staff-check", "staff.back", visit.Back{}},
	{"unlocking-vouched", "pin.0", visit.TypePIN{Digits: "830"}},
	{"fetching", "wait.erase", visit.Leave{}},
	{"ready", "record.print", visit.Print{}},
	{"ready", "record.leave", visit.Leave{}},
	{"printing", "printing.erase", visit.Leave{}},
	{"print-failed", "printed.again", visit.Print{}},
	{"print-unknown", "printed.again", visit.Print{}},
	{"print-unknown", "printed.finish", visit.Leave{}},
	{"done", "done.finish", visit.Leave{}},
	{"idle", "idle.stay", visit.Stay{}},
	{"idle", "idle.erase", visit.Leave{}},
}

func TestTouchesPostTheirActions(t *testing.T) {
	find := func(name string) visit.Visit {
		for _, s := range samples("en") {
			if s.name == name {
				return s.v
			}
		}
		t.Fatalf("no sample %s", name)
		return visit.Visit{}
	}
	for _, c := range touches {
		st := newStage(t, standing, find(c.screen))
		number := st.v.Number
		st.tap(c.tag)
		got := lastAction(st.events)
		if !reflect.DeepEqual(got, visit.Event{Visit: number, Do: c.want}) {
			t.Errorf("%s on %s posts %#v, want %#v", c.tag, c.screen, got, c.want)
		}
	}
}

// lastAction is the last event that is more than a touch.
func lastAction(events []visit.Event) visit.Event {
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Do != (visit.Touch{}) {
			return events[i]
		}
	}
	return visit.Event{}
}

func TestATouchThatComesLateCarriesTheOldVisit(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Choosing))
	late := st.u.page
	old := st.v.Number
	st.do(visit.Leave{})
	late.k.do(visit.Ask{})
	if got := st.events[len(st.events)-1].Visit; got != old {
		t.Errorf("a late touch carries visit %d, want %d", got, old)
	}
	if st.v.State != visit.Welcome {
		t.Errorf("a late touch moved the next visit to state %d", st.v.State)
	}
}

func TestIdleQuestionCoversTheScreenAndCountsDown(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Choosing, func(v *visit.Visit) {
		v.Still, v.Touched = true, morning.Add(-visit.WarnAfter)
	}))
	if err := st.robot.Tap("choose.ask"); err == nil {
		t.Error("a touch reaches the screen below the idle question")
	}
	if !strings.Contains(st.robot.Markup(), "<text>30</text>") {
		t.Errorf("no count-down from 30:\n%s", st.robot.Markup())
	}
	st.tap("idle.stay")
	if st.robot.Has("idle.stay") || !st.robot.Has("choose.ask") {
		t.Error("the idle question stays after it is answered")
	}
}
