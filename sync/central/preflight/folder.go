package preflight

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"path/filepath"
	"time"

	"vaxkiosk/sync/central/authority"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/keyfile"
	"vaxkiosk/sync/metrics"
)

const day = 24 * time.Hour

// soon is how long before the end of a certificate somebody has to look, and late for one that
// takes all kiosks to replace.
const (
	soon = 30 * day
	late = 365 * day
)

// folder looks at the data folder and its keys, and reports whether it can be used.
func (l *look) folder(ctx context.Context) bool {
	dir := l.Settings.Data
	exposed := folder.Exposed(dir)
	for _, err := range exposed {
		l.failed("keys", dir, err)
	}
	var told *keyfile.ModeError
	keys, err := folder.Look(ctx, dir, l.Now())
	switch {
	case errors.As(err, &told) && exposed != nil:
		return false
	case err != nil:
		l.failed("data folder", dir, err)
		return false
	case keyfile.Open(dir):
		l.doubt("data folder", dir, "start the service, which closes it, and see who else is on this machine", "others may look into it")
	default:
		l.well("data folder", dir, "all of its files are there, for their owner alone, and belong together")
	}
	l.cardKey(keys.Cards)
	l.ca(keys.CA)
	return len(exposed) == 0
}

// cardKey tells how old the key is that signs health cards. It is replaced by the service
// itself, a day after its time at the latest.
func (l *look) cardKey(r *card.Ring) {
	var since time.Time
	for _, k := range r.List() {
		if k.JWK.Kid == r.Signer().Thumbprint() {
			since = k.Signs
		}
	}
	where := filepath.Join(l.Settings.Data, card.KeyFile)
	age := l.Now().Sub(since)
	if age > card.KeyLife+2*day {
		l.doubt("key of cards", where, "let the service run: it replaces the key within an hour", "it signs for %d days, longer than a year", age/day)
		return
	}
	l.well("key of cards", where, "it signs since %s, for a year", since.UTC().Format(time.DateOnly))
}

// ca tells how long the service's own CA is good, and lets listens know who is ours.
func (l *look) ca(a authority.Authority) {
	l.until("own CA", filepath.Join(l.Settings.Data, authority.CertFile), late, "plan for all kiosks to be enrolled anew", a.Cert)
	l.ours = func(ctx context.Context, address string) bool {
		c := &tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: true, VerifyConnection: func(s tls.ConnectionState) error { //nolint:gosec // by no name, but by our CA
			_, err := s.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: a.Pool(), CurrentTime: l.Now()})
			return err
		}}}
		conn, err := c.DialContext(ctx, "tcp", address)
		if err != nil {
			return false
		}
		_ = conn.Close() // it has answered
		return true
	}
}

// until tells how long a certificate is good.
func (l *look) until(what, where string, before time.Duration, fix string, cert *x509.Certificate) {
	left := cert.NotAfter.Sub(l.Now())
	end := cert.NotAfter.UTC().Format(time.DateOnly)
	switch {
	case left <= 0:
		l.wrong(what, where, fix, "it has ended on %s", end)
	case left < before:
		l.doubt(what, where, fix, "it ends on %s, in %d days", end, left/day)
	default:
		l.well(what, where, "good until %s, for %d days", end, left/day)
	}
}

// database looks at it, and at the clock by it.
func (l *look) database(ctx context.Context) {
	dir := l.Settings.Data
	seen, err := folder.Sight(ctx, dir)
	if err != nil {
		l.failed("database", dir, err)
		return
	}
	known, err := store.Schema()
	switch {
	case err != nil:
		l.failed("database", dir, err)
	case seen.Schema > known:
		l.wrong("database", dir, "install that program again or a later one", "a newer program has written it (version %d, this one knows %d)", seen.Schema, known)
	case seen.Schema < known:
		l.doubt("database", dir, "back it up before the start (vaxcentral backup)", "its version is %d, and the start carries it forward to %d", seen.Schema, known)
	default:
		l.well("database", dir, "it answers, and its version is this program's (%d)", known)
	}
	if seen.Rests {
		l.doubt("database", dir, "vaxcentral resume, when no other service works on the same requests", "it was restored: requests are taken, and nothing is sent")
	}
	l.clock(seen)
}

// listens looks whether the addresses to listen on are free, or are listened on by this very
// service.
func (l *look) listens(ctx context.Context) {
	numbers, _ := metrics.Addr(l.Settings.Metrics) // what is wrong with it, the settings have told
	receipts := ""
	if r := l.Settings.Notices.Receipts; r != nil {
		receipts = r.Listen
	}
	for _, at := range []struct{ what, address string }{{"address", l.Settings.Listen}, {"address of metrics", numbers}, {"address of receipts", receipts}} {
		if at.address == "" {
			continue
		}
		switch free, runs := l.free(ctx, at.address), l.runs(ctx); {
		case free == nil:
			l.well(at.what, at.address, "nobody listens there yet")
		case runs:
			l.well(at.what, at.address, "a service of this folder runs")
		default:
			l.wrong(at.what, at.address, "stop the other program, or choose another address; ports below 1024 want a right of their own", "one cannot listen there: it is taken, not of this machine, or not for this user")
		}
	}
}

// free listens at an address for a moment.
func (l *look) free(ctx context.Context, address string) error {
	c, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return c.Close()
}

// runs reports whether the service of this folder answers.
func (l *look) runs(ctx context.Context) bool {
	host, port, err := net.SplitHostPort(l.Settings.Listen)
	if err != nil || l.ours == nil {
		return false
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return l.ours(ctx, net.JoinHostPort(host, port))
}
