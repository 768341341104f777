package visit

import (
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
)

// Step computes the visit after an event, and what has to be carried out. An event that
// makes no sense in the present state changes nothing. Time is looked at first: what comes
// after the end of a visit does not belong to it any more.
func Step(v Visit, e Event, now time.Time) (Visit, []Effect) {
	var fx []Effect
	v.Acted = max(v.Acted, e.Act) // whatever comes of it
	if v.isOver(now) {
		v, fx = leave(v)
	}
	next, more := step(v, e, now)
	if next.begun() && (next.Fresh.IsZero() || next.screen() != v.screen() || goesOn(v, e)) {
		next.Fresh = now
	}
	return next, append(fx, more...)
}

func step(v Visit, e Event, now time.Time) (Visit, []Effect) {
	if next, fx, is := ofKiosk(v, e.Do, now); is {
		return next, fx
	}
	if e.Visit != v.Number {
		return v, nil // a late answer or tap of another visit (promise P4)
	}
	if _, is := e.Do.(Spoken); is {
		return listened(v, now), nil
	}
	if !isAnswer(e.Do) && !e.Held {
		v.Touched = now
		v.IdleWarning = v.IdleWarning && v.tooLong(now) && e.Do != Action(Stay{})
	}
	if next, is := spoken(v, e.Do); is {
		return next, nil
	}
	if next, fx, is := anywhere(v, e.Do); is {
		return next, fx
	}
	if isAnswer(e.Do) && !v.expects(e) {
		return v, nil // a late answer to a call that was given up
	}
	return states[v.State](v, e.Do, now)
}

// handler is what a state makes of an event.
type handler func(v Visit, a Action, now time.Time) (Visit, []Effect)

// quietly is a state in which nothing is asked of the desk.
func quietly(f func(Visit, Action, time.Time) Visit) handler {
	return func(v Visit, a Action, now time.Time) (Visit, []Effect) { return f(v, a, now), nil }
}

// states are the handlers of all states.
var states = map[State]handler{
	Welcome:      quietly(inWelcome),
	OutOfService: quietly(inWelcome),
	Choosing:     quietly(inChoosing),
	Helping:      inHelping,
	Reporting:    inReporting,

	Consent:   quietly(inConsent),
	Declaring: quietly(inDeclaring),
	Filling:   quietly(inFilling),
	Review:    inReview,
	Saving:    inSaving,

	Amending:    quietly(inAmending),
	Amended:     inAmended,
	Tracking:    inTracking,
	TrackAsking: quietly(inTrackAsking),

	Sent:       inSent,
	Slipping:   quietly(inSlipping),
	NoCode:     inNoCode,
	Resending:  quietly(inResending),
	Collecting: quietly(inCollecting),
	Unlocking:  inUnlocking,
	Fetching:   inFetching,

	StaffIn:      inStaffIn,
	StaffAsking:  inStaffAsking,
	StaffCheck:   quietly(inStaffCheck),
	Upkeep:       inUpkeep,
	TestPrinting: quietly(inTestPrinting),

	Ready:        withRecord,
	Printing:     quietly(inPrinting),
	PrintFailed:  withRecord,
	PrintUnknown: withRecord,
	Done:         inDone,
	ConfirmPIN:   quietly(inConfirmPIN),

	FirstStart: inFirstStart,
	Enrolling:  inEnrolling,
}

// ofKiosk handles what belongs to no visit.
func ofKiosk(v Visit, a Action, now time.Time) (Visit, []Effect, bool) {
	switch a := a.(type) {
	case Tick:
		next, fx := tick(v, now)
		return next, fx, true
	case Settle:
		v.Site = a.Site
		if v.Lang != "" && !v.offers(v.Lang) && len(v.Site.Languages) > 0 {
			v.Lang = v.Site.Languages[0].Tag // better than no texts
		}
		if v.OutOfOrder != nil && v.OutOfOrder.Code == fault.Setup {
			v = mended(v) // this is what it waited for
		}
		return v, nil, true
	case OutOfOrder:
		v.OutOfOrder = &a.Fault
		if v.State == Welcome {
			v.State = OutOfService // a visit under way may end first
		}
		return v, nil, true
	case Repair:
		return mended(v), nil, true
	case PrinterDown:
		v.PrinterDown = &a.Fault
		return v, nil, true
	case PrinterUp:
		v.PrinterDown = nil
		return v, nil, true
	case Plug:
		next, fx := plugged(v, a.In, now)
		return next, fx, true
	}
	return v, nil, false
}

