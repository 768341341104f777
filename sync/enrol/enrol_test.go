package enrol

import (
	"bytes"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

func TestACodeIsReadAsPeopleTypeIt(t *testing.T) {
	c := NewCode()
	for _, typed := range []string{
		c.Grouped(), strings.ToLower(c.Grouped()), " " + strings.ReplaceAll(c.Grouped(), "-", " ") + "\n",
		strings.NewReplacer("0", "o", "1", "l").Replace(c.Grouped()), strings.ReplaceAll(c.Grouped(), "1", "I"),
	} {
		if got, ok := ParseCode(typed); !ok || got != c {
			t.Errorf("%q is not read as what it is", typed)
		}
	}
	for _, no := range []string{"", c.Grouped() + "0", c.Grouped()[1:], strings.Repeat("U", 26), strings.Repeat("*", 26)} {
		if _, ok := ParseCode(no); ok {
			t.Errorf("%q is taken for a code", no)
		}
	}
	if len(c.Grouped()) != 32 || len(c.ID()) != IDSize || len(c.Secret()) != SecretSize {
		t.Errorf("%d characters, an id of %d bytes, a secret of %d", len(c.Grouped()), len(c.ID()), len(c.Secret()))
	}
}

func TestNoTwoCodesAreAlikeAndNoneIsPrinted(t *testing.T) {
	seen := map[Code]bool{}
	for range 1000 {
		c := NewCode()
		if seen[c] {
			t.Fatal("a code was drawn twice")
		}
		seen[c] = true
	}
	c := NewCode()
	if said := fmt.Sprint(c) + fmt.Sprintf("%v %+v %#v %s", c, c, c, c); strings.Contains(said, c.text) {
		t.Errorf("printed as %q", said)
	}
}

// Kiosks of one release talk to a central of another: what is derived may never change.
func TestWhatIsDerivedFromACodeStays(t *testing.T) {
	c, ok := ParseCode("0123-4567-89AB-CDEF-GHJK-MNPQ-RS")
	if !ok {
		t.Fatal("no code")
	}
	s := Session{hello: make([]byte, 32)}
	for what, b := range map[string]struct {
		got  []byte
		want string
	}{
		"id":      {c.ID(), "51bbb7218991fc4eacaea2b5cfcc1e95"},
		"secret":  {c.Secret(), "92d4e17a52adaca6fe90cad51c700c4af36b3cf7606e57078a5990ef91918a08"},
		"kiosk":   {s.KioskProof(c.Secret()), "5f9e61b300bb46c46c3e878266daaed87ca3fef2dde5ec037436c6b1c629df62"},
		"central": {s.CentralProof(c.Secret(), []byte("grant")), "3a1b967f48a3ddce15817821e3b6eb562c5395c740f5d7caada3dfc55fb303ed"},
	} {
		if got := hex.EncodeToString(b.got); got != b.want {
			t.Errorf("%s: %s", what, got)
		}
	}
}

func TestAProofIsForOneRoleOneSessionAndOneGrant(t *testing.T) {
	a, b := Session{bytes.Repeat([]byte{1}, 32)}, Session{bytes.Repeat([]byte{2}, 32)}
	secret, other := NewCode().Secret(), NewCode().Secret()
	all := [][]byte{
		a.KioskProof(secret), b.KioskProof(secret), a.KioskProof(other),
		a.CentralProof(secret, nil), a.CentralProof(secret, []byte("x")), b.CentralProof(secret, nil), a.CentralProof(other, nil),
	}
	for i := range all {
		for j := range all {
			if Same(all[i], all[j]) != (i == j) {
				t.Errorf("proofs %d and %d", i, j)
			}
		}
	}
	if Same(nil, nil) || Same([]byte("x"), []byte("x")) {
		t.Error("what is no proof is taken for one")
	}
}

func TestAnOlderTLSIsRefused(t *testing.T) {
	if _, err := Begin(tls.ConnectionState{Version: tls.VersionTLS12}, nil, nil); err == nil {
		t.Error("TLS 1.2 is taken")
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("0123-4567-89AB-CDEF-GHJK-MNPQ-RS")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		c, ok := ParseCode(s)
		if !ok {
			return
		}
		if again, ok := ParseCode(c.Grouped()); !ok || again != c {
			t.Error("not read again as what it is")
		}
	})
}
