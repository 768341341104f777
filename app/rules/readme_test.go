package rules

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// manualsOf are the texts that people read: README.md, those of folders, and those in .github.
func manualsOf(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "build", "node_modules"}, d.Name()):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".md" || d.Name() == "CHANGELOG.md": // which tells of what was
			return nil
		}
		text, err := os.ReadFile(path)
		all[filepath.ToSlash(strings.TrimPrefix(path, "../../"))] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if all["README.md"] == "" || len(all) < 5 {
		t.Fatalf("only %d manuals found; the walk must have missed some", len(all))
	}
	return all
}

// A manual that names what is gone is worse than none.
func TestManualsNameOnlyWhatExists(t *testing.T) {
	var tests strings.Builder
	for _, s := range sources(t) {
		if s.test || s.pkg == "sync/central/store/storetest" { // whose suite is no test file, so that others can run it
			content, err := os.ReadFile("../../" + s.name)
			if err != nil {
				t.Fatal(err)
			}
			tests.Write(content)
		}
	}
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for file, text := range manualsOf(t) {
		for _, gone := range missing(file, text, tests.String(), string(makefile)) {
			t.Errorf("%s names %s", file, gone)
		}
	}
}

var (
	namedTests   = regexp.MustCompile("`(Test\\w+)`")
	namedPaths   = regexp.MustCompile("[`(](?:\\.?/)?((?:app|ui|sync|assets|\\.github|\\.ci)/[\\w/.*-]+)[`)#]")
	namedTargets = regexp.MustCompile("`make ([a-z-]+)")
	namedLinks   = regexp.MustCompile(`\]\(([^)#:]*)(?:#([^)]*))?\)`)
	headings     = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// missing is what a manual names and nobody has: tests, paths, targets of make, links.
func missing(file, text, tests, makefile string) (all []string) {
	for _, name := range namedTests.FindAllStringSubmatch(text, -1) {
		if !strings.Contains(tests, " "+name[1]+"(t *testing.T)") {
			all = append(all, name[1]+", which is no test")
		}
	}
	for _, path := range namedPaths.FindAllStringSubmatch(text, -1) {
		if found, err := filepath.Glob("../../" + path[1]); err != nil || len(found) == 0 {
			all = append(all, path[1]+", which does not exist")
		}
	}
	for _, target := range namedTargets.FindAllStringSubmatch(text, -1) {
		if !regexp.MustCompile(`(?m)^` + target[1] + `:`).MatchString(makefile) {
			all = append(all, "make "+target[1]+", which is no target")
		}
	}
	for _, link := range namedLinks.FindAllStringSubmatch(text, -1) {
		to, err := file, error(nil)
		if link[1] != "" {
			to = filepath.Join(filepath.Dir(file), link[1])
		}
		var content []byte
		if link[2] == "" {
			_, err = os.Stat("../../" + to)
		} else if content, err = os.ReadFile("../../" + to); err == nil && !hasHeading(string(content), link[2]) {
			err = fs.ErrNotExist
		}
		if err != nil {
			all = append(all, link[0]+", which leads nowhere")
		}
	}
	return all
}

// hasHeading reports whether a text has a heading that a link leads to: in small letters, with
// hyphens for spaces and without punctuation.
func hasHeading(text, anchor string) bool {
	for _, h := range headings.FindAllStringSubmatch(text, -1) {
		slug := regexp.MustCompile(`[^a-z0-9 -]`).ReplaceAllString(strings.ToLower(h[1]), "")
		if strings.ReplaceAll(slug, " ", "-") == anchor {
			return true
		}
	}
	return false
}

func TestWhatAManualNamesWronglyIsFound(t *testing.T) {
	for text, want := range map[string]string{
		"`app/visit/visit.go`":                   "",
		"see [the map](README.md#map)":           "",
		"[SECURITY](app/README.md)":              "",
		"https://example.org and [x](https://y)": "",
		"`make test`":                            "",
		"`TestThatNobodyWrote`":                  "no test",
		"`app/nowhere/x.go`":                     "does not exist",
		"`make coffee`":                          "no target",
		"[x](app/NOTHING.md)":                    "leads nowhere",
		"[x](README.md#nowhere)":                 "leads nowhere",
	} {
		got := strings.Join(missing("README.md", text, "func TestX(t *testing.T)", "test: needs-test\n"), "")
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// The README is read in one go: what is more than a page goes to the manual of its part. Its
// map has every package but those that are named with the one above them.
func TestTheReadmeIsShortAndItsMapHasEveryPackage(t *testing.T) {
	text := manualsOf(t)["README.md"]
	if n := strings.Count(text, "\n"); n > 150 {
		t.Errorf("the README has %d lines, want 150 or fewer", n)
	}
	_, rest, _ := strings.Cut(text, "\n## Map\n\n```\n")
	drawn, _, _ := strings.Cut(rest, "```")
	mapped, above := map[string]bool{}, [3]string{}
	for line := range strings.Lines(drawn) {
		name := strings.TrimLeft(line, " ")
		depth := (len(line) - len(name)) / 2
		if depth >= len(above) {
			t.Fatalf("the map is too deep: %s", line)
		}
		name, _, _ = strings.Cut(name, "/")
		above[depth] = name
		path := strings.Join(above[:depth+1], "/")
		mapped[path] = true
		if _, err := os.Stat("../../" + path); err != nil {
			t.Errorf("the map names %s, which does not exist", path)
		}
	}
	for _, s := range sources(t) {
		deep := strings.Count(s.pkg, "/") > 1 || within(s.pkg, "assets")
		if !mapped[s.pkg] && !deep {
			t.Errorf("the map does not have %s", s.pkg)
			mapped[s.pkg] = true
		}
	}
}

// What make can do is listed once, at the head of the Makefile, which make help prints.
func TestMakeHelpListsEveryTarget(t *testing.T) {
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("there is no make")
	}
	help, err := exec.CommandContext(t.Context(), "make", "-C", "../..", "--no-print-directory", "help").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, help)
	}
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	phony := regexp.MustCompile(`(?m)^\.PHONY:((?:.*\\\n)*.*)`).FindSubmatch(makefile)
	if phony == nil {
		t.Fatal("the Makefile says of no target that it is one")
	}
	for target := range strings.FieldsSeq(strings.ReplaceAll(string(phony[1]), "\\", " ")) {
		if !strings.HasPrefix(target, "needs-") && !strings.Contains(string(help), "make "+target) {
			t.Errorf("make help does not list make %s", target)
		}
	}
}
