package tpm

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/asn1"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"strings"
	"time"

	"github.com/google/go-tpm/tpm2"
	"github.com/google/go-tpm/tpm2/transport"
	"github.com/google/go-tpm/tpm2/transport/linuxtpm"
)

// The commands: derive the key, sign, forget the key. The key itself has no password; it does
// not count as tried when another one is guessed, and is not locked with it.

// open opens it. An emulator serves one connection at a time.
func open(path string) (transport.TPMCloser, error) {
	at, is := strings.CutPrefix(path, socket)
	if !is {
		return linuxtpm.Open(path)
	}
	if info, err := os.Stat(at); err == nil && info.Mode()&fs.ModeSocket == 0 {
		return nil, ErrNone
	}
	conn, err := net.Dial("unix", at)
	if err != nil {
		return nil, err
	}
	return transport.FromReadWriteCloser(conn), conn.SetDeadline(time.Now().Add(limit))
}

// ask derives the key of a name, and has it sign a digest unless that is nil.
func ask(path string, name, digest []byte) (got answer, err error) {
	t, err := open(path)
	if err != nil {
		return got, means(err)
	}
	defer func() { err = means(errors.Join(err, t.Close())) }()
	key, err := tpm2.CreatePrimary{PrimaryHandle: tpm2.TPMRHOwner, InPublic: tpm2.New2B(template(name))}.Execute(t)
	if err != nil {
		return got, err
	}
	defer func() {
		_, gone := tpm2.FlushContext{FlushHandle: key.ObjectHandle}.Execute(t)
		err = errors.Join(err, gone)
	}()
	if got.public, err = publicOf(key.OutPublic); err != nil || digest == nil {
		return got, err
	}
	signed, err := tpm2.Sign{
		KeyHandle:  tpm2.NamedHandle{Handle: key.ObjectHandle, Name: key.Name},
		Digest:     tpm2.TPM2BDigest{Buffer: digest},
		Validation: tpm2.TPMTTKHashCheck{Tag: tpm2.TPMSTHashCheck, Hierarchy: tpm2.TPMRHNull},
	}.Execute(t)
	if err != nil {
		return got, err
	}
	pair, err := signed.Signature.Signature.ECDSA()
	if err != nil {
		return got, err
	}
	got.signature, err = asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(pair.SignatureR.Buffer), new(big.Int).SetBytes(pair.SignatureS.Buffer)})
	return got, err
}

// template is of a key that signs and never leaves, of its own for each name.
func template(name []byte) tpm2.TPMTPublic {
	return tpm2.TPMTPublic{
		Type:    tpm2.TPMAlgECC,
		NameAlg: tpm2.TPMAlgSHA256,
		ObjectAttributes: tpm2.TPMAObject{
			FixedTPM: true, FixedParent: true, SensitiveDataOrigin: true, UserWithAuth: true, NoDA: true, SignEncrypt: true,
		},
		Parameters: tpm2.NewTPMUPublicParms(tpm2.TPMAlgECC, &tpm2.TPMSECCParms{
			CurveID: tpm2.TPMECCNistP256,
			Scheme: tpm2.TPMTECCScheme{
				Scheme:  tpm2.TPMAlgECDSA,
				Details: tpm2.NewTPMUAsymScheme(tpm2.TPMAlgECDSA, &tpm2.TPMSSigSchemeECDSA{HashAlg: tpm2.TPMAlgSHA256}),
			},
		}),
		Unique: tpm2.NewTPMUPublicID(tpm2.TPMAlgECC, &tpm2.TPMSECCPoint{
			X: tpm2.TPM2BECCParameter{Buffer: bytes.Clone(name)},
			Y: tpm2.TPM2BECCParameter{Buffer: make([]byte, nameSize)},
		}),
	}
}

func publicOf(b tpm2.TPM2BPublic) (*ecdsa.PublicKey, error) {
	contents, err := b.Contents()
	if err != nil {
		return nil, err
	}
	public, err := tpm2.Pub(*contents)
	if err != nil {
		return nil, err
	}
	key, is := public.(*ecdsa.PublicKey)
	if !is {
		return nil, errors.New("it has made a key of another kind")
	}
	return key, nil
}

// means finds what an answer of the TPM means; what is not one stays as it is.
func means(err error) error {
	for _, m := range []struct {
		code tpm2.TPMRC
		is   error
	}{
		{tpm2.TPMRCLockout, ErrLocked},
		{tpm2.TPMRCRetry, ErrBusy},
		{tpm2.TPMRCYielded, ErrBusy},
		{tpm2.TPMRCTesting, ErrBusy},
		{tpm2.TPMRCInitialize, ErrBusy}, // it is being started
		{tpm2.TPMRCObjectMemory, ErrBusy},
		{tpm2.TPMRCBadAuth, ErrOwned},
		{tpm2.TPMRCAuthFail, ErrOwned},
	} {
		if errors.Is(err, m.code) {
			return fmt.Errorf("%w (%w)", m.is, err)
		}
	}
	if errors.Is(err, linuxtpm.ErrFileIsNotDevice) {
		return ErrNone
	}
	return err
}
