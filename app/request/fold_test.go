package request

import (
	"strings"
	"testing"

	"vaxkiosk/app/names"
)

func TestOneNameIsOneHoweverItsSignsAreTyped(t *testing.T) {
	asTyped := []string{"D'Angelo-Ruiz", "D’Angelo–Ruiz", "D´Angelo\u2010Ruiz", "D`Angelo−Ruiz", "\ufeffD\u02bcAngelo\u2011Ru\u00adiz"}
	for _, typed := range asTyped {
		d := good()
		d.Family = typed
		r, problems := d.Request("en", today)
		if len(problems) > 0 || r.Family != asTyped[0] {
			t.Errorf("%q is sent as %q, %v", typed, r.Family, problems)
		}
		if got := strings.Join(names.Words(typed), " "); got != "dangelo ruiz" {
			t.Errorf("%q is compared as %q", typed, got)
		}
	}
	d := good()
	d.Contact, d.Email = ByEmail, "\u200bshane.o’neill@exam\u00adple.org\u00a0"
	if r, problems := d.Request("en", today); len(problems) > 0 || r.Email != "shane.o'neill@example.org" {
		t.Errorf("an address is sent as %q, %v", r.Email, problems)
	}
}

// Kiosks that did not fold yet have sealed requests that wait.
func TestARequestThatWasSealedBeforeSignsWereFoldedIsTaken(t *testing.T) {
	r, _ := good().Request("en", today)
	r.Family = "O’Neill‐García"
	if got, err := Decode(r.Encode(), today); err != nil || got != r {
		t.Errorf("%v", err)
	}
	d := wrongName()
	c, _ := d.Correction("en", "", today)
	c.New.Family = "O’Neill"
	if got, err := DecodeCorrection(c.Encode(), today); err != nil || got != c {
		t.Errorf("%v", err)
	}
	r.Family = "O’Neill  García"
	if _, err := Decode(r.Encode(), today); err == nil {
		t.Error("two spaces are taken")
	}
}

func wrongName() Draft {
	return Draft{
		Given: "Ana", Family: "Oneill", Birth: Date{1958, 3, 14}, Contact: ByPhone, Phone: "6175550123", Consent: Consent{Policy: "1"},
		Fix: Fix{Kind: WrongName, New: Name{Given: "Ana", Family: "O'Neill"}},
	}
}
