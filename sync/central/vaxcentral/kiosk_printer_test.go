package main

import (
	"strings"
	"testing"
)

func TestAKioskIsAddedWithAPrinterThatItWouldTakeOnly(t *testing.T) {
	const pin = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	for says, all := range map[string][]printerFlags{
		"": {
			{uri: "ipp://printer.local/ipp/print"},
			{uri: "ipps://printer.local/ipp/print", pin: pin},
			{uri: "ipps://[::1]:8631/ipp/print", pin: strings.ToUpper(pin), hold: true},
			{uri: "folder:printed", tests: true},
		},
		"--folder-for-tests, and TEST stands":     {{uri: "folder:printed"}, {uri: "folder:/srv/pages", hold: true}},
		"leave them out, as a folder has neither": {{uri: "folder:x", tests: true, hold: true}, {uri: "folder:x", tests: true, pin: pin}},
		"--folder-for-tests goes with --printer":  {{uri: "ipp://printer/ipp/print", tests: true}},
		"give it ipps://HOST/ipp/print":           {{uri: "http://printer"}, {uri: "folder:"}, {uri: "printer"}, {uri: "ipp://"}, {uri: "ipps://a:b@printer/ipp"}},
		"leave them out, or print over ipps://":   {{uri: "ipp://printer", hold: true}, {uri: "ipp://printer", pin: pin}},
		"needs the SHA-256 of its public key":     {{uri: "ipps://printer"}, {uri: "ipps://printer", pin: "123"}},
	} {
		for _, p := range all {
			if err := p.check(); (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
				t.Errorf("%+v: %v", p, err)
			}
		}
	}
}
