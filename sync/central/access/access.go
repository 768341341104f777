// Package access holds the secrets that open a record: PINs of visitors and of
// staff, pickup codes and tokens.
//
// PINs rest as Argon2id (RFC 9106) with a salt each; pickup codes and tokens as
// keyed hashes. All of them are keyed with a pepper that is kept outside the
// database and bound to their request or account, so that a stolen database alone
// gives nothing to guess against.
//
// Every check always does the whole work, also for a request without a person or
// a PIN and for an account that nobody has, so that time does not tell one refusal
// from another. Counting tries is the store's task and comes before: see store.Try.
//
// Five tries for each request stop whoever guesses at one. Limits stop whoever
// guesses at many, from one kiosk or from all, or sends notices to somebody again
// and again: limits.go has each number with its reason, store.Take counts.
package access

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/keyfile"
)

// How long secrets live.
const (
	CodeLife  = 24 * time.Hour
	TokenLife = 5 * time.Minute
	StaffLife = 10 * time.Minute // of a staff member's token
)

// Cost of Argon2id: the OWASP minimum (19 MiB, 2 passes, 1 lane).
const (
	passes  = 2
	memory  = 19 << 10 // KiB
	lanes   = 1
	keyLen  = 32
	saltLen = 16
)

const pepperLen = 32

// Keeper makes and checks secrets. Use Open to get one.
type Keeper struct {
	// Unlimited is for demonstrations and measurements with made-up people: uses of
	// limits count for nobody. It is set before the keeper is used.
	Unlimited bool

	pepper   []byte
	busy     chan struct{} // bounds the memory that guessing can take
	compared atomic.Int64
}

// PepperFile is the name of the pepper's file.
const PepperFile = "pepper"

// Make makes the pepper of a new folder.
func Make(dir string) error {
	b := make([]byte, pepperLen)
	rand.Read(b) // never fails (crypto/rand)
	return keyfile.New(filepath.Join(dir, PepperFile), b)
}

// Open reads the pepper from dir.
func Open(dir string) (*Keeper, error) {
	path := filepath.Join(dir, PepperFile)
	pepper, err := keyfile.Read(path)
	if err != nil {
		return nil, err
	}
	if len(pepper) != pepperLen {
		return nil, fmt.Errorf("%s has not %d bytes: restore it from the backup, or no PIN can be checked", path, pepperLen)
	}
	return &Keeper{pepper: pepper, busy: make(chan struct{}, runtime.NumCPU())}, nil
}

