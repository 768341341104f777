package operator

import (
	"context"
	"encoding/json"
	"fmt"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// Amendments rest as the kiosk sealed them. Only an operator opens one, and each look is
// noted first.

// Amendment is what may be told of an amendment without opening it.
type Amendment = store.Amendment

// Amendments lists the amendments that are not closed, or all, oldest first.
func (o *Operator) Amendments(ctx context.Context, closed bool) ([]Amendment, error) {
	return o.f.Store.Amendments(ctx, closed, o.now())
}

// OpenAmendment opens an amendment for somebody, which is noted.
func (o *Operator) OpenAmendment(ctx context.Context, ref string, by Looker) (Amendment, request.Correction, error) {
	a, err := o.f.Store.LookAt(ctx, ref, by, o.now())
	if err != nil {
		return a, request.Correction{}, err
	}
	e, err := seal.Decode(a.Envelope)
	if err != nil {
		return a, request.Correction{}, err
	}
	plain, err := o.f.Sealing.Open(e, seal.ForAmend, a.Key)
	if err != nil {
		return a, request.Correction{}, err
	}
	// It was checked on arrival, and the rules may have changed since.
	var what request.Correction
	if json.Unmarshal(plain, &what) != nil {
		return a, what, fmt.Errorf("the correction %s is not readable: it was written by another version", ref)
	}
	return a, what, nil
}

// CloseAmendment closes an amendment, erases what it says and notes by whom.
func (o *Operator) CloseAmendment(ctx context.Context, ref string, by Looker) error {
	return o.f.Store.CloseAmendment(ctx, ref, by, o.now())
}
