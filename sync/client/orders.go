package client

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"vaxkiosk/sync/api"
)

// ErrOrder is wrapped by every refusal of an order.
var ErrOrder = errors.New("what is asked of this kiosk is not accepted")

// VerifyOrder checks what central's operator asks of the kiosk with a certificate, and reads
// it: signed, as a bootstrap is, by the pinned key, for this kiosk and no other, from the list of
// the contract, and for this time.
func VerifyOrder(jws, pin string, mine *x509.Certificate, now time.Time) (api.Order, error) {
	payload, typ, err := pinned(jws, pin)
	if err != nil {
		return api.Order{}, fmt.Errorf("%w: %w", ErrOrder, err)
	}
	var o api.Order
	sum := sha256.Sum256(mine.Raw)
	switch {
	case typ != api.OrderType:
		return api.Order{}, fmt.Errorf("%w: it is something else", ErrOrder)
	case json.Unmarshal(payload, &o) != nil, !ids.MatchString(o.Id):
		return api.Order{}, fmt.Errorf("%w: not the expected JSON", ErrOrder)
	case o.Kiosk != hex.EncodeToString(sum[:]):
		return api.Order{}, fmt.Errorf("%w: it is for another kiosk, or of before its certificate", ErrOrder)
	case !o.What.Valid():
		return api.Order{}, fmt.Errorf("%w: not on the list of what may be asked", ErrOrder)
	case !now.Before(o.Expires):
		return api.Order{}, fmt.Errorf("%w: it came too late", ErrOrder)
	}
	return o, nil
}
