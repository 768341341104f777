package access

import (
	"bytes"
	"errors"
	"testing"
	"time"
)

func TestOnlyStaffPINsThatAreHardToGuessAreTaken(t *testing.T) {
	for _, c := range []struct {
		id, pin string
		want    error
	}{
		{"nurse", "704158", nil},
		{"jane.o-neill2", "296035", nil},
		{"n1", "100204", nil},
		{"n", "704158", ErrStaffID},
		{"", "704158", ErrStaffID},
		{"Nurse", "704158", ErrStaffID},
		{"nurse jane", "704158", ErrStaffID},
		{"nurse\n", "704158", ErrStaffID},
		{"abcdefghijklmnopqrstuvwxyz0123456", "704158", ErrStaffID},
		{"nurse", "7041", ErrStaffPIN},
		{"nurse", "7041589", ErrStaffPIN},
		{"nurse", "70415x", ErrStaffPIN},
		{"nurse", "", ErrStaffPIN},
		{"nurse", "000000", ErrWeakPIN},
		{"nurse", "777777", ErrWeakPIN},
		{"nurse", "123456", ErrWeakPIN},
		{"nurse", "987654", ErrWeakPIN},
		{"nurse", "789012", ErrWeakPIN},
		{"nurse", "210987", ErrWeakPIN},
		{"nurse", "024680", ErrWeakPIN},
		{"nurse", "121212", ErrWeakPIN},
		{"nurse", "707070", ErrWeakPIN},
		{"nurse", "158158", ErrWeakPIN},
		{"nurse", "112233", ErrWeakPIN},
		{"nurse", "884400", ErrWeakPIN},
	} {
		if got := NewStaff(c.id, c.pin); !errors.Is(got, c.want) {
			t.Errorf("%q %s: %v, want %v", c.id, c.pin, got, c.want)
		}
	}
}

func TestAStaffPINFitsItsAccountOnly(t *testing.T) {
	k := open(t)
	stored := k.StaffPIN("nurse", "704158")
	for _, c := range []struct {
		id, pin string
		stored  []byte
		fits    bool
	}{
		{"nurse", "704158", stored, true},
		{"nurse", "704159", stored, false},
		{"clerk", "704158", stored, false}, // a hash moved to another account
		{"nurse", "704158", nil, false},
		{"nurse", "", nil, false},
		{"nurse", "704158", k.newPIN("pin", "nurse", "704158"), false}, // a visitor's
	} {
		if got := k.CheckStaff(c.stored, c.id, c.pin); got != c.fits {
			t.Errorf("%s %s: fits %v, want %v", c.id, c.pin, got, c.fits)
		}
	}
	if open(t).CheckStaff(stored, "nurse", "704158") || bytes.Contains(k.StaffIDHash("704158"), []byte("704158")) {
		t.Error("it fits without the pepper, or what was typed as an id is kept")
	}
}

func TestWhoVouchesNeedsNoCodeButThePIN(t *testing.T) {
	k := open(t)
	l := k.NewLock("r", "7294", "043210")
	if !k.CheckPIN(l, "r", "7294") || !k.CheckPIN(Lock{PIN: l.PIN}, "r", "7294") {
		t.Error("the right PIN does not fit")
	}
	if k.CheckPIN(l, "r", "7295") || k.CheckPIN(l, "s", "7294") || k.CheckPIN(Lock{}, "r", "7294") || k.CheckPIN(Lock{}, "r", "") {
		t.Error("a wrong PIN fits")
	}
}

// As TestNoRecordTakesAsLongAsAWrongPIN, and as loose.
func TestNobodyTakesAsLongAsAWrongStaffPIN(t *testing.T) {
	k := open(t)
	stored, l := k.StaffPIN("nurse", "704158"), k.NewLock("r", "7294", "043210")
	best := func(f func()) time.Duration {
		shortest := time.Hour
		for range 3 {
			start := time.Now()
			f()
			shortest = min(shortest, time.Since(start))
		}
		return shortest
	}
	with, without := best(func() { k.CheckStaff(stored, "nurse", "111111") }), best(func() { k.CheckStaff(nil, "nobody", "111111") })
	if without < with/5 {
		t.Errorf("nobody is refused in %v, a wrong PIN in %v", without, with)
	}
	with, without = best(func() { k.CheckPIN(l, "r", "1111") }), best(func() { k.CheckPIN(Lock{}, "r", "1111") })
	if without < with/5 {
		t.Errorf("no record is refused in %v, a wrong PIN in %v", without, with)
	}
}
