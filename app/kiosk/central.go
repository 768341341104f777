package kiosk

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/app/usage"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/courier"
	"vaxkiosk/sync/outbox"
	"vaxkiosk/sync/seal"
)

// Central is the kiosk's way to central: it fills the desk's ports Outbox, Reports and
// Central with outbox, courier and client.
type Central struct {
	Now func() time.Time // tells how old a revocation list is

	box       *outbox.Box
	courier   *courier.Courier
	client    *client.Client
	bootstrap *Bootstrap
	revoked   revoked
	log       *slog.Logger
}

// statusWait is how long central may hold a status call; statusPause is how soon
// the next one follows.
const (
	statusWait  = 25 * time.Second
	statusPause = 2 * time.Second
)

// Save keeps a request for central.
func (w *Central) Save(ctx context.Context, r request.Request) (desk.Saved, error) {
	key, err := w.keep(ctx, seal.ForRequest, r.Encode())
	if err != nil {
		return desk.Saved{}, err
	}
	return desk.Saved{Key: key, Receipt: request.ReceiptFor(key)}, nil
}

// SaveAmendment keeps an amendment for central.
func (w *Central) SaveAmendment(ctx context.Context, c request.Correction) (desk.Saved, error) {
	key, err := w.keep(ctx, seal.ForAmend, c.Encode())
	if err != nil {
		return desk.Saved{}, err
	}
	return desk.Saved{Key: key, Receipt: request.TrackingFor(key)}, nil
}

// SaveReport keeps a problem report for central; the hour is all it says of when.
func (w *Central) SaveReport(ctx context.Context, kind, screen string) error {
	plain, err := json.Marshal(api.ProblemReport{
		Kind: api.ProblemReportKind(kind), Screen: screen, Hour: time.Now().UTC().Truncate(time.Hour),
	})
	if err != nil {
		return err
	}
	_, err = w.keep(ctx, seal.ForReport, plain)
	return err
}

// SaveUsage keeps the counts of an hour for central.
func (w *Central) SaveUsage(ctx context.Context, b usage.Batch) error {
	_, err := w.keep(ctx, seal.ForUsage, b.Encode())
	return err
}

// keep seals what central is to have under a new key and commits it; the courier
// is told afterwards.
func (w *Central) keep(ctx context.Context, p seal.Purpose, plain []byte) (key string, err error) {
	key = newKey()
	envelope, err := seal.Seal(w.bootstrap.sealingKey(), p, key, plain)
	if err != nil {
		return "", err
	}
	if err := w.box.Save(ctx, key, envelope.Encode()); err != nil {
		return "", err
	}
	w.courier.Wake()
	return key, nil
}

// newKey is a fresh idempotency key of 128 random bits.
func newKey() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// Answered waits for the courier, then for central's neutral "answered".
func (w *Central) Answered(ctx context.Context, key string) error {
	id, err := w.courier.Accepted(ctx, key)
	if err != nil {
		return err
	}
	for {
		state, err := w.client.Status(ctx, id, statusWait)
		switch {
		case err == nil && state == api.RequestStatusStateAnswered:
			return nil
		case err == nil && state == api.RequestStatusStateExpired, errors.Is(err, client.ErrExpired):
			return fault.Expired
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(statusPause):
		}
	}
}

// Unlock proves possession with code and PIN, for a request of this kiosk by its
// key or for any by its receipt.
func (w *Central) Unlock(ctx context.Context, key, receipt, code, pin string) (string, error) {
	proof, err := json.Marshal(api.Proof{Code: code, Pin: pin})
	if err != nil {
		return "", err
	}
	release, err := w.prove(ctx, key, receipt, proof)
	if err != nil {
		return "", w.opened(err)
	}
	return release.Token, nil
}

func (w *Central) prove(ctx context.Context, key, receipt string, proof []byte) (api.Release, error) {
	if key == "" {
		envelope, err := seal.Seal(w.bootstrap.sealingKey(), seal.ForPickup, receipt, proof)
		if err != nil {
			return api.Release{}, err
		}
		return w.client.Pickup(ctx, envelope)
	}
	id, err := w.sentID(ctx, key)
	if err != nil {
		return api.Release{}, err
	}
	envelope, err := seal.Seal(w.bootstrap.sealingKey(), seal.ForUnlock, key, proof)
	if err != nil {
		return api.Release{}, err
	}
	return w.client.Unlock(ctx, id, envelope)
}

