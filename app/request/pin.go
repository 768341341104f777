package request

import (
	"fmt"
	"slices"
	"strings"
)

// The PIN policy (design, section 5): four digits; refused are four equal
// digits, runs, abab, aabb, the birth year, month-day or day-month of the birth
// date, the last four digits of the phone, and the 20 most common PINs.

// PINDigits is the length of a PIN.
const PINDigits = 4

// CodeDigits is the length of a pickup code.
const CodeDigits = 6

// commonPINs are the most common PINs that no other rule refuses (published
// counts of leaked four-digit passwords).
var commonPINs = []string{
	"1004", "2000", "6969", "1122", "1313", "4321", "2001", "1010", "2580", "1998",
	"0852", "1379", "5683", "1984", "0007", "2468", "1357", "1999", "2222", "7410",
}

// CheckPIN tells why a PIN is refused, or "" when it is fine. The phone may be
// empty or in any notation.
func CheckPIN(pin string, birth Date, phone string) Code {
	if len(pin) != PINDigits || strings.Trim(pin, "0123456789") != "" {
		return PINLength
	}
	if e164 := NormalPhone(phone); e164 != "" {
		phone = e164 // without the extension, and with digits for letters
	}
	switch {
	case pin[0] == pin[2] && pin[1] == pin[3], pin[0] == pin[1] && pin[2] == pin[3]:
		return PINRepeats
	case isRun(pin, 1), isRun(pin, -1):
		return PINRun
	case birth.Complete() && slices.Contains(birthPINs(birth), pin):
		return PINBirth
	case phone != "" && strings.HasSuffix(onlyDigits(phone), pin):
		return PINPhone
	case slices.Contains(commonPINs, pin):
		return PINCommon
	}
	return ""
}

// isRun reports whether each digit follows the one before, 9 and 0 being neighbours.
func isRun(pin string, step int) bool {
	for i := 1; i < len(pin); i++ {
		if (int(pin[i])-int(pin[i-1])+10)%10 != (step+10)%10 {
			return false
		}
	}
	return true
}

func birthPINs(b Date) []string {
	return []string{
		fmt.Sprintf("%04d", b.Year), fmt.Sprintf("%02d%02d", b.Month, b.Day), fmt.Sprintf("%02d%02d", b.Day, b.Month),
	}
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
