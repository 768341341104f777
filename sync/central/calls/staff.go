package calls

import (
	"context"
	"errors"
	"net/http"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// Staff help: somebody with an account signs in at a kiosk, looks at a photo ID
// and vouches for the visitor in place of the pickup code. The PIN, the five tries
// and the request's life count as ever. Who exists is not to be found out: ids
// that nobody has fail, take time and lock like all others.

// postStaffSession signs a staff member in. An id of whatever form is just one
// that nobody has.
func (c *Calls) postStaffSession(w http.ResponseWriter, r *http.Request) error {
	var e seal.Envelope
	if _, err := read(r, &e); err != nil {
		return err
	}
	var in api.StaffSignIn
	if err := c.unseal(e, seal.ForStaff, &in); err != nil {
		return err
	}
	if !access.Digits(in.Pin, access.StaffPINDigits) {
		return errBadEnvelope
	}
	idHash := c.Keeper.StaffIDHash(in.Id)
	wrong := append(c.proofs(r), c.Keeper.Use(access.StaffTries, in.Id))
	pin, locks, err := c.Store.TakeStaffTry(r.Context(), store.StaffTry{IDHash: idHash, Kiosk: kioskOf(r)}, c.Now(), wrong...)
	if err != nil {
		return err
	}
	if !c.Keeper.CheckStaff(pin, in.Id, in.Pin) {
		if err := c.noteNotIn(r, locks); err != nil {
			return err
		}
		c.signInFailed(r, locks)
		return store.ErrStaffUnknown // also for a wrong PIN: one answer
	}
	token, hash := c.Keeper.NewToken()
	expires := c.Now().Add(access.StaffLife)
	ctx := context.WithoutCancel(r.Context())
	if err := c.Store.SignIn(ctx, idHash, pin, store.StaffSession{Hash: hash, Kiosk: kioskOf(r), Expires: expires}, wrong...); err != nil {
		return err
	}
	return answer(w, http.StatusOK, api.StaffSession{Token: token, ExpiresAt: expires.UTC().Truncate(time.Second)})
}

// noteNotIn notes a failure in the audit.
func (c *Calls) noteNotIn(r *http.Request, locks bool) error {
	row := audit.Row{At: c.Now(), Kind: audit.NotIn}
	if locks {
		row.Outcome = "locked"
	}
	return c.Store.Audit(context.WithoutCancel(r.Context()), row)
}

// signInFailed logs a failure, without the id: it may be a PIN in the wrong field.
func (c *Calls) signInFailed(r *http.Request, locks bool) {
	if locks {
		c.Log.Warn("too many wrong staff PINs in a row: this id is locked at this kiosk; vaxcentral staff list names accounts",
			"event", "staff.locked", "kiosk", kioskName(r))
		return
	}
	c.Log.Info("a staff sign-in failed", "event", "staff.refused", "kiosk", kioskName(r))
}

// vouches is what a record counts as that a staff member opens on a photo ID.
func (c *Calls) vouches(r *http.Request, by store.Vouch) []access.Use {
	if by == (store.Vouch{}) {
		return nil
	}
	return []access.Use{c.Keeper.Use(access.StaffReleases, by.Staff), c.Keeper.Use(access.StaffReleasesDay, by.Staff), c.Keeper.Use(access.KioskReleases, kioskOf(r))}
}

var errStaffToken = problem(http.StatusUnauthorized, api.ProblemStaffToken, "no staff token of this kiosk that is still valid")

// vouch opens an envelope in which a staff member vouches, and returns the
// visitor's PIN. It counts no try. Whether one more record fits is asked before
// anything is compared, so that the answer tells nothing of this one.
func (c *Calls) vouch(r *http.Request, e seal.Envelope) (pin string, by store.Vouch, err error) {
	var sent api.StaffProof
	if err := c.unseal(e, seal.ForVouch, &sent); err != nil {
		return "", by, err
	}
	if !access.Digits(sent.Pin, request.PINDigits) || !sent.IdKind.Valid() {
		return "", by, errBadEnvelope
	}
	staff, err := c.Store.StaffOf(r.Context(), c.Keeper.TokenHash(sent.StaffToken), kioskOf(r), c.Now())
	if errors.Is(err, store.ErrStaffUnknown) {
		err = errStaffToken
	}
	by = store.Vouch{Staff: staff, IDKind: string(sent.IdKind)}
	if err == nil {
		err = c.Store.Fit(r.Context(), c.Now(), c.vouches(r, by)...)
	}
	return sent.Pin, by, err
}
