package tpm_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/tpm"
	"vaxkiosk/app/tpm/tpmtest"
)

func newKey(t *testing.T, d *tpm.Device) *tpm.Key {
	t.Helper()
	key, err := d.New()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// again is the key of the same name, as after a restart.
func again(t *testing.T, at string, key *tpm.Key) *tpm.Key {
	t.Helper()
	same, err := tpm.At(at).Key(key.Name(), key.Public().(*ecdsa.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	return same
}

func TestAKeyInATPMIsFoundAgainByItsNameAndEachIsAnother(t *testing.T) {
	v := tpmtest.Start(t)
	key := newKey(t, tpm.At(v.At()))
	v.Stop()
	if err := key.Check(); !errors.Is(err, tpm.ErrNone) || fault.CodeOf(err) != fault.Key {
		t.Errorf("switched off: %v", err)
	}
	v.On()
	sum := sha256.Sum256([]byte("what is signed"))
	signature, err := again(t, v.At(), key).Sign(nil, sum[:], crypto.SHA256)
	if err != nil || !ecdsa.VerifyASN1(key.Public().(*ecdsa.PublicKey), sum[:], signature) {
		t.Errorf("after a restart: %v", err)
	}
	other, err := key.Another()
	if err != nil || other.Name() == key.Name() || other.Public().(*ecdsa.PublicKey).Equal(key.Public()) {
		t.Errorf("another key is the same, %v", err)
	}
	if s := key.String() + key.GoString(); strings.Contains(s, key.Name()) {
		t.Error("it says its name")
	}
}

func TestATPMThatWasClearedOrIsAnotherIsNoticed(t *testing.T) {
	v, other := tpmtest.Start(t), tpmtest.Start(t)
	key := newKey(t, tpm.At(v.At()))
	if err := again(t, other.At(), key).Check(); !errors.Is(err, tpm.ErrOther) {
		t.Errorf("in another machine: %v", err)
	}
	v.Clear()
	if err := key.Check(); !errors.Is(err, tpm.ErrOther) || fault.CodeOf(err) != fault.Key || !strings.Contains(err.Error(), "cleared or is another") {
		t.Errorf("cleared: %v", err)
	}
	if err := newKey(t, tpm.At(v.At())).Check(); err != nil {
		t.Errorf("a new key after it: %v", err)
	}
}

func TestATPMWhosePasswordTheKioskHasNotIsSaidAsThat(t *testing.T) {
	v := tpmtest.Start(t)
	key := newKey(t, tpm.At(v.At()))
	v.Own("of somebody else")
	if _, err := key.Another(); !errors.Is(err, tpm.ErrOwned) {
		t.Error(err)
	}
	if err := key.Check(); !errors.Is(err, tpm.ErrOwned) {
		t.Error(err)
	}
}

// Several programs, each with a device of its own: the kiosk, and IT's --check-config beside it.
func TestSeveralProgramsUseATPMAtOnce(t *testing.T) {
	v := tpmtest.Start(t)
	key := newKey(t, tpm.At(v.At()))
	var all sync.WaitGroup
	for range 6 {
		same := again(t, v.At(), key)
		all.Go(func() {
			for range 10 {
				if err := same.Check(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

func TestAKeyInATPMOpensAConnection(t *testing.T) {
	v := tpmtest.Start(t)
	key := newKey(t, tpm.At(v.At()))
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "lobby"}, NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	conf := &tls.Config{
		MinVersion: tls.VersionTLS13, ServerName: "localhost", RootCAs: pool, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert,
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
	}
	near, far := net.Pipe()
	server := tls.Server(far, conf)
	served := make(chan error, 1)
	go func() {
		err := server.Handshake()
		if err == nil {
			_, err = server.Write([]byte("welcome"))
		}
		served <- errors.Join(err, server.Close())
	}()
	said, err := io.ReadAll(tls.Client(near, conf))
	if string(said) != "welcome" || err != nil || <-served != nil {
		t.Errorf("%q, %v", said, err)
	}
}

func TestOnlyASHA256IsSigned(t *testing.T) {
	key, err := tpm.At("unix:/nowhere").Key("tpm:"+strings.Repeat("A", 43), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := key.Sign(nil, make([]byte, 48), crypto.SHA384); err == nil || fault.CodeOf(err) != "" {
		t.Errorf("a SHA-384: %v", err)
	}
}

func TestANameOfAKeyIsReadOrRefused(t *testing.T) {
	for name, want := range map[string]bool{
		"tpm:" + strings.Repeat("A", 43): true, "tpm:" + strings.Repeat("A", 42): false, "tpm:": false, "tpm:key.pem": false,
		strings.Repeat("A", 43): false, "": false,
	} {
		if _, err := tpm.At("").Key(name, nil); (err == nil) != want {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestAMachineWithoutATPMSaysSo(t *testing.T) {
	file := t.TempDir() + "/file"
	for _, at := range []string{file, "unix:" + file} {
		d := tpm.At(at)
		if _, err := d.New(); d.There() || !errors.Is(err, tpm.ErrNone) || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", at, err)
		}
	}
	if tpm.At("").String() != tpm.Default {
		t.Error("another one is usual")
	}
	for path, want := range map[string]bool{"/dev/tpm0": true, "unix:/run/x": true, "unix:x": false, "tpm0": false, "": false} {
		if tpm.Usable(path) != want {
			t.Error(path)
		}
	}
}
