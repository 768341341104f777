package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

func TestAMissingDoseIsReportedFromTheMenu(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		st := newStage(t, size, visit.New(house()))
		st.tap("welcome.en", "choose.correct", "consent.agree", "fix.missing-dose")
		st.reads("Whose record should be corrected?")
		st.typeIn("Ánh")
		st.tap("key.next")
		st.typeIn("Nguyễn")
		st.tap("form.next")
		st.enter(request.Date{Year: 1976, Month: 1, Day: 1})
		st.tap("form.next", "form.next")
		st.reads("Please type the vaccine, or what it is against.")
		st.typeIn("covid 19")
		st.tap("key.next")
		st.typeIn("cvs 0417")
		st.tap("form.next")
		st.enter(request.Date{Year: 2025, Month: 1, Day: 1})
		st.tap("form.next")
		st.reads("How can staff reach you?")
		st.tap("contact.phone")
		st.typeIn("6175550123")
		st.tap("form.next")
		fix := st.v.Form.Draft.Fix
		if st.v.State != visit.Review || fix.Vaccine != "covid 19" || fix.Place != "cvs 0417" || !fix.Day.Exists() {
			t.Fatalf("%v: state %v, the dose differs", size, st.v.State)
		}
		st.tap("review.change.day", "birth.day", "pin.0", "pin.2", "form.next")
		if st.v.Form.Draft.Fix.Day.Day != fix.Day.Day+1 || st.v.State != visit.Review {
			t.Errorf("%v: the day was not changed", size)
		}
		st.tap("review.send")
		st.reads("We are saving your correction")
		st.do(visit.Saved{Key: "k", Receipt: "60SA-JR3A"})
		st.reads("60SA-JR3A", "Please write this number down.")
		st.tap("slip.print")
		st.reads("We are printing your number")
		st.do(visit.Ended{Outcome: fault.Failed, Fault: fault.Fault{Code: fault.Jam}})
		st.reads("The number was not printed", "60SA-JR3A")
		st.tap("slip.print")
		st.do(visit.Ended{Outcome: fault.Printed})
		st.reads("Please take the page with you.")
		st.tap("corrected.finish")
		if st.v.State != visit.Welcome {
			t.Errorf("%v: the visit ends in state %v", size, st.v.State)
		}
	}
}

func TestAWrongDoseIsPickedFromTheOpenRecord(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		st := newStage(t, size, at("en", visit.Ready, withDoses(12)))
		st.tap("record.correct", "fix.wrong-dose", "form.next")
		st.reads("Please touch the dose that is wrong.")
		if err := st.robot.Reveal("dose.9"); err != nil {
			t.Fatal(err)
		}
		st.tap("dose.9", "form.next", "wrong.not-mine", "form.next")
		if st.v.State != visit.Review || st.v.Form.Draft.Fix.Dose != 9 || st.v.Form.Draft.Fix.Wrong != request.NotMine {
			t.Fatalf("%v: state %v, dose %d", size, st.v.State, st.v.Form.Draft.Fix.Dose)
		}
		st.tap("review.send")
		st.do(visit.SaveFailed{Fault: fault.Fault{Code: fault.Database}})
		st.reads("We could not save your correction")
		st.tap("review.send")
		st.do(visit.Saved{Key: "k", Receipt: "60SA-JR3A"})
		st.tap("corrected.back")
		if st.v.State != visit.Ready || !st.robot.Has("record.print") {
			t.Errorf("%v: the record is not there afterwards", size)
		}
	}
}

func TestASlipCannotBePrintedWithoutAPrinter(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Sent, asked, func(v *visit.Visit) { v.PrinterDown = &fault.Fault{} }))
	if err := st.robot.Tap("slip.print"); err == nil {
		t.Error("a slip can be printed without a printer")
	}
	st.reads("You can also write the number down.")
	st.do(visit.PrinterUp{})
	st.tap("slip.print")
	if st.v.State != visit.Slipping {
		t.Errorf("state %v", st.v.State)
	}
}

