package request

import (
	"net/mail"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
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

// What registries write down when nobody has an address, or nobody wants to say it. A word
// that is somebody's name or initials somewhere ("Null", "N. O.") is one of them only beside
// itself or a provider where nobody can have it.
var (
	noEmails = strings.Fields(`none unknown unk noemail noemailaddress noemailonfile noemailprovided noemailavailable nomail noaddress nobody noone
		declined refused declinedemail emaildeclined refusedemail emailrefused patientdeclined patientrefused notprovided notavailable notapplicable
		notgiven donthave donothave doesnothave donotemail noreply donotreply test fake`)
	noEmailWords = strings.Fields("no not one body e mail email address on file provided available applicable given do does dont have reply patient declined refused")
	noHosts      = strings.Fields("none noemail noemailaddress nomail noaddress unknown declined refused donthave notprovided noreply fake test invalid")
	noDomains    = strings.Fields("invalid test localhost example") // RFC 2606
	asHost       = strings.Fields("abc xyz asdf qwerty email mail null")
	providers    = strings.Fields("gmail yahoo hotmail email mail none")
)

func joins(r rune) bool { return strings.ContainsRune(".-_/", r) }

// EmailKey is an address as it is compared: in small letters without a +tag, or "" for a
// placeholder. A notice goes to the address on file with its tag, whatever was typed.
func EmailKey(s string) string {
	s = norm.NFC.String(strings.ToLower(Fold(strings.ToValidUTF8(s, ""))))
	local, domain, ok := strings.Cut(s, "@")
	local, _, _ = strings.Cut(local, "+")
	if !ok || local == "" || domain == "" || unsaid(local, domain) {
		return ""
	}
	return local + "@" + domain
}

// unsaid knows addresses that registries write down when nobody knows one.
func unsaid(local, domain string) bool {
	host, _, _ := strings.Cut(domain, ".")
	words, hosts := strings.FieldsFunc(local, joins), strings.FieldsFunc(host, joins)
	word, host := strings.Join(words, ""), strings.Join(hosts, "")
	numbered := strings.TrimRight(word, "0123456789")
	switch {
	case slices.Contains(noEmails, word): // but for "n.one"
		return len(words) == 1 || !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(noEmailWords, w) })
	case slices.Contains(noHosts, host), slices.Contains(noDomains, domain[strings.LastIndexByte(domain, '.')+1:]):
		return true
	case numbered == "noemail", numbered == "nomail": // one for each patient
		return true
	case word == "no", word == "na":
		return word == host || slices.Contains(providers, host)
	}
	return word == host && (len(word) <= 2 || slices.Contains(asHost, word) || strings.Trim(word, word[:1]) == "" || numbered == "")
}
