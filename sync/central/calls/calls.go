// Package calls is the HTTP API of central, one file a resource; sync/api/openapi.yaml is the
// contract. New makes the calls of an open data folder, and Handler answers them.
//
// A call keeps what is handed in, sealed and committed, before it is answered; what becomes
// of it is the worker's business and makes no difference here. Whatever is wrong with a proof,
// the answer is the same and takes as long, a try is taken before anything is compared, and
// no status, header or time tells whether a record exists, or a staff account.
//
// No personal value and no id gets into its log lines. It sends no notice and changes
// nobody's record.
package calls

import (
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"sync/atomic"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/door"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/notify"
	"vaxkiosk/sync/central/sealing"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// The rules of every call: a kiosk shows its certificate, unless the call is
// public (admit.go); nothing is to be stored by anybody on the way; bodies are at most 64
// KiB of the JSON of the contract and nothing more; every error is a problem of
// RFC 9457 with a code of package api. The log has route, status and time.

// endpoint answers a call; an error becomes a problem.
type endpoint func(http.ResponseWriter, *http.Request) error

// MaxWait is how long an answer may wait for what is asked for.
const MaxWait = 25 * time.Second

// Options of New. All but Service, Trusted and Reads are required.
type Options struct {
	Store *store.Store
	folder.Keys
	State *notify.State
	Door  *door.Door

	Issuer    string       // iss of health cards
	Service   string       // name of the service; empty: kiosks say it in the words of each language
	Registry  string       // name of the registry, for the paper
	HelpPhone string       // for people who are stuck
	Trusted   door.Proxies // before the check page
	Reads     int          // up to which version of a request (what this program writes)

	Now func() time.Time
	Log *slog.Logger
}

// Calls answers the calls of one service. Use New to get one.
type Calls struct {
	Options

	opener    sealing.Opener
	bootstrap atomic.Pointer[bootstrap]
	lists     lists        // of revoked cards
	probe     probe        // of the database
	wrong     door.Buckets // wrong codes and birth dates of the check page, by address
	guesses   door.Buckets // wrong codes of invitations, by address
	beats     beats
}

// New makes the calls of a service.
func New(o Options) (*Calls, error) {
	for _, l := range reached {
		o.State.Counts.Limits(l.Name)
	}
	c := &Calls{Options: o, opener: sealing.Opener{Keys: o.Sealing, Store: o.Store, Now: o.Now, Reads: o.Reads}}
	return c, c.Renew()
}

// Handler answers every call.
func (c *Calls) Handler() http.Handler {
	mux := http.NewServeMux()
	public := func(pattern string, f endpoint) { mux.Handle(pattern, c.wrap(f)) }
	kiosk := func(pattern string, f endpoint) { public(pattern, c.admitted(f)) }
	timed := func(pattern string, f endpoint) { kiosk(pattern, c.onTime(f)) }
	public("POST /v1/enrolments", c.onTime(c.postEnrolment))
	kiosk("POST /v1/certificate", c.postCertificate)
	timed("GET /v1/bootstrap", c.getBootstrap)
	kiosk("POST /v1/heartbeat", c.postHeartbeat)
	kiosk("POST /v1/diagnostics", c.postDiagnostics)
	kiosk("POST /v1/requests", c.postRequest)
	kiosk("GET /v1/requests/{id}", c.getRequest)
	kiosk("POST /v1/requests/{id}/notices", c.postResend)
	kiosk("POST /v1/pickups/{receipt}/notices", c.postPickupResend)
	timed("POST /v1/requests/{id}/unlock", c.postUnlock)
	timed("POST /v1/staff/sessions", c.postStaffSession)
	timed("POST /v1/pickups", c.postPickup)
	timed("GET /v1/record", c.getRecord)
	kiosk("POST /v1/record/prints", c.postPrint)
	kiosk("POST /v1/amendments", c.postAmendment)
	kiosk("GET /v1/amendments/{ref}", c.getAmendment)
	kiosk("POST /v1/problem-reports", c.postProblem)
	kiosk("POST /v1/usage-batches", c.postUsage)
	public("GET /.well-known/jwks.json", anyPage(c.getJWKS))
	public("OPTIONS /.well-known/jwks.json", anyPage(preflight))
	public("GET /.well-known/crl/{file}", anyPage(c.getRevoked))
	public("OPTIONS /.well-known/crl/{file}", anyPage(preflight))
	for _, path := range []string{"/check", "/check/{$}", "/check/{code}"} {
		public("GET "+path, c.getCheck)
		public("POST "+path, c.postCheck)
	}
	public("GET /check.css", getCheckStyle)
	public("GET /healthz", func(w http.ResponseWriter, _ *http.Request) error { return answer(w, http.StatusOK, "ok") })
	public("GET /readyz", c.getReady)
	public("/", func(http.ResponseWriter, *http.Request) error {
		return problem(http.StatusNotFound, api.ProblemUnknown, "no such call")
	})
	return mux
}

func (c *Calls) wrap(f endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := c.Now()
		seen := &status{ResponseWriter: w, code: http.StatusOK}
		defer func() {
			if p := recover(); p != nil {
				c.Log.Error("a call broke", "event", "call.broke", "route", r.Pattern) // p may hold values
				if !seen.written {
					c.fail(seen, r, errors.New("panic"))
				}
			}
			took := c.Now().Sub(start)
			c.State.Counts.Call(r.Pattern, seen.code, took)
			c.Log.Debug("call", "event", "call.done", "route", r.Pattern, "status", seen.code, "took", took)
		}()
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Date", start.UTC().Format(http.TimeFormat)) // kiosks compare their clock with it
		w.Header().Set("X-Content-Type-Options", "nosniff")
		r.Body = http.MaxBytesReader(w, r.Body, seal.MaxSize)
		if err := f(seen, r); err != nil {
			c.fail(seen, r, err)
		}
	})
}

// status remembers what was answered.
type status struct {
	http.ResponseWriter
	code    int
	written bool
}

func (s *status) WriteHeader(code int) {
	s.code, s.written = code, true
	s.ResponseWriter.WriteHeader(code)
}

func (s *status) Write(b []byte) (int, error) {
	s.written = true
	return s.ResponseWriter.Write(b)
}

var ids = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)

// idOf returns the request a path names.
func idOf(r *http.Request) (string, error) {
	id := r.PathValue("id")
	if !ids.MatchString(id) {
		return "", store.ErrUnknown
	}
	return id, nil
}

// keyOf returns the idempotency key of a call.
func keyOf(r *http.Request) (string, error) {
	key := r.Header.Get("Idempotency-Key")
	if !ids.MatchString(key) {
		return "", problem(http.StatusBadRequest, api.ProblemBadRequest, "an Idempotency-Key of 16 to 64 characters is needed")
	}
	return key, nil
}
