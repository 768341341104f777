package calls

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net/http"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/authority"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/enrol"
)

// Certificates of kiosks: the first one for a code (package enrol), later ones for the one
// before. A certificate is on the disk before it is answered, and counts from its first call.
//
// A code that nobody has, one that is used or too old, and a proof that does not fit have one
// answer. They are counted by address, in memory, and found out by reading, so that a flood is
// no work for the one writer; a proof for a code that is there is counted before it is compared.

func (c *Calls) postEnrolment(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, enrol.MaxBody)
	var sent api.EnrolmentRequest
	if _, err := read(r, &sent); err != nil {
		return err
	}
	if _, err := authority.KeyOf(sent.Csr); err != nil {
		return err
	}
	given, err := c.enrol(r, sent)
	if errors.Is(err, store.ErrNoInvitation) && !c.Keeper.Unlimited {
		if wait := c.guesses.Take(c.Trusted.AddressOf(r), access.AddressCodes, c.Now()); wait > 0 {
			return &store.LimitError{Limit: access.AddressCodes, Wait: wait}
		}
	}
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, given)
}

// enrol exchanges a code for a certificate; store.ErrNoInvitation is its one refusal.
func (c *Calls) enrol(r *http.Request, sent api.EnrolmentRequest) (given api.Enrolment, err error) {
	ctx, now := r.Context(), c.Now()
	i, err := c.Store.InvitationOf(ctx, sent.Id, now)
	if err != nil {
		return given, err
	}
	session, secret, err := c.prove(r, i, sent)
	if err != nil {
		return given, err
	}
	cert, err := c.CA.Certify(i.Name, sent.Csr, now)
	if err != nil {
		return given, err
	}
	given.Grant, err = json.Marshal(api.EnrolmentGrant{
		Name: i.Name, Certificate: cert.Raw, Ca: c.CA.Cert.Raw, Pin: c.Root.Thumbprint(),
		Printer: i.Printer, PrinterPin: i.PrinterPin, Paper: i.Paper,
	})
	if err != nil {
		return given, err
	}
	given.Proof = session.CentralProof(secret, given.Grant)
	err = c.Store.TakeInvitation(context.WithoutCancel(ctx), i.ID, authority.Fingerprint(cert.Raw), now, cert.NotAfter)
	if err == nil {
		c.Log.Info("a kiosk has proved its code and gets a certificate", "event", "kiosk.admitted", "kiosk", i.Name)
	}
	return given, err
}

// prove compares a kiosk's proof, and returns what central proves with. A try is counted
// before, and given back when it was right.
func (c *Calls) prove(r *http.Request, i store.Invitation, sent api.EnrolmentRequest) (s enrol.Session, secret []byte, err error) {
	if r.TLS == nil {
		return s, nil, store.ErrNoInvitation
	}
	try := c.Keeper.Use(access.InvitationTries, string(i.ID))
	var over *store.LimitError
	if err := c.Store.Take(r.Context(), c.Now(), try); errors.As(err, &over) {
		return s, nil, store.ErrNoInvitation // as one that nobody has
	} else if err != nil {
		return s, nil, err
	}
	if s, err = enrol.Begin(*r.TLS, sent.Id, sent.Csr); err != nil {
		return s, nil, err
	}
	secret = c.Keeper.Masked(i.ID, i.Secret)
	if !enrol.Same(sent.Proof, s.KioskProof(secret)) {
		if c.State.Alarms.New(access.InvitationTries, i.Name, c.Now()) {
			c.Log.Warn("an enrolment fails for a code that is there: somebody may stand between the kiosk and this service, or reads along",
				"event", "kiosk.proof-wrong", "kiosk", i.Name)
		}
		return s, nil, store.ErrNoInvitation
	}
	return s, secret, c.Store.Return(context.WithoutCancel(r.Context()), try)
}

// postCertificate renews the certificate of the kiosk that calls.
func (c *Calls) postCertificate(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, enrol.MaxBody)
	var sent api.CertificateRequest
	if _, err := read(r, &sent); err != nil {
		return err
	}
	cert, err := c.renew(r, sent.Csr)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, api.Certificate{Certificate: cert.Raw})
}

func (c *Calls) renew(r *http.Request, csr []byte) (*x509.Certificate, error) {
	ctx, now := context.WithoutCancel(r.Context()), c.Now()
	k, _ := r.Context().Value(caller{}).(store.Kiosk)
	cert, err := c.CA.Certify(k.Name, csr, now)
	if err != nil {
		return nil, err
	}
	if err := c.Store.Take(ctx, now, c.Keeper.Use(access.KioskRenewals, k.ID)); err != nil {
		return nil, err
	}
	if err := c.Store.AddRenewal(ctx, k, authority.Fingerprint(cert.Raw), now, cert.NotAfter); err != nil {
		return nil, err
	}
	c.Log.Info("a kiosk renews its certificate", "event", "kiosk.renews", "kiosk", k.Name)
	return cert, nil
}
