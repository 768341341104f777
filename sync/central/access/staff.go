package access

import (
	"errors"
	"fmt"
	"regexp"

	"vaxkiosk/app/request"
)

// StaffPINDigits is the length of a staff member's PIN.
const StaffPINDigits = 6

var staffIDs = regexp.MustCompile(fmt.Sprintf(`^[a-z0-9.-]{2,%d}$`, request.Longest(request.FieldStaffID)))

// Errors of new staff accounts.
var (
	ErrStaffID  = fmt.Errorf("the id of a staff member has 2 to %d characters: a to z, 0 to 9, dot and hyphen", request.Longest(request.FieldStaffID))
	ErrStaffPIN = errors.New("the PIN of a staff member has 6 digits")
	ErrWeakPIN  = errors.New("this PIN is too easy to guess: no runs, no repetitions, no row of pairs")
)

// NewStaff tells why a new account is refused: ErrStaffID, ErrStaffPIN, or
// ErrWeakPIN for digits that go up or down evenly (also by nothing), for one,
// two or three digits again and again, and for a row of pairs.
func NewStaff(id, pin string) error {
	switch {
	case !staffIDs.MatchString(id):
		return ErrStaffID
	case !Digits(pin, StaffPINDigits):
		return ErrStaffPIN
	case even(pin), again(pin, 2), again(pin, 3), pin[0] == pin[1] && pin[2] == pin[3] && pin[4] == pin[5]:
		return ErrWeakPIN
	}
	return nil
}

// even reports whether all steps from digit to digit are the same, 9 and 0 being neighbours.
func even(pin string) bool {
	for i := 2; i < len(pin); i++ {
		if (int(pin[i])-2*int(pin[i-1])+int(pin[i-2]))%10 != 0 {
			return false
		}
	}
	return true
}

// again reports whether the first n digits come again and again.
func again(pin string, n int) bool { return pin[n:] == pin[:len(pin)-n] }

// StaffPIN is what the store keeps of a staff member's PIN.
func (k *Keeper) StaffPIN(id, pin string) []byte { return k.newPIN("staff-pin", id, pin) }

// CheckStaff reports whether a PIN is the one that StaffPIN made stored of. It takes
// the same time for every answer, also when nothing is stored.
func (k *Keeper) CheckStaff(stored []byte, id, pin string) bool {
	return k.pinFits(stored, "staff-pin", id, pin) == 1
}

// StaffIDHash is what the store counts failures under: whatever somebody typed
// as their id, maybe their PIN, does not rest in the clear.
func (k *Keeper) StaffIDHash(id string) []byte { return k.hash("staff-id", id, "") }
