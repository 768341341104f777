package main

import (
	"cmp"
	"flag"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"

	"vaxkiosk/sync/central"
)

// What the public gets to read of this service: on paper, on screens, in messages
// and for ever in health cards. None of it has a default, because a made-up one
// looks right until somebody calls the number or a verifier asks the address. Only
// a demonstration makes it up.

// demoPublic is what a demonstration says where nothing was said.
var demoPublic = central.Options{
	Issuer: "https://central.example.org", Registry: "Immunization Registry", HelpPhone: "617-555-0100",
}

// publicFlags reads issuer, registry and help phone.
func publicFlags(f *flag.FlagSet, o *central.Options) {
	f.StringVar(&o.Issuer, "issuer", "", "public https `address` of this service, in every health card (required)")
	f.StringVar(&o.Registry, "registry", "", "`name` of the registry, on the paper (required)")
	f.StringVar(&o.HelpPhone, "help-phone", "", "phone `number` for people who are stuck (required)")
	f.StringVar(&o.Service, "service", "", "`name` of the service (kiosks say \"Vaccine records\" in the visitor's language)")
}

// checkPublic fills in what a demonstration left out, and otherwise refuses what is
// missing or made up.
func checkPublic(f *flag.FlagSet, o *central.Options, demo bool) error {
	if demo {
		o.Issuer = cmp.Or(o.Issuer, demoPublic.Issuer)
		o.Registry = cmp.Or(o.Registry, demoPublic.Registry)
		o.HelpPhone = cmp.Or(o.HelpPhone, demoPublic.HelpPhone)
		return nil
	}
	if err := wanted(f, "issuer", "registry", "help-phone"); err != nil {
		return err
	}
	if host := hostOf(o.Issuer); madeUpHost(host) {
		return fmt.Errorf("--issuer is at %q, which is nobody's address in public: give the one that verifiers and phones reach, or add --demo to try things out", host)
	}
	if digits := onlyDigits(o.HelpPhone); len(digits) < 3 || madeUpPhone.MatchString(digits) {
		return fmt.Errorf("--help-phone is %q, which nobody answers: give the number that people are to call, or add --demo to try things out", o.HelpPhone)
	}
	return nil
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
