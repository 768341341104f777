package calls

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// postRequest keeps a sealed request that can be read, or could if central was in
// order. Whether it matches anybody is the worker's business and makes no difference here.
func (c *Calls) postRequest(w http.ResponseWriter, r *http.Request) error {
	in, err := c.incoming(r, seal.ForRequest)
	if err != nil {
		return err
	}
	now := c.Now()
	held, err := c.arriving(r, in, now)
	if err != nil {
		if kept, before := c.Store.Kept(r.Context(), in.key, in.sum); before == nil { // it could be read then
			return ticket(w, r, kept)
		}
		return err
	}
	kept, err := c.Store.AddRequest(r.Context(), store.Request{
		ID: in.key, Receipt: request.ReceiptFor(in.key), BodyHash: in.sum, Envelope: in.envelope.Encode(), Made: now, Expires: now.Add(request.Life),
		Kiosk: kioskOf(r), Held: held, Turn: c.Keeper.Use(access.KioskTurns, kioskOf(r)), Work: c.Keeper.Use(access.KioskRequests, kioskOf(r)),
	})
	if err != nil {
		return err
	}
	c.State.Work.Ring()
	return ticket(w, r, kept)
}

// ticket is the answer to a request that was taken. A kiosk that does not say that it knows
// the receipts of today has told its visitor an old one.
func ticket(w http.ResponseWriter, r *http.Request, kept store.Request) error {
	if !slices.Contains(preferences(r), api.PreferLongReceipt) {
		kept.Receipt = request.OldReceiptFor(kept.ID)
	}
	return answer(w, http.StatusAccepted, api.Ticket{Id: kept.ID, Receipt: kept.Receipt, ExpiresAt: kept.Expires.UTC()})
}

// getRequest tells the state; with Prefer: wait=N it waits for the next one.
func (c *Calls) getRequest(w http.ResponseWriter, r *http.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), waitOf(r))
	defer cancel()
	defer c.State.Counts.Polling()()
	var first store.State
	for {
		ring := c.State.Changed.Next()
		if _, err := c.Door.LetIn(r.Context(), r.TLS.PeerCertificates[0]); err != nil {
			return err
		}
		c.State.Counts.Looked()
		state, answered, err := c.Store.Look(r.Context(), id, c.Now())
		if err != nil {
			return err
		}
		if first == "" {
			first = state
		}
		over := state == store.Answered || state == store.Expired || ctx.Err() != nil || c.State.Closing.Load()
		if over || state != first {
			return answer(w, http.StatusOK, api.RequestStatus{State: api.RequestStatusState(state)})
		}
		select {
		case <-ring:
			c.breathe(ctx)
		case <-c.reached(answered):
		case <-ctx.Done():
		}
	}
}

// breath is how long a call that waits lets rings come before it looks again. A ring is for
// everybody who waits, and there are two for each request that is answered: if each call looked each
// time, a thousand kiosks would leave the machine no time for what they wait for. They hear of an
// answer in whole half seconds (store.AnswerStep), so this delays none by much.
const breath = 100 * time.Millisecond

func (c *Calls) breathe(ctx context.Context) {
	if c.State.Closing.Load() {
		return
	}
	select {
	case <-time.After(breath):
	case <-ctx.Done():
	}
}

// reached tells when a time has come; the zero time never does.
func (c *Calls) reached(at time.Time) <-chan time.Time {
	if at.IsZero() {
		return nil
	}
	return time.After(at.Sub(c.Now()))
}

// preferences are the parts of Prefer (RFC 7240), in small letters.
func preferences(r *http.Request) (all []string) {
	for _, line := range r.Header.Values("Prefer") {
		for part := range strings.SplitSeq(line, ",") {
			all = append(all, strings.ToLower(strings.TrimSpace(part)))
		}
	}
	return all
}

// waitOf reads Prefer: wait=N, at most 25 seconds.
func waitOf(r *http.Request) time.Duration {
	for _, part := range preferences(r) {
		name, value, _ := strings.Cut(part, "=")
		if s, err := strconv.Atoi(strings.Trim(value, `"`)); err == nil && name == "wait" && s > 0 {
			return min(time.Duration(min(s, 3600))*time.Second, MaxWait)
		}
	}
	return 0
}
