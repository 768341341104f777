package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// elsewhere are the blocks of the manual that dist-test does not run as commands, by their first
// line, each with the test that does, or that reads it as a program will.
var elsewhere = map[string]string{
	"# where it is built, with keys in a token":                       "assets/install/dist/token_test.go TestWithKeysInATokenTheCommandsOfTheManualSign",
	"# /etc/vaxkiosk/kiosk.d/10-roll-out.toml, owner root, mode 0644": "app/config/dropin_test.go TestTheRollOutOfTheManualIsRead",
	"scrape_configs:": "sync/central/fleet/monitoring_test.go TestPrometheusReadsWhatTheManualSaysOfIt",
}

var (
	fence   = regexp.MustCompile("(?ms)^```([a-z]*)\n([^\n]*)\n.*?^```$")
	skipped = regexp.MustCompile(`(?m)^\t[a-z0-9-]+\) ;; # .*\b(Test\w+) runs it$`)
)

// untested are the blocks of a manual that no test runs; dist-test runs all that are sh, and
// dist-test-windows all that are bat.
func untested(manual string) (all []string) {
	for _, f := range fence.FindAllStringSubmatch(manual, -1) {
		if _, is := elsewhere[f[2]]; f[1] != "sh" && f[1] != "bat" && !is {
			all = append(all, f[2])
		}
	}
	return all
}

func TestEveryBlockOfTheManualIsRunByATest(t *testing.T) {
	manual, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range untested(string(manual)) {
		t.Errorf("no test runs the block that begins with %q", gone)
	}
	if strings.Count(string(manual), "\n```") != 2*len(fence.FindAllString(string(manual), -1)) {
		t.Error("the manual has a block that this test does not see")
	}
	for begins, where := range elsewhere {
		file, name, _ := strings.Cut(where, " ")
		source, err := os.ReadFile(filepath.Join("../../..", file))
		if err != nil || !strings.Contains(string(source), "func "+name+"(t *testing.T)") {
			t.Errorf("%s is to run %q, and is not there: %v", where, begins, err)
		}
		if !strings.Contains(string(manual), "\n"+begins+"\n") {
			t.Errorf("the manual has no %q", begins)
		}
	}
}

// What dist-test leaves out has a test of its own that it names; and it counts what it ran.
func TestDistTestRunsEveryCommandOrNamesTheTestThatDoes(t *testing.T) {
	run, err := os.ReadFile("../test/run")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range skipped.FindAllStringSubmatch(string(run), -1) {
		found := false
		for _, where := range elsewhere {
			found = found || strings.HasSuffix(where, " "+s[1])
		}
		if !found {
			t.Errorf("%s is named there and not here", s[1])
		}
	}
	windows, err := os.ReadFile("../test/windows")
	if err != nil {
		t.Fatal(err)
	}
	for kind, script := range map[string][]byte{"sh": run, "bat": windows} {
		if !strings.Contains(string(script), `[ "$ran" = "$(grep -c '^`+"```"+kind+`$' "$readme")" ]`) {
			t.Errorf("dist-test does not count the commands of the manual that are %s", kind)
		}
	}
}

func TestABlockThatNoTestRunsIsFound(t *testing.T) {
	if got := untested("x\n```sh\nls\n```\n```bat\nmsiexec /i x.msi\n```\n```powershell\nGet-FileHash x.msi\ndir\n```\n"); len(got) != 1 || got[0] != "Get-FileHash x.msi" {
		t.Errorf("found %q", got)
	}
}
