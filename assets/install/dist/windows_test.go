package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/binary"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// authority is a throw-away CA, in files of a folder.
type authority struct {
	dir string
	ca  *x509.Certificate
	key crypto.Signer
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{dir: t.TempDir()}
	template := &x509.Certificate{Subject: pkix.Name{CommonName: "throw-away CA"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, NotAfter: time.Now().AddDate(20, 0, 0)}
	a.ca, a.key = a.issue(t, "ca", template)
	return a
}

// issue makes a key and a certificate, in NAME.key and NAME.pem.
func (a *authority) issue(t *testing.T, name string, template *x509.Certificate) (*x509.Certificate, crypto.Signer) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	template.NotBefore = template.NotAfter.AddDate(-20, -1, 0)
	parent, signer := a.ca, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{a.file(name + ".pem"): {Type: "CERTIFICATE", Bytes: der}, a.file(name + ".key"): {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

func (a *authority) file(name string) string { return filepath.Join(a.dir, name) }

// signer makes a certificate that signs programs until then.
func (a *authority) signer(t *testing.T, name string, until time.Time) {
	t.Helper()
	a.issue(t, name, &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning},
	})
}

// stamps is a time stamp service (RFC 3161) on this machine, by openssl.
func (a *authority) stamps(t *testing.T) (address string) {
	t.Helper()
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		t.Fatal(err)
	}
	a.issue(t, "stamps", &x509.Certificate{
		Subject: pkix.Name{CommonName: "throw-away stamps"}, NotAfter: time.Now().AddDate(19, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}},
	})
	config := a.file("stamps.conf")
	text := "[tsa]\ndefault_tsa = stamps\n[stamps]\nserial = " + a.file("serial") + "\ndefault_policy = 1.2.3.4\ndigests = sha256\nsigner_digest = sha256\ness_cert_id_alg = sha256\n" +
		"signer_cert = " + a.file("stamps.pem") + "\nsigner_key = " + a.file("stamps.key") + "\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, err := io.ReadAll(r.Body)
		if err == nil {
			err = os.WriteFile(a.file("asked"), asked, 0o600)
		}
		if err == nil {
			var answer []byte
			answer, err = exec.CommandContext(r.Context(), "openssl", "ts", "-reply", "-config", config, "-queryfile", a.file("asked")).Output()
			w.Header().Set("Content-Type", "application/timestamp-reply")
			_, _ = w.Write(answer)
		}
		if err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// windows puts a program and a package for Windows into a folder that has been made.
func windows(t *testing.T, out string) (files []string) {
	t.Helper()
	for _, name := range []string{"osslsigncode", "openssl", "wixl", "rpmsign"} {
		need(t, name)
	}
	exe, msi := filepath.Join(out, "hello.exe"), filepath.Join(out, "hello.msi")
	if err := os.WriteFile(exe, program64(), 0o755); err != nil {
		t.Fatal(err)
	}
	source := filepath.Join(t.TempDir(), "hello.wxs")
	copyFile(t, exe, filepath.Join(filepath.Dir(source), "hello.exe"), 0o600)
	text := `<?xml version="1.0"?><Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
	<Product Id="*" UpgradeCode="12345678-1234-1234-1234-111111111111" Name="hello" Version="1.0.0" Manufacturer="us" Language="1033">
	<Package InstallerVersion="200" Compressed="yes"/><Media Id="1" Cabinet="p.cab" EmbedCab="yes"/>
	<Directory Id="TARGETDIR" Name="SourceDir"><Directory Id="ProgramFilesFolder"><Directory Id="D" Name="hello">
	<Component Id="C" Guid="12345678-1234-1234-1234-222222222222"><File Id="F" Source="hello.exe" KeyPath="yes"/></Component></Directory></Directory></Directory>
	<Feature Id="A" Level="1"><ComponentRef Id="C"/></Feature></Product></Wix>`
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.CommandContext(t.Context(), "wixl", "-o", msi, source).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return []string{exe, msi}
}

// program64 is as little of a program for Windows as one can sign: headers and one empty section.
func program64() []byte {
	b := make([]byte, 1024)
	copy(b, "MZ")
	le := binary.LittleEndian
	le.PutUint32(b[0x3c:], 0x80)
	copy(b[0x80:], "PE\x00\x00")
	coff := b[0x84:]
	le.PutUint16(coff, 0x8664)      // amd64
	le.PutUint16(coff[2:], 1)       // sections
	le.PutUint16(coff[16:], 240)    // size of the optional header
	le.PutUint16(coff[18:], 0x0022) // executable, large addresses
	opt := coff[20:]
	le.PutUint16(opt, 0x20b)         // PE32+
	le.PutUint64(opt[24:], 0x400000) // image base
	le.PutUint32(opt[32:], 0x1000)   // alignment of sections
	le.PutUint32(opt[36:], 0x200)    // and in the file
	le.PutUint32(opt[56:], 0x2000)   // size of the image
	le.PutUint32(opt[60:], 0x200)    // of the headers
	le.PutUint16(opt[68:], 3)        // console
	le.PutUint32(opt[108:], 16)      // directories
	section := opt[240:]
	copy(section, ".text")
	le.PutUint32(section[8:], 0x200)
	le.PutUint32(section[12:], 0x1000)
	le.PutUint32(section[16:], 0x200)
	le.PutUint32(section[20:], 0x200)
	return b
}

