package rules

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Modules that read what others wrote do not go back behind the versions of November 30, 2026:
// earlier ones of x/image could be made to use up the memory by a picture.
func TestModulesAreAboveKnownFixes(t *testing.T) {
	text, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for module, least := range map[string]int{
		"golang.org/x/image": 48, "golang.org/x/net": 62, "golang.org/x/crypto": 59, "golang.org/x/text": 44,
	} {
		found := regexp.MustCompile(`(?m)^\t` + regexp.QuoteMeta(module) + ` v0\.(\d+)\.`).FindSubmatch(text)
		if found == nil {
			t.Errorf("%s is not in go.mod", module)
			continue
		}
		if minor, err := strconv.Atoi(string(found[1])); err != nil || minor < least {
			t.Errorf("%s is v0.%s, want v0.%d or later", module, found[1], least)
		}
	}
}

// A machine without a way to the list of known security holes can still be built and tested on.
func TestTheSearchForKnownHolesIsSkippedWithASentenceWithoutANetwork(t *testing.T) {
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("there is no make")
	}
	out, err := exec.CommandContext(t.Context(), "make", "-C", "../..", "holes", "HOLES=127.0.0.1/1").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "skipped: 127.0.0.1/1 does not answer") {
		t.Errorf("%v: %s", err, out)
	}
	text, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	lint := regexp.MustCompile(`(?m)^lint:.*\n(\t.*\n)+`).FindString(string(text))
	if !strings.Contains(lint, "$(MAKE) holes") {
		t.Error("make lint does not look for them")
	}
}
