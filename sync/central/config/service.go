package config

import (
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/metrics"
)

// service reads how the service is reached, and how it works.
func (f file) service(c *Config) {
	const listen = `an address to listen on, such as ":8443" or "127.0.0.1:8443"`
	c.Listen = f.Text("service.listen", listen)
	if c.Listen != "" && !canListen(c.Listen) {
		f.Wrong("service.listen", "is no address to listen on; set it to %s", listen)
	}
	const hosts = `a list such as ["records.your-town.gov", "10.0.0.7"]`
	c.Hosts = f.Texts("service.hosts", hosts)
	for _, h := range c.Hosts {
		if _, err := netip.ParseAddr(h); err != nil && !hostName.MatchString(h) {
			f.Wrong("service.hosts", "has %q, which is no name or address of a machine; set it to %s, without https:// and port", h, hosts)
		}
	}
	c.Workers = f.Number("service.workers", 1, 1024, 0)
	const networks = `a list such as ["10.0.0.0/8"], or ["10.0.0.7/32"] for one machine`
	for _, text := range f.Texts("service.trusted_proxies", networks) {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			f.Wrong("service.trusted_proxies", "has %q, which is no network; set it to %s", text, networks)
			continue
		}
		c.Proxies = append(c.Proxies, p.Masked())
	}
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\.?$`)

func canListen(address string) bool {
	host, port, err := net.SplitHostPort(address)
	n, bad := strconv.Atoi(port)
	return err == nil && bad == nil && n >= 0 && n <= 65535 && !strings.ContainsAny(host, "/ ")
}

func (f file) metrics() string {
	const what = `an address to listen on, such as ":9465"`
	s := f.Maybe("metrics.listen", what)
	if _, err := metrics.Addr(s); s != "" && err != nil {
		f.Wrong("metrics.listen", "is no address to listen on; set it to %s", what)
	}
	return s
}

// What the public gets to read of this service: on paper, on screens, in messages
// and for ever in health cards. None of it has a default, because a made-up one
// looks right until somebody calls the number or a verifier asks the address. Only
// a demonstration makes it up.

// made up is what a demonstration says where nothing was said.
const (
	demoIssuer    = "https://central.example.org"
	demoRegistry  = "Immunization Registry"
	demoHelpPhone = "617-555-0100"
)

// public reads it.
func (f file) public(c *Config, demo bool) {
	must := func(key, otherwise, what string) string {
		if demo && !f.Has(key) {
			return otherwise
		}
		s := f.Text(key, what)
		if !plain(s) {
			f.Wrong(key, "has control characters; set it to %s", what)
			return ""
		}
		return s
	}
	c.Issuer = must("service.issuer", demoIssuer, "the public https address of this service")
	c.Registry = must("service.registry", demoRegistry, "the name of the registry, for the paper")
	c.HelpPhone = must("service.help_phone", demoHelpPhone, "the number that people are to call who are stuck")
	if c.Name = f.Maybe("service.name", "the name of the service, or leave it out"); !plain(c.Name) {
		f.Wrong("service.name", "has control characters; use printable ones")
	}
	if c.Issuer != "" && !card.GoodIssuer(c.Issuer) {
		f.Wrong("service.issuer", "is no https address without a slash at the end; set it to the one that verifiers and phones reach")
		return
	}
	if demo {
		return
	}
	if host := hostOf(c.Issuer); madeUpHost(host) {
		f.Wrong("service.issuer", "is at %q, which is nobody's address in public; give the one that verifiers and phones reach, or add --demo to try things out", host)
	}
	if digits := onlyDigits(c.HelpPhone); c.HelpPhone != "" && (len(digits) < 3 || madeUpPhone.MatchString(digits)) {
		f.Wrong("service.help_phone", "is %q, which nobody answers; give the number that people are to call, or add --demo to try things out", c.HelpPhone)
	}
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
}

// reserved are names that belong to nobody, and never will (RFC 2606, RFC 6761).
var reserved = []string{"example.com", "example.net", "example.org", "example", "test", "invalid", "localhost"}

// madeUpHost reports whether a host is reserved, or this machine to itself.
func madeUpHost(host string) bool {
	for _, name := range reserved {
		if host == name || strings.HasSuffix(host, "."+name) {
			return true
		}
	}
	ip := net.ParseIP(host)
	return ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
}

// madeUpPhone are the digits of numbers kept for fiction (555-0100 to 555-0199), and
// of those that people make up.
var madeUpPhone = regexp.MustCompile(`^(1?\d{3})?55501\d\d$|^0+$`)

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
