package access

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func open(t *testing.T) *Keeper {
	t.Helper()
	dir := t.TempDir()
	if err := Make(dir); err != nil {
		t.Fatal(err)
	}
	k, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestOnlyTheRightPINWithTheRightCodeOpens(t *testing.T) {
	k := open(t)
	l := k.NewLock("request-1", "7294", "043210")
	for _, c := range []struct {
		id, pin, code string
		lock          Lock
		opens         bool
	}{
		{"request-1", "7294", "043210", l, true},
		{"request-1", "7295", "043210", l, false},
		{"request-1", "7294", "043211", l, false},
		{"request-1", "", "", l, false},
		{"request-2", "7294", "043210", l, false}, // a lock moved to another request
		{"request-1", "7294", "043210", Lock{}, false},
		{"request-1", "", "", Lock{}, false},
		{"request-1", "7294", "043210", Lock{PIN: l.PIN}, false},
		{"request-1", "7294", "043210", Lock{Code: l.Code}, false},
	} {
		if got := k.Check(c.lock, c.id, c.pin, c.code); got != c.opens {
			t.Errorf("%s %s %s: opens %v, want %v", c.id, c.pin, c.code, got, c.opens)
		}
	}
}

func TestAnotherPepperOpensNothing(t *testing.T) {
	l := open(t).NewLock("r", "7294", "043210")
	if open(t).Check(l, "r", "7294", "043210") {
		t.Error("opened without the pepper")
	}
}

func TestThePepperSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	if err := Make(dir); err != nil {
		t.Fatal(err)
	}
	a, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !b.Check(a.NewLock("r", "7294", "043210"), "r", "7294", "043210") {
		t.Error("the PIN does not open after a restart")
	}
	if a.Thumbprint() != b.Thumbprint() || a.Thumbprint() == open(t).Thumbprint() {
		t.Error("thumbprints do not tell peppers apart")
	}
	if err := os.WriteFile(filepath.Join(dir, "pepper"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "pepper") {
		t.Errorf("a damaged pepper: got %v", err)
	}
}

func TestEqualPINsRestDifferently(t *testing.T) {
	k := open(t)
	a, b := k.NewLock("r", "7294", "000000"), k.NewLock("r", "7294", "000000")
	if bytes.Equal(a.PIN, b.PIN) {
		t.Error("two hashes of one PIN are equal")
	}
	if bytes.Equal(a.Code, k.NewLock("s", "7294", "000000").Code) {
		t.Error("one code rests equally for two requests")
	}
}

// A refusal without anything to check must cost what a real check costs. The
// bound is loose: it catches a missing hash (a thousand times faster), not noise.
func TestNoRecordTakesAsLongAsAWrongPIN(t *testing.T) {
	k := open(t)
	l := k.NewLock("r", "7294", "043210")
	best := func(l Lock) time.Duration {
		shortest := time.Hour
		for range 3 {
			start := time.Now()
			k.Check(l, "r", "1234", "111111")
			shortest = min(shortest, time.Since(start))
		}
		return shortest
	}
	if with, without := best(l), best(Lock{}); without < with/5 {
		t.Errorf("no record is refused in %v, a wrong PIN in %v", without, with)
	}
}

func TestCodesHaveSixDigitsAndUseThemAll(t *testing.T) {
	var seen [6][10]int
	for range 2000 {
		code, err := NewCode()
		if err != nil || (Proof{"7294", code}).Valid() != nil {
			t.Fatalf("code of %d signs, %v", len(code), err)
		}
		for i, r := range code {
			seen[i][r-'0']++
		}
	}
	for i := range seen {
		for d, n := range seen[i] {
			if n < 120 || n > 290 { // expected 200, standard deviation 13.4
				t.Errorf("digit %d at place %d: %d of 2000", d, i, n)
			}
		}
	}
}

func TestTokensAreUnlikeEachOther(t *testing.T) {
	k := open(t)
	a, ha := k.NewToken()
	b, hb := k.NewToken()
	if a == b || bytes.Equal(ha, hb) || !bytes.Equal(ha, k.TokenHash(a)) || strings.Contains(string(ha), a) {
		t.Error("tokens repeat, or do not fit their hash")
	}
}

func TestAProofHasTheRightForm(t *testing.T) {
	for p, ok := range map[Proof]bool{
		{"7294", "043210"}: true, {"729", "043210"}: false, {"7294", "43210"}: false, {"72a4", "043210"}: false,
		{"", ""}: false, {"７294", "043210"}: false,
	} {
		if (p.Valid() == nil) != ok {
			t.Errorf("proof of %d and %d bytes: valid %v", len(p.PIN), len(p.Code), !ok)
		}
	}
}
