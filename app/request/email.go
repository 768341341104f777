package request

import (
	"net/mail"
	"strings"
)

// checkEmail wants one bare address (RFC 5322 addr-spec) whose domain has a dot.
func checkEmail(s string) Code {
	if TooMuch(FieldEmail, s) {
		return TooLong
	}
	s = Fold(s)
	if s == "" {
		return Required
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" {
		return BadEmail
	}
	local, domain, _ := strings.Cut(s, "@")
	if local == "" || strings.ContainsAny(local, "\"\uFFFD") || !dottedDomain(domain) {
		return BadEmail
	}
	return ""
}

func dottedDomain(domain string) bool {
	labels := strings.Split(domain, ".")
	if len(labels) < 2 || len(labels[len(labels)-1]) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || strings.HasPrefix(l, "-") || strings.HasSuffix(l, "-") || strings.ContainsAny(l, "[]:_") {
			return false
		}
	}
	return true
}
