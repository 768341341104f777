package visit

import (
	"time"

	"vaxkiosk/app/fault"
)

// A staff member looks after the kiosk: prints a test page. That is a visit of its
// own, which begins with a wipe. So nothing of a visitor is open or can wait for
// the printer, and a page of a visitor who has left is no answer to this one's. What
// holds for a record's page holds for this one: no start while the printer has a
// fault, one deadline, and only a touch prints again.

// startUpkeep begins such a visit under a new number. Of the one before stay
// language and look; the token of the staff member is cleared, because nothing here needs it.
func startUpkeep(v Visit, now time.Time) (Visit, []Effect) {
	next := Wipe(v)
	next.State, next.Touched = Upkeep, now
	next.Lang, next.Look, next.Mixed = v.Lang, v.Look, v.Mixed
	return next, []Effect{Forget{Visit: v.Number}}
}

func inUpkeep(v Visit, a Action, now time.Time) (Visit, []Effect) {
	if _, is := a.(TestPrint); !is || v.PrinterDown != nil {
		return v, nil
	}
	v = v.wait(TestPrinting, ForTest, now, PrintLimit)
	v.Print.Test = ""
	return v, []Effect{PrintTest{Visit: v.Number, Call: v.Calls, Lang: v.Lang}}
}

func inTestPrinting(v Visit, a Action, now time.Time) Visit {
	switch a := a.(type) {
	case PrintProgress:
		v.Fault = a.Fault
	case Ended:
		return tested(v, a.Outcome, now, a.Fault)
	}
	return v
}

// tested tells staff how the test page ended. They get the full idle time to scan it.
func tested(v Visit, o fault.Outcome, now time.Time, f fault.Fault) Visit {
	v = v.backTo(Upkeep, now, f)
	v.Print.Test = o
	return v
}
