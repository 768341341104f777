package rules

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A README that names what is gone is worse than none.
func TestTheReadmeNamesOnlyWhatExists(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	for _, s := range sources(t) {
		if s.test {
			content, err := os.ReadFile("../../" + s.name)
			if err != nil {
				t.Fatal(err)
			}
			tests.Write(content)
		}
	}
	for _, name := range regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(string(text), -1) {
		if !strings.Contains(tests.String(), "func "+name[1]+"(") {
			t.Errorf("the README names %s, which is no test", name[1])
		}
	}
	for _, path := range regexp.MustCompile("[`(]((?:app|ui|sync|assets)/[\\w/.*-]+)[`)]").FindAllStringSubmatch(string(text), -1) {
		if found, err := filepath.Glob("../../" + path[1]); err != nil || len(found) == 0 {
			t.Errorf("the README names %s, which does not exist", path[1])
		}
	}
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range regexp.MustCompile("`?make ([a-z-]+)").FindAllStringSubmatch(string(text), -1) {
		if !regexp.MustCompile(`(?m)^` + target[1] + `:`).Match(makefile) {
			t.Errorf("the README names make %s, which is no target", target[1])
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
