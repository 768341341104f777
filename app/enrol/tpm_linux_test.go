package enrol_test

import (
	"bytes"
	"crypto/ecdsa"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/exit"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/tpm"
	"vaxkiosk/app/tpm/tpmtest"
	"vaxkiosk/sync/client"
)

// inTPM enrols the machine with its key in a TPM.
func (o *office) inTPM(v *tpmtest.TPM, replace bool) config.Config {
	o.t.Helper()
	more := []string{"--key-store", "tpm", "--tpm", v.At()}
	if replace {
		more = append(more, "--replace")
	}
	if status, said := o.enrols(o.invite("lobby", replace), more...); status != exit.OK || !strings.Contains(said, "Its key is in the TPM of this machine ("+v.At()+")") {
		o.t.Fatalf("%d: %s", status, said)
	}
	return o.config()
}

// noPrivateKey wants none in any file of the machine.
func (o *office) noPrivateKey() {
	o.t.Helper()
	err := filepath.WalkDir(o.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte("PRIVATE")) || strings.Contains(d.Name(), "key") {
			o.t.Errorf("%s has a private key", d.Name())
		}
		return err
	})
	if err != nil {
		o.t.Error(err)
	}
}

func TestAKeyInTheTPMIsInNoFileAndOpensTheWayToCentral(t *testing.T) {
	o, v := newOffice(t), tpmtest.Start(t)
	before := o.inTPM(v, false)
	o.noPrivateKey()
	if n := len(o.there()); n != 3 { // CA, certificate, configuration
		t.Errorf("%d files: %q", n, o.there())
	}
	if err := o.calls(before); err != nil {
		t.Fatal(err)
	}
	after := o.inTPM(v, true)
	o.noPrivateKey()
	if after.Central.Cert.Leaf.PublicKey.(*ecdsa.PublicKey).Equal(before.Central.Cert.Leaf.PublicKey) {
		t.Error("enrolled anew it has the same key")
	}
	if err := o.calls(after); err != nil {
		t.Error(err)
	}
	if err := o.calls(before); !errors.Is(err, client.ErrKioskRevoked) {
		t.Errorf("the certificate before: %v", err)
	}
	o.says(`key_store = "tpm"`, `tpm = "`+v.At()+`"`)
}

func TestARenewalHasANewKeyInTheTPM(t *testing.T) {
	o, v := newOffice(t), tpmtest.Start(t)
	cfg := o.inTPM(v, false)
	c, err := client.New(client.Options{URL: o.url, CA: cfg.Central.CA, Cert: cfg.Central.Cert})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	key, err := cfg.Central.Cert.PrivateKey.(*tpm.Key).Another()
	if err != nil {
		t.Fatal(err)
	}
	o.later.Store(int64(time.Minute)) // or it would be good for no longer
	fresh, err := c.Renew(t.Context(), key)
	if err != nil || fresh.PrivateKey != key {
		t.Fatal(err)
	}
	c.Use(fresh)
	if _, _, err := c.Bootstrap(t.Context(), ""); err != nil {
		t.Error(err)
	}
	o.later.Add(int64(2 * time.Minute)) // what was under way has ended
	if err := o.calls(cfg); !errors.Is(err, client.ErrKioskRevoked) {
		t.Errorf("the certificate before: %v", err)
	}
}

