package tpm

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-tpm/tpm2"
	"github.com/google/go-tpm/tpm2/transport/linuxtpm"

	"vaxkiosk/app/fault"
)

// asked is a TPM that does what f does.
func asked(f func() (answer, error)) *Device {
	d := At("/dev/tpmrm0")
	d.ask = func(string, []byte, []byte) (answer, error) { return f() }
	return d
}

func TestWhatIsWrongWithATPMIsSaid(t *testing.T) {
	at := func(err error) error { return &fs.PathError{Op: "open", Path: "/dev/tpmrm0", Err: err} }
	for name, tt := range map[string]struct{ err, want error }{
		"gone":        {at(syscall.ENOENT), ErrNone},
		"pulled out":  {at(syscall.ENODEV), ErrNone},
		"a file":      {means(fmt.Errorf("%w: x", linuxtpm.ErrFileIsNotDevice)), ErrNone},
		"no right":    {at(syscall.EACCES), ErrDenied},
		"sandbox":     {at(syscall.EPERM), ErrDenied},
		"another one": {at(syscall.EBUSY), ErrBusy},
		"cut off":     {fmt.Errorf("reading: %w", io.EOF), ErrBusy},
		"refuses now": {&os.SyscallError{Syscall: "connect", Err: syscall.ECONNREFUSED}, ErrBusy},
		"lockout":     {means(fmt.Errorf("x: %w", tpm2.TPMRCLockout)), ErrLocked},
		"retry":       {means(tpm2.TPMRCRetry), ErrBusy},
		"testing":     {means(tpm2.TPMRCTesting), ErrBusy},
		"owned":       {means(tpm2.TPMRCBadAuth + 0x900), ErrOwned}, // of the first session
		"switched off": {
			means(tpm2.TPMRCHierarchy), ErrFailed,
		},
		"nonsense": {errors.New("the answer is too short"), ErrFailed},
	} {
		var err error
		synctest.Test(t, func(*testing.T) { // what may pass is tried for a while
			_, err = asked(func() (answer, error) { return answer{}, tt.err }).New()
		})
		if !errors.Is(err, tt.want) || (fault.CodeOf(err) == fault.Away) != errors.Is(tt.want, ErrBusy) {
			t.Errorf("%s: %v (%s)", name, err, fault.CodeOf(err))
		}
	}
}

func TestATPMThatIsSomebodyElsesJustNowIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries, key := 0, &ecdsa.PublicKey{}
		d := asked(func() (answer, error) {
			if tries++; tries < 5 {
				return answer{}, syscall.EBUSY
			}
			return answer{public: key}, nil
		})
		if k, err := d.New(); err != nil || k.Public() != key {
			t.Error(err)
		}
	})
}

// A handshake has ten seconds: whoever waits for a TPM is told before.
func TestATPMThatNeverAnswersHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		answers := make(chan struct{})
		d := asked(func() (answer, error) { <-answers; return answer{public: &key.PublicKey}, nil })
		k := &Key{d, make([]byte, nameSize), &key.PublicKey}
		for range 3 { // the second and third wait behind the first
			start := time.Now()
			if _, err := k.Sign(nil, make([]byte, sha256.Size), crypto.SHA256); !errors.Is(err, ErrBusy) || time.Since(start) != limit {
				t.Errorf("after %s: %v", time.Since(start), err)
			}
		}
		close(answers)
		synctest.Wait()
		if err := k.Check(); err != nil {
			t.Errorf("when it answers again: %v", err)
		}
	})
}
