package visit

import (
	"slices"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
)

// Help can be opened from every screen on which the visitor is at work, and
// returns there; nothing is lost meanwhile.

// ReportTopic is the topic under which a technical problem is reported.
const ReportTopic = "report"

// ReportKinds are the technical problems that can be reported, in the order they
// are offered. They are chosen, never typed, so that no personal value can be in
// a report. A visit reports once.
var ReportKinds = []string{"touch", "reading", "language", "printer", "scanner", "code", "slow", "other"}

// Helpable reports whether help can be opened: not before a visit, while something
// is waited for, while staff is signed in, and when all is done.
func (v Visit) Helpable() bool {
	switch v.State {
	case Choosing, Consent, Declaring, Filling, Review, Sent, Collecting, Unlocking, NoCode, Ready, PrintFailed, PrintUnknown,
		Amending, Amended, Tracking:
		return true
	case Welcome, Helping, Reporting, Saving, Resending, StaffIn, StaffAsking, StaffCheck, Upkeep, TestPrinting, Fetching, Slipping,
		TrackAsking, Printing, Done, ConfirmPIN, FirstStart, Enrolling, OutOfService:
		return false
	}
	return false
}

func openHelp(v Visit, topic string) Visit {
	v.Help = Reading{From: v.State, At: topic, Topic: topic, Reported: v.Help.Reported}
	v.State = Helping
	return v
}

func inHelping(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a := a.(type) {
	case Help:
		v.Help.Topic, v.Help.Unreported = a.Topic, false
	case TypeQuery:
		if v.Help.Topic == "" {
			v.Help.Query = request.Kept(request.FieldQuery, a.Text)
		}
	case Report:
		if v.Help.Topic != ReportTopic || v.Help.Reported || !slices.Contains(ReportKinds, a.Kind) {
			return v, nil
		}
		since := v.Fault // of the screen that help was opened from
		v = v.wait(Reporting, ForReport, now, SaveLimit)
		v.Fault = since
		return v, []Effect{SaveReport{Visit: v.Number, Call: v.Calls, Kind: a.Kind, Screen: v.Help.From.String()}}
	case Saved:
		return keptLate(v, a, now)
	case Back:
		if v.Help.Topic != v.Help.At {
			v.Help.Topic = "" // back to all topics
			return v, nil
		}
		v.State, v.Help = v.Help.From, Reading{Reported: v.Help.Reported}
	}
	return v, nil
}

func inReporting(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a := a.(type) {
	case Reported:
		return reported(v, true, now), nil
	case ReportFailed:
		return reported(v, false, now), nil
	case Saved:
		return keptLate(v, a, now)
	}
	return v, nil
}

// keptLate tells of a save that was slower than its deadline, to somebody who has
// gone on to help from the review screen that said so.
func keptLate(v Visit, a Saved, now time.Time) (Visit, []Effect) {
	if v.Help.From == Review && v.Fault != nil {
		return kept(v, a, now)
	}
	return v, nil
}

// reported returns to Helping. What went wrong on the screen before stays told
// there, so a report that was not kept is marked by Unreported.
func reported(v Visit, kept bool, now time.Time) Visit {
	since := v.Fault
	v = v.backTo(Helping, now, fault.Fault{})
	v.Fault, v.Help.Reported, v.Help.Unreported = since, kept, !kept
	return v
}
