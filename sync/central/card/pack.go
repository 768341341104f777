package card

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/base64"
	"slices"
	"sort"
	"strings"

	"vaxkiosk/app/record"
	"vaxkiosk/assets"
	"vaxkiosk/sync/central/registry"
)

// The rules of packing. The doses of one disease family stay on one card when
// they fit there, the biggest family first, each on the first card with room. A
// family too big for the room that is left goes dose by dose, newest first. A
// new card is begun only when nothing else has room. When four cards are too
// few, the newest dose of each family comes first, then each one's second
// newest, and so on; what is left over is on the paper only.

// packer packs the doses of one person. Doses are named by their row.
type packer struct {
	person registry.Person
	issuer string
	rid    string
	nbf    int64
	header int // length of the protected header in base64
	out    bytes.Buffer
	zip    *flate.Writer
}

// signature is the length of an ES256 signature in base64: 64 bytes.
const signature = 86

// fits reports whether a card with these doses fits one QR code.
func (k *packer) fits(rows []int) bool {
	_, zipped, err := k.payload(rows)
	return err == nil && k.length(zipped) <= record.MaxJWS
}

// length is how long the JWS of a deflated payload is.
func (k *packer) length(zipped []byte) int {
	return k.header + 1 + base64.RawURLEncoding.EncodedLen(len(zipped)) + 1 + signature
}

// pack returns the rows of each card.
func (k *packer) pack(rows []int) [][]int {
	if cards, ok := k.try(rows); ok {
		return cards
	}
	byTurn := k.byTurn(rows)
	tooMany := sort.Search(len(byTurn), func(n int) bool {
		_, ok := k.try(byTurn[:n+1])
		return !ok
	})
	cards, _ := k.try(byTurn[:tooMany])
	return cards
}

// try packs all rows, or tells that four cards are too few.
func (k *packer) try(rows []int) (cards [][]int, ok bool) {
	for _, family := range k.families(rows) {
		if k.put(&cards, family) {
			continue
		}
		for _, row := range family {
			if !k.put(&cards, []int{row}) {
				return nil, false
			}
		}
	}
	return cards, true
}

// put adds rows to the first card that has room for all of them, or to a new one.
func (k *packer) put(cards *[][]int, rows []int) bool {
	for i, card := range *cards {
		if with := slices.Concat(card, rows); k.fits(with) {
			(*cards)[i] = with
			return true
		}
	}
	if len(*cards) < record.MaxCards && k.fits(rows) {
		*cards = append(*cards, rows)
		return true
	}
	return false
}

// families groups rows by disease family, the biggest first, newest doses first.
func (k *packer) families(rows []int) [][]int {
	by := map[string][]int{}
	for _, row := range rows {
		name := familyOf(k.person.Doses[row].CVX)
		by[name] = append(by[name], row)
	}
	all := make([][]int, 0, len(by))
	for _, family := range by {
		slices.SortFunc(family, func(a, b int) int {
			return cmp.Or(strings.Compare(k.person.Doses[b].Date, k.person.Doses[a].Date), cmp.Compare(a, b))
		})
		all = append(all, family)
	}
	slices.SortFunc(all, func(a, b []int) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a[0], b[0])) })
	return all
}

// familyOf is the first vaccine group of a code; a code without one is its own family.
func familyOf(cvx string) string {
	if v, ok := assets.VaccineOf(cvx); ok && len(v.Groups) > 0 {
		return v.Groups[0]
	}
	return "CVX " + cvx
}

// byTurn orders rows: the newest of each family, then each one's second newest, …
func (k *packer) byTurn(rows []int) []int {
	families := k.families(rows)
	var all []int
	for turn := 0; len(all) < len(rows); turn++ {
		for _, family := range families {
			if turn < len(family) {
				all = append(all, family[turn])
			}
		}
	}
	return all
}
