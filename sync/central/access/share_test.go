package access

import (
	"bytes"
	"errors"
	"testing"
)

func TestASealedFileOpensUnderItsNameWithItsPepperAlone(t *testing.T) {
	open := func() *Keeper {
		dir := t.TempDir()
		if err := Make(dir); err != nil {
			t.Fatal(err)
		}
		k, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	k, content := open(), []byte("a private key")
	sealed := k.Seal("card-key.pem", content)
	if got, err := k.Unseal("card-key.pem", sealed); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%q, %v", got, err)
	}
	sealed2 := append(bytes.Clone(sealed[:len(sealed)-1]), sealed[len(sealed)-1]^1)
	for what, try := range map[string]func() ([]byte, error){
		"another name":   func() ([]byte, error) { return k.Unseal("sealing.key", sealed) },
		"another pepper": func() ([]byte, error) { return open().Unseal("card-key.pem", sealed) },
		"changed":        func() ([]byte, error) { return k.Unseal("card-key.pem", sealed2) },
		"cut off":        func() ([]byte, error) { return k.Unseal("card-key.pem", sealed[:5]) },
		"nothing":        func() ([]byte, error) { return k.Unseal("card-key.pem", nil) },
	} {
		if _, err := try(); !errors.Is(err, ErrSealed) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
