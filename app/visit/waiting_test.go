package visit_test

import (
	"testing"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
)

func TestAKioskThatHasNeverReachedCentralOpensAsSoonAsItHas(t *testing.T) {
	waits := func(v visit.Visit, code fault.Code) {
		t.Helper()
		if v.State != visit.OutOfService || v.OutOfOrder == nil || v.OutOfOrder.Code != code {
			t.Fatalf("%v out for %v, want %s", v.State, v.OutOfOrder, code)
		}
	}
	v := visit.New(visit.Site{})
	waits(v, fault.Setup)
	v = do(v, visit.OutOfOrder{Fault: fault.Fault{Code: fault.Certificate}})
	waits(v, fault.Certificate)
	v = do(v, visit.Repair{}) // but there is still nothing that it could say
	waits(v, fault.Setup)
	v = do(v, visit.OutOfOrder{Fault: fault.Fault{Code: fault.Setup, Detail: "no connection"}})
	waits(v, fault.Setup)
	if v = do(v, visit.Settle{Site: house()}); v.State != visit.Welcome || v.OutOfOrder != nil {
		t.Fatalf("%v out for %v, and has all it needs", v.State, v.OutOfOrder)
	}

	v = do(visit.New(visit.Site{}), visit.OutOfOrder{Fault: fault.Fault{Code: fault.Clock}}, visit.Settle{Site: house()})
	waits(v, fault.Clock) // settings mend no clock
	if v = do(v, visit.Repair{}); v.State != visit.Welcome {
		t.Fatalf("%v after the repair", v.State)
	}
}
