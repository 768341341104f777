package calls

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/authority"
	"vaxkiosk/sync/central/door"
	"vaxkiosk/sync/central/store"
)

// Every error is a problem of RFC 9457 with a code of package api.

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
		return problem(http.StatusRequestEntityTooLarge, api.ProblemTooLarge, "body over the limit")
	case errors.Is(err, store.ErrUnknown):
		return problem(http.StatusNotFound, api.ProblemUnknown, "no such request or correction")
	case errors.As(err, &limit):
		return busy(limit)
	case errors.Is(err, store.ErrExpired):
		return problem(http.StatusGone, api.ProblemExpired, "too old")
	case errors.Is(err, store.ErrNoResends):
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
	if r := problemOfCertificate(err); r != nil {
		return r
	}
	if store.Passing(err) {
		return problem(http.StatusServiceUnavailable, api.ProblemBusy, "the database cannot be used at present")
	}
	return problem(http.StatusInternalServerError, api.ProblemInternal, "central has a fault of its own")
}

// problemOfCertificate is the problem of a kiosk's certificate, or of who has none yet; else nil.
func problemOfCertificate(err error) *refusal {
	switch {
	case errors.Is(err, door.ErrRevoked):
		return problem(http.StatusUnauthorized, api.ProblemKioskRevoked, door.ErrRevoked.Error())
	case errors.Is(err, door.ErrSuspended):
		return problem(http.StatusUnauthorized, api.ProblemKioskSuspended, door.ErrSuspended.Error())
	case errors.Is(err, store.ErrNoInvitation):
		return problem(http.StatusForbidden, api.ProblemEnrolment, "the code is unknown, used or expired: ask for a new one")
	case errors.Is(err, authority.ErrRequest):
		return problem(http.StatusBadRequest, api.ProblemBadRequest, authority.ErrRequest.Error())
	}
	return nil
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
	c.State.Counts.Problem(r.Pattern, p.Code())
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
