package paper

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	update = flag.Bool("update", false, "write the goldens anew")
	look   = flag.String("look", "", "a folder for pictures of pages")
)

// noSymbol is the exit status of zbarimg when an image holds no code.
const noSymbol = 4

// tool runs a program of a Debian package and returns what it writes.
func tool(t *testing.T, pkg, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is missing: install the Debian package %s", name, pkg)
	}
	var out, trouble bytes.Buffer
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = &out, &trouble
	err = cmd.Run()
	if name == "zbarimg" && cmd.ProcessState.ExitCode() == noSymbol {
		err = nil
	}
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, trouble.String())
	}
	return out.String()
}

func saved(t *testing.T, pdf []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// textOf is the text of a PDF as poppler lays it out.
func textOf(t *testing.T, pdf []byte) string {
	t.Helper()
	return tool(t, "poppler-utils", "pdftotext", "-layout", saved(t, pdf), "-")
}

// scanned renders a PDF and returns what a scanner reads from all its pages.
func scanned(t *testing.T, pdf []byte, dpi string) []string {
	t.Helper()
	path := saved(t, pdf)
	tool(t, "poppler-utils", "pdftoppm", "-r", dpi, "-gray", path, filepath.Join(filepath.Dir(path), "p"))
	images, err := filepath.Glob(filepath.Join(filepath.Dir(path), "p-*.pgm"))
	if err != nil || len(images) == 0 {
		t.Fatalf("no page was rendered (%v)", err)
	}
	args := append([]string{"--nodbus", "-q", "--raw", "-Sdisable", "-Sqrcode.enable"}, images...)
	return strings.Fields(tool(t, "zbar-tools", "zbarimg", args...))
}

var wideSpace = regexp.MustCompile(`   +`)

// golden compares text with a file of testdata, however wide its columns are.
func golden(t *testing.T, name, got string) {
	t.Helper()
	got = wideSpace.ReplaceAllString(got, "   ")
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; look at the page, then run go test -update\n%s", path, got)
	}
}
