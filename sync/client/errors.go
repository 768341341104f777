package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/record"
	"vaxkiosk/sync/api"
)

// How a call can fail; find them with errors.Is. Each has the code of package fault that
// the kiosk goes by, and so has a *Problem, which is also the sentinel that fits its code.
var (
	// ErrAway: no answer from central. Worth another try later.
	ErrAway error = fault.Fault{Code: fault.Away, Detail: "central cannot be reached"}
	// ErrBusy: central is there, and answers nobody's tries for a while. It is ErrAway too.
	ErrBusy error = also{fault.Fault{Code: fault.Busy, Detail: "central makes this kiosk wait, after too many wrong tries"}, ErrAway}
	// ErrAnswer: an answer that is not in the contract, for example a proxy's
	// page. It is ErrAway too.
	ErrAnswer = fmt.Errorf("%w: the answer is not in the contract", ErrAway)
	// ErrCertificate: central does not accept the kiosk's certificate, or the
	// kiosk not central's. Only IT can help.
	ErrCertificate error = fault.Fault{Code: fault.Certificate, Detail: "certificate is not accepted"}
	// ErrKioskRevoked: central has taken the kiosk's certificate back, or another one is in its place. It is
	// ErrCertificate too.
	ErrKioskRevoked error = also{
		fault.Fault{Code: fault.OutOfUse, Detail: "certificate is not accepted: central has taken the kiosk's back"}, ErrCertificate,
	}
	// ErrKioskSuspended: central's operator has put the kiosk out of service for now. It is
	// ErrCertificate too.
	ErrKioskSuspended error = also{
		fault.Fault{Code: fault.Suspended, Detail: "certificate is not accepted: central has suspended the kiosk"}, ErrCertificate,
	}
	// ErrKey: the kiosk's own key cannot be used, as its signer has said. It is ErrCertificate too.
	ErrKey error = also{fault.Fault{Code: fault.Key, Detail: "the kiosk's key cannot be used"}, ErrCertificate}
	// ErrClock: central's clock differs too much, or a certificate is not valid
	// yet, which is ErrCertificate too. Only IT can help.
	ErrClock error = fault.Fault{Code: fault.Clock, Detail: "check the kiosk's clock"}
	// ErrExpired: the request or the token is too old.
	ErrExpired error = fault.Fault{Code: fault.Expired, Detail: "request or token is too old"}
)

// also is a fault that is another error, too.
type also struct {
	fault.Fault
	is error
}

// Unwrap is the fault first: its code counts.
func (a also) Unwrap() []error { return []error{a.Fault, a.is} }

// ErrUnfit is that central does not take what this kiosk says, which no second try changes. To
// a visitor that is central being away.
var ErrUnfit error = fault.Fault{Code: fault.Away, Detail: "central does not take what the kiosk says"}

// faults says what a problem means at a kiosk: the one table from the contract's codes to
// those of package fault. A code that is not in it is not the contract's.
var faults = map[string]error{
	"":                    ErrAnswer, // perhaps a proxy's
	api.ProblemRefused:    fault.Refused,
	api.ProblemOver:       fault.NoTries,
	api.ProblemStaff:      fault.StaffWrong,
	api.ProblemStaffToken: fault.StaffWrong, // they sign in again

	api.ProblemStaffLocked: fault.StaffLocked,
	api.ProblemStaffLimit:  fault.StaffLimit,
	api.ProblemNoNotices:   fault.NoMoreCodes,

	api.ProblemExpired:            ErrExpired,
	api.ProblemToken:              ErrExpired,
	api.ProblemClock:              ErrClock,
	api.ProblemCertificate:        ErrCertificate,
	api.ProblemCertificateExpired: ErrCertificate,
	api.ProblemKioskRevoked:       ErrKioskRevoked,
	api.ProblemKioskSuspended:     ErrKioskSuspended,
	api.ProblemEnrolment:          ErrCode,

	api.ProblemBusy:       ErrBusy,
	api.ProblemTooMany:    ErrAway,
	api.ProblemCannotOpen: ErrAway,
	api.ProblemInternal:   ErrAway,

	api.ProblemUnknown:      ErrUnfit, // of a tracking number it is fault.NoTracking
	api.ProblemKeyReused:    ErrUnfit,
	api.ProblemBadEnvelope:  ErrUnfit,
	api.ProblemBadRequest:   ErrUnfit,
	api.ProblemUnknownField: ErrUnfit,
	api.ProblemWrongType:    ErrUnfit,
	api.ProblemTooLarge:     ErrUnfit,
}

