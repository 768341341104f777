package client

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"vaxkiosk/sync/api"
)

// One call, from request to checked answer. Rules: only what may be repeated is
// repeated; bodies have a limit both ways; an answer counts only when its media
// type is the one of the contract, so that a proxy's page is never taken for
// central's word.

const (
	jsonType    = "application/json"
	problemType = "application/problem+json"
)

type call struct {
	method, path string
	header       http.Header
	body         []byte
	kind         string // media type of a good answer; empty when the body does not matter
	repeat       bool   // may be repeated
	limit        time.Duration
	most         int // bytes of an answer; 0 is maxAnswer
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// json makes a call whose good answer is JSON.
func (c *Client) json(ctx context.Context, k call, into any) error {
	k.kind = jsonType
	a, err := c.do(ctx, k)
	if err != nil {
		return err
	}
	if json.Unmarshal(a.body, into) != nil {
		return fmt.Errorf("%w: not the expected JSON", ErrAnswer)
	}
	return nil
}

func (c *Client) do(ctx context.Context, k call) (answer, error) {
	if end := c.Certificate().NotAfter; c.now().After(end) {
		return answer{}, fmt.Errorf("%w: the kiosk's certificate expired on %s", ErrCertificate, end.Format(time.DateOnly))
	}
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, max(k.limit, callLimit))
		defer cancel()
	}
	res, err := c.send(ctx, k)
	if err != nil {
		return answer{}, c.explain(ctx, err)
	}
	defer res.Body.Close()
	most := cmp.Or(k.most, maxAnswer)
	body, err := io.ReadAll(io.LimitReader(res.Body, int64(most)+1))
	if err != nil {
		return answer{}, c.explain(ctx, err)
	}
	if len(body) > most {
		return answer{}, fmt.Errorf("%w: longer than %d bytes", ErrAnswer, most)
	}
	a := answer{res.StatusCode, res.Header, body}
	err = a.check(k.kind, c.now())
	if errors.Is(err, ErrClock) {
		err = cmp.Or(onTime(a.header, c.now()), err) // by how much it differs
	}
	return a, err
}

func (c *Client) send(ctx context.Context, k call) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, k.method, c.base+k.path, nil)
	if err != nil {
		return nil, err
	}
	if k.header != nil {
		req.Header = k.header
	}
	req.Header.Set("Date", c.now().UTC().Format(http.TimeFormat)) // central compares its clock with it
	req.Header.Set("Accept", strings.TrimPrefix(k.kind+", "+problemType, ", "))
	if k.body != nil {
		req.Header.Set("Content-Type", jsonType)
	}
	if !k.repeat {
		// No GetBody: net/http cannot send it a second time either.
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(k.body)), int64(len(k.body))
		return c.once.Do(req)
	}
	again, err := retryablehttp.FromRequest(req)
	if err != nil {
		return nil, err
	}
	if k.body != nil {
		if err := again.SetBody(k.body); err != nil {
			return nil, err
		}
	}
	return c.http.Do(again)
}

// checkRetry repeats after a lost connection and after 429 and 5xx, unless
// central asks for a pause that is for the courier to keep.
func checkRetry(ctx context.Context, res *http.Response, err error) (bool, error) {
	if res != nil && retryAfter(res.Header, time.Now()) > retryLongest {
		return false, nil
	}
	return retryablehttp.DefaultRetryPolicy(ctx, res, err)
}

// giveUp hands out the last answer or error as it is; the library's own text
// would hold the URL.
func giveUp(res *http.Response, err error, _ int) (*http.Response, error) {
	if err != nil && res != nil {
		_ = res.Body.Close() // the error counts
		res = nil
	}
	return res, err
}

// check tells a good answer from a problem and from what is not central's.
func (a answer) check(kind string, now time.Time) error {
	media, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
	switch {
	case a.status == http.StatusNotModified, a.status >= 200 && a.status < 300 && (kind == "" || media == kind):
		return nil
	case a.status >= 400 && media == problemType:
		return a.problem(now)
	case a.status >= 400:
		return &Problem{Status: a.status, Left: -1, RetryAfter: retryAfter(a.header, now)}
	}
	return fmt.Errorf("%w: status %d with another media type than the contract's", ErrAnswer, a.status)
}

func (a answer) problem(now time.Time) error {
	var p api.Problem
	if json.Unmarshal(a.body, &p) != nil {
		return fmt.Errorf("%w: status %d with a problem that is not JSON", ErrAnswer, a.status)
	}
	out := &Problem{Status: a.status, Left: -1, RetryAfter: retryAfter(a.header, now)}
	if _, known := faults[p.Code()]; known && strings.HasPrefix(p.Type, api.ProblemPrefix) {
		out.Code = p.Code()
	}
	if p.AttemptsLeft != nil {
		out.Left = max(0, *p.AttemptsLeft)
	}
	return out
}
