package access

import (
	"crypto/rand"
	"encoding/base32"
	"strings"

	"vaxkiosk/sync/central/retention"
)

// CheckLife is how long the code of a print is answered: a school year, and the
// weeks in which the next one begins. It also bounds how long somebody who kept
// an old print can look.
const CheckLife = retention.Checks

// checkSigns are without look-alikes (no I, L, O, U: Crockford's base 32).
const checkSigns = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var checkBase = base32.NewEncoding(checkSigns).WithPadding(base32.NoPadding)

// NewCheckCode draws a code of the check page: 80 bits as "7KQ2-M4VG-0XYZ-9ABC".
func NewCheckCode() string {
	b := make([]byte, 10)
	rand.Read(b) // never fails (crypto/rand)
	return grouped(checkBase.EncodeToString(b))
}

// ParseCheckCode reads a code as people type it: any case, with or without dashes
// and spaces, O for 0, I and L for 1. ok is false for what cannot be a code.
func ParseCheckCode(s string) (code string, ok bool) {
	s = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(s))
	if len(s) != 16 || strings.Trim(s, checkSigns) != "" {
		return "", false
	}
	return grouped(s), true
}

func grouped(s string) string { return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:] }

// CheckHash is what the store keeps of a code of the check page.
func (k *Keeper) CheckHash(code string) []byte { return k.hash("check", "", code) }

// BirthHash is what the store keeps of the birth date (YYYY-MM-DD) that belongs to a
// code of the check page.
func (k *Keeper) BirthHash(code, birth string) []byte { return k.hash("check birth", code, birth) }

// DoseHash is what the store keeps of a dose that stands on the print of a code.
func (k *Keeper) DoseHash(code, dose string) []byte { return k.hash("check dose", code, dose) }
