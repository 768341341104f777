package client

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/seal"
)

const (
	testID    = "request-0123456789"
	testKey   = "idempotency-0123456789"
	testToken = "token-0123456789"
)

var testEnvelope = seal.Envelope{Version: 1, KeyID: "kid", Purpose: seal.ForUnlock, Key: testKey, Encap: []byte("enc"), Ciphertext: []byte("ct")}

var testTracking = request.TrackingFor(testKey)

func noContent(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }

func ticket() http.HandlerFunc {
	return reply(202, jsonType, `{"id":"`+testID+`","receipt":"`+request.ReceiptFor(testKey)+`","expiresAt":"2030-01-02T03:04:05Z"}`)
}

func release() http.HandlerFunc {
	return reply(200, jsonType, `{"token":"`+testToken+`","expiresAt":"2030-01-02T03:04:05Z"}`)
}

var expires = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)

// calls is every call with a good answer and what central must have been asked.
var calls = map[string]struct {
	do     func(context.Context, *Client) (any, error)
	answer http.HandlerFunc
	want   any
	asked  asked // header: only those named are compared
	repeat bool
}{
	"bootstrap": {
		do: func(ctx context.Context, c *Client) (any, error) {
			jws, etag, err := c.Bootstrap(ctx, `"old"`)
			return string(jws) + etag, err
		},
		answer: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"new"`)
			reply(200, "application/jose", "a.b.c\n")(w, r)
		},
		want:   `a.b.c"new"`,
		asked:  asked{"GET", "/v1/bootstrap", http.Header{"If-None-Match": {`"old"`}}, ""},
		repeat: true,
	},
	"bootstrap not changed": {
		do: func(ctx context.Context, c *Client) (any, error) {
			jws, etag, err := c.Bootstrap(ctx, `"old"`)
			return string(jws) + etag, err
		},
		answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) },
		want:   `"old"`,
		asked:  asked{"GET", "/v1/bootstrap", nil, ""},
		repeat: true,
	},
	"request": {
		do: func(ctx context.Context, c *Client) (any, error) {
			return c.PostRequest(ctx, testKey, []byte(`{"ct":"x"}`))
		},
		answer: ticket(),
		want:   api.Ticket{Id: testID, Receipt: request.ReceiptFor(testKey), ExpiresAt: expires},
		asked:  asked{"POST", "/v1/requests", http.Header{"Idempotency-Key": {testKey}, "Content-Type": {jsonType}}, `{"ct":"x"}`},
		repeat: true,
	},
	"request from the outbox": {
		do: func(ctx context.Context, c *Client) (any, error) {
			return c.Post(ctx, seal.ForRequest, testKey, []byte(`{"ct":"x"}`))
		},
		answer: ticket(),
		want:   Taken{testID, expires},
		asked:  asked{"POST", "/v1/requests", http.Header{"Idempotency-Key": {testKey}}, `{"ct":"x"}`},
		repeat: true,
	},
	"correction": {
		do: func(ctx context.Context, c *Client) (any, error) {
			return c.Post(ctx, seal.ForAmend, testKey, []byte(`{"ct":"x"}`))
		},
		answer: reply(202, jsonType, `{"ref":"`+testTracking+`","expiresAt":"2030-01-02T03:04:05Z"}`),
		want:   Taken{testTracking, expires},
		asked:  asked{"POST", "/v1/amendments", http.Header{"Idempotency-Key": {testKey}, "Content-Type": {jsonType}}, `{"ct":"x"}`},
		repeat: true,
	},
	"state of a correction": {
		do: func(ctx context.Context, c *Client) (any, error) {
			return c.Amendment(ctx, strings.ToLower(strings.ReplaceAll(testTracking, "-", " ")))
		},
		answer: reply(200, jsonType, `{"state":"in-review"}`),
		want:   api.AmendmentStatusStateInReview,
		asked:  asked{"GET", "/v1/amendments/" + testTracking, nil, ""},
		repeat: true,
	},
	"problem report": {
		do: func(ctx context.Context, c *Client) (any, error) {
			return c.Post(ctx, seal.ForReport, testKey, []byte(`{"ct":"x"}`))
		},
		answer: noContent,
		want:   Taken{},
		asked:  asked{"POST", "/v1/problem-reports", http.Header{"Idempotency-Key": {testKey}, "Content-Type": {jsonType}}, `{"ct":"x"}`},
		repeat: true,
	},
	"counts of usage": {
		do: func(ctx context.Context, c *Client) (any, error) {
			return c.Post(ctx, seal.ForUsage, testKey, []byte(`{"ct":"x"}`))
		},
		answer: noContent,
		want:   Taken{},
		asked:  asked{"POST", "/v1/usage-batches", http.Header{"Idempotency-Key": {testKey}, "Content-Type": {jsonType}}, `{"ct":"x"}`},
		repeat: true,
	},
	"status": {
		do:     func(ctx context.Context, c *Client) (any, error) { return c.Status(ctx, testID, 25*time.Second) },
		answer: reply(200, jsonType, `{"state":"processing"}`),
		want:   api.RequestStatusStateProcessing,
		asked:  asked{"GET", "/v1/requests/" + testID, http.Header{"Prefer": {"wait=25"}}, ""},
		repeat: true,
	},
	"unlock": {
		do:     func(ctx context.Context, c *Client) (any, error) { return c.Unlock(ctx, testID, testEnvelope) },
		answer: release(),
		want:   api.Release{Token: testToken, ExpiresAt: expires},
		asked:  asked{"POST", "/v1/requests/" + testID + "/unlock", nil, string(testEnvelope.Encode())},
	},
	"pickup": {
		do:     func(ctx context.Context, c *Client) (any, error) { return c.Pickup(ctx, testEnvelope) },
		answer: release(),
		want:   api.Release{Token: testToken, ExpiresAt: expires},
		asked:  asked{"POST", "/v1/pickups", nil, string(testEnvelope.Encode())},
	},
	"remind by receipt": {
		do:     func(ctx context.Context, c *Client) (any, error) { return c.ResendByReceipt(ctx, "7kq2m4v0", true) },
		answer: reply(202, jsonType, `{"left":1}`),
		want:   1,
		asked:  asked{"POST", "/v1/pickups/7KQ2-M4V0/notices", nil, `{"contact":"other"}`},
	},
	"record": {
		do:     func(ctx context.Context, c *Client) (any, error) { return c.Record(ctx, testToken) },
		answer: reply(200, jsonType, `{"record":"x","cards":[]}`),
		want:   []byte(`{"record":"x","cards":[]}`),
		asked:  asked{"GET", "/v1/record", http.Header{"Authorization": {"Bearer " + testToken}}, ""},
		repeat: true,
	},
	"print": {
		do: func(ctx context.Context, c *Client) (any, error) {
			return nil, c.PostPrint(ctx, testToken, testKey, api.PrintReport{Outcome: api.Printed, Pages: 2})
		},
		answer: noContent,
		asked: asked{
			"POST", "/v1/record/prints",
			http.Header{"Authorization": {"Bearer " + testToken}, "Idempotency-Key": {testKey}},
			`{"outcome":"printed","pages":2}`,
		},
		repeat: true,
	},
	"heartbeat": {
		do: func(ctx context.Context, c *Client) (any, error) {
			_, err := c.Heartbeat(ctx, api.Heartbeat{Version: "0.3.0", Screen: api.InService, Waiting: 2, Oldest: 61})
			return nil, err
		},
		answer: noContent,
		asked:  asked{"POST", "/v1/heartbeat", nil, `{"oldest":61,"refused":0,"screen":"in-service","version":"0.3.0","waiting":2}`},
	},
	"diagnostics": {
		do: func(ctx context.Context, c *Client) (any, error) {
			return nil, c.Diagnostics(ctx, testKey, "all is well")
		},
		answer: noContent,
		asked:  asked{"POST", "/v1/diagnostics", nil, `{"order":"` + testKey + `","text":"all is well"}`},
		repeat: true,
	},
	"keys of health cards": {
		do: func(ctx context.Context, c *Client) (any, error) {
			set, err := c.JWKS(ctx)
			if err != nil || len(set.Keys) != 1 {
				return nil, err
			}
			return set.Keys[0].KeyID, nil
		},
		answer: reply(200, jsonType, `{"keys":[{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"card",`+
			`"x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}`), // RFC 7515, A.3
		want:   "card",
		asked:  asked{"GET", "/.well-known/jwks.json", nil, ""},
		repeat: true,
	},
	"readiness": {
		do:     func(ctx context.Context, c *Client) (any, error) { return nil, c.Ready(ctx) },
		answer: reply(200, "text/plain", "ok"),
		asked:  asked{"GET", "/readyz", nil, ""},
	},
}

func TestEveryCallAsksAndReadsWhatTheContractSays(t *testing.T) {
	for name, tt := range calls {
		t.Run(name, func(t *testing.T) {
			c := serve(t, nil, tt.answer)
			got, err := tt.do(t.Context(), c.kiosk(t, nil))
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %v, %v, want %v", got, err, tt.want)
			}
			r := c.requests()
			if len(r) != 1 || r[0].method != tt.asked.method || r[0].path != tt.asked.path || r[0].body != tt.asked.body {
				t.Fatalf("asked %+v", r)
			}
			for k, v := range tt.asked.header {
				if !reflect.DeepEqual(r[0].header[k], v) {
					t.Errorf("%s is %q, want %q", k, r[0].header[k], v)
				}
			}
		})
	}
}

func TestOnlyWhatIsIdempotentIsRepeatedAfterA503(t *testing.T) {
	for name, tt := range calls {
		t.Run(name, func(t *testing.T) {
			c := serve(t, nil, inTurn(problem(503, "busy"), problem(500, "internal"), tt.answer))
			got, err := tt.do(t.Context(), c.kiosk(t, nil))
			if !tt.repeat {
				if n := len(c.requests()); n != 1 || !errors.Is(err, ErrAway) {
					t.Errorf("asked %d times, %v; want once", n, err)
				}
				return
			}
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %v, %v", got, err)
			}
			r := c.requests()
			if len(r) != 3 || r[0].body != r[2].body || r[0].header.Get("Idempotency-Key") != r[2].header.Get("Idempotency-Key") {
				t.Errorf("asked %+v", r)
			}
		})
	}
}

func TestOnlyWhatIsIdempotentIsRepeatedAfterACut(t *testing.T) {
	for name, tt := range calls {
		for _, protocol := range []string{"h2", "http/1.1"} {
			t.Run(name+" "+protocol, func(t *testing.T) {
				c := serve(t, nil, inTurn(cut, tt.answer))
				k := c.kiosk(t, nil)
				if protocol == "http/1.1" {
					k = oldProtocol(t, c)
				}
				_, err := tt.do(t.Context(), k)
				if n := len(c.requests()); tt.repeat && (n != 2 || err != nil) || !tt.repeat && (n != 1 || !errors.Is(err, ErrAway)) {
					t.Errorf("asked %d times, %v", n, err)
				}
			})
		}
	}
}

func oldProtocol(t *testing.T, c *central) *Client {
	t.Helper()
	k := c.kiosk(t, nil)
	tr := k.me.Load().transport
	tr.ForceAttemptHTTP2 = false
	tr.TLSClientConfig.NextProtos = []string{"http/1.1"}
	return k
}

func TestProblemsKeepTheirCodeAndBecomeTheirSentinel(t *testing.T) {
	for _, tt := range []struct {
		status int
		code   string
		is     error
	}{
		{403, api.ProblemRefused, nil},
		{423, api.ProblemOver, nil},
		{410, api.ProblemExpired, ErrExpired},
		{404, api.ProblemUnknown, nil},
		{422, api.ProblemKeyReused, nil},
		{422, api.ProblemBadEnvelope, nil},
		{400, api.ProblemBadRequest, nil},
		{400, api.ProblemUnknownField, nil},
		{400, api.ProblemWrongType, nil},
		{400, api.ProblemClock, ErrClock}, // and the answer's own date does not say by how much
		{413, api.ProblemTooLarge, nil},
		{401, api.ProblemToken, ErrExpired},
		{401, api.ProblemCertificate, ErrCertificate},
		{401, api.ProblemCertificateExpired, ErrCertificate},
		{401, api.ProblemKioskRevoked, ErrCertificate},
		{403, api.ProblemStaff, nil},
		{423, api.ProblemStaffLocked, nil},
		{401, api.ProblemStaffToken, nil},
		{429, api.ProblemStaffLimit, nil},
		{429, api.ProblemNoNotices, nil},
		{429, api.ProblemBusy, ErrAway},
		{429, api.ProblemTooMany, ErrAway},
		{500, api.ProblemInternal, ErrAway},
	} {
		t.Run(tt.code, func(t *testing.T) {
			c := serve(t, nil, problem(tt.status, tt.code))
			_, err := c.kiosk(t, nil).Unlock(t.Context(), testID, testEnvelope)
			var p *Problem
			if !errors.As(err, &p) || p.Status != tt.status || p.Code != tt.code || p.Left != -1 {
				t.Fatalf("got %#v", err)
			}
			for _, s := range []error{ErrAway, ErrExpired, ErrCertificate, ErrClock, ErrAnswer} {
				if errors.Is(err, s) != errors.Is(tt.is, s) {
					t.Errorf("errors.Is(%v) is %v", s, errors.Is(err, s))
				}
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error repeats what was received: %v", err)
			}
		})
	}
}

func TestARefusalTellsTheTriesLeft(t *testing.T) {
	c := serve(t, nil, reply(403, problemType, `{"type":"urn:vaxkiosk:problem:refused","title":"no","status":403,"attemptsLeft":3}`))
	_, err := c.kiosk(t, nil).Pickup(t.Context(), testEnvelope)
	var p *Problem
	if !errors.As(err, &p) || p.Left != 3 || p.Code != api.ProblemRefused {
		t.Errorf("got %#v", err)
	}
}

func TestALongRetryAfterIsHandedOnAndNotWaitedFor(t *testing.T) {
	for value, want := range map[string]time.Duration{"120": 2 * time.Minute, "999999999": 24 * time.Hour, "soon": 0, "-5": 0} {
		c := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", value)
			problem(429, "busy")(w, r)
		})
		_, err := c.kiosk(t, nil).PostRequest(t.Context(), testKey, []byte("{}"))
		var p *Problem
		if !errors.As(err, &p) || p.RetryAfter != want {
			t.Errorf("%s: %#v", value, err)
		}
		if n := len(c.requests()); want > 0 && n != 1 {
			t.Errorf("%s: asked %d times", value, n)
		}
	}
}

