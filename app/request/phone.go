package request

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// The one rule for phone numbers: the form, central, imports and matching all ask
// here. The shape of a number decides, NXX-NXX-XXXX with N from 2 to 9, and not who
// has been given it: a list of area codes in service is out of date whenever a new one
// comes. What the North American Numbering Plan keeps for something else than a
// subscriber's phone is refused. Its sources are the administrator's page on area
// codes (nanpa.com: N11 service codes, N9X kept to lengthen numbers, easily recognizable
// codes) and the guidelines for central office codes (ATIS-0300051: N11, 555, 976).
// Area codes 37X and 96X and exchanges 950, 958 and 959 are set aside only, and may be
// somebody's some day: they are taken. So are 555 numbers, which made-up people have.
//
// The library reads notations ("+1 (617) 555-0123 x45") and knows what belongs to other
// countries; it is not asked whether a number is in service.

// Region is where a number without a country code belongs.
const Region = "US"

// phoneDigits is the length of a number of the plan.
const phoneDigits = 10

// notSubscribers are area codes without a phone that gets text messages: toll-free,
// now or kept for it (8YY), carriers' services, the federal government, and premium.
// 880 to 889 go with them.
var notSubscribers = []string{"800", "822", "833", "844", "855", "866", "877", "700", "710", "900"}

// premium is the exchange of premium services in every area.
const premium = "976"

// CheckCell tells why ten digits cannot be a cell phone of the North American plan, ""
// when they can. The plan does not tell cell phones from landlines.
func CheckCell(digits string) Code {
	if len(digits) != phoneDigits || onlyDigits(digits) != digits {
		return BadPhone
	}
	area, exchange := digits[:3], digits[3:6]
	switch {
	case area[0] < '2', area[1] == '9', service(area), exchange[0] < '2':
		return BadPhone
	case service(exchange) && geographic(area), strings.Trim(digits, area[:1]) == "", slices.Contains(nobodys, digits[3:]):
		return BadPhone
	case slices.Contains(notSubscribers, area), area[:2] == "88", exchange == premium:
		return NotACell
	}
	return ""
}

// nobodys are numbers that nobody has in any area: directory assistance, and what films
// and forms are full of.
var nobodys = []string{"5551212", "5555555"}

// service tells the codes N11, such as 911.
func service(code string) bool { return code[1:] == "11" }

// geographic reports whether an area code is that of a place: easily recognizable codes
// (X22, X33 …) and 52X are not, and N11 is an exchange like others there.
func geographic(area string) bool { return area[1] != area[2] && area[:2] != "52" }

// placeholder knows numbers that registries write down when nobody knows the number:
// one digit again and again behind the area code, runs, and numbers that nobody has.
// Some are somebody's all the same, who is taken at the kiosk but not found by them.
func placeholder(digits string) bool {
	line := digits[len(digits)-7:]
	return strings.Trim(line, line[:1]) == "" || slices.Contains(nobodys, line) ||
		strings.HasSuffix(digits, "1234567890") || strings.HasSuffix(digits, "0123456789") || strings.HasSuffix(digits, "9876543210")
}

// national reads a number of the plan in any notation, without country code and
// extension: ten digits from 2 on, or "".
func national(s string) string {
	if digits, is := plain(s); is {
		return digits
	}
	n, err := phonenumbers.Parse(s, Region)
	if err != nil || n.GetCountryCode() != 1 {
		return ""
	}
	digits := phonenumbers.GetNationalSignificantNumber(n)
	if len(digits) != phoneDigits || digits[0] < '2' {
		return ""
	}
	return digits
}

// plain reads the notations that nearly all numbers have, as the library does and a
// hundred times as fast: imports have millions.
func plain(s string) (digits string, is bool) {
	rest, abroad := strings.CutPrefix(s, "+")
	if strings.Trim(rest, "0123456789 -.()") != "" || abroad && !strings.HasPrefix(rest, "1") {
		return "", false
	}
	digits = onlyDigits(rest)
	if len(digits) == phoneDigits+1 {
		digits = strings.TrimPrefix(digits, "1")
	} else if abroad {
		return "", false
	}
	return digits, len(digits) == phoneDigits && digits[0] >= '2'
}

// parsePhone returns the E.164 form of a number that can be a cell phone, or why it is
// refused.
func parsePhone(s string) (string, Code) {
	digits := national(Fold(s))
	if code := CheckCell(digits); code != "" {
		return "", code
	}
	return "+1" + digits, ""
}

// checkPhone tells what is wrong with a number as typed.
func checkPhone(s string) Code {
	_, code := parsePhone(s)
	switch {
	case Fold(s) == "":
		return Required
	case code != "" && TooMuch(FieldPhone, s):
		return TooLong
	}
	return code
}

// FormatPhone writes a number of the plan the way people read it, whether or not it can
// be a cell phone; what is not such a number, or not yet, comes back as it is.
func FormatPhone(s string) string {
	d := national(s)
	if d == "" {
		return s
	}
	return "(" + d[:3] + ") " + d[3:6] + "-" + d[6:]
}

// NormalPhone returns the E.164 form, or "" for what is no cell phone of the plan.
func NormalPhone(s string) string {
	e164, _ := parsePhone(s)
	return e164
}

// PhoneKey is a number as it is compared: E.164 for ten digits of the plan, which need
// be no cell phone; else the digits, with + and the country code if one was given; ""
// for a placeholder. What CheckCell refuses does not matter here, so that a registry's
// keys stay when the plan changes.
func PhoneKey(s string) string {
	s = Fold(s)
	digits := digitsOf(s)
	if strings.HasPrefix(s, "+") && !strings.HasPrefix(digits, "1") {
		digits = "+" + digits
	}
	if d := cmp.Or(national(s), national(digits)); d != "" {
		digits = d
	}
	if len(digits) == phoneDigits+1 {
		digits = strings.TrimPrefix(digits, "1")
	}
	if len(digits) < phoneDigits || placeholder(digits) {
		return ""
	}
	if len(digits) == phoneDigits && digits[0] >= '2' {
		return "+1" + digits
	}
	return digits
}

// digitsOf leaves out an extension.
func digitsOf(s string) string {
	if i := strings.IndexAny(s, "xXeE#;"); i >= phoneDigits {
		s = s[:i]
	}
	return onlyDigits(s)
}
