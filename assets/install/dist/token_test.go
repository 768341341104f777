package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// softHSM is the PKCS #11 module of a token that is files.
const softHSM = "/usr/lib/softhsm/libsofthsm2.so"

// newToken makes a token with a key, its certificate and PIN 1234, all throw-away, and returns the
// certificate's file and the PIN's.
func newToken(t *testing.T) (cert, pin string) {
	t.Helper()
	for _, name := range []string{"softhsm2-util", "pkcs11-tool", "gnupg-pkcs11-scd", "rpmsign"} {
		need(t, name)
	}
	dir := t.TempDir()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "code"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert, pin = filepath.Join(dir, "code.pem"), filepath.Join(dir, "pin")
	for name, content := range map[string][]byte{
		"softhsm2.conf": []byte("directories.tokendir = " + dir + "\nlog.level = ERROR\n"), "pin": []byte("1234\n"), "code.der": der,
		"code.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), "code.key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("SOFTHSM2_CONF", filepath.Join(dir, "softhsm2.conf"))
	for _, command := range []string{
		"softhsm2-util --init-token --free --label town --so-pin 0000 --pin 1234",
		"softhsm2-util --import code.key --token town --label code --id 02 --pin 1234",
		"pkcs11-tool --module " + softHSM + " --login --pin 1234 --write-object code.der --type cert --id 02 --label code",
	} {
		cmd := exec.CommandContext(t.Context(), "bash", "-c", command)
		cmd.Dir = dir
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", command, err, said)
		}
	}
	return cert, pin
}

// block is the block of commands of the manual that begins with a line.
func block(t *testing.T, begins string) string {
	t.Helper()
	manual, err := os.ReadFile(filepath.Join(filepath.Dir(script), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(manual), "```sh\n"+begins+"\n")
	if !found {
		t.Fatalf("the manual has no commands %q", begins)
	}
	text, _, _ := strings.Cut(rest, "```\n")
	return text
}

// What the manual says of keys in a token is run as it stands there, with other values.
func TestWithKeysInATokenTheCommandsOfTheManualSign(t *testing.T) {
	cert, pin := newToken(t)
	out := made(t, 0o644)
	files := windows(t, out)
	public := filepath.Join(t.TempDir(), "town.asc")
	text := strings.NewReplacer(
		"/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so", softHSM, "/run/pins/key", pin, "/run/pins/code", pin, "town.asc", public, "code.pem", cert,
		" TSA=http://timestamp.your-ca.com", " DIST="+out, "make ", "make -C "+filepath.Join(filepath.Dir(script), "../..")+" ",
	).Replace(block(t, "# where it is built, with keys in a token"))
	if err := verified(t, out, "set -e; export GNUPGHOME="+t.TempDir()+"\n"+text); err != nil {
		t.Fatal(err)
	}
	a := &authority{dir: filepath.Dir(cert)}
	if err := os.Rename(cert, a.file("ca.pem")); err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !a.accepted(t, file, time.Now()) {
			t.Errorf("%s is signed with the token, and not accepted", file)
		}
	}
	ring := "export GNUPGHOME=" + t.TempDir() + "; gpg --batch --quiet --import vaxkiosk.asc; rpm --dbpath $PWD/../rpm --import vaxkiosk.asc; "
	for _, check := range checks {
		if err := verified(t, out, ring+check); err != nil {
			t.Errorf("signed with the token: %s: %v", check, err)
		}
	}
	fingerprint := "gpg --show-keys --with-colons " + public + " | grep ^fpr | cmp - fingerprint"
	if err := verified(t, out, "gpg --show-keys --with-colons "+public+" | grep ^fpr >fingerprint"); err != nil {
		t.Fatal(err)
	}
	if said, err := signing(t, []string{"PKCS11_MODULE=" + softHSM, "KEY_PIN_FILE=" + pin}, "--public", public); err != nil {
		t.Fatalf("two more years: %v: %s", err, said)
	}
	if err := verified(t, out, fingerprint); err != nil {
		t.Error("good for longer, the key is another one")
	}
}

func TestATokenThatDoesNotOpenSignsNothing(t *testing.T) {
	cert, pin := newToken(t)
	wrong := pin + "-wrong"
	if err := os.WriteFile(wrong, []byte("4321"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := made(t, 0o644)
	windows(t, out)
	public, foreign := filepath.Join(t.TempDir(), "town.asc"), filepath.Join(t.TempDir(), "foreign.asc")
	module, opens := "PKCS11_MODULE="+softHSM, "KEY_PIN_FILE="+pin
	if said, err := signing(t, []string{module, opens}, "--public", public); err == nil || !strings.Contains(said, "say who signs") {
		t.Errorf("%v: %s", err, said)
	}
	if said, err := signing(t, []string{module, opens, "NAME=Town"}, "--public", public); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	refusal(t, out, "PIN of ", []string{module, "KEY_PIN_FILE=" + wrong}, public)
	refusal(t, out, "nobody is there to type it", []string{module}, public)
	refusal(t, out, "there is no PKCS #11 module /nowhere.so", []string{"PKCS11_MODULE=/nowhere.so", opens}, public)
	refusal(t, out, "or no token", []string{"PKCS11_MODULE=/bin/true", opens}, public)
	refusal(t, out, "gpg knows no PKCS #11 URIs", []string{module, opens}, "pkcs11:token=town")
	code := []string{"CERT=" + cert, "CERT_KEY=pkcs11:token=town;object=code;type=private"}
	refusal(t, out, "say which PKCS #11 module", append(code, "PKCS11_MODULE="), throwAway(t))
	key := throwAway(t)
	if said, err := exec.CommandContext(t.Context(), "gpg", "--batch", "--armor", "--output", foreign, "--export", key).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	refusal(t, out, "and the token has no such key", []string{module, opens}, foreign)
	refusal(t, out, "passphrase or PIN of pkcs11:", append(code, module, "CERT_PIN_FILE="+wrong), key)
	refusal(t, out, "is no PKCS #11 module", append(code, "PKCS11_MODULE=/bin/true", "CERT_PIN_FILE="+pin), key)
	code[1] = "CERT_KEY=pkcs11:token=town;object=other;type=private"
	refusal(t, out, "the token has no such key", append(code, module, "CERT_PIN_FILE="+pin), key)
	code[1] = "CERT_KEY=pkcs11:token=town;object=code;type=private?pin-value=1234"
	refusal(t, out, "can be read by everybody", append(code, module), key)
}
