package printer

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/app/fault"
)

// files are the contents of the files of a folder that match, by name.
func files(t *testing.T, path, pattern string) [][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(path, pattern))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	var all [][]byte
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	return all
}

func TestTheFolderKeepsWhatItHasAndNamesNobody(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "folder")
	p, err := open("folder:"+path, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(path, "record-001.pdf"), []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := p.Print(t.Context(), page(1), ignore); r.Outcome != fault.Printed {
		t.Fatalf("%+v", r)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
		info, err := e.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v (%v), want 0600", e.Name(), info.Mode().Perm(), err)
		}
	}
	if !slices.Equal(names, []string{"record-001.pdf", "record-002.pdf"}) {
		t.Errorf("the folder holds %q", names)
	}
	if got := files(t, path, "record-001.pdf"); string(got[0]) != "kept" {
		t.Error("an earlier file was written over")
	}
}

func TestAFolderThatIsGoneIsAFault(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gone")
	p, err := open("folder:"+path, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if wrong := p.Ready(t.Context()); wrong == nil || wrong.Code != fault.PrinterStopped {
		t.Errorf("ready: %+v, want a printer fault", wrong)
	}
	if r := p.Print(t.Context(), page(1), ignore); r.Outcome != fault.Failed || r.Fault.Code != fault.PrinterStopped {
		t.Errorf("print: %+v, want failed", r)
	}
}

func TestOpenRefusesWhatItCannotReach(t *testing.T) {
	pin := strings.Repeat("ab", 32)
	for _, c := range []struct{ address, pin, says string }{
		{"", "", "want ipp://"},
		{"lpd://printer/queue", "", "unknown scheme"},
		{"http://printer/ipp", "", "unknown scheme"},
		{"ipp:///ipp/print", "", "want ipp://"},
		{"ipp://user:word@printer/ipp", "", "want ipp://"},
		{"ipp://printer/ipp/print", pin, "only ipps"},
		{"ipps://printer/ipp/print", "", "needs the SHA-256"},
		{"ipps://printer/ipp/print", "abc", "no SHA-256"},
		{"folder:", "", "path is missing"},
		{"folder:/tmp", pin, "no key to pin"},
		{"folder:/dev/null/x", "", "printer folder"},
	} {
		p, err := open(c.address, c.pin)
		if p != nil || err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q with pin %q: %v, want %q", c.address, c.pin, err, c.says)
		}
	}
}

func TestPagesAreHeldOverIPPSOnly(t *testing.T) {
	for address, pin := range map[string]string{
		"ipp://printer": "", "folder:" + t.TempDir(): "", "ipps://printer": strings.Repeat("ab", 32),
	} {
		o := lobby(address, pin)
		o.Hold = true
		p, err := Open(o)
		if taken := pin != ""; (err == nil) != taken || taken && !p.(*ipp).hold {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestOpenTakesEachWayToWriteAPin(t *testing.T) {
	for _, pin := range []string{
		strings.Repeat("ab", 32),
		strings.TrimSuffix(strings.Repeat("AB:", 32), ":"),
		"q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=",
	} {
		p, err := open("ipps://printer", pin)
		if err != nil {
			t.Fatalf("%s: %v", pin, err)
		}
		if w := p.(*ipp); w.address != "https://printer:631" {
			t.Errorf("posts to %s, want the standard port", w.address)
		}
	}
}

func TestAFailedWriteLeavesNothingBehind(t *testing.T) {
	path := t.TempDir()
	f := &folder{path: path}
	if err := os.WriteFile(filepath.Join(path, "blocked"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f.path = filepath.Join(path, "blocked")
	err := f.put([]byte("x"))
	var pathError *os.PathError
	if !errors.As(err, &pathError) {
		t.Errorf("%v, want the path and why", err)
	}
	if got := files(t, path, "*"); len(got) != 1 {
		t.Errorf("%d files, want 1", len(got))
	}
}