// Problem is an error status. Only with a Code it is known to be central's own
// word; without one it may be a proxy's.
type Problem struct {
	Status     int
	Code       string        // one of api.Problem…, or empty
	Left       int           // tries left for the request; -1 when not said
	RetryAfter time.Duration // how long to wait at least; 0 when not said
}

// Error names status and code, nothing else that was received.
func (p *Problem) Error() string {
	if p.Code == "" {
		return fmt.Sprintf("status %d without a problem of the contract", p.Status)
	}
	return fmt.Sprintf("central answered %d %s", p.Status, p.Code)
}

// Unwrap makes a problem the fault that it means.
func (p *Problem) Unwrap() error { return faults[p.Code] }

// explain finds the sentinel behind a failed call and drops the URL.
func (c *Client) explain(ctx context.Context, err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", ErrAway, ctx.Err())
	}
	if own := c.me.Load().key.trouble(err); own != nil {
		return own
	}
	if sentinel := certificateError(err); sentinel != nil {
		return sentinel
	}
	if kind := kindOf(err); kind != lost {
		return fmt.Errorf("%w: %s", ErrAway, kind)
	}
	if sentinel := c.probe(ctx); sentinel != nil {
		return sentinel
	}
	return fmt.Errorf("%w: %s", ErrAway, lost)
}

// probe finds out whether a connection was lost because central refuses the
// kiosk's certificate. In TLS 1.3 that refusal comes after the handshake, and a
// client that is writing just then may see a broken pipe instead; this one only
// listens. Nil means that is not the reason.
func (c *Client) probe(ctx context.Context) error {
	raw, err := c.road.dial(ctx, "tcp", c.host)
	if err != nil {
		return nil
	}
	defer raw.Close()
	conf := c.me.Load().tls.Clone()
	conf.NextProtos = []string{"h2", "http/1.1"} // over h2 a server speaks first
	conn := tls.Client(raw, conf)
	if err := conn.HandshakeContext(ctx); err != nil {
		return certificateError(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(probeLimit)); err != nil {
		return nil
	}
	_, err = conn.Read(make([]byte, 1))
	return certificateError(err)
}

// certificateError recognises both directions of a refused certificate.
func certificateError(err error) error {
	var (
		invalid x509.CertificateInvalidError
		verify  *tls.CertificateVerificationError
		host    x509.HostnameError
		remote  *net.OpError
	)
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && strings.Contains(invalid.Detail, "is before"):
		return fmt.Errorf("%w: central's certificate is not valid yet (%w)", ErrClock, ErrCertificate)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Errorf("%w: central's certificate has expired, or the kiosk's clock is wrong", ErrCertificate)
	case errors.As(err, &host):
		return fmt.Errorf("%w: central's certificate is for another host name", ErrCertificate)
	case errors.As(err, &verify):
		return fmt.Errorf("%w: central's certificate is not from the configured CA", ErrCertificate)
	case errors.As(err, &remote) && remote.Op == "remote error" && refusesCertificate(remote.Err.Error()):
		return fmt.Errorf("%w: central says of the kiosk's: %s", ErrCertificate, strings.TrimPrefix(remote.Err.Error(), "tls: "))
	}
	return nil
}

// refusesCertificate knows the alerts of RFC 8446, section 6.2, by the texts of
// crypto/tls, which has no exported type for them.
func refusesCertificate(alert string) bool {
	return strings.Contains(alert, "certificate") || strings.Contains(alert, "access denied")
}

const lost = "the connection was lost"

// kindOf says what failed without addresses.
func kindOf(err error) string {
	var dns *net.DNSError
	var op *net.OpError
	var proxy *proxyError
	switch {
	case errors.As(err, &proxy):
		return proxy.says
	case errors.As(err, &dns):
		return "the name of central is not found"
	case errors.As(err, &op) && op.Op == "dial":
		return "no connection"
	}
	return lost
}

// onTime refuses an answer of central when the clocks differ too much: what is
// then shown, checked or printed would have the wrong day. Without a date, or with
// one that nobody can read, there is nothing to compare.
func onTime(h http.Header, now time.Time) error {
	t, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return nil
	}
	if off := now.Sub(t); off.Abs() > record.ClockSlack {
		return fmt.Errorf("%w: it differs from central's by %s", ErrClock, off.Round(time.Minute))
	}
	return nil
}

// retryAfter reads Retry-After (RFC 9110, 10.2.3), seconds or a date; 0 when
// there is none.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if s, err := strconv.Atoi(v); err == nil {
		return time.Duration(max(0, min(s, 24*60*60))) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(0, min(t.Sub(now), 24*time.Hour))
	}
	return 0
}
