package calls

import (
	"context"
	"errors"
	"net/http"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/authority"
	"vaxkiosk/sync/central/door"
	"vaxkiosk/sync/central/store"
)

// Who may call. The handshake refuses certificates that are not of this CA or not
// for clients. One whose time is over passes it and is told so in every answer, a
// kiosk that can read it being better help to IT than a broken connection. It is
// looked at again with each call, so that no connection outlives its certificate;
// whether it has been taken back is the question of package door.
//
// A kiosk sends its time with every call (Date, RFC 9110). If it differs from
// central's by more than record.ClockSlack, nothing is opened for it: neither
// the settings that it begins a visit with, nor staff's sign-in, nor a record, and
// no try is taken. What it hands in is taken all the same, and so is everything
// about it: for a saved request nobody's clock matters.

// admitted lets only kiosks call, and none that is revoked or suspended.
func (c *Calls) admitted(f endpoint) endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
			return problem(http.StatusUnauthorized, api.ProblemCertificate, "a client certificate is needed")
		}
		if c.Now().After(r.TLS.PeerCertificates[0].NotAfter) {
			return problem(http.StatusUnauthorized, api.ProblemCertificateExpired, "the client certificate has expired: enrol the kiosk again")
		}
		k, err := c.Door.LetIn(r.Context(), r.TLS.PeerCertificates[0])
		if errors.Is(err, door.ErrRevoked) || errors.Is(err, door.ErrSuspended) {
			w.Header().Set("Connection", "close") // HTTP/2 says goodbye with it
		}
		if err != nil {
			return err
		}
		ctx := audit.As(context.WithValue(r.Context(), caller{}, k), audit.Actor{Kiosk: k.Name})
		return f(w, r.WithContext(ctx))
	}
}

// onTime lets only kiosks call whose clock is right.
func (c *Calls) onTime(f endpoint) endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		if c.clocksDiffer(r) {
			return problem(http.StatusBadRequest, api.ProblemClock, "the kiosk's clock and central's differ by more than five minutes")
		}
		return f(w, r)
	}
}

// kioskOf is the id of the kiosk that calls, which it keeps with another certificate. Before
// it is let in it is the SHA-256 of what it showed, "" without a certificate.
func kioskOf(r *http.Request) string {
	if k, is := r.Context().Value(caller{}).(store.Kiosk); is {
		return k.ID
	}
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return ""
	}
	return authority.Fingerprint(r.TLS.PeerCertificates[0].Raw)
}

// caller is the key of the kiosk in the context of its call.
type caller struct{}

// kioskName is the name of the kiosk that calls.
func kioskName(r *http.Request) string {
	if k, is := r.Context().Value(caller{}).(store.Kiosk); is {
		return k.Name
	}
	return r.TLS.PeerCertificates[0].Subject.CommonName
}
