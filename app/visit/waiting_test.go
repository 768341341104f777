package visit_test

import (
	"testing"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
)

func TestAKioskThatHasNeverReachedCentralOpensAsSoonAsItHas(t *testing.T) {
	waits := func(v visit.Visit, code fault.Code) {
		t.Helper()
		if v.State != visit.OutOfService || v.Out == nil || v.Out.Code != code {
			t.Fatalf("%v out for %v, want %s", v.State, v.Out, code)
		}
	}
	v := visit.New(visit.House{})
	waits(v, fault.Setup)
	v = do(v, visit.Break{Fault: fault.Fault{Code: fault.Certificate}})
	waits(v, fault.Certificate)
	v = do(v, visit.Repair{}) // but there is still nothing that it could say
	waits(v, fault.Setup)
	v = do(v, visit.Break{Fault: fault.Fault{Code: fault.Setup, Detail: "no connection"}})
	waits(v, fault.Setup)
	if v = do(v, visit.Settle{House: house()}); v.State != visit.Welcome || v.Out != nil {
		t.Fatalf("%v out for %v, and has all it needs", v.State, v.Out)
	}

	v = do(visit.New(visit.House{}), visit.Break{Fault: fault.Fault{Code: fault.Clock}}, visit.Settle{House: house()})
	waits(v, fault.Clock) // settings mend no clock
	if v = do(v, visit.Repair{}); v.State != visit.Welcome {
		t.Fatalf("%v after the repair", v.State)
	}
}