// mended puts a kiosk back into service, unless there is nothing yet that it could say.
func mended(v Visit) Visit {
	v.OutOfOrder = nil
	if len(v.Site.Languages) == 0 {
		v.OutOfOrder = &fault.Fault{Code: fault.Setup}
	}
	if v.State == OutOfService {
		return Wipe(v)
	}
	return v
}

// isAnswer tells the kiosk's answers from what the visitor does.
func isAnswer(a Action) bool {
	switch a.(type) {
	case Saved, SaveFailed, Answered, SignedIn, SignInFailed, Resent, ResendFailed, Unlocked, Refused, UnlockFailed, Fetched, FetchFailed,
		PrintStarted, PrintProgress, Ended, Reported, ReportFailed, Tracked, TrackFailed, EnrolFailed:
		return true
	}
	return false
}

// expects reports whether an answer is to the last call, or to the last save.
func (v Visit) expects(e Event) bool {
	_, saved := e.Do.(Saved)
	return e.Call == v.Calls || saved && e.Call == v.SaveCall
}

// anywhere handles what a visitor may do in every state.
func anywhere(v Visit, a Action) (Visit, []Effect, bool) {
	switch a := a.(type) {
	case Leave:
		next, fx := leave(v)
		return next, fx, true
	case Speak:
		if v.offers(a.Lang) && v.Lang != "" {
			v.Lang = a.Lang
		}
		return v, nil, true
	case Resize:
		v.Look.Size = min(max(v.Look.Size+a.By, 0), Sizes-1)
		return v, nil, true
	case Recolour:
		v.Look.Contrast = (v.Look.Contrast + 1) % Contrasts
		return v, nil, true
	case Mix:
		v.Mixed = !v.Mixed && v.Lang != ""
		return v, nil, true
	case Help:
		if v.Helpable() {
			return openHelp(v, a.Topic), nil, true
		}
	case Answered:
		v.Unlock.Answered = v.Unlock.Key != ""
		return v, nil, true
	}
	return v, nil, false
}

// leave ends the visit. Whatever runs for it is forgotten, a print is cancelled.
func leave(v Visit) (Visit, []Effect) {
	return Wipe(v), []Effect{Forget{Visit: v.Number}}
}

// backTo ends a wait. The visitor gets the full idle time from here.
func (v Visit) backTo(s State, now time.Time, f fault.Fault) Visit {
	v.State, v.Waiting, v.Touched, v.IdleWarning, v.Print.Release = s, nil, now, false, ""
	v.Fault = &f
	if f.Code == "" {
		v.Fault = nil
	}
	if s == Unlocking {
		v.Unlock.AtPIN, v.Unlock.PIN, v.Unlock.Token = v.Staff.Vouched, "", "" // staff has seen an ID: no code is asked for
	}
	return v
}

// wait makes a call.
func (v Visit) wait(s State, w What, now time.Time, limit time.Duration) Visit {
	v.State, v.Fault, v.Waiting = s, nil, &Wait{For: w, Since: now, Until: now.Add(limit)}
	v.Calls++
	if w == ForSave {
		v.SaveCall = v.Calls
	}
	return v
}

func (v Visit) offers(lang string) bool {
	for _, l := range v.Site.Languages {
		if l.Tag == lang {
			return true
		}
	}
	return false
}

// Today is the calendar date at the kiosk.
func (v Visit) Today(now time.Time) request.Date {
	if v.Site.Zone != nil {
		now = now.In(v.Site.Zone)
	}
	return request.DateOf(now)
}

// Texts returns the texts in the visitor's language.
func (v Visit) Texts() Texts { return v.Site.Texts[v.Lang] }
