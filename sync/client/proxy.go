package client

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// The way to central, straight or through an HTTP proxy that opens a tunnel (CONNECT,
// RFC 9110, 9.3.6). TLS is spoken through the tunnel with central itself: the proxy
// sees its host name and nothing else, and needs no trust. Variables of the
// environment count for nothing, or a forgotten one would lead a kiosk astray.

// road leads to central.
type road struct{ proxy string } // host:port of the proxy, "" for none

// proxyError is what the proxy is to blame for.
type proxyError struct{ says string }

func (p *proxyError) Error() string { return p.says }

// maxTunnelAnswer is how long a proxy's answer may be, in bytes.
const maxTunnelAnswer = 64 << 10

// dial connects to an address.
func (r road) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: dialLimit}
	if r.proxy == "" {
		return d.DialContext(ctx, network, address)
	}
	conn, err := d.DialContext(ctx, network, r.proxy)
	if err != nil {
		return nil, &proxyError{"the proxy cannot be reached"}
	}
	cancelled := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	err = conn.SetDeadline(time.Now().Add(2 * dialLimit))
	if err == nil {
		err = tunnel(conn, address)
	}
	if !cancelled() && err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = conn.SetDeadline(time.Time{})
	}
	if err != nil {
		_ = conn.Close() // the first error is the one that helps
		return nil, err
	}
	return conn, nil
}

// tunnel asks a proxy to pass on what follows to an address.
func tunnel(conn net.Conn, address string) error {
	if _, err := fmt.Fprintf(conn, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", address, address); err != nil {
		return &proxyError{"the proxy does not answer"}
	}
	r := bufio.NewReader(io.LimitReader(conn, maxTunnelAnswer))
	res, err := http.ReadResponse(r, &http.Request{Method: http.MethodConnect})
	if err != nil {
		return &proxyError{"the proxy does not answer as one"}
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusProxyAuthRequired:
		return &proxyError{"the proxy wants a login (status 407)"}
	case res.StatusCode/100 != 2:
		return &proxyError{fmt.Sprintf("the proxy refuses (status %d)", res.StatusCode)}
	case r.Buffered() > 0: // in TLS the client speaks first
		return &proxyError{"the proxy does not answer as one"}
	}
	return nil
}
