package visit

import (
	"slices"
	"strings"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
)

// An amendment: something is missing or wrong in a record. From the open record
// its person is known; from the menu the visitor says who it is about, and the
// answer is the same whether or not there is a record (promise P5).

func inAmending(v Visit, a Action, _ time.Time) Visit {
	switch a := a.(type) {
	case PickFix:
		if slices.Contains(v.FixKinds(), a.Kind) {
			return pickFix(v, a.Kind)
		}
	case LookUp:
		v.State, v.Track.Typed, v.Track.Progress, v.Fault, v.Form.Changing = Tracking, "", "", nil, false
	case Back:
		switch {
		case v.Form.Changing:
			v.State, v.Form.Changing = Review, false
		case v.Unlock.Record != nil:
			return endAmendment(v)
		default:
			v.State = Choosing
		}
	}
	return v
}

// FixKinds are what can be corrected: no dose is wrong in a record without doses.
func (v Visit) FixKinds() []request.FixKind {
	return slices.DeleteFunc(slices.Clone(request.FixKinds), func(k request.FixKind) bool {
		return k == request.WrongDose && v.Unlock.Record != nil && len(v.Unlock.Record.Doses) == 0
	})
}

// startAmendment begins one from the open record.
func startAmendment(v Visit) Visit {
	v = v.withoutForm()
	v.State, v.Form.Task, v.Fault = Amending, ToAmend, nil
	v.Track.Number, v.Print.Slip = "", ""
	return v
}

// endAmendment returns to the open record.
func endAmendment(v Visit) Visit {
	v = v.withoutForm()
	v.State, v.Form.Task, v.Fault = Ready, ToAsk, nil
	v.Track.Typed, v.Track.Progress = "", ""
	return v
}

// pickFix begins the questions of a kind. Who it is about stays, and so does what
// was typed when the kind is the same.
func pickFix(v Visit, kind request.FixKind) Visit {
	d := &v.Form.Draft
	if d.Fix.Kind != kind {
		d.Fix = request.Fix{Kind: kind, Known: v.Unlock.Record != nil}
	}
	if r := v.Unlock.Record; r != nil {
		d.Given, d.Family, d.Single = r.Given, r.Family, r.Given == ""
		d.Birth, _ = request.ParseDate(r.Birth)
	}
	v.State, v.Form.Question, v.Form.Problems, v.Form.Changing = Filling, d.Questions()[1], nil, false
	return v
}

// pickDose takes a dose of the open record over in words that staff can find it
// by.
func pickDose(v Visit, n int) Visit {
	r := v.Unlock.Record
	if r == nil || n < 1 || n > len(r.Doses) {
		return v
	}
	dose := r.Doses[n-1]
	f := &v.Form.Draft.Fix
	vaccine := dose.Product
	if dose.CVX != "" {
		vaccine = strings.TrimSpace("CVX " + dose.CVX + " " + dose.Product)
	}
	f.Dose, f.Vaccine = n, cut(vaccine, request.Longest(request.FieldVaccine))
	f.Place = cut(dose.Performer, request.Longest(request.FieldPlace))
	var err error
	if f.Day, err = request.ParseDate(dose.Date); err != nil { // "2019-05" is all that is on file
		f.Vaccine = cut(f.Vaccine+" "+dose.Date, request.Longest(request.FieldVaccine))
	}
	v.Form.Problems = nil
	return v
}

// cut shortens a text to a number of characters.
func cut(s string, most int) string {
	r := []rune(s)
	return string(r[:min(len(r), most)])
}

func sendAmendment(v Visit, now time.Time) (Visit, []Effect) {
	token := ""
	if v.Form.Draft.Fix.Known {
		token = v.Unlock.Token
	}
	c, problems := v.Form.Draft.Correction(v.Lang, token, v.Today(now))
	if len(problems) > 0 {
		return openFirstProblem(v, now), nil
	}
	v = v.wait(Saving, ForSave, now, SaveLimit)
	return v, []Effect{SaveAmendment{Visit: v.Number, Call: v.Calls, Amendment: c}}
}

// amended tells the visitor: the amendment is committed. What was typed is cleared.
func amended(v Visit, a Saved, now time.Time) Visit {
	v = v.backTo(Amended, now, fault.Fault{}).withoutForm()
	v.Track.Number, v.Print.Slip = a.Receipt, ""
	return v
}

func inAmended(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a.(type) {
	case Slip:
		return printSlip(v, TrackingSlip, v.Track.Number, now)
	case Back:
		if v.Unlock.Record != nil {
			return endAmendment(v), nil
		}
	}
	return v, nil
}

func inTracking(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a := a.(type) {
	case TypeReceipt:
		v.typeNumber(a.Text, request.ParseTracking)
		v.Track.Progress = ""
	case Next:
		number, ok := request.ParseTracking(v.Track.Typed)
		if !ok {
			v.Fault = &fault.Fault{Code: fault.BadTracking}
			return v, nil
		}
		v = v.wait(TrackAsking, ForTrack, now, TrackLimit)
		v.Track.Progress = ""
		return v, []Effect{Track{Visit: v.Number, Call: v.Calls, Number: number}}
	case Back:
		v.State, v.Track.Typed, v.Track.Progress, v.Fault = Amending, "", "", nil
	}
	return v, nil
}

func inTrackAsking(v Visit, a Action, now time.Time) Visit {
	switch a := a.(type) {
	case Tracked:
		v = v.backTo(Tracking, now, fault.Fault{})
		v.Track.Progress = a.Progress
	case TrackFailed:
		v = v.backTo(Tracking, now, a.Fault)
	}
	return v
}

// printSlip prints a number for the visitor to take along.
func printSlip(v Visit, kind SlipKind, number string, now time.Time) (Visit, []Effect) {
	if v.PrinterDown != nil {
		return v, nil // nothing would come out; the number is on the screen
	}
	v = v.wait(Slipping, ForSlip, now, SlipLimit)
	v.Print.Slip = ""
	return v, []Effect{PrintSlip{Visit: v.Number, Call: v.Calls, Kind: kind, Number: number, Lang: v.Lang}}
}

func inSlipping(v Visit, a Action, now time.Time) Visit {
	switch a := a.(type) {
	case PrintProgress:
		v.Fault = a.Fault
	case Ended:
		return slipped(v, a.Outcome, now, a.Fault)
	}
	return v
}

// slipped returns to the number, which is still on the screen.
func slipped(v Visit, o fault.Outcome, now time.Time, f fault.Fault) Visit {
	home := Sent
	if v.Form.Task == ToAmend {
		home = Amended
	}
	v = v.backTo(home, now, f)
	v.Print.Slip = o
	return v
}

// typeNumber takes a number as typed or scanned. A scanner types behind what is
// there already: then the scanned one counts.
func (v *Visit) typeNumber(text string, parse func(string) (string, bool)) {
	if r := []rune(request.Fold(text)); len(r) > ReceiptLength {
		if _, ok := parse(string(r[len(r)-ReceiptLength:])); ok {
			text = string(r[len(r)-ReceiptLength:])
		}
	}
	v.Track.Typed, v.Fault = request.Kept(request.FieldNumber, text), nil
}
