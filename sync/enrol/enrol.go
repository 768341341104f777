// Package enrol is what a kiosk and central prove to each other when a kiosk is enrolled
// with a code that was typed: both know the code, and both see the same connection.
//
// NewCode draws a code: 26 characters of Crockford's base 32, 130 bits, of which each may be
// misread for no other. Its ID finds the invitation at central and gives nothing away;
// its Secret is all that central keeps to prove with. A Session binds a connection to what
// the kiosk sent on it (Begin); KioskProof and CentralProof are MACs over it:
//
//	root    = HKDF-Extract(SHA-256, code, "vaxkiosk enrol 1")
//	id      = HKDF-Expand(root, "id", 16)
//	secret  = HKDF-Expand(root, "secret", 32)
//	key     = HKDF-Expand(secret, "kiosk" or "central", 32)
//	hello   = SHA-256(len‖binding ‖ len‖id ‖ len‖csr)
//	kiosk   = HMAC(key of the kiosk, hello)
//	central = HMAC(key of central, hello ‖ SHA-256(grant))
//
// The binding is what RFC 9266 calls tls-exporter: 32 bytes that both ends of a TLS 1.3
// connection derive from its handshake, central's certificate in it, and nobody else.
// Whoever stands between the two has two connections with two bindings, so what one end
// proves is worth nothing to the other, and cannot be said again on a third. It learns an
// id, a public key and two MACs, under a key of 130 bits that nobody guesses. The grant
// (certificate, CA, pin, name) is in central's proof as bytes: who changes one is refused.
//
// It refuses TLS before 1.3, codes of another length, and does no I/O: the call is in
// sync/client, central's end in sync/central.
package enrol

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"
)

// Life is how long a code can be used.
const Life = time.Hour

// Length is how many characters a code has.
const Length = 26

// MaxBody is how long a kiosk's call may be, in bytes.
const MaxBody = 16 << 10

// Sizes in bytes.
const (
	IDSize     = 16
	SecretSize = 32
	proofSize  = sha256.Size
)

const (
	// signs are without look-alikes (no I, L, O, U: Crockford's base 32).
	signs   = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	salt    = "vaxkiosk enrol 1"
	binding = "EXPORTER-Channel-Binding" // RFC 9266
)

// Code is a code of an invitation. Its String says nothing.
type Code struct{ text string }

// NewCode draws a code.
func NewCode() Code {
	b := make([]byte, Length)
	rand.Read(b) // never fails (crypto/rand)
	for i := range b {
		b[i] = signs[b[i]&31]
	}
	return Code{string(b)}
}

// ParseCode reads a code as people type it (see Fold). ok is false for what cannot be one.
func ParseCode(s string) (c Code, ok bool) {
	s = Fold(s)
	if len(s) != Length || Strange(s) != "" {
		return Code{}, false
	}
	return Code{s}, true
}

var folds = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1")

// Fold is a code, or the beginning of one, as it counts of what people type: any case, with or
// without dashes and spaces, O for 0, I and L for 1. What no code has stays in it.
func Fold(s string) string { return folds.Replace(strings.ToUpper(strings.TrimSpace(s))) }

// Strange is the first character of what Fold returns that no code has, "" when there is none.
func Strange(s string) string {
	for _, r := range s {
		if !strings.ContainsRune(signs, r) {
			return string(r)
		}
	}
	return ""
}

// Group is a code, or the beginning of one, as it is read and typed: 7KQ2-M4VG-….
func Group(s string) string {
	var groups []string
	for group := range slices.Chunk([]rune(s), 4) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, "-")
}

// Grouped is the code as it is read and typed: 7KQ2-M4VG-….
func (c Code) Grouped() string { return Group(c.text) }

// String says nothing: a code opens the door to central.
func (c Code) String() string { return "a code" }

// GoString says nothing either.
func (c Code) GoString() string { return c.String() }

// ID finds the invitation, and nothing can be proved with it.
func (c Code) ID() []byte { return c.derive("id", IDSize) }

// Secret is what both ends prove that they know. Whoever has it is as good as the code.
func (c Code) Secret() []byte { return c.derive("secret", SecretSize) }

func (c Code) derive(label string, size int) []byte {
	root, err := hkdf.Extract(sha256.New, []byte(c.text), []byte(salt))
	if err != nil {
		panic(err) // SHA-256 is always there
	}
	return expand(root, label, size)
}

func expand(key []byte, label string, size int) []byte {
	b, err := hkdf.Expand(sha256.New, key, label, size)
	if err != nil {
		panic(err) // the sizes are constants, and SHA-256 is always there
	}
	return b
}

// Session is one enrolment on one connection.
type Session struct{ hello []byte }

// Begin binds a connection to what the kiosk sends on it.
func Begin(conn tls.ConnectionState, id, csr []byte) (Session, error) {
	if conn.Version < tls.VersionTLS13 {
		return Session{}, errors.New("an enrolment needs TLS 1.3")
	}
	bound, err := conn.ExportKeyingMaterial(binding, nil, 32)
	if err != nil {
		return Session{}, err
	}
	h := sha256.New()
	for _, part := range [][]byte{bound, id, csr} {
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part)))) // never fails (package hash)
		h.Write(part)
	}
	return Session{h.Sum(nil)}, nil
}

// KioskProof shows that the kiosk knows the code.
func (s Session) KioskProof(secret []byte) []byte { return mac(secret, "kiosk", s.hello) }

// CentralProof shows that central knows the code, and that the grant is its own.
func (s Session) CentralProof(secret, grant []byte) []byte {
	sum := sha256.Sum256(grant)
	return mac(secret, "central", s.hello, sum[:])
}

// Same compares proofs in constant time.
func Same(a, b []byte) bool { return len(a) == proofSize && hmac.Equal(a, b) }

func mac(secret []byte, role string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, expand(secret, role, sha256.Size))
	for _, p := range parts {
		h.Write(p) // never fails (package hash)
	}
	return h.Sum(nil)
}
