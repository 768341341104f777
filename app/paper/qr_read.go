package paper

import (
	"errors"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// Codes reads the health card codes off a finished PDF of this package, square
// by square, and returns the JWS of each in the order of the pages.
func Codes(pdf []byte) ([]string, error) {
	groups, err := readBack(pdf)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, g := range groups {
		if g.tag != tagCode {
			continue
		}
		jws, _, err := g.jws()
		if err != nil {
			return nil, err
		}
		all = append(all, jws)
	}
	return all, nil
}

// Number reads the number off a finished slip of this package, square by square,
// as a scanner would; "" when the PDF is no slip.
func Number(pdf []byte) (string, error) {
	groups, err := readBack(pdf)
	groups = marked(groups)
	if err != nil || len(groups) != 1 || groups[0].tag != tagNumber {
		return "", err
	}
	number, _, err := groups[0].qr(slipModule)
	return number, err
}

// jws decodes the squares of a health card's code and returns them as well.
func (g group) jws() (string, [][]bool, error) {
	text, bits, err := g.qr(module)
	if err != nil {
		return "", nil, err
	}
	jws, err := jwsOf(text)
	return jws, bits, err
}

// qr decodes squares of a size and returns them as well.
func (g group) qr(side float64) (string, [][]bool, error) {
	bits, err := g.bitmap(side)
	if err != nil {
		return "", nil, err
	}
	result, err := decoder.NewDecoder().DecodeBoolMapWithoutHint(bits)
	if err != nil {
		return "", nil, errors.New("the squares of a code are no QR code")
	}
	return result.GetText(), bits, nil
}
