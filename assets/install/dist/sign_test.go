package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// keyring makes a throw-away key in a keyring of its own, which is good from a time on for a
// while and opens with a passphrase, and returns its fingerprint.
func keyring(t *testing.T, passphrase, from, until string) string {
	t.Helper()
	gpg := need(t, "gpg")
	home, err := os.MkdirTemp("/tmp", "gpg-") // a short path: gpg-agent has its socket there
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GNUPGHOME", home)
	t.Cleanup(func() {
		_ = exec.Command("gpgconf", "--homedir", home, "--kill", "all").Run()
		os.RemoveAll(home)
	})
	if err := os.WriteFile(filepath.Join(home, "gpg-agent.conf"), []byte("s2k-count 65536\n"), 0o600); err != nil { // or it measures the machine
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), gpg, "--batch", "--quiet", "--faked-system-time", from, "--passphrase", passphrase, "--quick-gen-key", "throw-away", "ed25519", "sign", until).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	_ = exec.Command("gpgconf", "--kill", "all").Run() // which would remember the passphrase
	out, err := exec.CommandContext(t.Context(), gpg, "--list-keys", "--with-colons").Output()
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(out), "\nfpr:::::::::")
	key, _, _ := strings.Cut(rest, ":")
	return key
}

// throwAway is a key that signs without being asked anything.
func throwAway(t *testing.T) string { return keyring(t, "", "20261101T000000", "never") }

// script is what make sign runs; tests change the folder.
var script = func() string {
	path, err := filepath.Abs("../sign")
	if err != nil {
		panic(err)
	}
	return path
}()

// signing runs what make sign runs, with more in the environment, and returns what it says.
func signing(t *testing.T, env []string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), script, args...)
	cmd.Env = append(os.Environ(), env...)
	said, err := cmd.CombinedOutput()
	return string(said), err
}

// refusal runs the same and wants that it is refused, with these words, before anything is changed.
func refusal(t *testing.T, dir, words string, env []string, key string) {
	t.Helper()
	said, err := signing(t, env, dir, key)
	if err == nil || !strings.Contains(said, words) {
		t.Errorf("want %q: %v: %s", words, err, said)
	}
	for _, name := range []string{"apt/dists/stable/InRelease", "SHA256SUMS.asc", "vaxkiosk.asc"} {
		if exists(filepath.Join(dir, name)) {
			t.Fatalf("%s is there, though it is refused: %s", name, words)
		}
	}
}

// checks are what IT runs to verify what is signed, in the folder of it.
var checks = []string{
	"gpg --batch --verify apt/dists/stable/InRelease",
	"gpg --batch --verify apt/dists/stable/Release.gpg apt/dists/stable/Release",
	"gpg --batch --verify SHA256SUMS.asc SHA256SUMS",
	"sha256sum --check --strict --quiet SHA256SUMS",
	"rpm --dbpath $PWD/../rpm --checksig vaxkiosk-*.rpm | grep 'digests signatures OK$'",
	"rpm --dbpath $PWD/../rpm --define '_pkgverify_level all' --upgrade --test --nodeps vaxkiosk-*.rpm",
}

func verified(t *testing.T, dir, check string) error {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-c", check)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	t.Logf("%s\n%s", check, out)
	return err
}

// changed runs a function while a byte in a file is another one.
func changed(t *testing.T, file string, f func()) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	other := append([]byte{}, content...)
	other[len(other)/3] ^= 1
	if err := os.WriteFile(file, other, 0o600); err != nil {
		t.Fatal(err)
	}
	f()
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// only returns the one file of a pattern.
func only(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) != 1 {
		t.Fatal(pattern, files, err)
	}
	return files[0]
}

