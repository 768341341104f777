package kiosk

import (
	"fmt"
	"testing"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
	"vaxkiosk/sync/api"
)

func TestTheAuditNamesEveryFaultThatIsKnown(t *testing.T) {
	for _, row := range fault.PrinterFaults {
		got := reportOf(desk.Result{Outcome: fault.Failed, Fault: fault.Fault{Code: row.Code}}, 2)
		if got.Reason == nil || string(*got.Reason) != string(row.Code) || got.Outcome != api.Failed || got.Pages != 2 {
			t.Errorf("%s: %+v: the contract does not know it (PrintReport in openapi.yaml)", row.Code, got)
		}
	}
	for _, c := range []struct {
		outcome fault.Outcome
		code    fault.Code
		want    string
	}{
		{fault.Printed, "", "printed"},
		{fault.HandedOn, "", "unknown handed-on"},
		{fault.Unknown, fault.NoAnswer, "unknown no-answer"},
		{fault.Failed, fault.Record, "failed record-check"},
		{fault.Failed, fault.Clock, "failed clock"},
		{fault.Failed, fault.OtherPerson, "failed other-person"},
		{fault.Failed, fault.Revoked, "failed revoked"},
		{fault.Failed, fault.Page, "failed page-check"},
		{fault.Failed, "what nobody thought of", "failed"},
	} {
		r := reportOf(desk.Result{Outcome: c.outcome, Fault: fault.Fault{Code: c.code, Detail: "media-jam"}}, 1)
		got := string(r.Outcome)
		if r.Reason != nil {
			got = fmt.Sprint(got, " ", *r.Reason)
		}
		if got != c.want {
			t.Errorf("%s %s: %s, want %s", c.outcome, c.code, got, c.want)
		}
	}
}
