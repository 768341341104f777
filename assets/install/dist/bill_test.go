package main

import (
	"encoding/base64"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// newBill makes the SBOM of a program with other modules in it, and returns both.
func newBill(t *testing.T) (j *job, sbom string) {
	t.Helper()
	tool := need(t, "cyclonedx-gomod")
	dir := t.TempDir()
	j = &job{programs: filepath.Join(dir, "programs"), out: dir, sbom: tool, version: "1.2.3"}
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", j.program(runtime.GOARCH, "vaxcentral"), "../../../sync/central/vaxcentral").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := j.bill(t.Context(), "vaxcentral", runtime.GOARCH); err != nil {
		t.Fatal(err)
	}
	return j, only(t, filepath.Join(dir, "vaxcentral_1.2.3_*.cdx.json"))
}

func TestAnSBOMListsWhatIsLinkedAndNothingElse(t *testing.T) {
	j, sbom := newBill(t)
	program := j.program(runtime.GOARCH, "vaxcentral")
	said, err := exec.CommandContext(t.Context(), "go", "version", "-m", program).Output()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(sbom)
	if err != nil {
		t.Fatal(err)
	}
	var linked [][]string
	for line := range strings.Lines(string(said)) {
		if f := strings.Fields(line); f[0] == "dep" {
			linked = append(linked, f)
			if purl := `"purl": "pkg:golang/` + f[1] + "@" + f[2]; !strings.Contains(string(content), purl) {
				t.Errorf("go version -m has %s %s, and the SBOM does not", f[1], f[2])
			}
		}
	}
	if len(linked) < 5 {
		t.Fatalf("go version -m has %d modules: %s", len(linked), said)
	}
	path, version := linked[0][1], linked[0][2]
	sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(linked[0][3], "h1:"))
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range [][2]string{
		{`"version": "` + version + `"`, `"version": "v0.0.1"`},
		{path + "@" + version + "?goarch", path + "@v0.0.1?goarch"},
		{"goarch=" + runtime.GOARCH, "goarch=riscv64"},
		{`"name": "` + path + `"`, `"name": "example.com/other"`},
		{hex.EncodeToString(sum), strings.Repeat("ab", 32)},
		{`"bomFormat": "CycloneDX"`, `"bomFormat": "SPDX"`},
		{`"components": [`, `"components": [{"name": "more"},`},
	} {
		other := strings.ReplaceAll(string(content), wrong[0], wrong[1])
		if other == string(content) {
			t.Fatalf("the SBOM has no %s", wrong[0])
		}
		if err := os.WriteFile(sbom, []byte(other), 0o600); err != nil {
			t.Fatal(err)
		}
		if billed(sbom, program) == nil {
			t.Errorf("%s instead of %s was not noticed", wrong[1], wrong[0])
		}
	}
}

func TestAPackageIsForTheMachineOfItsProgram(t *testing.T) {
	nfpm, out := need(t, "nfpm"), made(t, 0o644)
	for file, ask := range map[string][]string{
		"apt/pool/main/vaxcentral_*_arm64.deb": {"dpkg-deb", "--field", "", "Architecture"},
		"vaxcentral-*.aarch64.rpm":             {"rpm", "-qp", "--queryformat", "%{ARCH}", ""},
	} {
		for i := range ask {
			if ask[i] == "" {
				ask[i] = only(t, filepath.Join(out, file))
			}
		}
		said, err := exec.CommandContext(t.Context(), need(t, ask[0]), ask[1:]...).CombinedOutput()
		if got := strings.TrimSpace(string(said)); err != nil || got != "arm64" && got != "aarch64" {
			t.Errorf("%s is for %q: %v", file, got, err)
		}
	}
	copyFile(t, "/bin/true", "programs/arm64/vaxcentral", 0o755)
	if runtime.GOARCH == "arm64" {
		t.Skip("what runs here is for arm64")
	}
	err := run(t.Context(), []string{"--programs", "programs", "--out", "other", "--nfpm", nfpm})
	if err == nil || !strings.Contains(err.Error(), "is a program for") {
		t.Errorf("a program for another machine was packed: %v", err)
	}
}
