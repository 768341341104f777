package worker

import (
	"errors"
	"testing"
	"time"

	"vaxkiosk/app/request"
)

// A notice that is held back ends as the last real one of its channel, but no failure
// holds it up for ever when nothing real is sent any more.
func TestAFailureOfTheGatewayIsForgottenWhenNothingRealTriesAgain(t *testing.T) {
	var p paces
	at := time.Date(2026, time.November, 30, 12, 0, 0, 0, time.UTC)
	p.note(request.ByPhone, at, time.Second, errors.New("away"))
	for after, fails := range map[time.Duration]bool{0: true, LastPutOff: true, failureLife - 1: true, failureLife: false, 24 * time.Hour: false} {
		if _, err := p.of(request.ByPhone, at.Add(after)); (err != nil) != fails {
			t.Errorf("%v after a failure: %v", after, err)
		}
	}
	if _, err := p.of(request.ByEmail, at); err != nil {
		t.Errorf("the other channel: %v", err)
	}
	p.note(request.ByPhone, at, 3*time.Second, nil)
	if took, err := p.of(request.ByPhone, at.Add(time.Hour)); took != 3*time.Second || err != nil {
		t.Errorf("after one that was taken: %v, %v", took, err)
	}
}

// A notice that is held back ends as the last one did, whichever instance sent that.
func TestInstancesTellEachOtherHowTheGatewayDoes(t *testing.T) {
	at := time.Date(2026, time.November, 30, 12, 0, 0, 0, time.UTC)
	here, there := New(Options{}), New(Options{Now: func() time.Time { return at }})
	here.TellPaces(there.HearPace)
	here.paces.note(request.ByPhone, at, time.Second, errors.New("away"))
	if _, err := there.paces.of(request.ByPhone, at); err == nil {
		t.Error("a failure is not heard of")
	}
	here.paces.note(request.ByEmail, at, 1234*time.Millisecond, nil)
	if took, err := there.paces.of(request.ByEmail, at); took != 1234*time.Millisecond || err != nil {
		t.Errorf("%v, %v", took, err)
	}
	for _, word := range []string{"pace ", "pace email", "pace email 1 maybe", "pace email -1 taken", "pace email 99999999 taken", "pace post 1 taken"} {
		there.HearPace(word)
	}
	if took, err := there.paces.of(request.ByEmail, at); took != 1234*time.Millisecond || err != nil {
		t.Errorf("after what is none: %v, %v", took, err)
	}
}
