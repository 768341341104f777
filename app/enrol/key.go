package enrol

import (
	"cmp"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"

	"vaxkiosk/app/config"
	"vaxkiosk/app/tpm"
)

// KeyError is that no key could be made where it is to be: in the TPM.
type KeyError struct{ Cause error }

// Error is a sentence.
func (e *KeyError) Error() string { return "the kiosk's key cannot be made: " + e.Cause.Error() }

// Unwrap is the cause.
func (e *KeyError) Unwrap() error { return e.Cause }

// newKey makes the kiosk's key, and says in words where it is. In a TPM it leaves nothing when
// the enrolment comes to nothing.
func (e *enrolment) newKey() (key crypto.Signer, in string, err error) {
	store := cmp.Or(e.o.keyStore, e.it.KeyStore, config.KeyAuto)
	device := tpm.At(cmp.Or(e.o.tpm, e.it.TPM))
	in = "a file, for the kiosk's user alone"
	if store != config.KeyInFile {
		made, err := device.New()
		switch {
		case err == nil:
			return made, fmt.Sprintf("the TPM of this machine (%s), which never gives it out", device), nil
		case store == config.KeyInTPM:
			return nil, "", &KeyError{err}
		case device.There():
			in = fmt.Sprintf("a file, since the TPM cannot be used: %v", err)
		default:
			in = "a file, for the kiosk's user alone: this machine shows no TPM"
		}
	}
	key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return key, in, err
}
