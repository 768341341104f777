package assets

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the notices of linked modules anew")

// programs are the three that are handed to others, with the tags of every build (Makefile).
var (
	tags     = "x11,no_animations,migrated_fynedo,no_emoji"
	programs = []string{"vaxkiosk/app", "vaxkiosk/app/demo/vaxdemo", "vaxkiosk/sync/central/vaxcentral"}
)

// ask asks the go command.
func ask(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", args...).Output()
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
		t.Fatalf("go %s: %s", args[0], failed.Stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// module is one that is linked: where it is, and its packages that are.
type module struct{ dir, packages string }

func linkedModules(t *testing.T) map[string][]module {
	t.Helper()
	form := "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}"
	all := map[string][]module{}
	for line := range strings.Lines(ask(t, append([]string{"list", "-deps", "-tags", tags, "-f", form}, programs...)...)) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 3 {
			all[f[0]] = append(all[f[0]], module{f[1], f[2]})
		}
	}
	return all
}

var licence = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents|ofl)([-_.].*)?$`)

// covers reports whether a licence in a folder of a module is about what is linked: it lies
// above a linked package, in it, or in what belongs to it and is no package, such as C or fonts.
func covers(dir, root string, linked []module) bool {
	for {
		if slices.ContainsFunc(linked, func(m module) bool { return m.packages == dir || strings.HasPrefix(m.packages, dir+"/") }) {
			return true
		}
		if code, _ := filepath.Glob(filepath.Join(dir, "*.go")); len(code) > 0 || dir == root {
			return false
		}
		dir = filepath.Dir(dir)
	}
}

// wantedNotices are the licence files of what is linked, by their path in notices/.
func wantedNotices(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{"go/LICENSE": filepath.Join(ask(t, "env", "GOROOT"), "LICENSE")}
	for path, linked := range linkedModules(t) {
		found, root := 0, linked[0].dir
		err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")):
				return filepath.SkipDir
			case !d.IsDir() && filepath.Ext(file) != ".go" && licence.MatchString(d.Name()) && covers(filepath.Dir(file), root, linked):
				inside, err := filepath.Rel(root, file)
				all[noticesOf(path)+"/"+filepath.ToSlash(inside)] = file
				found++
				return err
			}
			return nil
		})
		if err != nil || found == 0 {
			t.Errorf("%s has %d files that say under which licence it may be passed on: %v", path, found, err)
		}
	}
	return all
}

// writeNotices puts the files in place of those that are there.
func writeNotices(t *testing.T, wanted map[string]string) {
	t.Helper()
	if err := os.RemoveAll("notices"); err != nil {
		t.Fatal(err)
	}
	for to, from := range wanted {
		text, err := os.ReadFile(from)
		to = filepath.Join("notices", to)
		if err := errors.Join(err, os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, text, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryLinkedModuleHasItsNoticesAndNoneIsStale(t *testing.T) {
	wanted := wantedNotices(t)
	if len(wanted) < 30 {
		t.Fatalf("only %d notices: %v", len(wanted), slices.Collect(maps.Keys(wanted)))
	}
	if *update {
		writeNotices(t, wanted)
	}
	_ = filepath.WalkDir("notices", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && wanted[strings.TrimPrefix(path, "notices/")] == "" {
			t.Errorf("%s is of nothing that is linked: make notices", path)
		}
		return err
	})
	for name, from := range wanted {
		want, err := os.ReadFile(from)
		got, missing := os.ReadFile(filepath.Join("notices", name))
		if err := errors.Join(err, missing); err != nil || !bytes.Equal(got, want) {
			t.Errorf("notices/%s is not what its module says (make notices): %v", name, err)
		}
	}
}

func TestTheLicencesAreThoseOfWhatIsLinked(t *testing.T) {
	var out strings.Builder
	if err := writeLicenses(&out, []*debug.Module{{Path: "github.com/BurntSushi/toml", Version: "v1.2.3"}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"# Where the assets come from", "\nassets/fonts/LICENSE.OFL\n", "\nthe Go standard library, go1", "\ngithub.com/BurntSushi/toml v1.2.3, COPYING\n",
		"\nassets/cdc/LICENSE.Apache-2.0\nassets/names/LICENSE.Apache-2.0\n\n", // one text is there once
		"SIL OPEN FONT LICENSE", "Redistribution and use in source and binary forms",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it lacks %q", want)
		}
	}
	if strings.Contains(out.String(), "Fyne") {
		t.Error("it names a module that is not linked")
	}
}
