// Package client speaks version 1 of the central API (sync/api) for a kiosk.
//
// New makes a Client from central's URL, the one CA that may vouch for central
// and the kiosk's own certificate; there is one method for each call. The
// connection is TLS 1.3 with both certificates, the system's CAs do not count
// and redirects are not followed. It may go through an HTTP proxy, which then passes
// on what it cannot read; proxies of the environment do not count.
//
// Calls that may be repeated are repeated a few times within seconds, as far as
// the context allows and central does not ask for a longer pause; long outages
// are the courier's business. Unlock and Pickup are sent at most once: each
// counts as a try, so a lost answer is an error, not a second try.
//
// Every error is one of the sentinels of errors.go or a *Problem, which is central's
// own word; fault.CodeOf tells what it means at a kiosk, and Report how a print ended
// in the contract's words. No error and no log line holds a URL, an id, a token or anything
// that central or a proxy wrote besides a known code (promise P9).
//
// Enrol is the first call of a kiosk that has only a code; Renew asks for a new certificate
// before the present one ends, and Use takes it into use.
//
// VerifyBootstrap decides whether a bootstrap can be trusted, from the network
// or from the disk.
package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/hashicorp/go-retryablehttp"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/seal"
)

// Options is what a client needs.
type Options struct {
	URL  string         // https://host[:port], without a path
	CA   *x509.CertPool // who may vouch for central; the system's CAs are not asked
	Cert tls.Certificate
	Now  func() time.Time // nil means time.Now

	// Proxy is the host:port of an HTTP proxy that leads to central, "" for none. The
	// environment's is never taken.
	Proxy string
}

// Limits of a call.
const (
	callLimit     = 30 * time.Second // when the context has no deadline
	dialLimit     = 5 * time.Second
	maxAnswer     = 4 << 20 // a record with health cards is about 60 KiB
	retries       = 2
	retryFirst    = 200 * time.Millisecond
	retryLongest  = 2 * time.Second
	deadPeerAfter = 15 * time.Second
	probeLimit    = 2 * time.Second
)

// Client is safe for concurrent use.
type Client struct {
	base string // https://host[:port]
	host string // host:port
	road road
	me   atomic.Pointer[identity]
	now  func() time.Time
	http *retryablehttp.Client // for what may be repeated
	once *http.Client          // for what may not
}

