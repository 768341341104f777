package visit_test

import (
	"slices"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// actions are representatives of everything that can happen, good and bad.
func actions() []visit.Action {
	return slices.Concat(choices(), entries(), answers(), setups())
}

// choices are what the visitor does without typing.
func choices() []visit.Action {
	all := []visit.Action{
		visit.Touch{},
		visit.Begin{Lang: "en"},
		visit.Begin{Lang: "es"},
		visit.Begin{Lang: "xx"},
		visit.Speak{Lang: "es"},
		visit.Resize{By: 1},
		visit.Resize{By: -9},
		visit.Recolour{},
		visit.Listen{On: true},
		visit.Listen{},
		visit.Hush{},
		visit.Louder{By: 1},
		visit.Faster{By: -9},
		visit.Darken{},
		visit.Ask{},
		visit.Collect{},
		visit.Help{},
		visit.Help{Topic: "no-code"},
		visit.ReadAll{Open: true},
		visit.ReadAll{},
		visit.Agree{},
		visit.Declare{},
		visit.Next{},
		visit.TakeHint{},
		visit.Back{},
		visit.Send{},
		visit.Unlock{},
		visit.Choose{Relation: request.Self},
		visit.Choose{Relation: request.Child},
		visit.Choose{Relation: "nobody"},
		visit.PickGender{Gender: request.Female},
		visit.PickContact{Kind: request.ByPhone},
		visit.PickContact{Kind: request.ByEmail},
		visit.Missing{},
		visit.CallStaff{},
		visit.SawID{Kind: visit.Passport},
		visit.SawID{Kind: "library card"},
		visit.Resend{},
		visit.Resend{Other: true},
		visit.Print{},
		visit.Stay{},
		visit.Leave{},
	}
	for _, q := range questions {
		all = append(all, visit.Change{Question: q}, visit.Add{Question: q})
	}
	return append(all, fixes()...)
}

// fixes are choices about corrections, and those that not every visitor has.
func fixes() []visit.Action {
	return []visit.Action{
		visit.PickCapacity{Capacity: request.HealthAgent},
		visit.Choose{Relation: request.Represented},
		visit.PickSingle{On: true},
		visit.PickSingle{},
		visit.PickSuffix{Suffix: "Jr."},
		visit.Amend{},
		visit.LookUp{},
		visit.PickFix{Kind: request.MissingDose},
		visit.PickFix{Kind: request.WrongDose},
		visit.PickFix{Kind: request.WrongName},
		visit.PickFix{Kind: request.AddContact},
		visit.PickFix{Kind: "everything"},
		visit.PickDose{N: 1},
		visit.PickDose{N: 7},
		visit.PickWrong{Wrong: request.NotMine},
		visit.PickWrong{Wrong: request.WrongDay},
		visit.PickWrong{Wrong: request.WrongOther},
		visit.Help{Topic: visit.ReportTopic},
		visit.Report{Kind: "printer"},
		visit.Report{Kind: "my neighbour"},
		visit.Slip{},
		visit.TestPrint{},
		visit.Mix{},
		visit.Another{},
	}
}

var questions = []request.Question{
	request.AskRelation, request.AskAsker, request.AskName, request.AskMore, request.AskMiddle, request.AskOther, request.AskBirth,
	request.AskGender, request.AskContact, request.AskSecond, request.AskPIN, request.AskPINAgain, request.AskFix, request.AskDose,
	request.AskVaccine, request.AskDay, request.AskWrong, request.AskRight, request.AskRightDay,
	request.AskNewName,
}

// entries are what the visitor types or dials.
func entries() []visit.Action {
	return []visit.Action{
		visit.Type{Field: request.FieldGiven, Text: "María José"},
		visit.Type{Field: request.FieldFamily, Text: "O'Neill-García"},
		visit.Type{Field: request.FieldFamily, Text: "1"},
		visit.Type{Field: request.FieldPhone, Text: "6175550123"},
		visit.Type{Field: request.FieldEmail, Text: "maria@example.org"},
		visit.Type{Field: request.FieldEmail, Text: "maria@gmail.con"},
		visit.Type{Field: request.FieldPIN, Text: "8317"},
		visit.Type{Field: request.FieldPIN, Text: "1234"},
		visit.Type{Field: request.FieldPINAgain, Text: "8317"},
		visit.Type{Field: request.FieldBirth, Text: "x"},
		visit.PickBirth{Date: request.Date{Year: 1958, Month: 3, Day: 14}},
		visit.PickBirth{Date: request.Date{Year: 2020, Month: 2, Day: 30}},
		visit.PickBirth{Date: request.Date{Month: 10, Day: 1}, Half: request.Half{Part: request.DayPart, Typed: "1"}},
		visit.TypeReceipt{Text: request.ReceiptFor("key")},
		visit.Type{Field: request.FieldAskerGiven, Text: "Ana"},
		visit.Type{Field: request.FieldAskerFamily, Text: "Ruiz"},
		visit.Type{Field: request.FieldOtherFamily, Text: "Ruiz"},
		visit.Type{Field: request.FieldVaccine, Text: "Measles"},
		visit.Type{Field: request.FieldNewGiven, Text: "Mary"},
		visit.Type{Field: request.FieldNewFamily, Text: "O’Neill"},
		visit.PickBirth{Date: request.Date{Year: 2019, Month: 5, Day: 6}},
		visit.PickDay{Date: request.Date{Year: 2024, Month: 5, Day: 6}},
		visit.TypeQuery{Text: "code"},
		visit.TypeReceipt{Text: request.TrackingFor("key")},
		visit.TypeReceipt{Text: "nonsense"},
		visit.TypeStaffID{Text: "nurse.a"},
		visit.TypeStaffPIN{Digits: "482913"},
		visit.TypeCode{Digits: "482913"},
		visit.TypeCode{Digits: "48"},
		visit.TypePIN{Digits: "8317"},
	}
}

// answers are what the kiosk does.
func answers() []visit.Action {
	away := fault.Fault{Code: fault.Away}
	return []visit.Action{
		visit.Tick{},
		visit.Saved{Key: "key", Receipt: "7KQ2-M4V9-3X1"},
		visit.SaveFailed{Fault: away},
		visit.Answered{},
		visit.SignedIn{Token: "staff"},
		visit.SignInFailed{Fault: away},
		visit.Resent{Left: 1},
		visit.Resent{},
		visit.ResendFailed{Fault: away},
		visit.ResendFailed{Fault: fault.Fault{Code: fault.NoMoreCodes}},
		visit.Unlocked{Token: "pass"},
		visit.Refused{Left: 4},
		visit.Refused{},
		visit.UnlockFailed{Fault: away},
		visit.Fetched{Record: aRecord()},
		visit.FetchFailed{Fault: away},
		visit.FetchFailed{Fault: fault.Fault{Code: fault.Record}},
		visit.Reported{},
		visit.ReportFailed{Fault: away},
		visit.Tracked{Progress: visit.InReview},
		visit.TrackFailed{Fault: away},
		visit.PrintStarted{Pages: 2},
		visit.PrintProgress{Page: 1},
		visit.PrintProgress{Page: 7, Fault: &away},
		visit.Ended{Outcome: fault.Printed},
		visit.Ended{Outcome: fault.HandedOn},
		visit.Ended{Outcome: fault.Failed, Fault: away},
		visit.Ended{Outcome: fault.Unknown, Fault: away},
		visit.Ended{Outcome: fault.Failed, Fault: fault.Fault{Code: fault.Revoked}},
		visit.Settle{Site: house()},
		visit.Settle{},
		visit.OutOfOrder{Fault: away},
		visit.Repair{},
		visit.PrinterDown{},
		visit.PrinterUp{},
		visit.Plug{In: true},
		visit.Plug{},
		visit.Spoken{},
	}
}
