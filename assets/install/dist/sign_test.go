package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// keyring makes a throw-away key in a keyring of its own and returns its fingerprint.
func keyring(t *testing.T) string {
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
	if out, err := exec.CommandContext(t.Context(), gpg, "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", "throw-away", "ed25519", "sign", "1d").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), gpg, "--list-keys", "--with-colons").Output()
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(out), "\nfpr:::::::::")
	key, _, _ := strings.Cut(rest, ":")
	return key
}

// checks are what IT runs to verify what is signed, in the folder of it.
var checks = []string{
	"gpg --batch --verify apt/dists/stable/InRelease",
	"gpg --batch --verify apt/dists/stable/Release.gpg apt/dists/stable/Release",
	"gpg --batch --verify SHA256SUMS.asc SHA256SUMS",
	"sha256sum --check --strict --quiet SHA256SUMS",
	"rpm --dbpath $PWD/../rpm --checksig vaxkiosk-*.rpm | grep 'digests signatures OK$'",
}

func verified(t *testing.T, dir, check string) error {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-c", check)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	t.Logf("%s\n%s", check, out)
	return err
}

func TestWhatIsSignedVerifiesAndAChangedByteDoesNot(t *testing.T) {
	need(t, "rpmsign")
	key := keyring(t)
	sign, err := filepath.Abs("../sign")
	if err != nil {
		t.Fatal(err)
	}
	out := made(t, 0o644)
	for range 2 { // a second time signs anew
		if said, err := exec.CommandContext(t.Context(), sign, out, key).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
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
		checks[3]: "vaxkiosk-*.rpm", checks[4]: "vaxkiosk-*.rpm",
	} {
		files, err := filepath.Glob(filepath.Join(out, name))
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		content, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		changed := append([]byte{}, content...)
		changed[len(changed)/3] ^= 1
		if err := os.WriteFile(files[0], changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if verified(t, out, check) == nil {
			t.Errorf("a byte of %s was changed, and nobody noticed: %s", name, check)
		}
		if err := os.WriteFile(files[0], content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWithoutItsKeyNothingIsSigned(t *testing.T) {
	keyring(t)
	sign, err := filepath.Abs("../sign")
	if err != nil {
		t.Fatal(err)
	}
	out := made(t, 0o644)
	if said, err := exec.CommandContext(t.Context(), sign, out, strings.Repeat("AB", 20)).CombinedOutput(); err == nil || !strings.Contains(string(said), "gpg has no key") {
		t.Errorf("%v: %s", err, said)
	}
}
