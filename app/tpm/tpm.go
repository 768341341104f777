// Package tpm keeps a kiosk's private key inside the machine's TPM 2.0, its security chip, which
// signs with it and never gives it out.
//
//	d := tpm.At("")                    // /dev/tpmrm0, or "unix:PATH" of an emulator
//	key, err := d.New()                // a crypto.Signer, P-256
//	key.Name()                         // "tpm:…", for the configuration
//	key, err = d.Key(name, public)     // the same, after a restart: nothing is asked of the TPM yet
//	err = key.Check()                  // whether the TPM has it
//
// Nothing is stored in the TPM, and no private key outside: a key is derived each time from the
// seed that the TPM keeps for its owner and from its name, 32 random bytes. So each enrolment and
// each renewal has a key of its own, whoever loses a name has lost that key, and one that was
// made for nothing leaves nothing. A TPM that was cleared, or another one, derives another key
// from the same name: that is noticed by the public key, before anything is signed. The name
// is no secret of the machine's worth: it serves only whoever may use this very TPM.
//
// Each use opens the TPM, does its two commands and lets go of it: several programs may use it
// at once, and one that was reset, suspended or away is found as it is. A use that takes longer
// than a handshake may is given up, and no other one waits behind it for longer than that.
//
// Whatever goes wrong is an error with a code of package fault: fault.Key when somebody has to
// mend it, fault.Away when it may pass.
//
// It refuses to sign anything but a SHA-256, and uses no key but those of the owner's seed. It
// is for Linux: elsewhere there is no TPM for it, and keys are in files.
package tpm

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"vaxkiosk/app/fault"
)

// Default is where Linux shows the TPM, with a manager between it and those who use it.
const Default = "/dev/tpmrm0"

const (
	prefix   = "tpm:"
	socket   = "unix:"
	nameSize = 32
)

const (
	limit = 8 * time.Second // a use may take: less than the handshake that it is for
	pause = 20 * time.Millisecond
)

// What may be wrong; find them with errors.Is.
var (
	// ErrNone: there is no TPM where one should be.
	ErrNone error = fault.Fault{Code: fault.Key, Detail: "this machine shows no TPM: switch it on in the firmware's setup"}
	// ErrDenied: this user may not use it.
	ErrDenied error = fault.Fault{Code: fault.Key, Detail: "the kiosk's user may not use the TPM: put it into the group that may, tss as a rule"}
	// ErrOther: the TPM has not got this key.
	ErrOther error = fault.Fault{Code: fault.Key, Detail: "the TPM was cleared or is another one"}
	// ErrOwned: IT has set a password for the owner of the TPM.
	ErrOwned error = fault.Fault{Code: fault.Key, Detail: "the TPM's owner has a password, which the kiosk has not: remove it, or enrol the kiosk with its key in a file"}
	// ErrLocked: the TPM has counted too many wrong passwords, of whomever.
	ErrLocked error = fault.Fault{Code: fault.Key, Detail: "the TPM is locked after wrong passwords: wait, or have IT reset its lockout"}
	// ErrFailed: it refuses for another reason.
	ErrFailed error = fault.Fault{Code: fault.Key, Detail: "the TPM does not do what it is asked"}
	// ErrBusy: it has no time, or gives no answer. Worth another try.
	ErrBusy error = fault.Fault{Code: fault.Away, Detail: "the TPM gives no answer in time"}
)

// Device is a TPM.
type Device struct {
	path string
	turn chan struct{} // has one place: whoever has it uses the TPM
	ask  func(path string, name, digest []byte) (answer, error)
}

// answer is a key's public half, and its signature of a digest if there was one.
type answer struct {
	public    *ecdsa.PublicKey
	signature []byte
}

// At is the TPM of a device file, "" for the usual one, or of the socket of an emulator,
// "unix:PATH". Nothing is opened yet.
func At(path string) *Device {
	if path == "" {
		path = Default
	}
	return &Device{path, make(chan struct{}, 1), ask}
}

// Usable reports whether At takes a path: an absolute one.
func Usable(path string) bool { return filepath.IsAbs(strings.TrimPrefix(path, socket)) }

// String is where it is.
func (d *Device) String() string { return d.path }

// There reports whether the machine shows it.
func (d *Device) There() bool {
	_, err := os.Stat(strings.TrimPrefix(d.path, socket))
	return !errors.Is(err, fs.ErrNotExist)
}

