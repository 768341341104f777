package request

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Region is where a number without a country code belongs.
const Region = "US"

// parsePhone returns the E.164 form of a number of the North American plan, or
// why it is refused. Numbers nobody owns (all digits equal, 1234567890) are
// refused. The plan does not tell cell phones from landlines; what it does tell
// apart (toll-free, pagers and the like) gets no text messages.
func parsePhone(s string) (string, Code) {
	n, err := phonenumbers.Parse(s, Region)
	if err != nil || n.GetCountryCode() != 1 || !phonenumbers.IsValidNumber(n) {
		return "", BadPhone
	}
	e164 := phonenumbers.Format(n, phonenumbers.E164)
	digits := strings.TrimPrefix(e164, "+1")
	if strings.Count(digits, digits[:1]) == len(digits) || digits == "1234567890" || digits[3:] == "5555555" {
		return "", BadPhone
	}
	switch phonenumbers.GetNumberType(n) {
	case phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE, phonenumbers.VOIP, phonenumbers.PERSONAL_NUMBER:
		return e164, ""
	default:
		return "", NotACell
	}
}

// FormatPhone writes an E.164 number or typed digits the way people of the
// region read it; what is not a number yet comes back as it is.
func FormatPhone(s string) string {
	n, err := phonenumbers.Parse(s, Region)
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return s
	}
	return phonenumbers.Format(n, phonenumbers.NATIONAL)
}

// NormalPhone returns the E.164 form, or "" for what is no number.
func NormalPhone(s string) string {
	e164, _ := parsePhone(s)
	return e164
}
