package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/seal"
)

// What a kiosk hands in from its outbox. Each may be repeated with the same key
// and bytes as often as needed.

// Taken is central's word that it has what was posted.
type Taken struct {
	ID      string    // a request's id, a correction's tracking number, otherwise empty
	Expires time.Time // until then central can be asked for it; zero when it cannot
}

// Post hands in what the outbox keeps: an envelope sealed for a request, a
// correction, a problem report or counts of usage.
func (c *Client) Post(ctx context.Context, p seal.Purpose, key string, envelope []byte) (Taken, error) {
	switch p {
	case seal.ForRequest:
		t, err := c.PostRequest(ctx, key, envelope)
		return Taken{t.Id, t.ExpiresAt}, err
	case seal.ForAmend:
		t, err := c.PostAmendment(ctx, key, envelope)
		return Taken{t.Ref, t.ExpiresAt}, err
	case seal.ForReport:
		return Taken{}, c.PostProblemReport(ctx, key, envelope)
	case seal.ForUsage:
		return Taken{}, c.PostUsageBatch(ctx, key, envelope)
	case seal.ForUnlock, seal.ForVouch, seal.ForPickup, seal.ForStaff:
	}
	return Taken{}, fmt.Errorf("an envelope for %q is not handed in", p)
}

// PostRequest hands in a sealed request.
func (c *Client) PostRequest(ctx context.Context, key string, envelope []byte) (api.Ticket, error) {
	var t api.Ticket
	k := handIn("/v1/requests", key, envelope)
	k.header.Set("Prefer", api.PreferLongReceipt)
	if err := c.json(ctx, k, &t); err != nil {
		return api.Ticket{}, err
	}
	fits := t.Receipt == request.ReceiptFor(key) || t.Receipt == request.OldReceiptFor(key) // of an older central
	if !ids.MatchString(t.Id) || !fits || t.ExpiresAt.IsZero() {
		return api.Ticket{}, fmt.Errorf("%w: ticket does not fit the request", ErrAnswer)
	}
	return t, nil
}

// PostAmendment hands in a sealed correction.
func (c *Client) PostAmendment(ctx context.Context, key string, envelope []byte) (api.AmendmentTicket, error) {
	var t api.AmendmentTicket
	if err := c.json(ctx, handIn("/v1/amendments", key, envelope), &t); err != nil {
		return api.AmendmentTicket{}, err
	}
	if t.Ref != request.TrackingFor(key) || t.ExpiresAt.IsZero() {
		return api.AmendmentTicket{}, fmt.Errorf("%w: ticket does not fit the correction", ErrAnswer)
	}
	return t, nil
}

// PostProblemReport hands in a sealed problem report.
func (c *Client) PostProblemReport(ctx context.Context, key string, envelope []byte) error {
	return c.noted(ctx, handIn("/v1/problem-reports", key, envelope))
}

// PostUsageBatch hands in the sealed counts of an hour.
func (c *Client) PostUsageBatch(ctx context.Context, key string, envelope []byte) error {
	return c.noted(ctx, handIn("/v1/usage-batches", key, envelope))
}

func handIn(path, key string, envelope []byte) call {
	return call{method: http.MethodPost, path: path, header: idempotent(key), body: envelope, repeat: true}
}

// noted makes a call whose good answer is 204; another good status is not central's.
func (c *Client) noted(ctx context.Context, k call) error {
	a, err := c.do(ctx, k)
	if err == nil && a.status != http.StatusNoContent {
		return fmt.Errorf("%w: status %d where there should be nothing to say", ErrAnswer, a.status)
	}
	return err
}

// Amendment returns how far a correction is. The tracking number opens nothing,
// but it is the visitor's: no error holds it. One that central does not know is
// fault.NoTracking.
func (c *Client) Amendment(ctx context.Context, tracking string) (api.AmendmentStatusState, error) {
	ref, ok := request.ParseTracking(tracking)
	if !ok {
		return "", fmt.Errorf("%w: not a tracking number", ErrAnswer)
	}
	var s api.AmendmentStatus
	err := c.json(ctx, call{method: http.MethodGet, path: "/v1/amendments/" + ref, repeat: true}, &s)
	var p *Problem
	switch {
	case errors.As(err, &p) && p.Code == api.ProblemUnknown:
		return "", fmt.Errorf("%w: %w", fault.NoTracking, err)
	case err != nil:
		return "", err
	}
	if !s.State.Valid() {
		return "", fmt.Errorf("%w: unknown state", ErrAnswer)
	}
	return s.State, nil
}
