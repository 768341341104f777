package ui

import (
	"slices"
	"strings"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

func problems(all ...request.Problem) func(*visit.Visit) {
	return func(v *visit.Visit) { v.Form.Problems = all }
}

func draft(change func(*request.Draft)) func(*visit.Visit) {
	return func(v *visit.Visit) { change(&v.Form.Draft) }
}

// blind is a printer that cannot print.
func blind(code fault.Code, detail string) func(*visit.Visit) {
	return func(v *visit.Visit) { v.PrinterDown = &fault.Fault{Code: code, Detail: detail} }
}

func trouble(code fault.Code) func(*visit.Visit) {
	return func(v *visit.Visit) { v.Fault = &fault.Fault{Code: code, Detail: "media-empty"} }
}

// asked has a request of this visit behind it, no receipt of an earlier one.
func asked(v *visit.Visit) {
	v.Unlock.Key, v.Form.Draft, v.Unlock.Claim.Relation = "k", request.Draft{}, request.Self
}

// ofChild is for somebody whose record no ID opens.
func ofChild(v *visit.Visit) { v.Unlock.Claim.Relation = request.Child }

func resends(n int) func(*visit.Visit) {
	return func(v *visit.Visit) { v.Unlock.Resends = n }
}

func withDoses(doses int) func(*visit.Visit) {
	return func(v *visit.Visit) {
		f := history(doses)
		v.Unlock.Record = &f.Record
	}
}

// withLittle is a record of which little is known: two doses without a day, one told about,
// two with codes that are not known here, a skin test, and what could not be read.
func withLittle(v *visit.Visit) {
	f := history(6)
	d := f.Record.Doses
	d[0].CVX, d[0].Unknown, d[0].Product, d[0].NotValid = "935", true, "COVID-19 2026-2027", false
	d[1].CVX, d[1].Unknown, d[1].Product, d[1].NotValid = "", true, "Fluvax (Influenza)", false
	d[2].Date, d[2].CVX = "2013-06", "83"
	d[3].Date, d[3].Status, d[3].CVX = "2013", "completed", "140"
	d[4].Date, d[4].About, d[4].CVX = "1990", true, "03"
	d[5].CVX = "96"
	f.Record.Unread, f.Record.UnreadRecommendations = 2, 1
	v.Unlock.Record = &f.Record
}

// samples are all screens in one language, in order of a visit.
func samples(lang string) []sample {
	return slices.Concat(beginSamples(lang), formSamples(lang), contactSamples(lang), reviewSamples(lang), pickupSamples(lang), outSamples(), staffSamples(lang), upkeepSamples(lang),
		amendSamples(lang), numberSamples(lang), helpSamples(lang), firstSamples(lang))
}

// outSamples are what a kiosk shows that serves nobody, in all languages at once.
func outSamples() []sample {
	out := func(code fault.Code, detail string) visit.Visit {
		return at("", visit.OutOfService, func(v *visit.Visit) { v.OutOfOrder = &fault.Fault{Code: code, Detail: detail} })
	}
	return []sample{
		{"out-of-use", out(fault.OutOfUse, "")},
		{"out-suspended", out(fault.Suspended, "")},
		{"out-key", out(fault.Key, "the TPM was cleared or is another one")},
		{"out-certificate", out(fault.Certificate, "expired certificate")},
		{"out-waiting", nowhere(&fault.Fault{Code: fault.Setup, Detail: "the name of central is not found"})},
		{"out-impostor", nowhere(&fault.Fault{Code: fault.Impostor, Detail: "signed with another key than the pinned one"})},
		{"out-of-service", out(fault.Clock, "312 s")},
	}
}

func pickupSamples(lang string) []sample {
	return []sample{
		{"saving", at(lang, visit.Saving, waiting)},
		{"sent", at(lang, visit.Sent, asked)},
		{"sent-child", at(lang, visit.Sent, asked, ofChild)},
		{"sent-answered", at(lang, visit.Sent, asked, func(v *visit.Visit) { v.Unlock.Answered = true })},
		{"sent-resent", at(lang, visit.Sent, asked, func(v *visit.Visit) { v.Unlock.Answered, v.Unlock.Resends, v.Unlock.Resent = true, 1, true })},
		{"nocode", at(lang, visit.NoCode, asked)},
		{"nocode-child", at(lang, visit.NoCode, asked, ofChild)},
		{"nocode-one", at(lang, visit.NoCode, asked, trouble(fault.Away), resends(1))},
		{"nocode-none", at(lang, visit.NoCode, asked, resends(0))},
		{"nocode-no-more", at(lang, visit.NoCode, asked, trouble(fault.NoMoreCodes), resends(0))},
		{"reminding", at(lang, visit.Resending, asked, waiting)},
		{"collecting-empty", at(lang, visit.Collecting)},
		{"collecting-long", at(lang, visit.Collecting, func(v *visit.Visit) { v.Track.Typed = strings.Repeat("7", 37) })},
		{"collecting", at(lang, visit.Collecting, trouble(fault.BadReceipt), func(v *visit.Visit) { v.Track.Typed = "7KQ2-M4V9-3X2" })},
		{"unlocking", at(lang, visit.Unlocking, asked, func(v *visit.Visit) { v.Unlock.Code = "48" })},
		{"unlocking-resent", at(lang, visit.Unlocking, asked, func(v *visit.Visit) { v.Unlock.Resends, v.Unlock.Resent = 1, true })},
		{"unlocking-receipt", at(lang, visit.Unlocking, func(v *visit.Visit) { v.Unlock.Code = "48" })},
		{"unlocking-refused", at(lang, visit.Unlocking, asked, trouble(fault.Refused), func(v *visit.Visit) { v.Unlock.Left = 3 })},
		{"unlocking-busy", at(lang, visit.Unlocking, asked, trouble(fault.Busy))},
		{"unlocking-code-typed", at(lang, visit.Unlocking, asked, trouble(fault.Slow), func(v *visit.Visit) { v.Unlock.AtPIN, v.Unlock.Code = true, "482913" })},
		{"unlocking-pin", at(lang, visit.Unlocking, func(v *visit.Visit) { v.Unlock.AtPIN, v.Unlock.Code, v.Unlock.PIN = true, "482913", "8" })},
		{"unlocking-over", at(lang, visit.Unlocking, trouble(fault.NoTries), func(v *visit.Visit) { v.Unlock.Over, v.Unlock.Left = true, 0 })},
		{"unlocking-not-shown", at(lang, visit.Unlocking, asked, func(v *visit.Visit) { v.Fault = &fault.Fault{Code: fault.OtherPerson} })},
		{"fetching", at(lang, visit.Fetching, waiting)},
		{"ready", at(lang, visit.Ready, withDoses(5))},
		{"ready-long", at(lang, visit.Ready, withDoses(40))},
		{"ready-none", at(lang, visit.Ready, withDoses(0), func(v *visit.Visit) { v.PrinterDown = &fault.Fault{} })},
		{"ready-little", at(lang, visit.Ready, withLittle)},
		{"ready-unread", at(lang, visit.Ready, withDoses(0), func(v *visit.Visit) { v.Unlock.Record.Unread = 1 })},
		{"ready-blind", at(lang, visit.Ready, withDoses(5), blind(fault.Media, "iso_a4_210x297mm"))},
		{"print-failed-blind", at(lang, visit.PrintFailed, withDoses(5), trouble(fault.PrintSlow), blind(fault.Cover, "cover-open"))},
		{"printing", at(lang, visit.Printing, waiting, withDoses(5), func(v *visit.Visit) { v.Print.Pages, v.Print.Page = 2, 1 })},
		{"printing-paper", at(lang, visit.Printing, waiting, withDoses(5), trouble(fault.Paper), func(v *visit.Visit) { v.Print.Pages, v.Print.Page = 2, 1 })},
		{"printing-held", at(lang, visit.Printing, waiting, withDoses(5), func(v *visit.Visit) { v.Print.Pages, v.Print.Release = 2, "4821" })},
		{"printing-held-paper", at(lang, visit.Printing, waiting, withDoses(5), trouble(fault.Paper), func(v *visit.Visit) {
			v.Print.Pages, v.Print.Release = 2, "4821"
		})},
		{"print-failed", at(lang, visit.PrintFailed, withDoses(5), trouble(fault.Jam))},
		{"print-unknown", at(lang, visit.PrintUnknown, withDoses(5), trouble(fault.NoAnswer))},
		{"done", at(lang, visit.Done, func(v *visit.Visit) { v.Print.Pages, v.Print.DoneAt = 2, morning })},
		{"done-sent", at(lang, visit.Done, withDoses(5), func(v *visit.Visit) {
			v.Print.Pages, v.Print.DoneAt, v.Print.HandedOn, v.Print.HandedAt = 2, morning, true, morning
		})},
		{"done-sent-over", at(lang, visit.Done, func(v *visit.Visit) { v.Print.Pages, v.Print.DoneAt, v.Print.HandedOn = 2, morning, true })},
		{"done-sent-blind", at(lang, visit.Done, withDoses(5), blind(fault.Paper, "media-empty"), func(v *visit.Visit) {
			v.Print.Pages, v.Print.DoneAt, v.Print.HandedOn, v.Print.HandedAt = 2, morning, true, morning
		})},
		{"idle", at(lang, visit.Filling, asking(request.AskBirth), func(v *visit.Visit) {
			v.IdleWarning, v.Touched = true, morning.Add(-96*time.Second)
		})},
	}
}
