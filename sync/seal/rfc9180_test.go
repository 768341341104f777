package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"testing"
)

// A second, independent reading of RFC 9180 (base mode, DHKEM X25519, HKDF-SHA256,
// AES-GCM): first held against the RFC's own vector, then used to open our
// envelopes. So an envelope is what the contract says, not just what our own code
// happens to open.

type rfc9180 struct{ aead, keySize uint16 }

func labeled(suite []byte, label string, b []byte) []byte {
	return bytes.Join([][]byte{[]byte("HPKE-v1"), suite, []byte(label), b}, nil)
}

func extract(t *testing.T, suite, salt []byte, label string, ikm []byte) []byte {
	t.Helper()
	prk, err := hkdf.Extract(sha256.New, labeled(suite, label, ikm), salt)
	if err != nil {
		t.Fatal(err)
	}
	return prk
}

func expand(t *testing.T, suite, prk []byte, label string, info []byte, n uint16) []byte {
	t.Helper()
	size := binary.BigEndian.AppendUint16(nil, n)
	out, err := hkdf.Expand(sha256.New, prk, string(append(size, labeled(suite, label, info)...)), int(n))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// open is SetupBaseR (section 5.1.1) and the first ContextR.Open (5.2).
func (c rfc9180) open(t *testing.T, private, enc, info, aad, ct []byte) ([]byte, error) {
	t.Helper()
	sk, err := ecdh.X25519().NewPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	pk, err := ecdh.X25519().NewPublicKey(enc)
	if err != nil {
		t.Fatal(err)
	}
	dh, err := sk.ECDH(pk)
	if err != nil {
		t.Fatal(err)
	}
	kem := []byte{'K', 'E', 'M', 0, 0x20}
	both := append(bytes.Clone(enc), sk.PublicKey().Bytes()...)
	shared := expand(t, kem, extract(t, kem, nil, "eae_prk", dh), "shared_secret", both, 32)

	suite := append([]byte("HPKE"), 0, 0x20, 0, 1, byte(c.aead>>8), byte(c.aead))
	schedule := append([]byte{0}, extract(t, suite, nil, "psk_id_hash", nil)...)
	schedule = append(schedule, extract(t, suite, nil, "info_hash", info)...)
	secret := extract(t, suite, shared, "secret", nil)
	block, err := aes.NewCipher(expand(t, suite, secret, "key", schedule, c.keySize))
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	return gcm.Open(nil, expand(t, suite, secret, "base_nonce", schedule, 12), ct, aad)
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// RFC 9180, appendix A.1.1 (AES-128-GCM), sequence number 0.
func TestTheSecondReadingOpensTheVectorOfTheRFC(t *testing.T) {
	plain, err := rfc9180{aead: 1, keySize: 16}.open(t,
		unhex(t, "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"),
		unhex(t, "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"),
		unhex(t, "4f6465206f6e2061204772656369616e2055726e"),
		unhex(t, "436f756e742d30"),
		unhex(t, "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"))
	if err != nil || string(plain) != "Beauty is truth, truth beauty" {
		t.Errorf("got %q, %v", plain, err)
	}
}

func TestAnEnvelopeIsRFC9180WithAES256(t *testing.T) {
	k, raw, err := NewPrivateKey()
	if err != nil {
		t.Fatal(err)
	}
	e := sealed(t, k)
	plain, err := rfc9180{aead: 2, keySize: 32}.open(t, raw, e.Encap,
		[]byte("vaxkiosk/v1/request"), []byte(`[1,"`+k.ID+`","request","`+testKey+`"]`), e.Ciphertext)
	if err != nil || !bytes.Equal(plain, testPlain) {
		t.Errorf("got %q, %v", plain, err)
	}
}
