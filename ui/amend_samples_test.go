package ui

import (
	"strings"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// fixing is an amendment of a kind, from the menu.
func fixing(kind request.FixKind) func(*visit.Visit) {
	return func(v *visit.Visit) {
		v.Form.Task, v.Form.Draft.Relation = visit.ToAmend, ""
		v.Form.Draft.Fix = request.Fix{
			Kind: kind, Vaccine: "Measles", Place: "Main Street Pharmacy", Day: request.Date{Year: 2024, Month: 5, Day: 6},
			Wrong: request.NotMine, New: request.Name{Given: "María", Family: "Nguyễn"},
		}
	}
}

// opened is an amendment of the open record.
func opened(dose int) func(*visit.Visit) {
	return func(v *visit.Visit) {
		withDoses(12)(v)
		v.Form.Draft.Fix.Known, v.Form.Draft.Fix.Dose = true, dose
	}
}

func fix(change func(*request.Fix)) func(*visit.Visit) {
	return func(v *visit.Visit) { change(&v.Form.Draft.Fix) }
}

// amendSamples are the screens of amendments.
func amendSamples(lang string) []sample {
	return []sample{
		{"correcting", at(lang, visit.Amending)},
		{"correcting-record", at(lang, visit.Amending, fixing(request.WrongName), opened(0), func(v *visit.Visit) { v.Form.Changing = true })},
		{"fix-name", at(lang, visit.Filling, asking(request.AskName), fixing(request.MissingDose))},
		{"fix-contact", at(lang, visit.Filling, asking(request.AskContact), fixing(request.AddContact), draft(func(d *request.Draft) { d.Contact = "" }))},
		{"fix-phone", at(lang, visit.Filling, asking(request.AskContact), fixing(request.MissingDose))},
		{"fix-contact-staff", at(lang, visit.Filling, asking(request.AskContact), fixing(request.MissingDose), draft(func(d *request.Draft) { d.Contact = "" }))},
		{"fix-phone-add", at(lang, visit.Filling, asking(request.AskContact), fixing(request.AddContact))},
		{"fix-second", at(lang, visit.Filling, asking(request.AskSecond), fixing(request.MissingDose))},
		{"fix-second-add", at(lang, visit.Filling, asking(request.AskSecond), fixing(request.AddContact), draft(func(d *request.Draft) { d.Contact = request.ByEmail }))},
		{"fix-vaccine", at(lang, visit.Filling, asking(request.AskVaccine), fixing(request.MissingDose), fix(func(f *request.Fix) {
			f.Vaccine = ""
		}), problems(request.Problem{Field: request.FieldVaccine, Code: request.Required}))},
		{"fix-day", at(lang, visit.Filling, asking(request.AskDay), fixing(request.WrongDose))},
		{"fix-day-wrong", at(lang, visit.Filling, asking(request.AskDay), fixing(request.MissingDose),
			problems(request.Problem{Field: request.FieldDay, Code: request.TooLongAgo}))},
		{"fix-dose", at(lang, visit.Filling, asking(request.AskDose), fixing(request.WrongDose), opened(2))},
		{"fix-dose-none", at(lang, visit.Filling, asking(request.AskDose), fixing(request.WrongDose), opened(0),
			problems(request.Problem{Field: request.FieldVaccine, Code: request.Required}))},
		{"fix-wrong", at(lang, visit.Filling, asking(request.AskWrong), fixing(request.WrongDose))},
		{"fix-wrong-none", at(lang, visit.Filling, asking(request.AskWrong), fixing(request.WrongDose),
			fix(func(f *request.Fix) { f.Wrong = "" }), problems(request.Problem{Field: request.FieldWrong, Code: request.Required}))},
		{"fix-right-vaccine", at(lang, visit.Filling, asking(request.AskRight), fixing(request.WrongDose),
			fix(func(f *request.Fix) { f.Wrong, f.Right = request.WrongVaccine, "Tetanus" }))},
		{"fix-right-other", at(lang, visit.Filling, asking(request.AskRight), fixing(request.WrongDose),
			fix(func(f *request.Fix) { f.Wrong = request.WrongOther }), problems(request.Problem{Field: request.FieldRight, Code: request.Required}))},
		{"fix-right-day", at(lang, visit.Filling, asking(request.AskRightDay), fixing(request.WrongDose),
			fix(func(f *request.Fix) { f.Wrong = request.WrongDay }), problems(request.Problem{Field: request.FieldRightDay, Code: request.InFuture}))},
		{"fix-new-name", at(lang, visit.Filling, asking(request.AskNewName), fixing(request.WrongName))},
		{"fix-review", at(lang, visit.Review, fixing(request.WrongDose))},
		{"fix-review-record", at(lang, visit.Review, fixing(request.WrongDose), opened(2), trouble(fault.Database))},
		{"fix-review-name", at(lang, visit.Review, fixing(request.WrongName))},
		{"fix-saving", at(lang, visit.Saving, fixing(request.WrongName), waiting)},
	}
}

// numberSamples are the screens about receipts and tracking numbers.
func numberSamples(lang string) []sample {
	tracking := func(p visit.Progress) func(*visit.Visit) {
		return func(v *visit.Visit) { v.Track.Typed, v.Track.Progress = "60SA-JR3A", p }
	}
	tracked := func(v *visit.Visit) {
		v.Form.Task, v.Track.Number, v.Form.Draft = visit.ToAmend, "60SA-JR3A", request.Draft{}
	}
	slip := func(o fault.Outcome, code fault.Code) func(*visit.Visit) {
		return func(v *visit.Visit) {
			v.Print.Slip = o
			if code != "" {
				trouble(code)(v)
			}
		}
	}
	waits := func(v *visit.Visit) { v.Unlock.SentAt = morning.Add(-visit.CodeLate) }
	late := func(v *visit.Visit) { waits(v); v.Unlock.Answered = true }
	return []sample{
		{"corrected", at(lang, visit.Amended, tracked)},
		{"corrected-record", at(lang, visit.Amended, tracked, withDoses(3), slip(fault.Failed, fault.Paper))},
		{"corrected-blind", at(lang, visit.Amended, tracked, func(v *visit.Visit) { v.PrinterDown = &fault.Fault{} })},
		{"corrected-no-paper", at(lang, visit.Amended, tracked, blind(fault.Paper, "media-empty"))},
		{"slipping", at(lang, visit.Slipping, tracked, waiting)},
		{"slipping-paper", at(lang, visit.Slipping, tracked, waiting, trouble(fault.Paper))},
		{"sent-late", at(lang, visit.Sent, asked, late)},
		{"sent-late-waiting", at(lang, visit.Sent, asked, waits)},
		{"sent-slip", at(lang, visit.Sent, asked, slip(fault.Printed, ""))},
		{"sent-slip-unsure", at(lang, visit.Sent, asked, late, slip(fault.Unknown, fault.NoAnswer))},
		{"tracking", at(lang, visit.Tracking)},
		{"tracking-wrong", at(lang, visit.Tracking, tracking(""), trouble(fault.BadTracking))},
		{"tracking-unknown", at(lang, visit.Tracking, tracking(""), trouble(fault.NoTracking))},
		{"tracking-away", at(lang, visit.Tracking, tracking(""), trouble(fault.Away))},
		{"tracking-received", at(lang, visit.Tracking, tracking(visit.Received))},
		{"tracking-in-review", at(lang, visit.Tracking, tracking(visit.InReview))},
		{"tracking-closed", at(lang, visit.Tracking, tracking(visit.Closed))},
		{"track-asking", at(lang, visit.TrackAsking, tracking(""), waiting)},
		{"done-filled", at(lang, visit.Done, func(v *visit.Visit) { v.Print.Pages, v.Recall.Name.Given, v.Print.DoneAt = 1, "Ana", morning })},
		{"recalling", at(lang, visit.ConfirmPIN, func(v *visit.Visit) { v.Unlock.PIN, v.Unlock.Left = "8317", visit.RecallTries })},
		{"recalling-wrong", at(lang, visit.ConfirmPIN, trouble(fault.Recall), func(v *visit.Visit) { v.Unlock.Left = 1 })},
	}
}

// helpSamples are the screens of help.
func helpSamples(lang string) []sample {
	topic := func(name string) func(*visit.Visit) {
		return func(v *visit.Visit) { v.Help.From, v.Help.Topic = visit.Choosing, name }
	}
	query := func(text string) func(*visit.Visit) {
		return func(v *visit.Visit) { v.Help.From, v.Help.Query = visit.Sent, text }
	}
	from := func(s visit.State, q request.Question) func(*visit.Visit) {
		return func(v *visit.Visit) { v.Help.From, v.Form.Question = s, q }
	}
	return []sample{
		{"helping-sent", at(lang, visit.Helping, from(visit.Sent, ""))},
		{"helping-birth", at(lang, visit.Helping, from(visit.Filling, request.AskBirth))},
		{"helping-search", at(lang, visit.Helping, query("pin"))},
		{"helping-nothing", at(lang, visit.Helping, query("zebra"))},
		{"helping-long", at(lang, visit.Helping, query(strings.Repeat("how ", 16)))},
		{"helping-not-found", at(lang, visit.Helping, topic("not-found"))},
		{"helping-staff", at(lang, visit.Helping, topic(staffTopic))},
		{"helping-report", at(lang, visit.Helping, topic(visit.ReportTopic))},
		{"helping-unreported", at(lang, visit.Helping, topic(visit.ReportTopic), func(v *visit.Visit) { v.Help.Unreported = true })},
		{"helping-reported", at(lang, visit.Helping, topic(visit.ReportTopic), func(v *visit.Visit) { v.Help.Reported = true })},
		{"reporting", at(lang, visit.Reporting, topic(visit.ReportTopic), func(v *visit.Visit) {
			v.Waiting = &visit.Wait{For: visit.ForReport, Since: morning.Add(-time.Second), Until: morning.Add(time.Minute)}
		})},
	}
}