// New makes a client; nothing is sent yet.
func New(o Options) (*Client, error) {
	u, err := addressOf(o.URL)
	if err != nil {
		return nil, err
	}
	if o.CA == nil || len(o.Cert.Certificate) == 0 {
		return nil, fmt.Errorf("a CA and the kiosk's certificate are needed to talk to central")
	}
	if o.Cert.Leaf == nil {
		if o.Cert.Leaf, err = x509.ParseCertificate(o.Cert.Certificate[0]); err != nil {
			return nil, fmt.Errorf("the kiosk's certificate is not readable: %w", err)
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	conf := &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: o.CA, Certificates: []tls.Certificate{o.Cert}, Time: o.Now, ServerName: u.Hostname()}
	c := &Client{base: "https://" + u.Host, host: hostPort(u), road: road{o.Proxy}, now: o.Now}
	c.me.Store(c.identify(conf))
	c.once = &http.Client{
		Transport:     tripper(c.roundTrip),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	c.http = &retryablehttp.Client{
		HTTPClient: c.once, RetryMax: retries, RetryWaitMin: retryFirst, RetryWaitMax: retryLongest,
		CheckRetry: checkRetry, Backoff: retryablehttp.DefaultBackoff,
		ErrorHandler: giveUp,
		Logger:       nil, // its lines hold URLs
	}
	return c, nil
}

func transport(conf *tls.Config, to road) *http.Transport {
	return &http.Transport{
		DialContext:           to.dial,
		TLSHandshakeTimeout:   2 * dialLimit,
		TLSClientConfig:       conf.Clone(),
		ForceAttemptHTTP2:     true,
		HTTP2:                 &http.HTTP2Config{SendPingTimeout: deadPeerAfter, PingTimeout: dialLimit},
		IdleConnTimeout:       90 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// Close lets go of idle connections.
func (c *Client) Close() { c.me.Load().transport.CloseIdleConnections() }

// Bootstrap returns the signed bootstrap, not yet verified, and its ETag. With
// the ETag of a kept one, jws is nil when nothing has changed. ErrClock when
// central's clock differs too much.
func (c *Client) Bootstrap(ctx context.Context, etag string) (jws []byte, newETag string, err error) {
	h := http.Header{}
	if etag != "" {
		h.Set("If-None-Match", etag)
	}
	a, err := c.do(ctx, call{method: http.MethodGet, path: "/v1/bootstrap", header: h, repeat: true, kind: "application/jose"})
	if err != nil {
		return nil, "", err
	}
	if err := onTime(a.header, c.now()); err != nil {
		return nil, "", err
	}
	if a.status == http.StatusNotModified {
		return nil, etag, nil
	}
	return bytes.TrimSpace(a.body), a.header.Get("ETag"), nil
}

// Status returns how far a request is; with wait, central may hold the answer
// that long for the next state.
func (c *Client) Status(ctx context.Context, id string, wait time.Duration) (api.RequestStatusState, error) {
	path, err := requestPath(id)
	if err != nil {
		return "", err
	}
	h := http.Header{}
	if s := int(wait.Seconds()); s > 0 {
		h.Set("Prefer", fmt.Sprintf("wait=%d", s))
	}
	var s api.RequestStatus
	k := call{method: http.MethodGet, path: path, header: h, repeat: true, limit: callLimit + wait}
	if err := c.json(ctx, k, &s); err != nil {
		return "", err
	}
	if !s.State.Valid() {
		return "", fmt.Errorf("%w: unknown state", ErrAnswer)
	}
	return s.State, nil
}

// Resend asks for a new pickup code, to the same contact or the other one on
// file, and returns how often that can be asked for again. Sent at most once,
// because each call counts.
func (c *Client) Resend(ctx context.Context, id string, other bool) (left int, err error) {
	path, err := requestPath(id)
	if err != nil {
		return 0, err
	}
	return c.remind(ctx, path, other)
}

// ResendByReceipt is Resend for a request of any kiosk.
func (c *Client) ResendByReceipt(ctx context.Context, receipt string, other bool) (left int, err error) {
	canonical, ok := request.ParseReceipt(receipt)
	if !ok {
		return 0, fmt.Errorf("%w: not a receipt", ErrAnswer)
	}
	return c.remind(ctx, "/v1/pickups/"+canonical, other)
}

func (c *Client) remind(ctx context.Context, path string, other bool) (left int, err error) {
	ask := api.NoticeRequest{Contact: api.NoticeRequestContactSame}
	if other {
		ask.Contact = api.NoticeRequestContactOther
	}
	body, err := json.Marshal(ask)
	if err != nil {
		return 0, err
	}
	var t api.NoticeTicket
	if err := c.json(ctx, call{method: http.MethodPost, path: path + "/notices", body: body}, &t); err != nil {
		return 0, err
	}
	return t.Left, nil
}

// Unlock proves possession for a request of this kiosk. Sent at most once: after
// any error but a refusal the try may have been counted.
func (c *Client) Unlock(ctx context.Context, id string, e seal.Envelope) (api.Release, error) {
	path, err := requestPath(id)
	if err != nil {
		return api.Release{}, err
	}
	return c.release(ctx, path+"/unlock", e)
}

// SignIn signs a staff member in with an envelope for staff. Sent at most once,
// because failures count.
func (c *Client) SignIn(ctx context.Context, e seal.Envelope) (api.StaffSession, error) {
	var s api.StaffSession
	if err := c.json(ctx, call{method: http.MethodPost, path: "/v1/staff/sessions", body: e.Encode()}, &s); err != nil {
		return api.StaffSession{}, err
	}
	if s.Token == "" {
		return api.StaffSession{}, fmt.Errorf("%w: no token", ErrAnswer)
	}
	return s, nil
}

// Pickup proves possession for the receipt that the envelope has as its key.
// Sent at most once, like Unlock.
func (c *Client) Pickup(ctx context.Context, e seal.Envelope) (api.Release, error) {
	return c.release(ctx, "/v1/pickups", e)
}

func (c *Client) release(ctx context.Context, path string, e seal.Envelope) (api.Release, error) {
	var r api.Release
	if err := c.json(ctx, call{method: http.MethodPost, path: path, body: e.Encode()}, &r); err != nil {
		return api.Release{}, err
	}
	if r.Token == "" {
		return api.Release{}, fmt.Errorf("%w: no token", ErrAnswer)
	}
	return r, nil
}

// Record returns the bytes of a RecordAnswer, not yet verified; record.Parse does.
// ErrClock when central's clock differs too much: the paper would have a wrong date.
func (c *Client) Record(ctx context.Context, token string) ([]byte, error) {
	a, err := c.do(ctx, call{method: http.MethodGet, path: "/v1/record", header: bearer(token), repeat: true, kind: jsonType})
	if err == nil {
		err = onTime(a.header, c.now())
	}
	return a.body, err
}

// PostPrint notes how a print ended. Job is random, 16 to 64 characters, the same in
// every repetition.
func (c *Client) PostPrint(ctx context.Context, token, job string, r api.PrintReport) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	h := idempotent(job)
	h.Set("Authorization", "Bearer "+token)
	_, err = c.do(ctx, call{method: http.MethodPost, path: "/v1/record/prints", header: h, body: body, repeat: true})
	return err
}

// JWKS returns the public keys of health cards as central publishes them. What a
// kiosk trusts are the keys of the bootstrap (CardKeys).
func (c *Client) JWKS(ctx context.Context) (jose.JSONWebKeySet, error) {
	var s jose.JSONWebKeySet
	err := c.json(ctx, call{method: http.MethodGet, path: "/.well-known/jwks.json", repeat: true}, &s)
	return s, err
}

// maxList is how long a revocation list may be, in bytes: about a million entries.
const maxList = 32 << 20

// Revoked returns the revocation list of a key of health cards, and its ETag. With the
// ETag of the one that the caller has, list is nil when nothing has changed.
func (c *Client) Revoked(ctx context.Context, kid, etag string) (list []string, newETag string, err error) {
	h := http.Header{}
	if etag != "" {
		h.Set("If-None-Match", etag)
	}
	a, err := c.do(ctx, call{
		method: http.MethodGet, path: "/.well-known/crl/" + url.PathEscape(kid) + ".json", header: h, repeat: true, kind: jsonType, most: maxList,
	})
	if err != nil || etag != "" && a.status == http.StatusNotModified {
		return nil, etag, err
	}
	var l api.RevocationList
	if json.Unmarshal(a.body, &l) != nil || l.Kid != kid || l.Method != api.Rid || l.Rids == nil {
		return nil, "", fmt.Errorf("%w: not the revocation list of the key", ErrAnswer)
	}
	return l.Rids, a.header.Get("ETag"), nil
}

// Ready asks whether central can take requests; nil means it can.
func (c *Client) Ready(ctx context.Context) error {
	_, err := c.do(ctx, call{method: http.MethodGet, path: "/readyz"})
	return err
}

// ids is what the API admits as a request's id.
var ids = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)

func requestPath(id string) (string, error) {
	if !ids.MatchString(id) {
		return "", fmt.Errorf("%w: not the id of a request", ErrAnswer)
	}
	return "/v1/requests/" + id, nil
}

func idempotent(key string) http.Header { return http.Header{"Idempotency-Key": {key}} }

func bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }
