package kiosk

import (
	"fmt"
	"testing"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/api"
)

func TestTheAuditNamesEveryFaultThatIsKnown(t *testing.T) {
	for _, fault := range visit.PrinterFaults {
		got := reportOf(desk.Result{Outcome: desk.Failed, Fault: desk.Fault{Code: fault.Code}}, 2)
		if got.Reason == nil || string(*got.Reason) != fault.Code || got.Outcome != api.Failed || got.Pages != 2 {
			t.Errorf("%s: %+v: the contract does not know it (PrintReport in openapi.yaml)", fault.Code, got)
		}
	}
	for _, c := range []struct {
		outcome    desk.Outcome
		code, want string
	}{
		{desk.Printed, "", "printed"},
		{desk.Sent, "", "unknown handed-on"},
		{desk.Unknown, visit.FaultNoAnswer, "unknown no-answer"},
		{desk.Failed, visit.FaultRecord, "failed record-check"},
		{desk.Failed, visit.FaultClock, "failed clock"},
		{desk.Failed, visit.FaultOtherPerson, "failed other-person"},
		{desk.Failed, visit.FaultRevoked, "failed revoked"},
		{desk.Failed, visit.FaultPage, "failed page-check"},
		{desk.Failed, "what nobody thought of", "failed"},
	} {
		r := reportOf(desk.Result{Outcome: c.outcome, Fault: desk.Fault{Code: c.code, Detail: "media-jam"}}, 1)
		got := string(r.Outcome)
		if r.Reason != nil {
			got = fmt.Sprint(got, " ", *r.Reason)
		}
		if got != c.want {
			t.Errorf("%s %s: %s, want %s", c.outcome, c.code, got, c.want)
		}
	}
}
