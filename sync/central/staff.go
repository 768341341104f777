package central

import (
	"context"
	"errors"
	"net/http"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// Staff help: somebody with an account signs in at a kiosk, looks at a photo ID
// and vouches for the visitor in place of the pickup code. The PIN, the five tries
// and the request's life count as ever. Who exists is not to be found out: ids
// that nobody has fail, take time and lock like all others.

// StaffState is what may be told of a staff account.
type StaffState = store.StaffState

// AddStaff makes a staff account with a PIN of six digits.
func (c *Central) AddStaff(id, pin string) error {
	if err := access.NewStaff(id, pin); err != nil {
		return err
	}
	return c.store.AddStaff(context.Background(), store.Staff{ID: id, IDHash: c.keeper.StaffIDHash(id), PIN: c.keeper.StaffPIN(id, pin)})
}

// RemoveStaff removes a staff account and signs it out.
func (c *Central) RemoveStaff(id string) error { return c.store.RemoveStaff(context.Background(), id) }

// Staff lists the staff accounts.
func (c *Central) Staff() ([]StaffState, error) {
	return c.store.StaffStates(context.Background(), c.o.Now())
}

// postStaffSession signs a staff member in. An id of whatever form is just one
// that nobody has.
func (c *Central) postStaffSession(w http.ResponseWriter, r *http.Request) error {
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
	idHash := c.keeper.StaffIDHash(in.Id)
	wrong := c.use(access.KioskProofs, kioskOf(r))
	pin, err := c.store.TakeStaffTry(r.Context(), idHash, c.o.Now(), wrong)
	if err != nil {
		return err
	}
	if !c.keeper.CheckStaff(pin, in.Id, in.Pin) {
		return store.ErrStaffUnknown // also for a wrong PIN: one answer
	}
	token, hash := c.keeper.NewToken()
	expires := c.o.Now().Add(access.StaffLife)
	ctx := context.WithoutCancel(r.Context())
	if err := c.store.SignIn(ctx, idHash, pin, store.StaffSession{Hash: hash, Kiosk: kioskOf(r), Expires: expires}, wrong); err != nil {
		return err
	}
	return answer(w, http.StatusOK, api.StaffSession{Token: token, ExpiresAt: expires.UTC().Truncate(time.Second)})
}

var errStaffToken = problem(http.StatusUnauthorized, api.ProblemStaffToken, "no staff token of this kiosk that is still valid")

// vouch opens an envelope in which a staff member vouches, and returns the
// visitor's PIN. It counts no try.
func (c *Central) vouch(r *http.Request, e seal.Envelope) (pin string, by store.Vouch, err error) {
	var sent api.StaffProof
	if err := c.unseal(e, seal.ForVouch, &sent); err != nil {
		return "", by, err
	}
	if !access.Digits(sent.Pin, request.PINDigits) || !sent.IdKind.Valid() {
		return "", by, errBadEnvelope
	}
	staff, err := c.store.StaffOf(r.Context(), c.keeper.TokenHash(sent.StaffToken), kioskOf(r), c.o.Now())
	if errors.Is(err, store.ErrStaffUnknown) {
		err = errStaffToken
	}
	return sent.Pin, store.Vouch{Staff: staff, IDKind: string(sent.IdKind)}, err
}
