package client

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/enrol"
)

// The first call of a kiosk, before it trusts anybody: package enrol has what is proved. The
// handshake is made with whoever answers, whatever certificate they show; then the kiosk says
// what gives nothing away, and believes only what is proved with the code on this connection.

// How an enrolment can fail besides; find them with errors.Is.
var (
	// ErrCode: central takes no such code, or what it heard was not what the kiosk said.
	ErrCode error = fault.Fault{Code: fault.Certificate, Detail: "central does not take the code"}
	// ErrStranger: what answers does not know the code. It has learned nothing of it.
	ErrStranger error = fault.Fault{Code: fault.Impostor, Detail: "what answers does not know the code"}
	// ErrNoHost: nobody knows central's name. It is also ErrAway.
	ErrNoHost error = also{fault.Fault{Code: fault.Away, Detail: "central cannot be reached"}, ErrAway}
)

// EnrolOptions is what an enrolment needs.
type EnrolOptions struct {
	URL   string // https://host[:port], without a path
	Proxy string // host:port of an HTTP proxy, "" for none
	Code  enrol.Code
	Key   crypto.Signer // P-256, made for this
	Now   func() time.Time
}

// Enrolment is what a kiosk is given: proved by central, and checked.
type Enrolment struct {
	Name string
	Cert tls.Certificate
	CA   *x509.Certificate
	Pin  string // thumbprint of the key that signs the bootstrap

	Printer, PrinterPin, Paper string // as said when the kiosk was invited; empty: not said
}

// Enrol exchanges a code for a certificate. It is sent once. Central counts the certificate
// from the first call with it, which uses the code up; before that the code may be tried
// again, whatever went wrong.
func Enrol(ctx context.Context, o EnrolOptions) (Enrolment, error) {
	u, err := addressOf(o.URL)
	if err != nil {
		return Enrolment{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	conn, err := greet(ctx, u, o)
	if err != nil {
		return Enrolment{}, err
	}
	defer conn.Close()
	csr, err := requestFor(o.Key)
	if err != nil {
		return Enrolment{}, err
	}
	session, err := enrol.Begin(conn.ConnectionState(), o.Code.ID(), csr)
	if err != nil {
		return Enrolment{}, err
	}
	sent := api.EnrolmentRequest{Id: o.Code.ID(), Csr: csr, Proof: session.KioskProof(o.Code.Secret())}
	var got api.Enrolment
	if err := exchange(ctx, conn, u.Host, sent, &got, o.Now()); err != nil {
		return Enrolment{}, err
	}
	if !enrol.Same(got.Proof, session.CentralProof(o.Code.Secret(), got.Grant)) {
		return Enrolment{}, ErrStranger
	}
	return granted(got.Grant, o, u.Hostname(), conn.ConnectionState().PeerCertificates)
}

// addressOf reads central's address.
func addressOf(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.User != nil {
		return nil, errors.New("central's address must be https://host or https://host:port")
	}
	return u, nil
}

func hostPort(u *url.URL) string { return net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "443")) }

// greet opens a connection to whoever answers.
func greet(ctx context.Context, u *url.URL, o EnrolOptions) (*tls.Conn, error) {
	raw, err := road{o.Proxy}.dial(ctx, "tcp", hostPort(u))
	var unknown *net.DNSError
	switch {
	case errors.As(err, &unknown):
		return nil, fmt.Errorf("%w: %s", ErrNoHost, kindOf(err))
	case err != nil:
		return nil, fmt.Errorf("%w: %s", ErrAway, kindOf(err))
	}
	conn := tls.Client(raw, &tls.Config{
		MinVersion: tls.VersionTLS13, ServerName: u.Hostname(), NextProtos: []string{"http/1.1"}, Time: o.Now,
		InsecureSkipVerify: true, // nobody vouches for anybody yet: the code does, on this connection
	})
	if err := conn.HandshakeContext(ctx); err != nil {
		_ = raw.Close() // the first error is the one that helps
		return nil, fmt.Errorf("%w: it does not speak TLS 1.3", ErrAway)
	}
	return conn, nil
}

// exchange makes the call on an open connection.
func exchange(ctx context.Context, conn net.Conn, host string, sent, into any, now time.Time) error {
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	body, err := json.Marshal(sent)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+host+"/v1/enrolments", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", jsonType)
	r.Header.Set("Accept", jsonType+", "+problemType)
	r.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	r.Close = true
	if err := r.Write(conn); err != nil {
		return fmt.Errorf("%w: %s", ErrAway, lost)
	}
	res, err := http.ReadResponse(bufio.NewReader(io.LimitReader(conn, 2*enrol.MaxBody)), r)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrAway, lost)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrAway, lost)
	}
	a := answer{res.StatusCode, res.Header, b}
	if err := a.check(jsonType, now); err != nil {
		return err
	}
	if json.Unmarshal(b, into) != nil {
		return fmt.Errorf("%w: not the expected JSON", ErrAnswer)
	}
	return nil
}

// granted reads what central has proved, and sees to it that a kiosk can work with it.
func granted(grant []byte, o EnrolOptions, host string, shown []*x509.Certificate) (Enrolment, error) {
	var g api.EnrolmentGrant
	if json.Unmarshal(grant, &g) != nil {
		return Enrolment{}, fmt.Errorf("%w: not the expected grant", ErrAnswer)
	}
	ca, err := x509.ParseCertificate(g.Ca)
	if err != nil {
		return Enrolment{}, fmt.Errorf("%w: no CA", ErrAnswer)
	}
	pool := x509.NewCertPool()
	pool.AddCert(ca)
	leaf, err := ofKey(g.Certificate, o.Key, pool)
	if err != nil {
		return Enrolment{}, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	if _, err := shown[0].Verify(x509.VerifyOptions{Roots: pool, DNSName: host, CurrentTime: o.Now()}); err != nil {
		if refused := certificateError(err); refused != nil {
			return Enrolment{}, refused
		}
		return Enrolment{}, fmt.Errorf("%w: central's certificate is not from its own CA", ErrCertificate)
	}
	return Enrolment{
		Name: g.Name, Cert: tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: o.Key, Leaf: leaf}, CA: ca, Pin: g.Pin,
		Printer: g.Printer, PrinterPin: g.PrinterPin, Paper: g.Paper,
	}, nil
}