func TestAScannedReceiptOpensTheNextScreen(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	st.tap("welcome.en", "choose.collect")
	st.reads("hold the square code of your slip under the scanner")
	st.typeIn("60") // begun by hand
	st.scan("Q739-AVM1")
	if st.v.State != visit.Unlocking || st.v.Unlock.Receipt != "Q739-AVM1" {
		t.Errorf("state %v, receipt %q", st.v.State, st.v.Unlock.Receipt)
	}
}

func TestATrackingNumberTellsHowFarACorrectionIs(t *testing.T) {
	for progress, words := range map[visit.Progress]string{
		visit.Received: "Nobody has looked at it yet.", visit.InReview: "Staff are looking at your correction", visit.Closed: "Your correction is done",
	} {
		st := newStage(t, standing, visit.New(house()))
		st.tap("welcome.en", "choose.correct", "consent.agree", "correcting.look-up")
		st.scan("Q739-AVM1")
		st.reads("This tracking number has a letter or digit that does not fit.")
		st.scan("60SA-JR3A")
		st.reads("We are asking how far it is")
		st.do(visit.TrackFailed{Fault: fault.Fault{Code: fault.NoTracking}})
		st.reads("We do not know this tracking number.")
		st.tap("tracking.show")
		st.do(visit.Tracked{Progress: progress})
		st.reads(words, "60SA-JR3A")
		st.tap("progress.finish")
		if st.v.State != visit.Welcome {
			t.Errorf("the visit ends in state %v", st.v.State)
		}
	}
}

// After two minutes the way out for those without a code stands out, whatever
// central found (promise P5); nobody can have a code before it has looked.
func TestAfterTwoMinutesTheScreenSaysWhatToDo(t *testing.T) {
	for answered, words := range map[bool]string{true: "It has been two minutes.", false: "We could not work on your request yet."} {
		st := newStage(t, standing, at("en", visit.Saving, waiting))
		st.do(visit.Saved{Key: "k", Receipt: "7KQ2-M4V9-3X1"})
		if answered {
			st.do(visit.Answered{})
		}
		page := st.u.page
		st.now = st.now.Add(visit.CodeLate - time.Second)
		st.do(visit.Touch{}) // somebody waits
		if strings.Contains(st.robot.Markup(), words) {
			t.Errorf("answered %v: too early", answered)
		}
		st.now = st.now.Add(time.Second)
		st.u.Show(st.v, st.now)
		st.reads(words)
		if st.u.page != page {
			t.Errorf("answered %v: the screen was built again", answered)
		}
		late := st.robot.Markup()
		if strings.Contains(late, "picked") != answered {
			t.Errorf("answered %v: the way out without a code stands out: %v", answered, !answered)
		}
		st.do(visit.Answered{})
		if st.reads("It has been two minutes."); !answered && st.robot.Markup() == late {
			t.Error("nothing changes once central has dealt with the request")
		}
		st.tap("sent.no-code", "nocode.again")
		st.do(visit.Resent{Left: 1})
		st.reads("a new pickup code is on its way")
	}
}

func TestAnotherRecordStartsWithTheVisitorsOwnNameAndContact(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Done, func(v *visit.Visit) {
		v.Print.Pages, v.Recall = 1, visit.Mine{
			Name: request.Name{Given: "Ana", Family: "Nguyễn"}, Contact: request.ByPhone, Phone: "6175550123", Policy: v.Texts().PolicyVersion,
			PIN: "8317",
		}
	}))
	st.reads("With your PIN, your own name and contact are filled in.")
	st.tap("done.another", "pin.8", "pin.3", "pin.1", "pin.6", "recall.next")
	st.reads("This PIN does not fit")
	st.tap("pin.8", "pin.3", "pin.1", "pin.7", "recall.next", "declare.child", "declare.accept")
	if got := st.v.Form.Draft.Asker; got.Given != "Ana" || st.v.Form.Draft.Phone != "6175550123" {
		t.Error("the visitor has to say again who they are")
	}
	collected := newStage(t, standing, at("en", visit.Done, func(v *visit.Visit) { v.Print.Pages = 1 }))
	collected.reads("For example your child’s.")
}
