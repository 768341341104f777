package visit_test

import (
	"testing"

	"vaxkiosk/app/visit"
)

func TestAKioskThatHasNeverReachedCentralOpensAsSoonAsItHas(t *testing.T) {
	waits := func(v visit.Visit, code string) {
		t.Helper()
		if v.State != visit.OutOfService || v.Out == nil || v.Out.Code != code {
			t.Fatalf("%v out for %v, want %s", v.State, v.Out, code)
		}
	}
	v := visit.New(visit.House{})
	waits(v, visit.FaultSetup)
	v = do(v, visit.Break{Fault: visit.Fault{Code: visit.FaultCertificate}})
	waits(v, visit.FaultCertificate)
	v = do(v, visit.Repair{}) // but there is still nothing that it could say
	waits(v, visit.FaultSetup)
	v = do(v, visit.Break{Fault: visit.Fault{Code: visit.FaultSetup, Detail: "no connection"}})
	waits(v, visit.FaultSetup)
	if v = do(v, visit.Settle{House: house()}); v.State != visit.Welcome || v.Out != nil {
		t.Fatalf("%v out for %v, and has all it needs", v.State, v.Out)
	}

	v = do(visit.New(visit.House{}), visit.Break{Fault: visit.Fault{Code: visit.FaultClock}}, visit.Settle{House: house()})
	waits(v, visit.FaultClock) // settings mend no clock
	if v = do(v, visit.Repair{}); v.State != visit.Welcome {
		t.Fatalf("%v after the repair", v.State)
	}
}
