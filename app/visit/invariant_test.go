package visit_test

import (
	"errors"
	"fmt"
	"reflect"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// The invariants of a visit, checked after every step of the walk, of the random
// steps and of the scripts.

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func house() visit.Site {
	texts := func(lang string) visit.Texts {
		return visit.Texts{PolicyVersion: "1", Summary: lang, Full: lang, Declarations: map[request.Relation]visit.Declaration{
			request.Self: {Version: "1", Text: lang}, request.Child: {Version: "1", Text: lang}, request.Represented: {Version: "1", Text: lang},
		}}
	}
	return visit.Site{
		Name:      "Vaccine records",
		Languages: []visit.Language{{Tag: "en", Name: "English"}, {Tag: "es", Name: "Español"}},
		Texts:     map[string]visit.Texts{"en": texts("en"), "es": texts("es")},
		Zone:      time.UTC,
	}
}

func aRecord() record.Record {
	return record.Record{Given: "María José", Family: "O'Neill-García", Birth: "1958-03-14", Doses: []record.Dose{
		{Date: "2025-10-02", CVX: "208", Product: "Comirnaty", Performer: "Main Street Pharmacy", Status: record.StatusCompleted},
	}}
}

var waits = map[visit.State]bool{
	visit.Saving: true, visit.Resending: true, visit.StaffAsking: true, visit.Fetching: true, visit.Printing: true,
	visit.Slipping: true, visit.TestPrinting: true, visit.Reporting: true, visit.TrackAsking: true, visit.Enrolling: true,
}

// breach names the first broken invariant of a step, or nil.
func breach(before visit.Visit, e visit.Event, after visit.Visit, effects []visit.Effect) error {
	if err := broken(after); err != nil {
		return err
	}
	if err := errors.Join(wrongEffect(before, effects), wrongNumber(before, e, after), toldTooEarly(before, e, after)); err != nil {
		return err
	}
	unchanged := reflect.DeepEqual(before, after) || reflect.DeepEqual(visit.Wipe(before), after) // its time was over
	if !kiosks(e.Do) && e.Visit != before.Number && !unchanged {
		return fmt.Errorf("%T of visit %d changed visit %d", e.Do, e.Visit, before.Number)
	}
	if isLate(before, e) && !unchanged {
		return fmt.Errorf("%T to call %d changed a visit whose last call is %d", e.Do, e.Call, before.Calls)
	}
	if after.Number != before.Number && !hasForget(effects) && before.State != visit.Choosing && before.State != visit.OutOfService {
		return fmt.Errorf("visit %d was wiped without forgetting what runs for it", before.Number)
	}
	return nil
}

// wrongNumber tells that a step wiped more than the one visit that ended in it.
func wrongNumber(before visit.Visit, e visit.Event, after visit.Visit) error {
	most := before.Number + 1
	switch e.Do.(type) {
	case visit.Repair, visit.Settle: // what mends a kiosk wipes it once more when a visit has just ended into its break
		most++
	}
	if after.Number < before.Number || after.Number > most {
		return fmt.Errorf("visit number went from %d to %d", before.Number, after.Number)
	}
	return nil
}

// toldTooEarly tells that a screen which the visitor has gone to says that something is
// wrong before they have tried anything there. Answers to a try, what sending has found,
// and the screen that help was opened from may say so.
func toldTooEarly(before visit.Visit, e visit.Event, after visit.Visit) error {
	switch e.Do.(type) {
	case visit.Send, visit.Help, visit.Tick:
		return nil
	}
	help := map[visit.State]bool{visit.Helping: true, visit.Reporting: true}
	same := before.State == after.State && before.Form.Question == after.Form.Question && before.Unlock.AtPIN == after.Unlock.AtPIN && before.Number == after.Number
	if same || isAnswer[reflect.TypeOf(e.Do)] || help[before.State] {
		return nil
	}
	if len(after.Form.Problems) > 0 || after.Fault != nil {
		return fmt.Errorf("%T leads from %v to %v, which says that something is wrong", e.Do, before.State, after.State)
	}
	return nil
}

// isLate tells an answer that comes when its call has been given up; that of the
// last save counts whenever it comes.
func isLate(before visit.Visit, e visit.Event) bool {
	_, saved := e.Do.(visit.Saved)
	return isAnswer[reflect.TypeOf(e.Do)] && e.Call != before.Calls && !(saved && e.Call == before.SaveCall)
}

// wrongEffect names what a step must not ask for.
func wrongEffect(before visit.Visit, effects []visit.Effect) error {
	for _, f := range effects {
		if n := numberOf(f); n != before.Number {
			return fmt.Errorf("effect %T of visit %d carries number %d", f, before.Number, n)
		}
		if _, is := f.(visit.PrintRecord); is && before.Unlock.Record == nil {
			return fmt.Errorf("a print without a verified record")
		}
	}
	return nil
}

// broken names what is wrong with a visit by itself.
func broken(v visit.Visit) error {
	switch {
	case v.State < visit.Welcome || v.State > visit.OutOfService:
		return fmt.Errorf("state %d does not exist", v.State)
	case waits[v.State] != (v.Waiting != nil):
		return fmt.Errorf("state %d waits: %v", v.State, v.Waiting)
	case v.Waiting != nil && !v.Waiting.Until.After(v.Waiting.Since):
		return fmt.Errorf("a wait without a deadline")
	case v.State == visit.Printing && v.Unlock.Record == nil:
		return fmt.Errorf("printing without a record")
	}
	if v.State == visit.Welcome || v.State == visit.OutOfService {
		p := v.Person
		p.Look, p.Voice = visit.Look{}, visit.Voice{}
		if !reflect.DeepEqual(p, visit.Person{Unlock: visit.Proof{Left: -1, Resends: visit.ResendsInAll}}) {
			return fmt.Errorf("a personal field is set at welcome")
		}
	}
	return left(v)
}

// left names what should be gone by now.
func left(v visit.Visit) error {
	if v.State == visit.Done && (v.Unlock.PIN != "" || v.Unlock.Code != "" || !v.Print.HandedOn && opens(v)) {
		return fmt.Errorf("a personal value is left when done")
	}
	if err := errors.Join(formKept(v), recalledTooEarly(v)); err != nil {
		return err
	}
	if atForm := v.State == visit.Filling || v.State == visit.Helping || v.State == visit.Reporting; v.Form.Half != (request.Half{}) && !atForm {
		return fmt.Errorf("what is typed of a date outlives its question")
	}
	if !staffsOwn(v) {
		return fmt.Errorf("something of a visitor is left while staff looks after the kiosk")
	}
	return nil
}

// formKept tells that the form is still there after it was saved.
func formKept(v visit.Visit) error {
	if v.Unlock.Key != "" && v.Form.Task == visit.ToAsk && v.Form.Draft != (request.Draft{}) {
		return fmt.Errorf("the form is kept after it was saved")
	}
	if v.Form.Draft == (request.Draft{}) && (v.Form.Hint != "" || v.Form.Hinted != nil) {
		return fmt.Errorf("what was asked about an address is kept without the form")
	}
	if v.Form.Hint != "" && v.State != visit.Filling && v.State != visit.Helping && v.State != visit.Reporting {
		return fmt.Errorf("an address is asked about in %s", v.State)
	}
	if v.State == visit.Amended && (v.Track.Number == "" || v.Form.Draft != (request.Draft{})) {
		return fmt.Errorf("a saved correction without a number, or with what was typed")
	}
	return nil
}

// opens reports whether a visit holds a record, or what gets one.
func opens(v visit.Visit) bool {
	return v.Unlock.Record != nil || v.Unlock.Token != "" || v.Unlock.Receipt != ""
}

// staffsOwn reports whether staff who looks after the kiosk has nothing but how the test page
// went.
func staffsOwn(v visit.Visit) bool {
	return v.State != visit.Upkeep && v.State != visit.TestPrinting || reflect.DeepEqual(v.Person, visit.Person{
		Lang: v.Lang, Look: v.Look, Voice: v.Voice, Mixed: v.Mixed, Calls: v.Calls, Fault: v.Fault, IdleWarning: v.IdleWarning,
		Unlock: visit.Proof{Left: -1, Resends: visit.ResendsInAll}, Print: visit.Prints{Test: v.Print.Test},
	})
}

// recalledTooEarly tells that who asks for another record is shown what was said
// before without its PIN.
func recalledTooEarly(v visit.Visit) error {
	if v.State == visit.Declaring && v.Recall.PIN != "" || v.State == visit.ConfirmPIN && v.Form.Draft != (request.Draft{}) {
		return fmt.Errorf("what was said for the record before comes without its PIN")
	}
	return nil
}

// isAnswer are the answers to calls; Answered is to Watch, which is none.
var isAnswer = map[reflect.Type]bool{}

func init() {
	for _, a := range []visit.Action{
		visit.Saved{},
		visit.SaveFailed{},
		visit.SignedIn{},
		visit.SignInFailed{},
		visit.Resent{},
		visit.ResendFailed{},
		visit.Unlocked{},
		visit.Refused{},
		visit.UnlockFailed{},
		visit.Fetched{},
		visit.FetchFailed{},
		visit.Reported{},
		visit.ReportFailed{},
		visit.Tracked{},
		visit.TrackFailed{},
		visit.PrintStarted{},
		visit.PrintProgress{},
		visit.Ended{},
		visit.EnrolFailed{},
	} {
		isAnswer[reflect.TypeOf(a)] = true
	}
}

func numberOf(f visit.Effect) uint64 { return reflect.ValueOf(f).FieldByName("Visit").Uint() }

func hasForget(effects []visit.Effect) bool {
	for _, f := range effects {
		if _, is := f.(visit.Forget); is {
			return true
		}
	}
	return false
}

func kiosks(a visit.Action) bool {
	switch a.(type) {
	case visit.Tick, visit.Settle, visit.OutOfOrder, visit.Repair, visit.PrinterDown, visit.PrinterUp, visit.Plug:
		return true
	}
	return false
}
