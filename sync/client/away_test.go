package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
)

// Certificates, both directions, and everything that is not central's answer.

func TestCertificatesThatDoNotFitAreSaidToBeThat(t *testing.T) {
	type test struct {
		server func(authority, *tls.Config)
		kiosk  func(*testing.T, *central, *Options)
		clock  bool
		says   string
	}
	other := newAuthority(t)
	tests := map[string]test{
		"central's from another CA": {
			kiosk: func(_ *testing.T, _ *central, o *Options) { o.CA = other.pool() },
			says:  "not from the configured CA",
		},
		"kiosk's from another CA": {
			kiosk: func(t *testing.T, _ *central, o *Options) { o.Cert = other.issue(t, -1, 1, "127.0.0.1") },
			says:  "central says of the kiosk's",
		},
		"kiosk's expired": {
			kiosk: func(t *testing.T, c *central, o *Options) { o.Cert = c.ca.issue(t, -2, -1, "127.0.0.1") },
			says:  "the kiosk's certificate expired on",
		},
		"kiosk's expired by central's clock": {
			kiosk: func(t *testing.T, c *central, o *Options) {
				o.Cert = c.ca.issue(t, -200, -100, "127.0.0.1")
				o.Now = func() time.Time { return time.Now().Add(-150 * time.Hour) }
			},
			says: "central says of the kiosk's: expired certificate",
		},
		"central's expired": {
			server: func(ca authority, o *tls.Config) { o.Certificates[0] = ca.issue(t, -3, -2, "127.0.0.1") },
			says:   "central's certificate has expired, or the kiosk's clock is wrong",
		},
		"central's not valid yet": {
			server: func(ca authority, o *tls.Config) { o.Certificates[0] = ca.issue(t, 2, 3, "127.0.0.1") },
			clock:  true, says: "check the kiosk's clock",
		},
		"central's for another host": {
			server: func(ca authority, o *tls.Config) { o.Certificates[0] = ca.issue(t, -1, 3, "127.0.0.2") },
			says:   "another host name",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := serve(t, tt.server, ticket())
			k := c.kiosk(t, func(o *Options) {
				if tt.kiosk != nil {
					tt.kiosk(t, c, o)
				}
			})
			_, err := k.PostRequest(t.Context(), testKey, []byte("{}"))
			if errors.Is(err, ErrClock) != tt.clock {
				t.Errorf("got %v", err)
			}
			wantCertificateError(t, err, tt.says)
			if r := c.requests(); len(r) != 0 {
				t.Errorf("central was asked %d times", len(r))
			}
		})
	}
}

func wantCertificateError(t *testing.T, err error, says string) {
	t.Helper()
	if !errors.Is(err, ErrCertificate) || errors.Is(err, ErrAway) {
		t.Fatalf("got %v", err)
	}
	if !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "127.0.0") {
		t.Errorf("it says %q, want %q without addresses", err, says)
	}
}

// The refusal races with what the client writes; about one call in ten loses.
func TestARefusedCertificateIsNeverTakenForAnOutage(t *testing.T) {
	other := newAuthority(t)
	c := serve(t, nil, release())
	for range 50 {
		k := c.kiosk(t, func(o *Options) { o.Cert = other.issue(t, -1, 1, "127.0.0.1") })
		if _, err := k.Unlock(t.Context(), testID, testEnvelope); !errors.Is(err, ErrCertificate) {
			t.Fatal(err)
		}
		k.Close()
	}
}

func TestAnOlderTLSIsRefused(t *testing.T) {
	c := serve(t, func(_ authority, o *tls.Config) { o.MinVersion, o.MaxVersion = tls.VersionTLS12, tls.VersionTLS12 }, ticket())
	if _, err := c.kiosk(t, nil).PostRequest(t.Context(), testKey, []byte("{}")); !errors.Is(err, ErrAway) {
		t.Errorf("got %v", err)
	}
	if r := c.requests(); len(r) != 0 {
		t.Errorf("central was asked over TLS 1.2")
	}
}