// Thumbprint tells this pepper from others and nothing of it.
func (k *Keeper) Thumbprint() string {
	sum := sha256.Sum256(append([]byte("vaxcentral pepper\x00"), k.pepper...))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Lock is what the store keeps of the secrets of one request. The zero Lock
// opens with nothing.
type Lock struct {
	PIN  []byte // salt, then Argon2id
	Code []byte // keyed hash
}

// NewLock hashes a PIN and a pickup code for one request.
func (k *Keeper) NewLock(id, pin, code string) Lock {
	return Lock{PIN: k.newPIN("pin", id, pin), Code: k.CodeHash(id, code)}
}

// newPIN hashes a PIN under a new salt.
func (k *Keeper) newPIN(label, id, pin string) []byte {
	salt := make([]byte, saltLen)
	rand.Read(salt) // never fails (crypto/rand)
	return append(salt, k.slow(label, id, pin, salt)...)
}

// CodeHash is what the store keeps of a pickup code.
func (k *Keeper) CodeHash(id, code string) []byte { return k.hash("code", id, code) }

// ContactMark tells the contact that a code went to from others, without saying it: a
// new code goes there again.
func (k *Keeper) ContactMark(id, key string) string {
	return base64.RawURLEncoding.EncodeToString(k.hash("contact", id, key)[:12])
}

// NoticeRef names a notice to whoever delivers it, in 80 bits that nobody guesses and nothing can
// be read from: 16 small letters and digits, so that it is the same in any address and URL.
func (k *Keeper) NoticeRef(id string) string {
	return strings.ToLower(base32.StdEncoding.EncodeToString(k.hash("notice", "", id)[:10]))
}

// ContactHash is what the store keeps of a contact that nothing is to be sent to.
func (k *Keeper) ContactHash(contact string) string {
	return base64.RawURLEncoding.EncodeToString(k.hash("refused", "", contact)[:16])
}

// Check reports whether PIN and code open the lock. It takes the same time for
// every answer.
func (k *Keeper) Check(l Lock, id, pin, code string) bool {
	pinFits := k.pinFits(l.PIN, "pin", id, pin)
	codeFits := subtle.ConstantTimeCompare(k.CodeHash(id, code), l.Code)
	return pinFits&codeFits == 1
}

// CheckPIN is Check without the code, for when staff vouches.
func (k *Keeper) CheckPIN(l Lock, id, pin string) bool { return k.pinFits(l.PIN, "pin", id, pin) == 1 }

// Compared is how often a PIN has been compared, right or wrong.
func (k *Keeper) Compared() int { return int(k.compared.Load()) }

// pinFits compares in constant time, also with a PIN that is not there.
func (k *Keeper) pinFits(stored []byte, label, id, pin string) int {
	k.compared.Add(1)
	if len(stored) != saltLen+keyLen {
		stored = make([]byte, saltLen+keyLen)
	}
	return subtle.ConstantTimeCompare(k.slow(label, id, pin, stored[:saltLen]), stored[saltLen:])
}

func (k *Keeper) slow(label, id, pin string, salt []byte) []byte {
	k.busy <- struct{}{}
	defer func() { <-k.busy }()
	return argon2.IDKey(k.hash(label, id, pin), salt, passes, memory, lanes, keyLen)
}

// hash is HMAC-SHA256 under the pepper; the label and the zero bytes keep uses apart.
func (k *Keeper) hash(label, id, secret string) []byte {
	h := hmac.New(sha256.New, k.pepper)
	h.Write([]byte(label + "\x00" + id + "\x00" + secret))
	return h.Sum(nil)
}

// NewCode draws a pickup code: six digits, each code equally likely.
func NewCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("no random numbers: %w", err)
	}
	return fmt.Sprintf("%0*d", request.CodeDigits, n), nil
}

// NewToken draws a token and returns it with the hash the store keeps.
func (k *Keeper) NewToken() (token string, hash []byte) {
	b := make([]byte, 32)
	rand.Read(b) // never fails (crypto/rand)
	token = base64.RawURLEncoding.EncodeToString(b)
	return token, k.TokenHash(token)
}

// TokenHash is what the store keeps of a token.
func (k *Keeper) TokenHash(token string) []byte { return k.hash("token", "", token) }

// Masked is the secret of an invitation as the store keeps it, and of what the store keeps
// the secret: it is added to a hash that is this invitation's alone, so that a stolen
// database enrols nobody.
func (k *Keeper) Masked(id, secret []byte) []byte {
	out := k.hash("invitation", string(id), "")
	subtle.XORBytes(out, out, secret)
	return out
}

// Proof is the PIN and code somebody shows.
type Proof struct{ PIN, Code string }

// ErrProof is returned for a proof that has not the right form.
var ErrProof = errors.New("proof is not four and six digits")

// Valid reports whether the proof has the right form.
func (p Proof) Valid() error {
	if !Digits(p.PIN, request.PINDigits) || !Digits(p.Code, request.CodeDigits) {
		return ErrProof
	}
	return nil
}

// String keeps secrets out of logs (promise P9).
func (Proof) String() string { return "proof" }

// GoString is String, so that %#v tells no more.
func (Proof) GoString() string { return "proof" }

// Digits reports whether s is n digits.
func Digits(s string, n int) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) == n
}
