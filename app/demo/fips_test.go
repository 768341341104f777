package demo

import (
	"crypto/fips140"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const visitInFIPSMode = "TestAVisitGoesFromTheFormToThePaperAndLeavesNothingOnTheDisk"

// inMode runs a whole visit, kiosk and central, in a mode of Go's FIPS 140-3 module.
func inMode(t *testing.T, mode string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.count=1", "-test.short", "-test.v", "-test.run", "^("+visitInFIPSMode+"|TestThisIsFIPSMode)$")
	cmd.Env = append(os.Environ(), "GODEBUG=fips140="+mode)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestThisIsFIPSMode(t *testing.T) {
	if !fips140.Enabled() {
		t.Skip("it is not: see TestAWholeVisitGoesInFIPSMode")
	}
}

func TestAWholeVisitGoesInFIPSMode(t *testing.T) {
	if fips140.Enabled() {
		t.Skip("this is one")
	}
	out, err := inMode(t, "on")
	for _, want := range []string{"--- PASS: " + visitInFIPSMode, "--- PASS: TestThisIsFIPSMode"} {
		if err != nil || !strings.Contains(out, want) {
			t.Fatalf("no %q: %v\n%s", want, err, out)
		}
	}
}

// The manual for IT says so, and has to be changed when this fails.
func TestWithApprovedAlgorithmsAloneThereIsNoVisit(t *testing.T) {
	if fips140.Enabled() {
		t.Skip("this is one")
	}
	if out, err := inMode(t, "only"); err == nil || !strings.Contains(out, "FIPS 140-only mode") {
		t.Errorf("%v\n%s", err, out)
	}
}
