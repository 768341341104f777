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
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"sync/atomic"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
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
}

// New makes the calls of a service.
func New(o Options) (*Calls, error) {
	c := &Calls{Options: o, opener: sealing.Opener{Keys: o.Sealing, Store: o.Store, Now: o.Now, Reads: o.Reads}}
	return c, c.Renew()
}

// Handler answers every call.
func (c *Calls) Handler() http.Handler {
	mux := http.NewServeMux()
	public := func(pattern string, f endpoint) { mux.Handle(pattern, c.wrap(f)) }
	kiosk := func(pattern string, f endpoint) { public(pattern, c.admitted(f)) }
	timed := func(pattern string, f endpoint) { kiosk(pattern, c.onTime(f)) }
	timed("GET /v1/bootstrap", c.getBootstrap)
	kiosk("POST /v1/requests", c.postRequest)
	kiosk("GET /v1/requests/{id}", c.getRequest)
	kiosk("POST /v1/requests/{id}/notices", c.postNotice)
	kiosk("POST /v1/pickups/{receipt}/notices", c.postPickupNotice)
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
			c.Log.Debug("call", "event", "call.done", "route", r.Pattern, "status", seen.code, "took", c.Now().Sub(start))
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

// refusal is an error with its problem.
type refusal struct {
	api.Problem
	again time.Duration // when it is worth another try, if that is known
}

const staffLocked = "too many failures in a row: locked for a while"

// shortPause is how long kiosks wait at least when central is busy.
const shortPause = 5 * time.Second

func (r *refusal) Error() string { return r.Title }

func problem(status int, code, title string) *refusal {
	return &refusal{Problem: api.Problem{Type: api.ProblemPrefix + code, Title: title, Status: status}}
}

// problemOf is the problem of an error. What nobody expects is central's own
// fault, and its text is for the log only.
func problemOf(err error) *refusal {
	var r *refusal
	var large *http.MaxBytesError
	var limit *store.LimitError
	switch {
	case errors.As(err, &r):
		return r
	case errors.As(err, &large):
		return problem(http.StatusRequestEntityTooLarge, api.ProblemTooLarge, "body over 64 KiB")
	case errors.Is(err, door.ErrRevoked):
		return problem(http.StatusUnauthorized, api.ProblemKioskRevoked, door.ErrRevoked.Error())
	case errors.Is(err, store.ErrUnknown):
		return problem(http.StatusNotFound, api.ProblemUnknown, "no such request or correction")
	case errors.As(err, &limit):
		return busy(limit)
	case errors.Is(err, store.ErrExpired):
		return problem(http.StatusGone, api.ProblemExpired, "too old")
	case errors.Is(err, store.ErrNoReminders):
		return problem(http.StatusTooManyRequests, api.ProblemNoNotices, "two new codes are all")
	case errors.Is(err, store.ErrOver):
		return problem(http.StatusLocked, api.ProblemOver, "no tries left")
	case errors.Is(err, store.ErrStaffUnknown):
		return problem(http.StatusForbidden, api.ProblemStaff, "staff id and PIN do not fit")
	case errors.Is(err, store.ErrStaffLocked):
		return problem(http.StatusLocked, api.ProblemStaffLocked, staffLocked)
	case errors.Is(err, store.ErrReused):
		return problem(http.StatusUnprocessableEntity, api.ProblemKeyReused, "idempotency key was used with another body")
	}
	if store.Passing(err) {
		return problem(http.StatusServiceUnavailable, api.ProblemBusy, "the database cannot be used at present")
	}
	return problem(http.StatusInternalServerError, api.ProblemInternal, "central has a fault of its own")
}

func (c *Calls) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	c.tellStaff(r, p, err)
	if p.again > 0 || p.Code() == api.ProblemBusy {
		p.retryAfter(w)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p.Problem) // the kiosk is gone if this fails
}

// retryAfter says when it is worth another try.
func (r *refusal) retryAfter(w http.ResponseWriter) {
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(max(r.again, shortPause).Seconds()))))
}

// database is no limit: its trouble is said once, and again after a minute without.
var database = access.Limit{Name: "database", Window: time.Minute}

// tellStaff logs a limit that is reached, and a fault of central's own.
func (c *Calls) tellStaff(r *http.Request, p *refusal, err error) {
	c.alarm(r, err)
	switch passing, full := store.Passing(err), store.DiskFull(err); {
	case (passing || full) && !c.State.Alarms.New(database, "", c.Now()):
	case full:
		c.Log.Error("the disk is full: a call failed; make room", "event", "disk.full", "route", r.Pattern, "why", err.Error())
	case passing:
		c.Log.Error("the database cannot be used; kiosks keep what they have", "event", "database.stuck", "why", err.Error())
	case p.Status == http.StatusInternalServerError && r.Context().Err() == nil:
		c.Log.Error("a call failed", "event", "call.failed", "route", r.Pattern, "why", err.Error())
	}
}

func answer(w http.ResponseWriter, status int, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(b) // the kiosk is gone if this fails
	return nil
}

// read reads a body: one JSON value without unknown fields.
func read(r *http.Request, into any) ([]byte, error) {
	b, err := all(r)
	if err != nil {
		return nil, err
	}
	if err := strict(b, into); err != nil {
		return nil, notTheContract(err)
	}
	return b, nil
}

// all reads a body.
func all(r *http.Request) ([]byte, error) {
	b, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	if err != nil && !errors.As(err, &large) {
		return nil, notTheContract(err)
	}
	return b, err
}

// notTheContract says what is wrong with a body, without a word of it.
func notTheContract(err error) *refusal {
	var kind *json.UnmarshalTypeError
	var bytes base64.CorruptInputError
	var day *time.ParseError
	switch {
	case errors.Is(err, errUnknownField):
		return problem(http.StatusBadRequest, api.ProblemUnknownField, "a member that the contract does not name")
	case errors.As(err, &kind), errors.As(err, &bytes), errors.As(err, &day):
		return problem(http.StatusBadRequest, api.ProblemWrongType, "a member of another type than the contract's")
	}
	return problem(http.StatusBadRequest, api.ProblemBadRequest, "not the JSON of the contract")
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
		return "", problem(http.StatusBadRequest, api.ProblemBadRequest, "an Idempotency-Key of 16 to 64 signs is needed")
	}
	return key, nil
}

func (c *Calls) getBootstrap(w http.ResponseWriter, r *http.Request) error {
	b := c.bootstrap.Load()
	w.Header().Set("ETag", b.etag)
	if r.Header.Get("If-None-Match") == b.etag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	w.Header().Set("Content-Type", "application/jose")
	_, _ = io.WriteString(w, b.jws) // the kiosk is gone if this fails
	return nil
}
