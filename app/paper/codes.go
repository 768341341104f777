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
