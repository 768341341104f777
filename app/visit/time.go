package visit

import (
	"fmt"
	"time"

	"vaxkiosk/app/fault"
)

// What time does to a visit. The desk's clock goes on while the machine sleeps and
// never goes back (app/desk), so whatever time passed counts, whoever was asleep.
//
// A visit ends two minutes after the last touch, later with speech (voice.go), and twenty minutes after the last
// sign that it gets anywhere: a new screen, an answer of the kiosk, or "I am still
// here". So a stuck key, a thing that lies on the screen or a finger that plays
// keeps nobody's record open. Both ends are announced. The end counts before the
// event that comes after it.

// isOver reports whether the visit has ended by now, though nothing has said so yet.
func (v Visit) isOver(now time.Time) bool {
	idle := now.Sub(v.Touched)
	switch {
	case !v.begun():
		return false
	case v.State == FirstStart:
		return idle >= FirstIdle
	case v.stale(now) >= VisitLimit:
		return true
	case v.Waiting != nil: // its deadline bounds the visit; nobody has been here since
		return now.Sub(v.Waiting.Until) >= v.idleLimit()
	case v.State == Done:
		return v.DoneLeft(now) == 0
	case v.State == ConfirmPIN && now.Sub(v.Print.DoneAt) >= v.idleLimit():
		return true // no touch makes that longer: the next person may be the one who touches
	}
	return idle >= v.idleLimit()
}

// tooLong reports whether the visit will end soon because it gets nowhere.
func (v Visit) tooLong(now time.Time) bool {
	return v.stale(now) >= VisitLimit-(IdleLimit-WarnAfter)
}

// stale is how long the visit has got nowhere.
func (v Visit) stale(now time.Time) time.Duration {
	if v.Fresh.IsZero() {
		return 0
	}
	return now.Sub(v.Fresh)
}

// EndsIn is how long the visit goes on if nobody does anything, for the count-down of
// the idle question.
func (v Visit) EndsIn(now time.Time) time.Duration {
	return max(0, min(v.idleLimit()-now.Sub(v.Touched), VisitLimit-v.stale(now)))
}

// goesOn reports whether an event of this visit is a sign that it gets somewhere.
func goesOn(v Visit, e Event) bool {
	_, stays := e.Do.(Stay)
	return e.Visit == v.Number && (stays || isAnswer(e.Do) && v.expects(e))
}

// screen tells screens apart: states, questions, and steps within a state.
func (v Visit) screen() string {
	return fmt.Sprint(v.Number, v.State, v.Form.Question, v.Help.Topic, v.Form.FullText, v.Unlock.AtPIN, v.Form.Draft.Relation, v.Form.Draft.Capacity)
}

// tick lets time pass: deadlines first, then idleness. While something is waited
// for its deadline bounds the visit, so idleness is not counted. The end of a visit
// has come before this (isOver).
func tick(v Visit, now time.Time) (Visit, []Effect) {
	if v.Waiting != nil {
		if now.Before(v.Waiting.Until) {
			return v, nil
		}
		return expire(v)
	}
	atRest := v.State == Welcome || v.State == OutOfService || v.State == FirstStart
	if atRest && !v.begun() {
		return v, nil
	}
	idle := now.Sub(v.Touched)
	switch {
	case v.withStaff() && idle >= StaffIdle:
		return v.dismissStaff(), nil
	case v.State == Done:
		return v.forgetHanded(now), nil
	case (idle >= v.warnAfter() || v.tooLong(now)) && !atRest:
		v.IdleWarning = true
	}
	return v, nil
}

// begun reports whether anything of a visitor is left in a visit at Welcome, or of staff on a
// machine that is no kiosk yet.
func (v Visit) begun() bool {
	if v.State == FirstStart {
		return !v.Touched.IsZero()
	}
	return v.Lang != "" || v.Look != Look{} || v.Voice.On
}

// expire ends a wait whose deadline has passed, on the side of doubt. Idleness counts
// from that deadline: the machine may have slept since.
func expire(v Visit) (Visit, []Effect) {
	now, slow := v.Waiting.Until, fault.Fault{Code: fault.Slow}
	switch v.Waiting.For {
	case ForSave:
		return v.backTo(Review, now, fault.Fault{Code: fault.Database}), nil
	case ForStaff:
		return v.backTo(StaffIn, now, slow), nil
	case ForResend:
		return v.backTo(NoCode, now, slow), nil
	case ForUnlock, ForRecord:
		return v.backTo(Unlocking, now, slow), nil
	case ForPrint:
		return v.backTo(PrintUnknown, now, fault.Fault{Code: fault.NoAnswer}), nil
	case ForSlip:
		return slipped(v, fault.Unknown, now, fault.Fault{Code: fault.NoAnswer}), nil
	case ForTest:
		return tested(v, fault.Unknown, now, fault.Fault{Code: fault.NoAnswer}), nil
	case ForReport:
		return reported(v, false, now), nil
	case ForTrack:
		return v.backTo(Tracking, now, slow), nil
	case ForEnrol:
		return notEnrolled(v, now, NoCentral, ""), []Effect{Forget{Visit: v.Number}}
	}
	return v, nil
}
