package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// upkeepSamples are the screens of staff who look after the kiosk.
func upkeepSamples(lang string) []sample {
	own := func(v *visit.Visit) { v.Form.Draft, v.Unlock.Receipt = request.Draft{}, "" }
	ended := func(o fault.Outcome) func(*visit.Visit) { return func(v *visit.Visit) { v.Print.Test = o } }
	told := func(code fault.Code, detail string) func(*visit.Visit) {
		return func(v *visit.Visit) { v.Fault = &fault.Fault{Code: code, Detail: detail} }
	}
	return []sample{
		{"upkeep-sign-in", at(lang, visit.StaffIn, own)},
		{"upkeep", at(lang, visit.Upkeep, own)},
		{"upkeep-blind", at(lang, visit.Upkeep, own, blind(fault.Paper, "media-empty"))},
		{"upkeep-printed", at(lang, visit.Upkeep, own, ended(fault.Printed))},
		{"upkeep-sent", at(lang, visit.Upkeep, own, ended(fault.HandedOn))},
		{"upkeep-failed", at(lang, visit.Upkeep, own, ended(fault.Failed), told(fault.Jam, "media-jam"))},
		{"upkeep-unsure", at(lang, visit.Upkeep, own, ended(fault.Unknown), told(fault.Restarted, ""))},
		{"test-printing", at(lang, visit.TestPrinting, own, waiting)},
		{"test-printing-paper", at(lang, visit.TestPrinting, own, waiting, told(fault.Paper, "media-empty"))},
	}
}

func TestStaffPrintATestPageAndReadWhatToDoWithIt(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		st := newStage(t, size, at("en", visit.Choosing))
		st.tap("choose.staff")
		st.reads("For staff", "Only for staff who look after this kiosk.")
		st.signIn()
		st.do(visit.SignedIn{Token: "s"})
		st.reads("For staff", "Check printer and scanner", "Nothing personal is on it.")
		st.tap("upkeep.print")
		st.reads("We are printing a test page")
		st.do(visit.PrintProgress{Fault: &fault.Fault{Code: fault.Paper, Detail: "media-empty"}})
		st.reads("The paper tray is empty or missing.", "(media-empty)")
		st.do(visit.Ended{Outcome: fault.Printed})
		st.reads("The test page is printed", "It must read the code of 45 mm.")
		st.scan("shc:/5676290952432060") // the kiosk's own scanner types it, and Enter
		if st.v.State != visit.Upkeep {
			t.Fatalf("%v: what is scanned leads to %v", size, st.v.State)
		}
		st.tap("upkeep.print")
		st.do(visit.Ended{Outcome: fault.Failed, Fault: fault.Fault{Code: fault.Jam}})
		st.reads("The test page was not printed", "Clear the path")
		st.do(visit.PrinterDown{Fault: fault.Fault{Code: fault.Cover}})
		st.reads("The printer cannot print right now", "The printer reports an open cover or door.")
		if err := st.robot.Tap("upkeep.print"); err == nil {
			t.Error("a test page is offered to a printer with an open cover")
		}
		st.do(visit.PrinterUp{})
		st.tap("upkeep.print", "upkeep.stop")
		if st.v.State != visit.Welcome {
			t.Errorf("%v: signed out to %v", size, st.v.State)
		}
	}
}

func TestANumberThatCannotBePrintedSaysWhatThePrinterNeeds(t *testing.T) {
	tracked := func(v *visit.Visit) { v.Form.Task, v.Track.Number = visit.ToAmend, "60SA-JR3A" }
	for _, v := range []visit.Visit{at("en", visit.Sent, asked), at("en", visit.Amended, tracked)} {
		st := newStage(t, standing, v)
		st.do(visit.PrinterDown{Fault: fault.Fault{Code: fault.Paper}})
		st.reads("The printer needs paper.", "You can also write the number down.", "For staff: The paper tray is empty or missing.")
		if err := st.robot.Tap("slip.print"); err == nil {
			t.Errorf("%v: a slip is offered to a printer without paper", v.State)
		}
		st.do(visit.PrinterUp{})
		st.tap("slip.print")
		st.do(visit.Ended{Outcome: fault.Failed, Fault: fault.Fault{Code: fault.Jam}})
		st.reads("The number was not printed", "Paper is stuck in the printer.", "You can also write the number down.")
	}
}