func TestRetryAfterReadsDates(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"Mon, 23 Nov 2026 08:01:30 GMT": 90 * time.Second, "Mon, 23 Nov 2026 07:00:00 GMT": 0, "Sat, 23 Nov 2030 08:00:00 GMT": 24 * time.Hour,
	} {
		if got := retryAfter(http.Header{"Retry-After": {value}}, now); got != want {
			t.Errorf("%s: %v, want %v", value, got, want)
		}
	}
}

func TestAnIDOutsideTheContractIsNeverSent(t *testing.T) {
	c := serve(t, nil, release())
	for _, id := range []string{"", "short", "../../../readyz/0123456", "id with spaces 0123", strings.Repeat("x", 65)} {
		if _, err := c.kiosk(t, nil).Unlock(t.Context(), id, testEnvelope); err == nil {
			t.Errorf("%q was sent", id)
		}
	}
	if r := c.requests(); len(r) != 0 {
		t.Errorf("asked %+v", r)
	}
}

func TestNewRefusesWhatCannotBeSafe(t *testing.T) {
	ca := newAuthority(t)
	cert := ca.issue(t, -1, 1, "127.0.0.1")
	for _, url := range []string{"", "http://central.example.org", "https://", "https://central.example.org/path", "https://user@central.example.org", "::"} {
		if _, err := New(Options{URL: url, CA: ca.pool(), Cert: cert}); err == nil {
			t.Errorf("%q was taken", url)
		}
	}
	if _, err := New(Options{URL: "https://central.example.org", Cert: cert}); err == nil {
		t.Error("the system's CAs would count")
	}
	if _, err := New(Options{URL: "https://central.example.org", CA: ca.pool()}); err == nil {
		t.Error("no certificate of the kiosk")
	}
}

// Nobody asked whether it has changed, so this is no answer; taken for one, it would be an empty list.
func TestAListThatWasNeverReadCannotBeUnchanged(t *testing.T) {
	c := serve(t, nil, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) })
	if list, _, err := c.kiosk(t, nil).Revoked(t.Context(), "kid", ""); list != nil || !errors.Is(err, ErrAnswer) {
		t.Errorf("%v, %v", list, err)
	}
	if _, etag, err := c.kiosk(t, nil).Revoked(t.Context(), "kid", `"1"`); etag != `"1"` || err != nil {
		t.Errorf("a list that was: %q, %v", etag, err)
	}
}
