package record

import (
	"fmt"
	"regexp"
	"strings"
)

// Each record that central hands out has a code of its own for central's check
// page, where anybody with the print in hand learns, on any phone, whether it is
// still valid. The code says nothing of the person, and the page asks for the birth date.

// CheckPath is where the check page is below the issuer; the code follows it.
const CheckPath = "/check/"

// checkCode is four groups of four characters of Crockford's base 32, 80 bits.
var checkCode = regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$`)

// CheckURL is the address of the check page with a code.
func CheckURL(issuer, code string) string { return issuer + CheckPath + code }

// CheckCode is the code in Check as people type it, "7KQ2-M4VG-0XYZ-9ABC"; "" for
// a record without one.
func (r Record) CheckCode() string { return strings.TrimPrefix(r.Check, CheckURL(r.Issuer, "")) }

// checkCheck wants the address of the issuer's check page with a code, or none.
func (r Record) checkCheck() error {
	if r.Check != "" && (!strings.HasPrefix(r.Check, "https://") || !strings.HasPrefix(r.Check, CheckURL(r.Issuer, "")) || !checkCode.MatchString(r.CheckCode())) {
		return fmt.Errorf("%w: the address for checking it is none of its issuer's", ErrContent)
	}
	return nil
}
