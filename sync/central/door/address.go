package door

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"vaxkiosk/sync/central/access"
)

// Addresses of those who show no certificate. They are kept in memory only, for as
// long as their bucket is not empty, and never logged. Of IPv6 the network counts
// (/64), which one household has for itself.

// Proxies are the networks of proxies whose X-Forwarded-For is believed.
type Proxies []netip.Prefix

// AddressOf is where a call comes from. What a proxy says of it counts only when the
// proxy is one of these: anybody can send X-Forwarded-For.
func (p Proxies) AddressOf(r *http.Request) netip.Prefix {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Prefix{} // all of these are one
	}
	at := from.Addr()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && p.trusts(at); i-- { // the last one is the nearest
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		at = hop
	}
	return networkOf(at)
}

func (p Proxies) trusts(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(a.Unmap()) })
}

// networkOf is the address, of IPv6 its /64.
func networkOf(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // no address at all
	}
	return p
}

// mostAddresses is how many buckets are kept. When there are more at once, all are
// forgotten: then the limit of all addresses together has to hold.
const mostAddresses = 20_000

// Buckets count by address, each as in package store. The zero Buckets are empty.
type Buckets struct {
	mu    sync.Mutex
	empty map[netip.Prefix]time.Time // when it will be
}

// Take counts a use, or says how long it has to wait.
func (b *Buckets) Take(who netip.Prefix, l access.Limit, now time.Time) (wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	until := b.empty[who]
	if until.Before(now) || until.Sub(now) > 2*l.Window { // the clock was ahead
		until = now
	}
	if wait = until.Add(l.Each() - l.Window).Sub(now); wait > 0 {
		return wait
	}
	if len(b.empty) >= mostAddresses {
		b.sweep(now)
	}
	if b.empty == nil {
		b.empty = map[netip.Prefix]time.Time{}
	}
	b.empty[who] = until.Add(l.Each())
	return 0
}

// sweep forgets what is empty, or everything if that is too little.
func (b *Buckets) sweep(now time.Time) {
	for who, until := range b.empty {
		if !until.After(now) {
			delete(b.empty, who)
		}
	}
	if len(b.empty) >= mostAddresses {
		clear(b.empty)
	}
}
