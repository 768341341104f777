package ui

import (
	"reflect"
	"slices"
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
	{"choosing", "choose.correct", visit.Amend{}},
	{"choosing", "choose.help", visit.Help{}},
	{"choosing", "top.help", visit.Help{}},
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
	{"declaring-capacity", "declare.agent", visit.PickCapacity{Capacity: request.HealthAgent}},
	{"declaring-capacity", "form.back", visit.Back{}},
	{"declaring-represented", "declare.accept", visit.Declare{}},
	{"asker-again", "form.next", visit.Next{}},
	{"name-empty", "key.m", visit.Type{Field: request.FieldGiven, Text: "M"}},
	{"name-empty", "form.next", visit.Next{}},
	{"name-empty", "form.back", visit.Back{}},
	{"name-empty", "name.more", visit.Add{Question: request.AskMore}},
	{"more", "more.middle", visit.Add{Question: request.AskMiddle}},
	{"more", "more.other", visit.Add{Question: request.AskOther}},
	{"more", "more.single", visit.PickSingle{On: true}},
	{"more-filled", "more.single", visit.PickSingle{}},
	{"middle", "suffix.II", visit.PickSuffix{Suffix: "II"}},
	{"middle-filled", "suffix.none", visit.PickSuffix{}},
	{"other", "key.r", visit.Type{Field: request.FieldOtherGiven, Text: "R"}},
	{"birth-minor", "birth.guardian", visit.Choose{Relation: request.Child}},
	{"birth-grown-up", "birth.grown-up", visit.Choose{Relation: request.Self}},
	{"birth", "month.2", visit.PickBirth{Date: request.Date{Year: 1958, Month: 2, Day: 14}, Half: request.Half{Part: "d"}}},
	{"birth", "birth.year", visit.PickBirth{Date: request.Date{Year: 1958, Month: 3, Day: 14}, Half: request.Half{Part: "y"}}},
	{"birth-empty", "month.10", visit.PickBirth{Date: request.Date{Month: 10}, Half: request.Half{Part: "d"}}},
	{"birth-day", "pin.6", visit.PickBirth{Date: request.Date{Month: 10, Day: 16}, Half: request.Half{Part: "y"}}},
	{"birth-day", "pin.delete", visit.PickBirth{Date: request.Date{Month: 10}, Half: request.Half{Part: "d"}}},
	{"birth-year", "pin.8", visit.PickBirth{Date: request.Date{Month: 10, Day: 16}, Half: request.Half{Part: "y", Typed: "198"}}},
	{"birth-year", "pin.clear", visit.PickBirth{Date: request.Date{Month: 10, Day: 16}, Half: request.Half{Part: "y"}}},
	{"birth-no-day", "pin.2", visit.PickBirth{Date: request.Date{Month: 2, Day: 2}, Half: request.Half{Part: "d", Typed: "2"}}},
	{"gender", "gender.undisclosed", visit.PickGender{Gender: request.Undisclosed}},
	{"contact", "contact.phone", visit.PickContact{Kind: request.ByPhone}},
	{"contact", "contact.email", visit.PickContact{Kind: request.ByEmail}},
	{"contact-phone", "pin.5", visit.Type{Field: request.FieldPhone, Text: "617555"}},
	{"contact-phone", "contact.email", visit.PickContact{Kind: request.ByEmail}},
	{"contact-phone", "contact.second", visit.Add{Question: request.AskSecond}},
	{"contact-both", "contact.second", visit.Add{Question: request.AskSecond}},
	{"second-phone", "pin.5", visit.Type{Field: request.FieldPhone, Text: "6175555"}},
	{"contact-email", "contact.phone", visit.PickContact{Kind: request.ByPhone}},
	{"contact-email", "key.@", visit.Type{Field: request.FieldEmail, Text: "maria.jose@example.com@"}},
	{"pin", "pin.0", visit.Type{Field: request.FieldPIN, Text: "830"}},
	{"pin", "pin.delete", visit.Type{Field: request.FieldPIN, Text: "8"}},
	{"pin", "pin.clear", visit.Type{Field: request.FieldPIN, Text: ""}},
	{"pin", "pin.mix", visit.Mix{}},
	{"pin-mixed", "pin.7", visit.Type{Field: request.FieldPIN, Text: "837"}},
	{"pin-again", "pin.9", visit.Type{Field: request.FieldPINAgain, Text: "9"}},
	{"review", "review.change.birth", visit.Change{Question: request.AskBirth}},
	{"review", "review.change.relation", visit.Change{Question: request.AskRelation}},
	{"review", "review.second", visit.Change{Question: request.AskSecond}},
	{"review-child", "review.change.asker", visit.Change{Question: request.AskAsker}},
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
	{"collecting", "key.delete", visit.TypeReceipt{Text: "7KQ2-M4V9-3X"}},
	{"collecting", "collect.next", visit.Next{}},
	{"unlocking", "pin.2", visit.TypeCode{Digits: "482"}},
	{"unlocking", "unlock.no-code", visit.Missing{}},
	{"unlocking-pin", "pin.3", visit.TypePIN{Digits: "83"}},
	{"recalling-wrong", "pin.1", visit.TypePIN{Digits: "1"}},
	{"recalling", "recall.next", visit.Next{}},
	{"recalling", "recall.without", visit.Back{}},
	{"unlocking-over", "over.finish", visit.Leave{}},
	{"sent", "sent.staff", visit.CallStaff{}},
	{"nocode-none", "nocode.staff", visit.CallStaff{}},
	{"unlocking", "unlock.staff", visit.CallStaff{}},
	{"sent-child", "sent.staff", visit.Help{Topic: staffTopic}},
	{"nocode-child", "nocode.staff", visit.Help{Topic: staffTopic}},
	{"collecting", "collect.staff", visit.Help{Topic: staffTopic}},
	{"unlocking-over", "unlock.staff", visit.Help{Topic: staffTopic}},
	{"ready", "record.staff", visit.Help{Topic: staffTopic}},
	{"print-unknown", "printed.staff", visit.Help{Topic: staffTopic}},
	{"corrected", "corrected.staff", visit.Help{Topic: staffTopic}},
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
	{"done-sent", "printed.again", visit.Print{}},
	{"done-sent", "done.finish", visit.Leave{}},
	{"done-sent", "done.another", visit.Another{}},
	{"print-failed", "printed.again", visit.Print{}},
	{"print-unknown", "printed.again", visit.Print{}},
	{"print-unknown", "printed.finish", visit.Leave{}},
	{"done", "done.finish", visit.Leave{}},
	{"done", "done.another", visit.Another{}},
	{"ready", "record.correct", visit.Amend{}},
	{"sent", "slip.print", visit.Slip{}},
	{"sent-late", "sent.no-code", visit.Missing{}},
	{"correcting", "fix.add-contact", visit.PickFix{Kind: request.AddContact}},
	{"correcting", "correcting.look-up", visit.LookUp{}},
	{"correcting-record", "form.back", visit.Back{}},
	{"fix-vaccine", "key.1", visit.Type{Field: request.FieldVaccine, Text: "1"}},
	{"fix-day", "month.4", visit.PickDay{Date: request.Date{Year: 2024, Month: 4, Day: 6}, Half: request.Half{Part: "d"}}},
	{"fix-dose", "dose.1", visit.PickDose{N: 1}},
	{"fix-wrong", "wrong.twice", visit.PickWrong{Wrong: request.Twice}},
	{"fix-new-name", "key.m", visit.Type{Field: request.FieldNewGiven, Text: "Maríam"}},
	{"fix-review", "review.change.fix", visit.Change{Question: request.AskFix}},
	{"fix-review", "review.send", visit.Send{}},
	{"corrected", "slip.print", visit.Slip{}},
	{"corrected", "corrected.finish", visit.Leave{}},
	{"corrected-record", "corrected.back", visit.Back{}},
	{"slipping", "wait.erase", visit.Leave{}},
	{"tracking", "key.4", visit.TypeReceipt{Text: "4"}},
	{"tracking", "tracking.show", visit.Next{}},
	{"tracking-closed", "progress.finish", visit.Leave{}},
	{"track-asking", "wait.erase", visit.Leave{}},
	{"helping-search", "helping.all", visit.TypeQuery{}},
	{"helping-report", "report.printer", visit.Report{Kind: "printer"}},
	{"reporting", "wait.erase", visit.Leave{}},
	{"idle", "idle.stay", visit.Stay{}},
	{"idle", "idle.erase", visit.Leave{}},
}