// New makes a key.
func (d *Device) New() (*Key, error) {
	name := make([]byte, nameSize)
	rand.Read(name) // never fails (crypto/rand)
	got, err := d.use(name, nil)
	if err != nil {
		return nil, err
	}
	return &Key{d, name, got.public}, nil
}

// Key is the key of a name, which is to have a public half.
func (d *Device) Key(name string, public *ecdsa.PublicKey) (*Key, error) {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(name, prefix))
	if err != nil || !Is(name) || len(raw) != nameSize {
		return nil, errors.New("no name of a key in a TPM")
	}
	return &Key{d, raw, public}, nil
}

// Is reports whether a text is meant for the name of a key in a TPM.
func Is(name string) bool { return strings.HasPrefix(name, prefix) }

// use derives the key of a name, and has it sign a digest unless that is nil.
func (d *Device) use(name, digest []byte) (answer, error) {
	over := time.NewTimer(limit)
	defer over.Stop()
	select {
	case d.turn <- struct{}{}:
	case <-over.C:
		return answer{}, ErrBusy
	}
	type outcome struct {
		answer
		error
	}
	done, given := make(chan outcome, 1), make(chan struct{})
	go func() {
		defer func() { <-d.turn }()
		got, err := d.insist(name, digest, given)
		done <- outcome{got, err}
	}()
	select {
	case o := <-done:
		return o.answer, o.error
	case <-over.C:
		close(given)
		return answer{}, ErrBusy
	}
}

// insist asks again when the TPM is another one's just now, until it is given up.
func (d *Device) insist(name, digest []byte, given <-chan struct{}) (answer, error) {
	last := time.After(limit - pause)
	for {
		got, err := d.ask(d.path, name, digest)
		if err = d.explain(err); !errors.Is(err, ErrBusy) {
			return got, err
		}
		select {
		case <-time.After(pause):
		case <-last: // its error says more than that the time is over
			return answer{}, err
		case <-given:
			return answer{}, err
		}
	}
}

// explain says what an error of the system or the TPM means.
func (d *Device) explain(err error) error {
	var own fault.Fault
	var number syscall.Errno
	switch {
	case err == nil, errors.As(err, &own):
		return err
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENODEV), errors.Is(err, syscall.ENXIO):
		return fmt.Errorf("%w (%s)", ErrNone, d.path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w (%s)", ErrDenied, d.path)
	case errors.As(err, &number), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w (%w)", ErrBusy, err) // such as EBUSY, ETIME, or an emulator that starts anew
	}
	return fmt.Errorf("%w (%w)", ErrFailed, err)
}

// Key is a private key inside a TPM. Its String says nothing.
type Key struct {
	device *Device
	name   []byte
	public *ecdsa.PublicKey
}

// Name finds the key again, in this TPM only.
func (k *Key) Name() string { return prefix + base64.RawURLEncoding.EncodeToString(k.name) }

// String says nothing.
func (k *Key) String() string { return "a key in a TPM" }

// GoString says nothing either.
func (k *Key) GoString() string { return k.String() }

// Public is an *ecdsa.PublicKey of P-256.
func (k *Key) Public() crypto.PublicKey { return k.public }

// Sign has the TPM sign a SHA-256, and returns an ECDSA signature in ASN.1.
func (k *Key) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts.HashFunc() != crypto.SHA256 || len(digest) != sha256.Size {
		return nil, errors.New("the kiosk's key signs a SHA-256 and nothing else")
	}
	got, err := k.device.use(k.name, digest)
	switch {
	case err != nil:
		return nil, err
	case !got.public.Equal(k.public):
		return nil, ErrOther
	}
	return got.signature, nil
}

// Check reports why the key cannot be used, nil when it can.
func (k *Key) Check() error {
	_, err := k.Sign(nil, make([]byte, sha256.Size), crypto.SHA256)
	return err
}

// Another makes a key in the same TPM.
func (k *Key) Another() (*Key, error) { return k.device.New() }

// Beside is the key of a name in the same TPM.
func (k *Key) Beside(name string, public *ecdsa.PublicKey) (*Key, error) {
	return k.device.Key(name, public)
}

// Where is in a word where a private key is: "tpm" or "file".
func Where(key crypto.PrivateKey) string {
	if _, is := key.(*Key); is {
		return "tpm"
	}
	return "file"
}

// Check is a key's own Check; a key in a file can be used.
func Check(key crypto.PrivateKey) error {
	if k, is := key.(*Key); is {
		return k.Check()
	}
	return nil
}
