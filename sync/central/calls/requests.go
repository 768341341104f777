package calls

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/sealing"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

var errBadEnvelope = problem(http.StatusUnprocessableEntity, api.ProblemBadEnvelope, "the envelope cannot be used")

var errUnknownField = errors.New("unknown field")

// strict decodes one JSON object with just the members of the contract.
func strict(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err != nil && strings.HasPrefix(err.Error(), "json: unknown field") { // it has no type
		return errUnknownField
	}
	if err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	return exact(b, into)
}

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
	var first store.State
	for {
		ring := c.State.Changed.Next()
		if _, err := c.Door.LetIn(r.Context(), r.TLS.PeerCertificates[0]); err != nil {
			return err
		}
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
		case <-c.reached(answered):
		case <-ctx.Done():
		}
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

func (c *Calls) postUnlock(w http.ResponseWriter, r *http.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	var e seal.Envelope
	if _, err := read(r, &e); err != nil {
		return err
	}
	if e.Key != id {
		return errBadEnvelope
	}
	var p access.Proof
	var by store.Vouch
	if e.Purpose == seal.ForVouch {
		p.PIN, by, err = c.vouch(r, e)
	} else {
		p, err = c.proof(e, seal.ForUnlock)
	}
	if err != nil {
		return err
	}
	try, err := c.Store.TakeTry(r.Context(), id, c.Now(), c.proofs(r)...)
	if err != nil {
		return err
	}
	return c.release(w, r, try, p, by)
}

func (c *Calls) postPickup(w http.ResponseWriter, r *http.Request) error {
	var e seal.Envelope
	if _, err := read(r, &e); err != nil {
		return err
	}
	p, err := c.proof(e, seal.ForPickup)
	if err != nil {
		return err
	}
	if canonical, ok := request.ParseReceipt(e.Key); !ok || canonical != e.Key {
		return errBadEnvelope
	}
	try, err := c.Store.TakeTryByReceipt(r.Context(), e.Key, c.Now(), request.Life, c.Keeper.Use(access.KioskNumbers, kioskOf(r)), c.proofs(r)...)
	if err != nil {
		return err
	}
	return c.release(w, r, try, p, store.Vouch{})
}

// unseal opens an envelope with one JSON value in it.
func (c *Calls) unseal(e seal.Envelope, purpose seal.Purpose, into any) error {
	plain, err := c.Sealing.Open(e, purpose, e.Key)
	if err != nil || strict(plain, into) != nil {
		return errBadEnvelope
	}
	return nil
}

// proof opens an envelope with a proof.
func (c *Calls) proof(e seal.Envelope, purpose seal.Purpose) (access.Proof, error) {
	var sent api.Proof
	if err := c.unseal(e, purpose, &sent); err != nil {
		return access.Proof{}, err
	}
	p := access.Proof{PIN: sent.Pin, Code: sent.Code}
	if p.Valid() != nil {
		return access.Proof{}, errBadEnvelope
	}
	return p, nil
}

// release compares a proof for which a try has been taken: PIN and a code that is
// still valid, or the PIN alone when staff vouches. Every no is the same and takes
// the same time; a yes gives the try back, also when the kiosk is gone by then.
func (c *Calls) release(w http.ResponseWriter, r *http.Request, t store.Try, p access.Proof, by store.Vouch) error {
	var fits bool
	if by == (store.Vouch{}) {
		fits = c.Keeper.Check(t.Lock, t.ID, p.PIN, p.Code) && c.Now().Before(t.Expires)
	} else {
		// Nobody's ID proves that a child or somebody represented is theirs, or that
		// another name was once their own.
		fits = c.Keeper.CheckPIN(t.Lock, t.ID, p.PIN) && t.Own
	}
	no := problem(http.StatusForbidden, api.ProblemRefused, "PIN and code do not open a record")
	no.AttemptsLeft = &t.Left
	if !fits || t.Person == 0 {
		return no
	}
	now := c.Now()
	token, hash := c.Keeper.NewToken()
	expires := now.Add(access.TokenLife)
	issued := store.Token{Hash: hash, Request: t.ID, Person: t.Person, Kiosk: kioskOf(r), Expires: expires}
	if err := c.Store.AddToken(context.WithoutCancel(r.Context()), issued, t, by, now, c.vouches(r, by)...); errors.Is(err, store.ErrUnknown) {
		return no // the number is somebody else's by now
	} else if err != nil {
		return err
	}
	if by != (store.Vouch{}) {
		c.Log.Info("a record is opened on a photo ID; vaxcentral release list has by whom", "event", "release.vouched", "kiosk", kioskName(r))
	}
	return answer(w, http.StatusOK, api.Release{Token: token, ExpiresAt: expires.UTC().Truncate(time.Second)})
}

var errToken = problem(http.StatusUnauthorized, api.ProblemToken, "no token of this kiosk that is still valid")

// tokenOf returns the token of a call if it is this kiosk's and was valid until
// at most grace ago.
func (c *Calls) tokenOf(r *http.Request, grace time.Duration) (store.Token, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return store.Token{}, errToken
	}
	return c.tokenValue(r, token, grace)
}

func (c *Calls) tokenValue(r *http.Request, token string, grace time.Duration) (store.Token, error) {
	t, err := c.Store.TokenOf(r.Context(), c.Keeper.TokenHash(token), kioskOf(r))
	if errors.Is(err, store.ErrUnknown) || err == nil && !c.Now().Before(t.Expires.Add(grace)) {
		return store.Token{}, errToken
	}
	return t, err
}

func (c *Calls) postPrint(w http.ResponseWriter, r *http.Request) error {
	job, err := keyOf(r)
	if err != nil {
		return err
	}
	t, err := c.tokenOf(r, store.PrintGrace)
	if err != nil {
		return err
	}
	var p api.PrintReport
	if _, err := read(r, &p); err != nil {
		return err
	}
	var reason api.PrintReportReason // none from a kiosk that does not know it yet
	if p.Reason != nil {
		reason = *p.Reason
	}
	if !p.Outcome.Valid() || p.Pages < 0 || p.Reason != nil && !reason.Valid() {
		return problem(http.StatusBadRequest, api.ProblemBadRequest, "not the JSON of the contract")
	}
	added, err := c.Store.AddPrint(r.Context(), t.Request, job, store.Print{
		Outcome: string(p.Outcome), Reason: string(reason), Pages: p.Pages, Kiosk: t.Kiosk, KioskName: kioskName(r), At: c.Now(),
	})
	if err != nil {
		return err
	}
	if added && refusals[reason] {
		c.Log.Error("a kiosk refuses what it was handed out", "event", "print.refused", "reason", string(reason), "kiosk", kioskName(r))
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
