package request

import (
	"slices"
	"strings"

	"vaxkiosk/app/names"
)

// Addresses that are well formed and yet look like a slip of the finger. No code would
// ever arrive there, and nobody would know why; but somebody may have just this
// address, so it is a question and never a refusal.

// asked are the domains that an address one slip away is asked about, the most used
// first. Shorter ones are next to too many others.
var asked = []string{
	"gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "comcast.net", "verizon.net", "sbcglobal.net",
	"bellsouth.net", "charter.net", "optonline.net", "earthlink.net", "protonmail.com",
}

// common are other domains that people have, next to one of those or to each other;
// what stands here is never asked about.
var common = []string{
	"ymail.com", "gmx.com", "mail.com", "email.com", "aol.com", "live.com", "me.com", "mac.com", "msn.com", "att.net", "cox.net", "aim.com",
	"rocketmail.com", "googlemail.com", "proton.me", "pm.me", "rcn.com", "rr.com", "zoho.com", "hey.com", "fastmail.com", "juno.com",
	"hotmail.co.uk", "yahoo.co.uk", "yahoo.co.jp", "yahoo.co.in", "yahoo.com.mx", "yahoo.com.br", "outlook.com.br", "gmx.net", "gmx.de", "mail.ru",
}

// noEnds are ends of domains that do not exist (they are not in IANA's list of
// top-level domains), and what was meant.
var noEnds = map[string]string{
	"con": "com", "cmo": "com", "ocm": "com", "vom": "com", "xom": "com", "dom": "com", "cpm": "com", "clm": "com", "cim": "com", "comm": "com", "ccom": "com", "coom": "com",
	"nte": "net", "ent": "net", "ner": "net", "nett": "net", "met": "net",
	"ogr": "org", "rog": "org", "orgg": "org", "prg": "org",
	"eud": "edu", "deu": "edu", "gvo": "gov", "ogv": "gov",
}

// MeantDomain is the domain that was perhaps meant by one which looks like a slip, ""
// when there is none. The address is valid.
func MeantDomain(email string) string {
	_, domain := cutAddress(email)
	domain = strings.ToLower(domain)
	meant := rightEnd(domain)
	if !slices.Contains(asked, meant) && !slices.Contains(common, meant) {
		for _, d := range asked {
			if names.OneEdit(meant, d) {
				return d
			}
		}
	}
	if meant == domain {
		return ""
	}
	return meant
}

// rightEnd is a domain with the end that was meant.
func rightEnd(domain string) string {
	i := strings.LastIndexByte(domain, '.') + 1
	if end, wrong := noEnds[domain[i:]]; wrong {
		return domain[:i] + end
	}
	return domain
}

// WithDomain is an address with another domain.
func WithDomain(email, domain string) string {
	local, _ := cutAddress(email)
	return local + "@" + domain
}

func cutAddress(email string) (local, domain string) {
	local, domain, _ = strings.Cut(Fold(email), "@")
	return local, domain
}
