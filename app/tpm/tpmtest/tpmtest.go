//go:build linux

// Package tpmtest starts TPMs for tests: swtpm, an emulator of its own process and folder.
package tpmtest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-tpm/tpm2"
	"github.com/google/go-tpm/tpm2/transport"
	"github.com/google/go-tpm/tpm2/transport/linuxudstpm"
)

// TPM is one that runs until its test ends, or Stop.
type TPM struct {
	t    *testing.T
	dir  string
	stop func()
}

// Start starts a new one.
func Start(t *testing.T) *TPM {
	t.Helper()
	dir, err := os.MkdirTemp("", "tpm") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	v := &TPM{t: t, dir: dir}
	t.Cleanup(func() {
		v.Stop()
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	v.On()
	return v
}

// At is its address, as package tpm takes it.
func (v *TPM) At() string { return "unix:" + v.path() }

func (v *TPM) path() string { return filepath.Join(v.dir, "socket") }

// On switches it on again after Stop, with the seed that it had.
func (v *TPM) On() {
	v.t.Helper()
	cmd := exec.CommandContext(context.Background(), "swtpm", "socket", "--tpm2", "--tpmstate", "dir="+v.dir, "--server", "type=unixio,path="+v.path(), "--flags", "not-need-init,startup-clear")
	if err := cmd.Start(); err != nil {
		v.t.Fatalf("%v: apt-get install swtpm", err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // it was killed, or the test says that it does not start
		close(ended)
	}()
	v.stop = func() {
		_ = cmd.Process.Kill() // it may have ended
		<-ended
		_ = os.Remove(v.path()) // as a device that is gone
	}
	for late := time.After(10 * time.Second); ; {
		if _, err := os.Stat(v.path()); err == nil {
			return
		} else if !errors.Is(err, fs.ErrNotExist) {
			v.t.Fatal(err)
		}
		select {
		case <-ended:
			v.t.Fatal("swtpm has ended")
		case <-late:
			v.t.Fatal("swtpm does not start")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Stop switches it off.
func (v *TPM) Stop() {
	if v.stop != nil {
		v.stop()
		v.stop = nil
	}
}

// Do sends it commands of others.
func (v *TPM) Do(f func(transport.TPM) error) {
	v.t.Helper()
	to, err := linuxudstpm.Open(v.path())
	if err != nil {
		v.t.Fatal(err)
	}
	if err := errors.Join(f(to), to.Close()); err != nil {
		v.t.Fatal(err)
	}
}

// Clear clears it as the firmware's setup does: its owner has another seed then.
func (v *TPM) Clear() {
	v.t.Helper()
	v.Do(func(to transport.TPM) error {
		_, err := tpm2.Clear{AuthHandle: tpm2.AuthHandle{Handle: tpm2.TPMRHLockout, Auth: tpm2.PasswordAuth(nil)}}.Execute(to)
		return err
	})
}

// Own gives its owner a password.
func (v *TPM) Own(password string) {
	v.t.Helper()
	v.Do(func(to transport.TPM) error {
		_, err := tpm2.HierarchyChangeAuth{
			AuthHandle: tpm2.AuthHandle{Handle: tpm2.TPMRHOwner, Auth: tpm2.PasswordAuth(nil)}, NewAuth: tpm2.TPM2BAuth{Buffer: []byte(password)},
		}.Execute(to)
		return err
	})
}
