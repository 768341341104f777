package calls

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// What opens a record: PIN and pickup code, at the kiosk that asked or with the receipt at any,
// or the PIN when staff vouches (staff.go).

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

// noteRefused notes in the audit that a proof opened nothing: alike for a request that matches
// nobody, and one that there is none of.
func (c *Calls) noteRefused(r *http.Request, t store.Try, by store.Vouch) error {
	ctx := context.WithoutCancel(r.Context()) // the try is spent, also when the kiosk is gone
	who := audit.Of(ctx)
	who.Staff = by.Staff
	row := audit.Row{At: c.Now(), Kind: audit.Refused, Request: t.ID, Person: t.Person, Outcome: fmt.Sprintf("left=%d", t.Left)}
	if t.Stray {
		row.Request = "" // it is no id
	}
	return c.Store.Audit(audit.As(ctx, who), row)
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
		return cmp.Or(c.noteRefused(r, t, by), error(no))
	}
	now := c.Now()
	token, hash := c.Keeper.NewToken()
	expires := now.Add(access.TokenLife)
	issued := store.Token{Hash: hash, Request: t.ID, Person: t.Person, Kiosk: kioskOf(r), Expires: expires}
	if err := c.Store.AddToken(context.WithoutCancel(r.Context()), issued, t, by, now, c.vouches(r, by)...); errors.Is(err, store.ErrUnknown) {
		return cmp.Or(c.noteRefused(r, t, by), error(no)) // the number is somebody else's by now
	} else if err != nil {
		return err
	}
	if by != (store.Vouch{}) {
		c.Log.Info("a record is opened on a photo ID; vaxcentral release list has by whom", "event", "release.vouched", "kiosk", kioskName(r))
	}
	return answer(w, http.StatusOK, api.Release{Token: token, ExpiresAt: expires.UTC().Truncate(time.Second)})
}
