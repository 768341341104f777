package central

import (
	"context"
	"crypto/x509"
	"net"
	"time"

	"vaxkiosk/sync/version"
)

// What the log says of the service itself: when it begins, and why it ends.

func (c *Central) sayStart(l net.Listener, own *x509.Certificate) {
	c.o.Log.Info("the service starts", "event", "service.start", "version", version.Number, "revision", version.Revision(),
		"issuer", c.o.Issuer, "registry", c.o.Registry, "listen", l.Addr().String(), "certificate_until", own.NotAfter.UTC().Format(time.DateOnly))
}

// sayStop logs why it ends: what ended ctx, or the error.
func (c *Central) sayStop(ctx context.Context, err error) {
	if err == nil {
		err = context.Cause(ctx)
	}
	why := "nobody can connect any more"
	if err != nil {
		why = err.Error()
	}
	c.o.Log.Info("the service stops", "event", "service.stop", "why", why)
}
