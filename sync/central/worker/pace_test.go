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
