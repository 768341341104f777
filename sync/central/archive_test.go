package central_test

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"

	"vaxkiosk/sync/central/folder"
)

// archive writes a back-up with any manifest and any files.
func archive(t *testing.T, to age.Recipient, b folder.Backup, files map[string][]byte) (path string) {
	t.Helper()
	var out bytes.Buffer
	sealed, err := age.Encrypt(&out, to)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(sealed)
	put := func(name string, content []byte) {
		err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(content)), Mode: 0o600})
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put("manifest.json", manifest)
	for _, f := range b.Files {
		if content, is := files[f.Name]; is {
			put(f.Name, content)
		}
	}
	path = filepath.Join(t.TempDir(), "made.age")
	if err := errors.Join(w.Close(), sealed.Close(), os.WriteFile(path, out.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	return path
}

// contents unpacks a back-up.
func contents(t *testing.T, path string, by age.Identity) map[string][]byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	plain, err := age.Decrypt(f, by)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for r := tar.NewReader(plain); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err == nil {
			all[h.Name], err = io.ReadAll(r)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
