package rules

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// tags are those of every build (Makefile).
const tags = "x11,no_animations,migrated_fynedo,no_emoji"

// linked are the packages of this module that a program is built of.
func linked(t *testing.T, program string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-tags", tags, module+"/"+program).Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for path := range strings.Lines(string(out)) {
		if ours, is := strings.CutPrefix(strings.TrimSpace(path), module+"/"); is {
			all = append(all, ours)
		}
	}
	return all
}

// apart are the packages that a program must not have in it, each with what is below it.
var apart = map[string][]string{
	"app":                     {"sync/central", "app/demo", "ui/robot"}, // no CA, nobody made up, nothing that touches by itself
	"sync/central/vaxcentral": {"app/kiosk", "app/window", "app/demo", "ui", "sync/client", "sync/courier", "sync/outbox"},
}

// What is in a program is asked of the go command; every file is read as well, so that the
// answer does not come from its cache after a change.
func TestTheProgramOfAClinicHasNeitherCentralNorTheRobotNorMadeUpPeopleInIt(t *testing.T) {
	sources(t)
	for program, not := range apart {
		all := linked(t, program)
		if len(all) < 10 {
			t.Errorf("%s: only %d packages", program, len(all))
		}
		for _, pkg := range all {
			if slices.ContainsFunc(not, func(n string) bool { return within(pkg, n) }) {
				t.Errorf("%s is linked into %s", pkg, program)
			}
		}
	}
	if demo := linked(t, "app/demo/vaxdemo"); !slices.Contains(demo, "sync/central") || !slices.Contains(demo, "ui/robot") || !slices.Contains(demo, "app/kiosk") {
		t.Errorf("the demo lacks what the kiosk must not have, so this test proves nothing: %v", demo)
	}
}