// SignIn signs a staff member in.
func (w *Central) SignIn(ctx context.Context, id, pin string) (string, error) {
	plain, err := json.Marshal(api.StaffSignIn{Id: id, Pin: pin})
	if err != nil {
		return "", err
	}
	envelope, err := seal.Seal(w.bootstrap.sealingKey(), seal.ForStaff, newKey(), plain)
	if err != nil {
		return "", err
	}
	session, err := w.client.SignIn(ctx, envelope)
	return session.Token, w.opened(err)
}

// Vouch unlocks with the visitor's PIN and what a staff member has seen.
func (w *Central) Vouch(ctx context.Context, key, staffToken, idKind, pin string) (string, error) {
	plain, err := json.Marshal(api.StaffProof{Pin: pin, StaffToken: staffToken, IdKind: api.StaffProofIdKind(idKind)})
	if err != nil {
		return "", err
	}
	id, err := w.sentID(ctx, key)
	if err != nil {
		return "", err
	}
	envelope, err := seal.Seal(w.bootstrap.sealingKey(), seal.ForVouch, key, plain)
	if err != nil {
		return "", err
	}
	release, err := w.client.Unlock(ctx, id, envelope)
	return release.Token, w.opened(err)
}

// opened is the error of what central opens only for a clock that is right, its uniform
// no as the desk knows it.
func (w *Central) opened(err error) error {
	if errors.Is(err, client.ErrClock) {
		w.bootstrap.ask() // the next visitor must not come as far
	}
	var p *client.Problem
	switch {
	case !errors.As(err, &p):
	case errors.Is(p, fault.Refused):
		return &desk.Refusal{Left: p.Left}
	case errors.Is(p, fault.NoTries):
		return &desk.Refusal{Left: 0}
	}
	return err
}

// sentID is central's id of a request that has been sent.
func (w *Central) sentID(ctx context.Context, key string) (string, error) {
	id, state, err := w.box.ID(ctx, key)
	switch {
	case err != nil:
		return "", err
	case state == outbox.Waiting:
		return "", fmt.Errorf("%w: the request still waits in the outbox", client.ErrAway)
	case state == outbox.Refused:
		return "", client.ErrExpired
	}
	return id, nil
}

// Resend asks for a new pickup code.
func (w *Central) Resend(ctx context.Context, key, receipt string, other bool) (int, error) {
	if key == "" {
		left, err := w.client.ResendByReceipt(ctx, receipt, other)
		return left, err
	}
	id, err := w.sentID(ctx, key)
	if err != nil {
		return 0, err
	}
	left, err := w.client.Resend(ctx, id, other)
	return left, err
}

// Record fetches the record and verifies it with the pinned keys and issuer.
func (w *Central) Record(ctx context.Context, token string) (record.Record, error) {
	answer, err := w.client.Record(ctx, token)
	if err != nil {
		return record.Record{}, w.opened(err)
	}
	r, err := record.Parse(answer, w.bootstrap.CardKeys(), time.Now())
	switch {
	case errors.Is(err, record.ErrEarly):
		return record.Record{}, fmt.Errorf("%w: %w", fault.Clock, err)
	case err != nil:
		return record.Record{}, fmt.Errorf("%w: %w", fault.Record, err)
	}
	if r.Issuer != w.bootstrap.now.Load().Issuer {
		return record.Record{}, fmt.Errorf("%w: its issuer is not the one of central's settings", fault.Record)
	}
	return r, w.stillValid(ctx, r, 0)
}

// Track tells how far an amendment is.
func (w *Central) Track(ctx context.Context, number string) (visit.Progress, error) {
	state, err := w.client.Amendment(ctx, number)
	return visit.Progress(state), err
}

// Printed notes the outcome of a print.
func (w *Central) Printed(ctx context.Context, token, job string, how desk.Result, pages int) error {
	return w.client.PostPrint(ctx, token, job, client.Report(how.Outcome, how.Fault.Code, pages))
}
