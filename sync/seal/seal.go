// Package seal closes what only central may read.
//
// Seal encrypts with HPKE (RFC 9180: DHKEM X25519, HKDF-SHA256, AES-256-GCM) to
// central's public key and returns an Envelope. Version, key id, purpose and
// idempotency key are authenticated with it, so an envelope cannot be moved to
// another request or used for another purpose. A kiosk holds only the public key
// and cannot open what it sealed (promise P2).
//
// Open refuses other versions, unknown key ids, changed headers and envelopes
// over MaxSize. Errors hold no content.
package seal

import (
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
)

// Version is the envelope version that Seal writes.
const Version = 1

// MaxSize is the largest envelope in bytes, as JSON.
const MaxSize = 64 << 10

// MaxRequest is the largest envelope of a request: a quarter more than the largest that
// can be typed.
const MaxRequest = 8 << 10

// Purpose says what an envelope is for.
type Purpose string

// The purposes.
const (
	ForRequest Purpose = "request"
	ForUnlock  Purpose = "unlock"
	ForVouch   Purpose = "vouch" // an unlock that staff vouches for
	ForStaff   Purpose = "staff" // a staff member signs in
	ForPickup  Purpose = "pickup"
	ForAmend   Purpose = "amend"  // the correction of a record
	ForReport  Purpose = "report" // a technical problem
	ForUsage   Purpose = "usage"  // counts of an hour
)

// Envelope is a sealed message as it travels and rests.
type Envelope struct {
	Version    int     `json:"v"`
	KeyID      string  `json:"kid"`
	Purpose    Purpose `json:"purpose"`
	Key        string  `json:"key"` // idempotency key of the request it belongs to
	Encap      []byte  `json:"enc"` // encapsulated key, 32 bytes
	Ciphertext []byte  `json:"ct"`
}

// ErrOpen is wrapped by every refusal to open.
var ErrOpen = errors.New("envelope does not open")

// ErrOtherKey is ErrOpen for an envelope that another private key may open.
var ErrOtherKey = fmt.Errorf("%w: sealed to another key", ErrOpen)

// PublicKey is central's sealing key with its id.
type PublicKey struct {
	ID    string
	Bytes []byte // X25519, 32 bytes
}

// PrivateKey opens envelopes; only central has one.
type PrivateKey struct {
	ID  string
	key hpke.PrivateKey
	pub []byte
}

// NewPrivateKey makes a sealing key.
func NewPrivateKey() (PrivateKey, []byte, error) {
	k, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return PrivateKey{}, nil, err
	}
	p, err := ParsePrivateKey(k.Bytes())
	return p, k.Bytes(), err
}

// ParsePrivateKey reads the 32 bytes that NewPrivateKey returned.
func ParsePrivateKey(raw []byte) (PrivateKey, error) {
	k, err := ecdh.X25519().NewPrivateKey(raw)
	if err != nil {
		return PrivateKey{}, errors.New("sealing key is not 32 bytes of X25519")
	}
	hk, err := hpke.NewDHKEMPrivateKey(k)
	if err != nil {
		return PrivateKey{}, err
	}
	pub := k.PublicKey().Bytes()
	return PrivateKey{ID: keyID(pub), key: hk, pub: pub}, nil
}

// Public returns the key that kiosks seal to.
func (k PrivateKey) Public() PublicKey { return PublicKey{ID: k.ID, Bytes: k.pub} }

// keyID is the start of the public key: enough to tell keys apart.
func keyID(pub []byte) string { return base64.RawURLEncoding.EncodeToString(pub[:9]) }

// Seal encrypts plaintext for central. Key is the idempotency key of the request.
func Seal(to PublicKey, p Purpose, key string, plaintext []byte) (Envelope, error) {
	pub, err := ecdh.X25519().NewPublicKey(to.Bytes)
	if err != nil {
		return Envelope{}, fmt.Errorf("sealing key: %w", err)
	}
	hk, err := hpke.NewDHKEMPublicKey(pub)
	if err != nil {
		return Envelope{}, fmt.Errorf("sealing key: %w", err)
	}
	e := Envelope{Version: Version, KeyID: to.ID, Purpose: p, Key: key}
	encap, sender, err := hpke.NewSender(hk, hpke.HKDFSHA256(), hpke.AES256GCM(), e.info())
	if err != nil {
		return Envelope{}, fmt.Errorf("seal: %w", err)
	}
	e.Encap = encap
	if e.Ciphertext, err = sender.Seal(e.header(), plaintext); err != nil {
		return Envelope{}, fmt.Errorf("seal: %w", err)
	}
	return e, nil
}

// Open decrypts an envelope that was sealed for purpose p and this key.
func (k PrivateKey) Open(e Envelope, p Purpose, key string) ([]byte, error) {
	switch {
	case e.Version != Version:
		return nil, fmt.Errorf("%w: version %d, want %d", ErrOpen, e.Version, Version)
	case e.KeyID != k.ID:
		return nil, ErrOtherKey
	case e.Purpose != p || e.Key != key:
		return nil, fmt.Errorf("%w: sealed for another purpose or request", ErrOpen)
	}
	r, err := hpke.NewRecipient(e.Encap, k.key, hpke.HKDFSHA256(), hpke.AES256GCM(), e.info())
	if err != nil {
		return nil, fmt.Errorf("%w: bad encapsulated key", ErrOpen)
	}
	plain, err := r.Open(e.header(), e.Ciphertext)
	if err != nil {
		return nil, fmt.Errorf("%w: changed, or not sealed to this key", ErrOpen)
	}
	return plain, nil
}

// keyIDs is what keyID makes.
var keyIDs = regexp.MustCompile(`^[A-Za-z0-9_-]{12}$`)

// WellFormed reports whether an envelope looks like one of Seal's, to whatever key.
func (e Envelope) WellFormed() bool {
	const encap, tag = 32, 16
	return keyIDs.MatchString(e.KeyID) && len(e.Encap) == encap && len(e.Ciphertext) >= tag
}

// VersionOf reads the version of an envelope and nothing else, because a newer one may
// differ in all the rest; 0 when there is none.
func VersionOf(b []byte) int {
	var e struct {
		Version int `json:"v"`
	}
	if json.Unmarshal(b, &e) != nil {
		return 0
	}
	return e.Version
}

// info binds the HPKE context to this protocol and purpose.
func (e Envelope) info() []byte { return []byte("vaxkiosk/v1/" + string(e.Purpose)) }

// header is the authenticated data: what the envelope says in the clear.
func (e Envelope) header() []byte {
	b, err := json.Marshal([]any{e.Version, e.KeyID, e.Purpose, e.Key})
	if err != nil {
		panic(err) // numbers and strings always encode
	}
	return b
}

// Encode writes the envelope as JSON.
func (e Envelope) Encode() []byte {
	b, err := json.Marshal(e)
	if err != nil {
		panic(err) // numbers, strings and bytes always encode
	}
	return b
}

// Decode reads an envelope, not trusting it yet.
func Decode(b []byte) (Envelope, error) {
	if len(b) > MaxSize {
		return Envelope{}, fmt.Errorf("%w: larger than %d bytes", ErrOpen, MaxSize)
	}
	var e Envelope
	if json.Unmarshal(b, &e) != nil {
		return Envelope{}, fmt.Errorf("%w: not the expected JSON", ErrOpen)
	}
	return e, nil
}
