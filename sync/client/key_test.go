package client

import (
	"crypto"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"vaxkiosk/app/fault"
)

// chip is a key that says why it does not sign.
type chip struct {
	crypto.Signer
	why error
}

func (c chip) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return nil, c.why }

func TestWhyTheKiosksOwnKeyCannotBeUsedIsToldAndMayPass(t *testing.T) {
	s := serve(t, nil, reply(http.StatusOK, "application/jose", "x"))
	for code, also := range map[fault.Code]error{fault.Key: ErrCertificate, fault.Away: ErrAway} {
		c := s.kiosk(t, func(o *Options) {
			o.Cert.PrivateKey = chip{o.Cert.PrivateKey.(crypto.Signer), fmt.Errorf("%w (x)", fault.Fault{Code: code, Detail: "the chip is at fault"})}
		})
		if _, _, err := c.Bootstrap(t.Context(), ""); fault.CodeOf(err) != code || !errors.Is(err, also) || errors.Is(err, ErrKey) != (code == fault.Key) || !strings.HasSuffix(err.Error(), ": the chip is at fault (x)") {
			t.Errorf("%s: %v", code, err)
		}
	}
}
