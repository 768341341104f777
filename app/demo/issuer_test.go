package demo

import (
	"testing"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
)

// A record of an issuer other than the bootstrap's would come out with codes that
// nobody can verify: the keys are looked up at the issuer's address.
func TestARecordOfAnotherIssuerThanTheBootstrapsIsNotShown(t *testing.T) {
	p := arrive(t)
	p.ask()
	code := p.code()
	b := p.s.Kiosk.Bootstrap.Now()
	b.Issuer = "https://other.example.org"
	p.s.Kiosk.Bootstrap.Use(b)
	p.unlock(code, testPIN)
	p.until("the fault", func(v visit.Visit) bool { return v.State == visit.Unlocking && v.Fault != nil })
	if f := p.seen().Fault; f.Code != fault.Record || p.seen().Unlock.Record != nil {
		t.Errorf("fault %v", f)
	}
}