func TestTouchesPostTheirActions(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for _, c := range touches {
		st.turnTo(standing, sampleOf(t, c.screen))
		number := st.v.Number
		st.tap(c.tag)
		got := lastAction(st.events)
		if got.Visit != number || !reflect.DeepEqual(got.Do, c.want) {
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
		v.IdleWarning, v.Touched = true, morning.Add(-visit.WarnAfter)
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

func TestEveryStateHasAScreenOfItsOwn(t *testing.T) {
	for s := visit.Welcome; s < visit.OutOfService; s++ {
		if screens[s] == nil {
			t.Errorf("%v would say that the kiosk is out of service", s)
		}
	}
}

func TestEveryQuestionHasAScreenOfItsOwn(t *testing.T) {
	all := []request.Draft{{Relation: request.Self}, {Relation: request.Child}, {Relation: request.Represented}}
	for _, kind := range request.FixKinds {
		for _, wrong := range request.Wrongs {
			all = append(all, request.Draft{Fix: request.Fix{Kind: kind, Wrong: wrong}})
		}
	}
	elsewhere := []request.Question{request.AskName, request.AskRelation, request.AskFix}
	for _, d := range all {
		for _, q := range d.Questions() {
			if questions[q] == nil && !slices.Contains(elsewhere, q) {
				t.Errorf("%s would ask for a name", q)
			}
		}
	}
}