func TestWhatIsSignedVerifiesAndAChangedByteDoesNot(t *testing.T) {
	need(t, "rpmsign")
	key := throwAway(t)
	out := made(t, 0o644)
	if verified(t, out, checks[5]) == nil {
		t.Error("an unsigned rpm was taken with _pkgverify_level all")
	}
	for range 2 { // a second time signs anew
		if said, err := signing(t, nil, out, key); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
	}
	if verified(t, out, checks[5]) == nil {
		t.Error("an rpm of an unknown key was taken with _pkgverify_level all")
	}
	if err := verified(t, out, "rpm --dbpath $PWD/../rpm --import vaxkiosk.asc"); err != nil {
		t.Fatal(err)
	}
	for _, check := range checks {
		if err := verified(t, out, check); err != nil {
			t.Errorf("%s: %v", check, err)
		}
	}
	for check, name := range map[string]string{
		checks[0]: "apt/dists/stable/InRelease", checks[1]: "apt/dists/stable/Release", checks[2]: "SHA256SUMS",
		checks[3]: "vaxkiosk-*.rpm", checks[4]: "vaxkiosk-*.rpm", checks[5]: "vaxkiosk-*.rpm",
	} {
		changed(t, only(t, filepath.Join(out, name)), func() {
			if verified(t, out, check) == nil {
				t.Errorf("a byte of %s was changed, and nobody noticed: %s", name, check)
			}
		})
	}
}

func TestAKeyInAFileSignsAndIsForgotten(t *testing.T) {
	need(t, "rpmsign")
	key := keyring(t, "open sesame", "20261101T000000", "never")
	folder := t.TempDir()
	file, opens, wrong := filepath.Join(folder, "key.asc"), filepath.Join(folder, "opens"), filepath.Join(folder, "wrong")
	for name, text := range map[string]string{opens: "open sesame\n", wrong: "open barley\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if said, err := exec.CommandContext(t.Context(), "gpg", "--batch", "--pinentry-mode", "loopback", "--passphrase-file", opens, "--armor", "--output", file, "--export-secret-keys", key).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	t.Setenv("GNUPGHOME", t.TempDir()) // which does not have it
	out := made(t, 0o644)
	refusal(t, out, "passphrase or PIN of "+key+" is wrong", []string{"KEY_PIN_FILE=" + wrong}, file)
	refusal(t, out, "KEY_PIN_FILE: "+opens+"x cannot be read", []string{"KEY_PIN_FILE=" + opens + "x"}, file)
	refusal(t, out, "there is no key "+file+"x.asc", nil, file+"x.asc")
	refusal(t, out, "holds no OpenPGP key", nil, opens)
	for _, env := range []string{"KEY_PIN_FILE=" + opens, "KEY_PIN=open sesame"} {
		if said, err := signing(t, []string{env}, out, file); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
	}
	if out, err := exec.CommandContext(t.Context(), "gpg", "--list-secret-keys").Output(); err != nil || len(out) > 0 {
		t.Errorf("gpg still has the key: %v %s", err, out)
	}
	if said, err := signing(t, nil, out, filepath.Join(out, "vaxkiosk.asc")); err == nil || !strings.Contains(said, "only the public half is here; if the private one is in a token: PKCS11_MODULE") {
		t.Errorf("with the public half: %v: %s", err, said)
	}
}

func TestAKeyThatIsMissingOrHasEndedSignsNothing(t *testing.T) {
	key := keyring(t, "", "20250101T000000", "1d")
	out := made(t, 0o644)
	refusal(t, out, "gpg has no key", nil, strings.Repeat("AB", 20))
	refusal(t, out, "the key "+key+" has expired", nil, key)
	if said, err := signing(t, nil, t.TempDir(), key); err == nil || !strings.Contains(said, "make dist makes it") {
		t.Errorf("where nothing is made: %v: %s", err, said)
	}
}

func TestAPINOnACommandLineIsRefused(t *testing.T) {
	for _, pin := range []string{"KEY_PIN=1234", "CERT_PIN=1234"} {
		said, err := exec.CommandContext(t.Context(), "make", "-C", "../../..", "sign", "KEY=key.asc", "DIST="+t.TempDir(), pin).CombinedOutput()
		if err == nil || !strings.Contains(string(said), "can be read by everybody") {
			t.Errorf("%s: %v: %s", pin, err, said)
		}
	}
}

// gpg --yes removes what it is told to write before it writes it: for root, also a device.
func TestNoProgramIsToldToWriteToADevice(t *testing.T) {
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	for number, line := range strings.Split(string(text), "\n") {
		if strings.Contains(line, "output /dev/") || strings.Contains(line, "-out /dev/") {
			t.Errorf("line %d: %s", number+1, line)
		}
	}
}
