package calls

import (
	"errors"
	"net/http"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/retention"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// Amendments. A kiosk hands one in and gets a tracking number, whoever asks and
// whatever is on file: nobody is looked up for it. Its content is checked on
// arrival, so that a kiosk with a fault hears of it, and rests as the kiosk sealed
// it until an operator closes it. Only an operator opens it (Correction), and each
// look is noted first.
//
// An amendment is verified when it carries the token that opened the record, at
// this kiosk and not long ago: then it is known whose record it is about. All
// others are claims, and staff must find out who asks.

const (
	// AmendLife is how long an amendment waits for staff; then its content is
	// erased and nobody can ask for its state.
	AmendLife = retention.Amendments
	// AmendGrace is how long after its end a token still verifies an amendment,
	// which may have waited in a kiosk without a network; it opens nothing then.
	AmendGrace = store.TokenGrace
)

func (c *Calls) postAmendment(w http.ResponseWriter, r *http.Request) error {
	in, err := c.incoming(r, seal.ForAmend)
	if err != nil {
		return err
	}
	now := c.Now()
	what, err := c.newAmendment(in.envelope, now)
	if err != nil {
		return errBadEnvelope
	}
	a := store.Amendment{
		Key: in.key, Ref: request.TrackingFor(in.key), BodyHash: in.sum, Envelope: in.envelope.Encode(), Kind: string(what.Kind),
		Made: now, Expires: now.Add(AmendLife), Use: c.reports(r, in),
	}
	if a.Person, err = c.openedBy(r, what.Token, AmendGrace); err != nil {
		return err
	}
	a.Opened = c.Keeper.TokenHash(what.Token)
	expires, err := c.Store.AddAmendment(r.Context(), a)
	if err != nil {
		return err
	}
	return answer(w, http.StatusAccepted, api.AmendmentTicket{Ref: a.Ref, ExpiresAt: expires.UTC()})
}

// newAmendment opens and checks an amendment that has come in. At the kiosk a day
// may have begun that has not here.
func (c *Calls) newAmendment(e seal.Envelope, now time.Time) (request.Correction, error) {
	plain, err := c.Sealing.Open(e, seal.ForAmend, e.Key)
	if err != nil {
		return request.Correction{}, err
	}
	return request.DecodeCorrection(plain, request.DateOf(now.Add(request.ZonesAhead)))
}

// openedBy is the person whose record a token of this kiosk opened, 0 when there
// is no such token or it is too old.
func (c *Calls) openedBy(r *http.Request, token string, grace time.Duration) (person int, err error) {
	if token == "" {
		return 0, nil
	}
	t, err := c.tokenValue(r, token, grace)
	if errors.Is(err, errToken) {
		return 0, nil
	}
	return t.Person, err
}

func (c *Calls) getAmendment(w http.ResponseWriter, r *http.Request) error {
	ref := r.PathValue("ref")
	if canonical, ok := request.ParseTracking(ref); !ok || canonical != ref {
		return store.ErrUnknown
	}
	state, err := c.Store.AmendmentStateOf(r.Context(), ref, c.Now(), c.Keeper.Use(access.KioskNumbers, kioskOf(r)))
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, api.AmendmentStatus{State: api.AmendmentStatusState(state)})
}
