package assets

import (
	"regexp"
	"strings"
)

// National Drug Codes name a package: labeler, product, package. The FDA writes them with
// ten digits in three ways (4-4-2, 5-3-2, 5-4-1), the CDC and payers with eleven (5-4-2).
// The first two parts are the product, and with few exceptions all its packages hold the
// same vaccine: so a package that a table lacks is what all others of the product are.

const (
	packageDigits = 11
	productDigits = 9
)

var digits = regexp.MustCompile(`^[0-9]+$`)

// CVXOfNDC returns the vaccine that is in a package. The NDC may be written in all ways
// above, without hyphens, without the package, or as the bar code of a carton (GTIN-14).
// Ten digits without hyphens are taken when all ways to read them that are known come to
// the same.
func (c *Codes) CVXOfNDC(ndc string) (string, bool) {
	found := ""
	for _, code := range readings(ndc) {
		cvx := c.packages[code]
		if cvx == "" && len(code) == packageDigits {
			cvx = c.packages[code[:productDigits]]
		}
		if cvx != "" && found != "" && cvx != found {
			return "", false
		}
		if cvx != "" {
			found = cvx
		}
	}
	return found, found != ""
}

// NDC writes the National Drug Code of a package (12345-6789-01), or of a product
// (12345-6789), as the table of packages does. It refuses one that can be read in several ways.
func NDC(ndc string) (string, bool) {
	all := readings(ndc)
	if len(all) != 1 {
		return "", false
	}
	code := all[0][:5] + "-" + all[0][5:productDigits]
	if len(all[0]) == packageDigits {
		code += "-" + all[0][productDigits:]
	}
	return code, true
}

// loadPackages reads the table of packages. Rows without a vaccine are none.
func (c *Codes) loadPackages(rows []map[string]string) (int, error) {
	c.packages = map[string]string{}
	inferred := map[string]string{} // of products of which packages are listed
	for i, row := range rows {
		all := readings(row["ndc"])
		if len(all) != 1 || !cvxForm.MatchString(row["cvx"]) {
			return i, errCode
		}
		code := all[0]
		if _, twice := c.packages[code]; twice {
			return i, errTwice
		}
		c.packages[code] = row["cvx"]
		if len(code) == packageDigits {
			product := code[:productDigits]
			if before, also := inferred[product]; also && before != row["cvx"] {
				inferred[product] = ""
			} else if !also {
				inferred[product] = row["cvx"]
			}
		}
	}
	for product, cvx := range inferred {
		if _, listed := c.packages[product]; !listed {
			c.packages[product] = cvx
		}
	}
	return 0, nil
}

// readings are the eleven digits, or nine of a product, that an NDC may stand for.
func readings(ndc string) []string {
	ndc = strings.TrimSpace(ndc)
	if parts := strings.Split(ndc, "-"); len(parts) > 1 {
		return hyphened(parts)
	}
	if !digits.MatchString(ndc) {
		return nil
	}
	if len(ndc) == 14 && ndc[1:3] == "03" { // a GTIN: packaging level, 03, the ten digits, check digit
		ndc = ndc[3:13]
	}
	switch len(ndc) {
	case packageDigits, productDigits:
		return []string{ndc}
	case 10:
		return []string{"0" + ndc, ndc[:5] + "0" + ndc[5:], ndc[:9] + "0" + ndc[9:]}
	}
	return nil
}

// hyphened reads an NDC by its parts: one of them may lack a zero.
func hyphened(parts []string) []string {
	if len(parts) > 3 {
		return nil
	}
	full := [3]int{5, 4, 2}
	code, lacking := "", 0
	for i, part := range parts {
		lacks := full[i] - len(part)
		if lacks < 0 || lacks > 1 || !digits.MatchString(part) {
			return nil
		}
		lacking += lacks
		code += strings.Repeat("0", lacks) + part
	}
	if lacking > 1 {
		return nil
	}
	return []string{code}
}
