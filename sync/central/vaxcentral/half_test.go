package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// onFolder is a good call of each command that works on a data folder.
var onFolder = map[string][]string{
	"serve":               {"--listen", "127.0.0.1:0", "--demo"},
	"kiosk add":           {"--name", "a", "--url", "https://localhost", "--out", "OUT", "--printer", "ipp://printer/ipp/print"},
	"staff add":           {"--id", "nurse"},
	"staff remove":        {"--id", "nurse"},
	"staff list":          nil,
	"amendment list":      nil,
	"amendment show":      {"7KQ2-M4VG"},
	"amendment close":     {"7KQ2-M4VG"},
	"review list":         nil,
	"review show":         {"7KQ2-M4V0"},
	"review release":      {"7KQ2-M4V0", "--person", "1"},
	"review close":        {"7KQ2-M4V0"},
	"notice list":         nil,
	"notice retry":        {"--all"},
	"notice stop":         nil,
	"notice start":        nil,
	"problem list":        nil,
	"usage show":          nil,
	"print list":          nil,
	"people generate":     {"--count", "3"},
	"people import":       {"FILE"},
	"codes update":        {"FILE"},
	"codes show":          nil,
	"people remove":       {"--id", "1"},
	"people link":         {"1", "2"},
	"people unlink":       {"2"},
	"people remove-dose":  {"i1"},
	"people restore-dose": {"i1"},
	"people acts":         nil,
	"card withdraw":       {"--id", "1"},
	"key list":            nil,
	"key rotate":          nil,
	"key rotate-sealing":  nil,
	"kiosk invite":        {"--name", "a", "--url", "https://localhost"},
	"kiosk replace":       {"--name", "a", "--url", "https://localhost"},
	"kiosk list":          nil,
	"kiosk log":           nil,
	"kiosk unusual":       nil,
	"kiosk ask":           {"lobby", "restart"},
	"kiosk diagnostics":   {"lobby"},
	"kiosk suspend":       {"--name", "lobby", "--reason", "moved"},
	"kiosk resume":        {"--name", "lobby"},
	"kiosk revoke":        {"--name", "lobby", "--reason", "stolen"},
	"release list":        nil,
	"key distrust":        {"--key", "x"},
	"backup":              {"--out", "OUT/b.age", "--recipient", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"},
	"move":                {"--to", "postgres://vax@/none?host=/nowhere"},
	"resume":              nil,
	"audit verify":        nil,
	"audit sign":          nil,
	"audit export":        {"--out", "OUT/audit.csv"},
	"audit person":        {"1"},
	"retention run":       nil,
}

// onNoFolder are the commands that make one, need none, or tell on standard output what it lacks.
var onNoFolder = map[string]bool{"init": true, "restore": true, "backup verify": true, "evaluate": true, "schema": true, "check": true, "retention show": true}

// everyFile is what lies in a folder, by name, with a sum of each file.
func everyFile(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, path)
		switch {
		case err != nil:
			return err
		case d.IsDir():
			all[name+"/"] = "folder"
		default:
			b, err := os.ReadFile(path)
			all[name] = fmt.Sprintf("%x", sha256.Sum256(b))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// refusals runs every command on a folder that is none, and wants the sentence to name
// what is wrong, exit status 2, and no file written anywhere.
func refusals(t *testing.T, root, data, names string) {
	t.Helper()
	before := everyFile(t, root)
	fill := strings.NewReplacer("OUT", filepath.Join(root, "out"), "FILE", filepath.Join(root, "people.csv"))
	for _, c := range commands {
		args, works := onFolder[c.name]
		if works == onNoFolder[c.name] {
			t.Errorf("%s: say in this test whether it works on a data folder", c.name)
		}
		if !works {
			continue
		}
		call := strings.Fields(c.name)
		for _, a := range args {
			call = append(call, fill.Replace(a))
		}
		call = append(call, "--data", data)
		err := run(t.Context(), call, io.Discard, io.Discard)
		if err == nil || statusOf(err) != statusFailed || !strings.Contains(err.Error(), names) || !strings.Contains(err.Error(), "vaxcentral ") ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("%s without %s: %v", c.name, names, err)
		}
		if after := everyFile(t, root); !maps.Equal(after, before) {
			t.Fatalf("%s without %s has written: %v, before %v", c.name, names, after, before)
		}
	}
}

func TestEveryCommandRefusesHalfAFolderAndWritesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	root := t.TempDir()
	data := filepath.Join(root, "data")
	if err := os.WriteFile(filepath.Join(root, "people.csv"), []byte("id,given,family,birth\n1,Ana,Lopez,1990-01-02\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	made(t, data)
	files, err := os.ReadDir(data)
	if err != nil || len(files) != 9 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		path, aside := filepath.Join(data, f.Name()), filepath.Join(root, "aside")
		if err := os.Rename(path, aside); err != nil {
			t.Fatal(err)
		}
		refusals(t, root, data, path)
		if err := os.Rename(aside, path); err != nil {
			t.Fatal(err)
		}
	}
	// An empty file is no empty registry.
	path, aside := filepath.Join(data, "central.db"), filepath.Join(root, "aside")
	if err := errors.Join(os.Rename(path, aside), os.WriteFile(path, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	refusals(t, root, data, path)
	t.Logf("%d commands, each without one of %d files: none ran, none wrote", len(onFolder), len(files))
}

func TestEveryCommandRefusesAFolderThatIsNone(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "people.csv"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refusals(t, root, filepath.Join(root, "mistyped"), "vaxcentral init --data "+filepath.Join(root, "mistyped"))
	empty := filepath.Join(root, "empty")
	if err := os.Mkdir(empty, 0o700); err != nil {
		t.Fatal(err)
	}
	refusals(t, root, empty, "vaxcentral init --data "+empty)
}

// Keys or a database of another folder are no better than none.
func TestEveryCommandRefusesAFileOfAnotherFolder(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	root := t.TempDir()
	data, other := filepath.Join(root, "data"), filepath.Join(root, "other")
	if err := os.WriteFile(filepath.Join(root, "people.csv"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	made(t, data)
	made(t, other)
	for _, names := range []string{"central.db", "pepper", "sealing.key", "card-key.pem", "card-keys.json", "root-key.pem", "ca-key.pem ca.pem"} {
		swap := func() {
			for _, name := range strings.Fields(names) {
				a, b := filepath.Join(data, name), filepath.Join(other, name)
				for _, move := range [][2]string{{a, a + ".x"}, {b, a}, {a + ".x", b}} {
					if err := os.Rename(move[0], move[1]); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		swap()
		refusals(t, root, data, strings.Fields(names)[0])
		swap()
	}
}
