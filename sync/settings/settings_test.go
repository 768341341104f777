package settings

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// says are the problems of a configuration, without the folder of its files.
func says(f *File, dir string) []string {
	var all []string
	for _, p := range f.InOrder() {
		all = append(all, strings.ReplaceAll(p.String(), dir+"/", ""))
	}
	return all
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestEachTableOfAListIsASectionOfItsOwn(t *testing.T) {
	dir := t.TempDir()
	f := Read(write(t, filepath.Join(dir, "x.toml"), "[a]\nb = 1\n\n[[a.way]]\nto = \"one\"\n\n[[a.way]]\nto = 2\nof = true\n"))
	if n := f.Entries("a.way"); n != 2 || f.Text("a.way.1.to", "a text") != "one" || f.Number("a.b", 0, 1, 0) != 1 {
		t.Errorf("%d entries, %v", n, f.Problems)
	}
	f.Text("a.way.2.to", "a text")
	f.Text("a.way.2.from", "a text")
	f.Unknown()
	same(t, says(f, dir), []string{
		"x.toml:7: a.way.2.from is missing; set it to a text",
		"x.toml:8: a.way.2.to must be a text in quotes; set it to a text",
		"x.toml:9: a.way.2.of is not a key of this configuration; correct its spelling or remove it",
	})
	if f = Read(write(t, filepath.Join(dir, "y.toml"), "[a]\nway = \"one\"\n")); f.Entries("a.way") != 0 {
		t.Error("a text is a list")
	}
	same(t, says(f, dir), []string{"y.toml:2: a.way is no list of tables; write each as [[a.way]]"})
}

// Half of one list and half of another would be a way that nobody has written.
func TestAListOfTablesTakesTheWholePlaceOfOneBefore(t *testing.T) {
	dir := t.TempDir()
	name := write(t, filepath.Join(dir, "x.toml"), "[[way]]\nto = \"one\"\nsecret = \"of one\"\n[[way]]\nto = \"two\"\n")
	write(t, filepath.Join(dir, "x.d", "10.toml"), "[[way]]\nto = \"three\"\n")
	f := Read(name)
	if f.Entries("way") != 1 || f.Text("way.1.to", "") != "three" || f.Has("way.1.secret") || f.Says("way.2") {
		t.Errorf("%v", f.values)
	}
}

func TestAFlagCountsUnlessAFileSaysTheSame(t *testing.T) {
	dir := t.TempDir()
	f := Read(write(t, filepath.Join(dir, "x.toml"), "[service]\nlisten = \":1\"\n"))
	f.Flag("--listen", "service.listen", ":2")
	f.Flag("--hosts", "service.hosts", []any{"a", 7})
	f.Flag("--ca", "service.ca", "ca.pem")
	if f.Text("service.listen", "") != ":1" || f.Path("service.ca", "ca.pem") != "ca.pem" || f.At("service.ca") != "--ca" || f.At("service.listen") != filepath.Join(dir, "x.toml:2") {
		t.Errorf("%v", f.values)
	}
	f.Texts("service.hosts", `["NAME"]`)
	f.Read("service.ca", "a file")
	f.Unknown()
	same(t, says(f, dir), []string{
		`--hosts must be a list of texts in quotes; set it to ["NAME"]`,
		"--ca names ca.pem, which cannot be read (no such file or directory); correct the path or the file's rights",
		"x.toml:2: service.listen is said by --listen on the command line too; remove one of the two",
	})
}

func TestASecretIsInAFileThatNobodyElseReads(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "good"), "hunter2")
	if err := os.Chmod(write(t, filepath.Join(dir, "open"), "hunter2"), 0o640); err != nil {
		t.Fatal(err)
	}
	f := Read(write(t, filepath.Join(dir, "x.toml"), "[m]\ngood_file = \"good\"\nopen_file = \"open\"\npassword = \"hunter2\"\n"))
	if string(f.Secret("m.good_file", "a file", "and replace it")) != "hunter2" || f.Secret("m.open_file", "a file", "and replace it") != nil {
		t.Error("the wrong one is read")
	}
	f.NoSecret("m.password", "good_file")
	f.NoSecret("m.token", "good_file")
	f.Unknown()
	same(t, says(f, dir), []string{
		"x.toml:3: m.open_file names open, which others can read (mode 0640); run chmod 600 on it, and replace it if somebody may have seen it",
		"x.toml:4: m.password is a secret, which has no place here; put it into a file with mode 0600, name that with good_file, and replace it if somebody may have seen it",
	})
	if strings.Contains(f.Err().Error(), "hunter2") {
		t.Error("the secret is told")
	}
}

func TestAnEmptySectionThatNobodyKnowsIsRefused(t *testing.T) {
	dir := t.TempDir()
	f := Read(write(t, filepath.Join(dir, "x.toml"), "[known]\n[mistyped]\n[known.deeper]\n[known.wrong]\n"))
	f.Has("known.deeper.key")
	f.Unknown()
	same(t, says(f, dir), []string{
		"x.toml:2: mistyped is not a key of this configuration; correct its spelling or remove it",
		"x.toml:4: known.wrong is not a key of this configuration; correct its spelling or remove it",
	})
}

func TestWhatIsNoNumberOfTheRangeIsRefused(t *testing.T) {
	dir := t.TempDir()
	f := Read(write(t, filepath.Join(dir, "x.toml"), "a = 0\nb = 65\nc = \"7\"\nd = 1.5\ne = 64\n"))
	for _, key := range []string{"a", "b", "c", "d"} {
		if f.Number(key, 1, 64, 8) != 8 {
			t.Error(key)
		}
	}
	if f.Number("e", 1, 64, 8) != 64 || f.Number("none", 1, 64, 8) != 8 || len(f.Problems) != 4 {
		t.Errorf("%v", f.Problems)
	}
	var p Problems
	if !errors.As(f.Err(), &p) || p[3].Place() != filepath.Join(dir, "x.toml:4") {
		t.Errorf("%v", p)
	}
}

// A device never ends, and a film is no configuration.
func TestWhatIsFarTooLongIsNotRead(t *testing.T) {
	dir := t.TempDir()
	path := write(t, filepath.Join(dir, "x.toml"), "")
	if err := os.Truncate(path, longest+1); err != nil {
		t.Fatal(err)
	}
	same(t, says(Read(path), dir), []string{"x.toml: cannot be read (it is longer than any configuration); name a configuration file with --config"})
}
