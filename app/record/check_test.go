package record

import (
	"errors"
	"testing"
)

func TestTheAddressForCheckingIsTheIssuersWithACode(t *testing.T) {
	const issuer, code = "https://vax.example.org", "7KQ2-M4VG-0XYZ-9ABC"
	central := newPen(t)
	for check, ok := range map[string]bool{
		"":                         true, // a central without the page
		issuer + "/check/" + code:  true,
		issuer + "/check/":         false,
		issuer + "/check":          false,
		issuer + "/check/7KQ2M4VG": false,
		issuer + "/check/7KQ2-M4VG-0XYZ-9ABC-1234":          false,
		issuer + "/check/7KQ2-M4VG-0XYZ-9ABU":               false, // no such sign
		issuer + "/check/7kq2-m4vg-0xyz-9abc":               false,
		issuer + "/check/" + code + "\n":                    false,
		issuer + "/check/" + code + "?next=evil":            false,
		issuer + ".evil.example/check/" + code:              false,
		"http://vax.example.org/check/" + code:              false,
		"https://other.example.org/check/" + code:           false,
		"javascript:alert(1)//" + issuer + "/check/" + code: false,
	} {
		x := wellMade()
		x.statement.Check = check
		r, err := Parse(central.answer(x), central.keys, now)
		switch {
		case (err == nil) != ok || err != nil && !errors.Is(err, ErrContent):
			t.Errorf("%q: %v", check, err)
		case ok && (r.Check != check || check != "" && r.CheckCode() != code || check == "" && r.CheckCode() != ""):
			t.Errorf("%q: read as %q, %q", check, r.Check, r.CheckCode())
		}
	}
}

func TestARecordOfAnIssuerWithoutHTTPSHasNoAddressForChecking(t *testing.T) {
	r := Record{Issuer: "http://vax.example.org", Check: "http://vax.example.org/check/7KQ2-M4VG-0XYZ-9ABC"}
	if !errors.Is(r.checkCheck(), ErrContent) {
		t.Error("taken")
	}
}
