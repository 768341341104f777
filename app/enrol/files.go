package enrol

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"

	"vaxkiosk/app/config"
	"vaxkiosk/app/tpm"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/keyfile"
)

// The files. Each enrolment's have names of their own, so that those of the one before are
// whole until the configuration, in one step, names the new ones.

// files are what an enrolment has written, and what it makes needless.
type files struct {
	text     string   // of the configuration
	written  []string // to be removed when it comes to nothing
	needless []string // certificate, key and CA of the configuration that is replaced
}

// prepare writes certificate, CA and a key that is not in a TPM, and returns the configuration
// that names them, read as the kiosk will read it.
func (e *enrolment) prepare(given client.Enrolment, key crypto.Signer) (config.Config, error) {
	dir := filepath.Dir(e.into)
	if err := os.MkdirAll(dir, keyfile.FolderMode); err != nil {
		return config.Config{}, fmt.Errorf("cannot make the folder of the configuration (%w)", err)
	}
	sum := sha256.Sum256(given.Cert.Leaf.Raw)
	own := hex.EncodeToString(sum[:4])
	names := map[string]string{"ca": "ca-" + own + ".pem", "cert": "kiosk-" + own + ".pem"}
	content := map[string][]byte{"ca": certificate(given.CA.Raw), "cert": certificate(given.Cert.Leaf.Raw)}
	switch key := key.(type) {
	case *tpm.Key:
		names["key"] = key.Name()
	case *ecdsa.PrivateKey:
		secret, err := keyfile.EncodeECDSA(key)
		if err != nil {
			return config.Config{}, err
		}
		names["key"], content["key"] = "kiosk-"+own+"-key.pem", secret
	}
	for what, b := range content {
		if err := e.write(filepath.Join(dir, names[what]), b); err != nil {
			return config.Config{}, err
		}
	}
	var err error
	if e.files.text, err = e.configure(given, names); err != nil {
		return config.Config{}, err
	}
	return e.read()
}

func (e *enrolment) write(path string, b []byte) error {
	if err := keyfile.New(path, b); err != nil {
		return err
	}
	e.files.written = append(e.files.written, path)
	return nil
}

