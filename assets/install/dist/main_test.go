package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// need returns the path of a program that makes packages, or skips the test: make test and
// make dist build or install them.
func need(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs("../../../build/bin/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if path, err = exec.LookPath(name); err != nil {
		t.Skipf("there is no %s, which make dist brings", name)
	}
	return path
}

// helps is what the programs of these tests say for --help.
var helps = map[string]string{
	"vaxkiosk": "vaxkiosk prints.\n\nFlags:\n  -config file\n    \tconfiguration\n  -version\n    \tversion\n\nvaxkiosk enrol makes a kiosk; it has a --help of its own.\n",
	"vaxcentral": `Usage: vaxcentral COMMAND [flags]; each command explains its flags with --help.
  init             make the data folder
  backup verify    open a back-up
  backup           write one
  key rotate-sealing make a new key
  --version        print the version
`,
}

// program writes a program that says its help, and for a command a help with one flag.
func program(t *testing.T, path string) {
	t.Helper()
	text := "#!/bin/sh\ncase $1 in *schema) echo 7; exit ;; esac\nif [ $# = 1 ]; then cat <<'END'\n" + helps[filepath.Base(path)] + "END\nelse echo \"$1 $2\"; printf '  -data folder\\n    \\t.the folder\\n'; fi\n"
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// made copies the source that packages need into a folder of its own, with other modes, makes
// everything there, and returns the folder of it.
func made(t *testing.T, mode os.FileMode) string {
	t.Helper()
	nfpm := need(t, "nfpm")
	need(t, "apt-ftparchive")
	root, source := t.TempDir(), "../../.."
	for _, name := range []string{"CHANGELOG.md", "app/config/config.go", "sync/central/config/config.go"} {
		copyFile(t, filepath.Join(source, name), filepath.Join(root, name), mode)
	}
	for _, dir := range []string{"", "kiosk", "central", "monitoring"} {
		entries, err := os.ReadDir(filepath.Join("..", dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if name := filepath.Join(dir, e.Name()); !e.IsDir() {
				copyFile(t, filepath.Join("..", name), filepath.Join(root, "assets/install", name), mode)
			}
		}
	}
	for _, name := range []string{runtime.GOARCH + "/vaxkiosk", runtime.GOARCH + "/vaxcentral", "arm64/vaxcentral"} {
		program(t, filepath.Join(root, "programs", name))
	}
	t.Chdir(root)
	t.Setenv("SOURCE_DATE_EPOCH", "1795000000")
	if err := run(t.Context(), []string{"--programs", "programs", "--out", "out", "--nfpm", nfpm}); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(root, "out")
}

func copyFile(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, mode); err != nil {
		t.Fatal(err)
	}
}

func TestTheSameProgramsMakeTheSameBytesInTwoFolders(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	one := made(t, 0o600)
	t.Chdir(here)
	two := made(t, 0o644)
	for _, name := range []string{
		"SHA256SUMS", "apt/dists/stable/Release", "apt/pool/main/vaxkiosk_*.deb", "apt/pool/main/vaxcentral_*_arm64.deb",
		"vaxcentral-*.aarch64.rpm", "apt/dists/stable/main/binary-arm64/Packages.gz",
	} {
		found, err := filepath.Glob(filepath.Join(one, name))
		if err != nil || len(found) != 1 {
			t.Fatalf("%s: %v %v", name, found, err)
		}
		other := filepath.Join(two, strings.TrimPrefix(found[0], one))
		a, errA := os.ReadFile(found[0])
		b, errB := os.ReadFile(other)
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s is not the same in two folders: %v %v", name, errA, errB)
		}
	}
}

func TestTheSumsAreThoseOfEveryFile(t *testing.T) {
	out := made(t, 0o644)
	cmd := exec.CommandContext(t.Context(), "sha256sum", "--check", "--strict", "--quiet", sumsFile)
	cmd.Dir = out
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, said)
	}
	list, err := os.ReadFile(filepath.Join(out, sumsFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".deb", ".rpm", "apt/dists/stable/Release"} {
		if !bytes.Contains(list, []byte(name+"\n")) {
			t.Errorf("no %s in the sums:\n%s", name, list)
		}
	}
}

func TestWithoutAProgramOfThisMachineNothingIsMade(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1")
	err := run(t.Context(), []string{"--programs", t.TempDir(), "--out", t.TempDir(), "--nfpm", "nfpm"})
	if err == nil || !strings.Contains(err.Error(), "no program for this machine") {
		t.Errorf("%v", err)
	}
	t.Setenv("SOURCE_DATE_EPOCH", "")
	if err := run(t.Context(), []string{"--programs", "x", "--out", "x", "--nfpm", "x"}); err == nil || !strings.Contains(err.Error(), "SOURCE_DATE_EPOCH") {
		t.Errorf("%v", err)
	}
}

func TestManualAndCompletionHaveEveryCommandAndFlagOfTheHelp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vaxcentral")
	program(t, path)
	pages, err := ask(t.Context(), path)
	if err != nil || len(pages) != 5 {
		t.Fatalf("%v %v", pages, err)
	}
	text := manual("vaxcentral", pages, "")
	for _, want := range []string{".SS init\n", ".SS backup verify\n", ".SS backup\n", ".SS key rotate-sealing\n", `  \-data folder`, "print the version"} {
		if !strings.Contains(text, want) {
			t.Errorf("the manual lacks %q", want)
		}
	}
	file := filepath.Join(t.TempDir(), "completion")
	if err := os.WriteFile(file, []byte(completion("vaxcentral", pages)), 0o600); err != nil {
		t.Fatal(err)
	}
	offers(t, "vaxcentral", file, map[string]string{
		"":                    "backup init key --version",
		"ba":                  "backup",
		"key ":                "rotate-sealing",
		"key rotate-sealing ": "--data",
		"backup ":             "verify --data",
		"backup verify --d":   "--data",
	})
}

func TestTheOneCommandOfAProgramWithFlagsIsInItsPapers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vaxkiosk")
	program(t, path)
	pages, err := ask(t.Context(), path)
	if err != nil || len(pages) != 2 || !strings.Contains(manual("vaxkiosk", pages, ""), ".SS enrol\n") {
		t.Fatalf("%v %v", pages, err)
	}
	file := filepath.Join(t.TempDir(), "completion")
	if err := os.WriteFile(file, []byte(completion("vaxkiosk", pages)), 0o600); err != nil {
		t.Fatal(err)
	}
	offers(t, "vaxkiosk", file, map[string]string{"": "enrol --config --version", "enrol ": "--data", "--config x --v": "--version"})
}

// offers wants a completion to offer words for what was typed.
func offers(t *testing.T, name, file string, typed map[string]string) {
	t.Helper()
	for typed, want := range typed {
		script := `. "$0"; line="$2 $1x"; read -ra COMP_WORDS <<<"$line"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
			COMP_WORDS[COMP_CWORD]=${COMP_WORDS[COMP_CWORD]%x}; "_${line%% *}"; echo "${COMPREPLY[*]}"`
		got, err := exec.CommandContext(t.Context(), "bash", "-c", script, file, typed, name).CombinedOutput()
		if err != nil || strings.Join(strings.Fields(string(got)), " ") != want {
			t.Errorf("%q: %q, want %q (%v)", typed, got, want, err)
		}
	}
}
