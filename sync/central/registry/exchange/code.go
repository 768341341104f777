package exchange

import (
	"regexp"
	"slices"
	"strings"

	"vaxkiosk/app/fhir"
	"vaxkiosk/assets"
	"vaxkiosk/sync/central/registry"
)

// Which vaccine a source means: its CVX code, else the one that an NDC or a trade name
// stands for, else what it says in words.

// unknown is the code of an unknown vaccine or immune globulin.
const unknown = "999"

// Systems of codes without scheme and final slash, in small letters.
var (
	cvxSystems = []string{"hl7.org/fhir/sid/cvx", "2.16.840.1.113883.12.292", "2.16.840.1.113883.6.59", "cvx"}
	ndcSystems = []string{"hl7.org/fhir/sid/ndc", "2.16.840.1.113883.6.69", "ndc"}
)

// system is the name of a code system in one way.
func system(s string) string {
	s = strings.Trim(strings.ToLower(s), " /")
	for _, scheme := range []string{"http://", "https://", "urn:oid:", "www."} {
		s = strings.TrimPrefix(s, scheme)
	}
	return s
}

// codesOf are the codes of some systems, those that somebody chose first.
func codesOf(systems []string, all ...concept) (codes []string) {
	for _, chosen := range []bool{true, false} {
		for _, c := range all {
			for _, x := range c.Coding {
				if x.Chosen == chosen && (x.System == fhir.CVXSystem && systems[0] == cvxSystems[0] || slices.Contains(systems, system(x.System))) {
					codes = append(codes, string(x.Code))
				}
			}
		}
	}
	return codes
}

var number = regexp.MustCompile(`^0*(\d{1,3})(?:\.0+)?$`)

// cvxOf writes a CVX code in its one way, two or three digits; "" for what is none.
func cvxOf(s string) string {
	if _, known := assets.VaccineOf(s); known {
		return s
	}
	m := number.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return ""
	}
	code := strings.TrimLeft(m[1], "0")
	switch len(code) {
	case 0:
		return ""
	case 1:
		return "0" + code
	}
	return code
}

// pick is the code that says most; "" of none.
func pick(codes []string) (best string) {
	for _, s := range codes {
		code := cvxOf(s)
		if code != "" && (best == "" || better(code, best)) {
			best = code
		}
	}
	return best
}

// better reports whether a code says more than another.
func better(a, b string) bool {
	if ga, gb := worth(a), worth(b); ga != gb {
		return ga > gb
	}
	return assets.LessSpecific(b, a)
}

// What a code is worth: nothing when it says nothing, and more when it can be named.
const (
	empty = iota
	unnamed
	named
)

func worth(code string) int {
	_, known := assets.VaccineOf(code)
	switch {
	case code == registry.NotGiven || code == registry.Reserved || code == unknown:
		return empty
	case !known:
		return unnamed
	}
	return named
}

// vaccine chooses among the codes of one dose. With neither a code nor words there is
// nothing that could be shown.
func (c *reading) vaccine(cvx, ndc []string, words string) (code string, why registry.Reason) {
	code = pick(cvx)
	for _, s := range ndc {
		if other, ok := assets.CVXOfNDC(s); ok && (code == "" || better(other, code)) {
			code = other
		}
	}
	if code == "" && words != "" {
		code = c.product(words)
	}
	switch {
	case code == registry.Reserved, code == "" && words == "":
		return "", CVXWrong
	case code == registry.NotGiven:
		return "", NotADose
	}
	return code, ""
}

// product is the vaccine of a trade name that stands for just one.
func (c *reading) product(name string) string {
	if c.products == nil {
		c.products = map[string]string{}
		for _, p := range assets.Products() {
			key := bare(p.Name)
			if code, there := c.products[key]; there && code != p.CVX {
				c.products[key] = ""
			} else {
				c.products[key] = p.CVX
			}
		}
	}
	return c.products[bare(name)]
}
