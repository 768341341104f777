package main

import (
	"flag"
	"strings"
	"testing"

	"vaxkiosk/sync/central"
)

func TestServeWantsAnIssuerARegistryAndAHelpPhoneThatSomebodyHas(t *testing.T) {
	const issuer, phone = "https://records.our-town.gov", "413-200-0100"
	for _, tt := range []struct{ issuer, registry, phone, says string }{
		{issuer, "Registry", phone, ""},
		{issuer + "/vaccines", "Registry", "(413) 200-0100 ext. 2", ""},
		{"https://198.18.0.7:8443", "Registry", "211", ""},
		{"https://contest", "Registry", "1-800-555-9100", ""}, // contains a reserved word, is not below it
		{"", "Registry", phone, "also give --issuer; see"},
		{issuer, "", phone, "also give --registry; see"},
		{"", "", "", "also give --issuer and --registry and --help-phone; see"},
		{"https://central.example.org", "Registry", phone, `--issuer is at "central.example.org", which is nobody's`},
		{"https://Example.COM.", "Registry", phone, "nobody's"},
		{"https://example.net:8443/path", "Registry", phone, "nobody's"},
		{"https://records.example", "Registry", phone, "nobody's"},
		{"https://records.test", "Registry", phone, "nobody's"},
		{"https://records.invalid", "Registry", phone, "nobody's"},
		{"https://localhost:8443", "Registry", phone, "nobody's"},
		{"https://kiosk.localhost", "Registry", phone, "nobody's"},
		{"https://127.0.0.1:8443", "Registry", phone, "nobody's"},
		{"https://[::1]", "Registry", phone, "nobody's"},
		{issuer, "Registry", "617-555-0100", `--help-phone is "617-555-0100", which nobody answers`},
		{issuer, "Registry", "+1 (413) 555 0199", "nobody answers"},
		{issuer, "Registry", "555-0123", "nobody answers"},
		{issuer, "Registry", "000-000-0000", "nobody answers"},
		{issuer, "Registry", "call us", "nobody answers"},
	} {
		f, o := flag.NewFlagSet("vaxcentral serve", flag.ContinueOnError), central.Options{}
		publicFlags(f, &o)
		if err := f.Parse([]string{"--issuer", tt.issuer, "--registry", tt.registry, "--help-phone", tt.phone}); err != nil {
			t.Fatal(err)
		}
		err := checkPublic(f, &o, false)
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%+v: %v", tt, err)
		}
		if err := checkPublic(f, &o, true); err != nil || o.Issuer == "" || o.Registry == "" || o.HelpPhone == "" {
			t.Errorf("%+v as a demonstration: %v, %+v", tt, err, o)
		}
	}
}