func certificate(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// configure is the text of the configuration.
func (e *enrolment) configure(given client.Enrolment, names map[string]string) (string, error) {
	text := e.old
	switch {
	case text != "":
	case e.apart:
		text = "# What an enrolment has decided. What IT says in the configuration counts over it.\n"
	default:
		text = "# Configuration of one kiosk. Paths are relative to this file.\n"
	}
	var had struct{ Central, Kiosk, Printer, Paper map[string]any }
	if _, err := toml.Decode(text, &had); err != nil {
		return "", fmt.Errorf("%s is not TOML: correct it, or enrol without it", e.into)
	}
	e.files.needless = needless(filepath.Dir(e.into), had.Central)
	set := func(section, key string, value any) {
		if value != "" && value != false && !(e.apart && e.it.Says(section+"."+key)) {
			text = setLine(text, section, key, value)
		}
	}
	set("central", "url", strings.TrimSuffix(e.o.central, "/"))
	for _, what := range []string{"ca", "cert", "key"} {
		set("central", what, names[what])
	}
	set("central", "pin", given.Pin)
	set("central", "proxy", e.o.proxy)
	set("central", "key_store", e.o.keyStore)
	set("central", "tpm", e.o.tpm)
	set("kiosk", "name", given.Name)
	set("kiosk", "data", first(e.o.data, had.Kiosk["data"], "data"))
	set("kiosk", "test", e.o.test)
	if e.o.printer != "" || had.Printer["uri"] == nil {
		set("printer", "uri", first(e.o.printer, nil, given.Printer))
		pin := e.o.printerPin
		if e.o.printer == "" {
			pin = given.PrinterPin
		}
		set("printer", "pin", pin)
	}
	set("paper", "size", first(e.o.paper, had.Paper["size"], first(given.Paper, nil, config.Letter)))
	return text, nil
}

// first is the first value that says something.
func first(flag string, had any, otherwise string) string {
	if s, is := had.(string); flag == "" && is && s != "" {
		return s
	}
	if flag == "" {
		return otherwise
	}
	return flag
}

// needless are the files of the certificate that is replaced, those in this folder: others
// are not this program's. Of a key in a TPM there is none.
func needless(dir string, central map[string]any) (all []string) {
	for _, what := range []string{"cert", "key", "ca"} {
		if name, is := central[what].(string); is && name != "" && filepath.Base(name) == name && !tpm.Is(name) {
			all = append(all, filepath.Join(dir, name))
		}
	}
	return all
}

// setLine sets a key in the text of a TOML file, and leaves all other lines as they are.
func setLine(text, section, key string, value any) string {
	var b bytes.Buffer
	if err := toml.NewEncoder(&b).Encode(map[string]any{key: value}); err != nil {
		return text // a text or a truth value is always written
	}
	line := strings.TrimSpace(b.String())
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	in, end := false, -1 // end is where the section ends
	for i, l := range lines {
		l = strings.TrimSpace(l)
		if strings.HasPrefix(l, "[") {
			if in {
				break
			}
			in = strings.HasPrefix(l, "["+section+"]")
		}
		if !in {
			continue
		}
		if name, _, is := strings.Cut(l, "="); is && strings.TrimSpace(name) == key {
			lines[i] = line
			return strings.Join(lines, "\n") + "\n"
		}
		if l != "" {
			end = i
		}
	}
	if end < 0 {
		return strings.Join(append(lines, "", "["+section+"]", line), "\n") + "\n"
	}
	return strings.Join(append(lines[:end+1:end+1], append([]string{line}, lines[end+1:]...)...), "\n") + "\n"
}

// read reads the configuration as the kiosk will, from beside the place where it will be.
func (e *enrolment) read() (config.Config, error) {
	f, err := os.CreateTemp(filepath.Dir(e.into), keyfile.Unfinished) // mode 0600
	if err != nil {
		return config.Config{}, fmt.Errorf("cannot write beside the configuration (%w)", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(e.files.text)
	if err = errors.Join(err, f.Close()); err != nil {
		return config.Config{}, err
	}
	cfg, err := e.load(f.Name())
	var all config.Problems
	if errors.As(err, &all) {
		for i := range all {
			if all[i].File == f.Name() {
				all[i].File = e.into
			}
		}
		return cfg, unusable{all}
	}
	return cfg, err
}

// unusable says what is wrong with a configuration in one sentence.
type unusable struct{ problems config.Problems }

func (u unusable) Error() string {
	return "the kiosk could not start with this configuration: " + strings.ReplaceAll(u.problems.Error(), "\n", "; ")
}

func (u unusable) Unwrap() error { return u.problems }

// load reads a file as what it will be.
func (e *enrolment) load(file string) (config.Config, error) {
	if e.apart {
		return config.Try(e.o.config, file)
	}
	return config.Load(file)
}

// settle puts the configuration into its place. One that has come to be there meanwhile is
// not overwritten.
func (e *enrolment) settle() error {
	put := keyfile.New
	if e.o.replace {
		put = keyfile.Write
	}
	return put(e.into, []byte(e.files.text))
}

// restore takes settle back: central does not take what was settled.
func (e *enrolment) restore() (err error) {
	if e.old == "" {
		err = remove([]string{e.into})
	} else {
		err = keyfile.Write(e.into, []byte(e.old))
	}
	if err != nil {
		e.files.written = nil // it names them still
	}
	return err
}

// undo removes what was written and is of no use.
func (e *enrolment) undo() error { return remove(e.files.written) }

// removeOld removes the certificate and key that are no longer good for anything.
func (f files) removeOld() error { return remove(f.needless) }

func remove(paths []string) error {
	var all []error
	for _, p := range paths {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			all = append(all, err)
		}
	}
	return errors.Join(all...)
}