// accepted asks whether the signature of a file is good for who trusts the authority, at a time.
func (a *authority) accepted(t *testing.T, file string, at time.Time) bool {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "osslsigncode", "verify", "-CAfile", a.file("ca.pem"), "-TSA-CAfile", a.file("ca.pem"), "-time", strconv.FormatInt(at.Unix(), 10), "-in", file).CombinedOutput()
	t.Logf("%s at %s: %v", filepath.Base(file), at.Format(time.DateOnly), err)
	if err != nil {
		t.Logf("%s", out)
	}
	return err == nil && !bytes.Contains(out, []byte("MISMATCH"))
}

func TestProgramsAndPackagesForWindowsAreSigned(t *testing.T) {
	key, out, a := throwAway(t), made(t, 0o644), newAuthority(t)
	files := windows(t, out)
	end := time.Now().AddDate(1, 0, 0)
	a.signer(t, "us", end)
	certified := []string{"CERT=" + a.file("us.pem"), "CERT_KEY=" + a.file("us.key")}
	if said, err := signing(t, nil, out, key); err != nil || !strings.Contains(said, "Not signed, for there is no CERT: hello.exe hello.msi") {
		t.Errorf("%v: %s", err, said)
	}
	for _, file := range files {
		if a.accepted(t, file, time.Now()) {
			t.Errorf("%s is not signed, and accepted", file)
		}
	}
	for _, env := range [][]string{certified, append(certified, "TSA="+a.stamps(t))} { // a second time signs anew
		said, err := signing(t, env, out, key)
		if err != nil || strings.Contains(said, "without a time stamp") != (len(env) == 2) {
			t.Fatalf("%v: %s", err, said)
		}
		if err := verified(t, out, "sha256sum --check --strict --quiet SHA256SUMS"); err != nil {
			t.Error("the sums are not those of the signed files")
		}
		for _, file := range files {
			if !a.accepted(t, file, time.Now()) {
				t.Errorf("%s is signed, and not accepted", file)
			}
			if stamped := len(env) > 2; a.accepted(t, file, end.AddDate(1, 0, 0)) != stamped {
				t.Errorf("%s after the end of its certificate, with a time stamp %v: accepted %v", file, stamped, !stamped)
			}
			if newAuthority(t).accepted(t, file, time.Now()) {
				t.Errorf("%s is accepted by who does not trust the authority", file)
			}
			changed(t, file, func() {
				if a.accepted(t, file, time.Now()) {
					t.Errorf("a byte of %s was changed, and nobody noticed", file)
				}
			})
		}
	}
}

func TestAProgramIsSignedBeforeItGoesIntoAPackage(t *testing.T) {
	dir, a := t.TempDir(), newAuthority(t)
	a.signer(t, "us", time.Now().AddDate(1, 0, 0))
	need(t, "osslsigncode")
	exe := filepath.Join(dir, "hello.exe")
	if err := os.WriteFile(exe, program64(), 0o755); err != nil {
		t.Fatal(err)
	}
	if said, err := signing(t, []string{"CERT=" + a.file("us.pem"), "CERT_KEY=" + a.file("us.key")}, "--windows", dir); err != nil || !a.accepted(t, exe, time.Now()) {
		t.Errorf("%v: %s", err, said)
	}
}

func TestWithAWrongCertificateNothingIsSigned(t *testing.T) {
	key, out, a := throwAway(t), made(t, 0o644), newAuthority(t)
	a.signer(t, "us", time.Now().AddDate(1, 0, 0))
	a.signer(t, "them", time.Now().AddDate(1, 0, 0))
	a.signer(t, "old", time.Now().AddDate(0, 0, -1))
	windows(t, out)
	sealed := exec.CommandContext(t.Context(), "openssl", "pkcs8", "-topk8", "-passout", "pass:open sesame", "-in", a.file("us.key"), "-out", a.file("sealed.key"))
	if said, err := sealed.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	for _, c := range []struct{ cert, key, more, words string }{
		{"us.pem", "", "", "say both"},
		{"nobody.pem", "us.key", "", "there is no certificate"},
		{"us.pem", "nobody.key", "", "there is no key"},
		{"us.pem", "them.key", "", "is not the key of"},
		{"old.pem", "old.key", "", "has expired"},
		{"us.pem", "sealed.key", "CERT_PIN=open barley", "passphrase or PIN of " + a.file("sealed.key") + " is wrong"},
		{"us.pem", "us.key", "TSA=http://127.0.0.1:1", "gave no time stamp"},
	} {
		env := []string{"CERT=" + a.file(c.cert), "CERT_KEY=" + a.file(c.key), c.more}
		if c.key == "" {
			env[1] = "CERT_KEY="
		}
		refusal(t, out, c.words, env, key)
	}
	if said, err := signing(t, []string{"CERT=" + a.file("us.pem"), "CERT_KEY=" + a.file("sealed.key"), "CERT_PIN=open sesame"}, out, key); err != nil {
		t.Errorf("with its passphrase: %v: %s", err, said)
	}
}
