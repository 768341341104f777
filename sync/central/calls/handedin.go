package calls

import (
	"crypto/sha256"
	"errors"
	"net/http"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/sealing"
	"vaxkiosk/sync/seal"
)

// arriving looks at a request on arrival: held is why it cannot be read yet.
func (c *Calls) arriving(r *http.Request, in handedIn, now time.Time) (held string, err error) {
	if err = in.unread; err == nil {
		_, err = c.opener.Request(in.envelope, in.key, now)
	}
	var own sealing.OwnFault
	switch {
	case err == nil:
		return "", nil
	case errors.As(err, &own):
	case errors.Is(err, request.ErrInvalid) && c.clocksDiffer(r):
		own = sealing.ClockOff
	default:
		if c.State.Alarms.New(rubbish, kioskOf(r), now) {
			c.Log.Warn("a kiosk hands in requests that cannot be used; they are refused", "event", "requests.unusable", "kiosk", kioskName(r), "why", err.Error())
		}
		return "", errBadEnvelope
	}
	c.State.SayHeld(c.Log, own, kioskName(r))
	return own.Error(), nil
}

// rubbish is not limited: it costs less than the call it came with.
var rubbish = access.Limit{Name: "unusable-requests", Window: time.Hour}

// cannotOpen is the answer to what cannot even be taken, by a fault that may be
// central's: the kiosk keeps it.
func cannotOpen(why sealing.OwnFault) *refusal {
	p := problem(http.StatusServiceUnavailable, api.ProblemCannotOpen, string(why))
	p.again = cannotOpenPause
	return p
}

const cannotOpenPause = 5 * time.Minute

// clocksDiffer reports whether a kiosk's clock and central's differ by too much. One that sends
// no time is taken at its word.
func (c *Calls) clocksDiffer(r *http.Request) bool {
	sent, err := http.ParseTime(r.Header.Get("Date"))
	return err == nil && c.Now().Sub(sent).Truncate(time.Second).Abs() > record.ClockSlack
}

var errBadEnvelope = problem(http.StatusUnprocessableEntity, api.ProblemBadEnvelope, "the envelope cannot be used")

// handedIn is what kiosks send from their outbox, maybe more than once.
type handedIn struct {
	key      string // idempotency key
	envelope seal.Envelope
	sum      []byte // of the body
	unread   error  // why its key cannot open it
}

// incoming reads what is handed in and looks at the outside of the envelope only. One
// for a request may be sealed to any key: see opening.go.
func (c *Calls) incoming(r *http.Request, purpose seal.Purpose) (in handedIn, err error) {
	if in.key, err = keyOf(r); err != nil {
		return in, err
	}
	body, err := all(r)
	if err != nil {
		return in, err
	}
	if purpose == seal.ForRequest && len(body) > seal.MaxRequest {
		return in, problem(http.StatusRequestEntityTooLarge, api.ProblemTooLarge, "a request over 8 KiB")
	}
	if v := seal.VersionOf(body); v > seal.Version {
		return in, cannotOpen(sealing.Newer(v, seal.Version))
	}
	if err := strict(body, &in.envelope); err != nil {
		return in, notTheContract(err)
	}
	if e := in.envelope; e.Version != seal.Version || e.Purpose != purpose || e.Key != in.key || !e.WellFormed() {
		return in, errBadEnvelope
	}
	in.unread, err = c.opener.Fits(r.Context(), in.envelope.KeyID)
	switch {
	case err != nil:
		return in, err
	case purpose == seal.ForRequest || in.unread == nil:
	case errors.Is(in.unread, sealing.OtherKey):
		return in, cannotOpen(sealing.OtherKey)
	default:
		return in, errBadEnvelope
	}
	sum := sha256.Sum256(body)
	in.sum = sum[:]
	return in, nil
}