func TestAProxysAnswerIsNeverTakenForCentrals(t *testing.T) {
	const page = "<html><body>secret page</body></html>"
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		says   string
	}{
		"a log-in page":             {reply(200, "text/html", page), "status 200"},
		"JSON of somebody else":     {reply(200, jsonType, `[1,2]`), "JSON"},
		"JSON without content":      {reply(200, jsonType, `{}`), "ticket"},
		"a ticket without an end":   {reply(202, jsonType, `{"id":"`+testID+`","receipt":"`+request.ReceiptFor(testKey)+`"}`), "ticket"},
		"another request's receipt": {reply(202, jsonType, `{"id":"`+testID+`","receipt":"0000-0000","expiresAt":"2030-01-02T03:04:05Z"}`), "ticket"},
		"a blocked page":            {reply(403, "text/html", page), "status 403"},
		"bad gateway":               {reply(502, "text/html", page), "status 502"},
		"a redirect":                {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, "status 302"},
		"a problem that is no JSON": {reply(422, problemType, page), "status 422"},
		"another API's problem":     {reply(422, problemType, `{"type":"about:blank","title":"x","status":422}`), "status 422"},
		"an unknown code":           {problem(422, "secret"), "status 422"},
		"an endless answer": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", jsonType)
			_, _ = io.Copy(w, io.LimitReader(endless{}, maxAnswer+100))
		}, "longer than"},
	} {
		t.Run(name, func(t *testing.T) {
			c := serve(t, nil, tt.answer)
			_, err := c.kiosk(t, nil).PostRequest(t.Context(), testKey, []byte("{}"))
			if !errors.Is(err, ErrAnswer) || !errors.Is(err, ErrAway) || errors.Is(err, ErrExpired) {
				t.Errorf("got %v", err)
			}
			var p *Problem
			if errors.As(err, &p) && p.Code != "" {
				t.Errorf("it has the code %q", p.Code)
			}
			if err != nil && (!strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "secret")) {
				t.Errorf("it says %q, want %q", err, tt.says)
			}
			for _, r := range c.requests() {
				if r.path == "/elsewhere" {
					t.Error("the redirect was followed")
				}
			}
		})
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

func TestAnAnswerCutInTheMiddleIsCentralAway(t *testing.T) {
	c := serve(t, nil, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"id":"`)
		panic(http.ErrAbortHandler)
	})
	if _, err := c.kiosk(t, nil).PostRequest(t.Context(), testKey, []byte("{}")); !errors.Is(err, ErrAway) {
		t.Errorf("got %v", err)
	}
}

func TestAnAnswerThatIsTooSlowEndsWithTheContext(t *testing.T) {
	c := serve(t, nil, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	k := c.kiosk(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := k.Unlock(ctx, testID, testEnvelope)
	if !errors.Is(err, ErrAway) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if n := len(c.requests()); n > 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestAStoppedCallIsToldFromAnOutage(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := serve(t, nil, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	if _, err := c.kiosk(t, nil).Status(ctx, testID, time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestNoErrorHoldsAnAddressAnIDOrAToken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil { // nobody listens there now
		t.Fatal(err)
	}
	away := serve(t, nil, ticket())
	hangsUp := serve(t, nil, cut)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, tt := range map[string]struct {
		ctx context.Context
		url string
		ca  *central
	}{
		"nobody there": {t.Context(), "https://" + address, away},
		"hangs up":     {t.Context(), hangsUp.URL, hangsUp},
		"stopped":      {ctx, hangsUp.URL, hangsUp},
	} {
		k := tt.ca.kiosk(t, func(o *Options) { o.URL = tt.url })
		for call, c := range calls {
			_, err := c.do(tt.ctx, k)
			text := fmt.Sprint(err)
			if !errors.Is(err, ErrAway) {
				t.Errorf("%s, %s: %v", name, call, err)
			}
			for _, secret := range []string{"127.0.0.1", testID, testKey, testToken, testTracking, "http", "/v1"} {
				if strings.Contains(text, secret) {
					t.Errorf("%s, %s: %q holds %q", name, call, text, secret)
				}
			}
		}
	}
}

// What is shown, checked or printed with another day's clock would be wrong.
func TestAClockThatDiffersFromCentralsIsSaidBeforeItDoesHarm(t *testing.T) {
	for off, wrong := range map[time.Duration]bool{
		0: false, 4 * time.Minute: false, -4 * time.Minute: false, 6 * time.Minute: true, -6 * time.Minute: true, 24 * time.Hour: true, -24 * time.Hour: true,
	} {
		c := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", time.Now().Add(off).UTC().Format(http.TimeFormat))
			if r.URL.Path == "/v1/bootstrap" {
				reply(200, "application/jose", "a.b.c")(w, r)
				return
			}
			reply(200, jsonType, "{}")(w, r)
		})
		k := c.kiosk(t, nil)
		if _, _, err := k.Bootstrap(t.Context(), ""); errors.Is(err, ErrClock) != wrong || errors.Is(err, ErrCertificate) {
			t.Errorf("%s, bootstrap: %v", off, err)
		}
		if _, err := k.Record(t.Context(), testToken); errors.Is(err, ErrClock) != wrong {
			t.Errorf("%s, record: %v", off, err)
		}
	}
}
