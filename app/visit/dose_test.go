package visit_test

import (
	"testing"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

func TestADoseOfWhichLittleIsKnownIsNamedSoThatStaffFindIt(t *testing.T) {
	for want, d := range map[string]record.Dose{
		"CVX 140 Fluarix":         {Date: "2025-10-02", CVX: "140", Product: "Fluarix"},
		"CVX 140":                 {Date: "2025-10-02", CVX: "140"},
		"CVX 140 2013-06":         {Date: "2013-06", CVX: "140"},
		"Fluvax (Influenza)":      {Date: "2013-01-10", Product: "Fluvax (Influenza)", Unknown: true},
		"CVX 935 New 2013":        {Date: "2013", About: true, CVX: "935", Product: "New", Unknown: true},
		"CVX 96 Tubersol 2013":    {Date: "2013", CVX: "96", Product: "Tubersol"},
		"Fluvax (Influenza) 2013": {Date: "2013", Product: "Fluvax (Influenza)", Unknown: true},
	} {
		v := visit.New(visit.Site{})
		v.State, v.Form.Task, v.Form.Question = visit.Filling, visit.ToAmend, request.AskDose
		v.Form.Draft.Fix = request.Fix{Kind: request.WrongDose, Known: true}
		v.Unlock.Record = &record.Record{Doses: []record.Dose{d}}
		v, _ = visit.Step(v, visit.Event{Visit: v.Number, Call: v.Calls, Do: visit.PickDose{N: 1}}, noon)
		if got := v.Form.Draft.Fix.Vaccine; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