// The disk of a kiosk in another machine: all files are there, and nothing can be done with them.
func TestACopyOfTheFilesIsNoKioskWithoutItsTPM(t *testing.T) {
	o, v, other := newOffice(t), tpmtest.Start(t), tpmtest.Start(t)
	o.inTPM(v, false)
	text, err := os.ReadFile(o.file)
	if err != nil {
		t.Fatal(err)
	}
	moved := strings.Replace(string(text), v.At(), other.At(), 1)
	if err := os.WriteFile(o.file, []byte(moved), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := o.calls(o.config()); !errors.Is(err, client.ErrKey) || fault.CodeOf(err) != fault.Key || !strings.Contains(err.Error(), "cleared or is another") {
		t.Error(err)
	}
}

func TestATPMThatIsGoneOrClearedIsSaidAndANewEnrolmentMendsIt(t *testing.T) {
	o, v := newOffice(t), tpmtest.Start(t)
	cfg := o.inTPM(v, false)
	v.Stop()
	if err := o.calls(cfg); !errors.Is(err, client.ErrKey) || !strings.Contains(err.Error(), "shows no TPM") {
		t.Errorf("gone: %v", err)
	}
	v.On()
	if err := o.calls(cfg); err != nil {
		t.Errorf("back again: %v", err)
	}
	v.Clear()
	if err := o.calls(cfg); !errors.Is(err, client.ErrKey) || !strings.Contains(err.Error(), "cleared") {
		t.Errorf("cleared: %v", err)
	}
	if err := o.calls(o.inTPM(v, true)); err != nil {
		t.Errorf("enrolled again: %v", err)
	}
}

func TestWhereTheKeyGoesIsAsITWantsAndSaid(t *testing.T) {
	v := tpmtest.Start(t)
	owned := tpmtest.Start(t)
	owned.Own("of IT")
	for name, tt := range map[string]struct {
		args   []string
		status int
		in     string // where it is, "" for nowhere
		says   string
	}{
		"auto, and a TPM":    {[]string{"--key-store", "auto", "--tpm", v.At()}, exit.OK, "tpm", "Its key is in the TPM"},
		"auto, and none":     {[]string{"--key-store", "auto", "--tpm", "/nowhere/tpm"}, exit.OK, "file", "this machine shows no TPM"},
		"auto, not for us":   {[]string{"--key-store", "auto", "--tpm", owned.At()}, exit.OK, "file", "a file, since the TPM cannot be used: the TPM's owner has a password"},
		"a file":             {[]string{"--key-store", "file", "--tpm", v.At()}, exit.OK, "file", "Its key is in a file, for the kiosk's user alone."},
		"a TPM, and none":    {[]string{"--key-store", "tpm", "--tpm", "/nowhere/tpm"}, exit.Fault, "", "shows no TPM"},
		"a TPM, not for us":  {[]string{"--key-store", "tpm", "--tpm", owned.At()}, exit.Fault, "", "the code can still be used"},
		"a store of nobody":  {[]string{"--key-store", "disk"}, exit.Usage, "", "--key-store is tpm, file or auto"},
		"a TPM without path": {[]string{"--tpm", "tpm0"}, exit.Usage, "", "--tpm is no path of a device"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			code := o.invite("lobby", false)
			status, said := o.enrols(code, tt.args...)
			if status != tt.status || !strings.Contains(said, tt.says) {
				t.Fatalf("%d: %s", status, said)
			}
			if tt.in == "" {
				if left := o.there(); len(left) != 0 || strings.Count(said, "\n") != 1 {
					t.Errorf("%q is left, %s", left, said)
				}
				if status, said := o.enrols(code); status != exit.OK {
					t.Errorf("the code, later: %s", said)
				}
				return
			}
			cfg := o.config()
			if got := tpm.Where(cfg.Central.Cert.PrivateKey); got != tt.in || o.calls(cfg) != nil {
				t.Errorf("it is in a %s", got)
			}
			if has := slices.ContainsFunc(o.there(), func(s string) bool { return strings.HasSuffix(s, "-key.pem") }); has != (tt.in == "file") {
				t.Errorf("%q", o.there())
			}
		})
	}
}

// What IT wants stands in the configuration of the package, and a flag cannot say otherwise.
func TestARollOutSaysWhereKeysAre(t *testing.T) {
	o, v := newOffice(t), tpmtest.Start(t)
	data := o.installed("[central]\nkey_store = \"tpm\"\ntpm = \"" + v.At() + "\"\n")
	code := o.invite("lobby", false)
	if status, said := o.enrols(code, "--key-store", "auto", "--tpm", ""); status != exit.Usage || !strings.Contains(said, "central.key_store is set by") {
		t.Errorf("%d: %s", status, said)
	}
	if status, said := o.enrols(code, "--tpm", ""); status != exit.OK || !strings.Contains(said, "in the TPM") {
		t.Fatalf("%d: %s", status, said)
	}
	o.untouched()
	cfg := o.config()
	if all := names(t, data); len(all) != 3 || tpm.Where(cfg.Central.Cert.PrivateKey) != "tpm" || o.calls(cfg) != nil {
		t.Errorf("the data folder has %q", all)
	}
}
