package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vaxkiosk/app/exit"
)

func TestAStartThatCannotBeIsOneClearSentenceAndStatus2(t *testing.T) {
	dir := t.TempDir()
	for name, x := range map[string]struct{ args, want []string }{
		"unknown flag":    {[]string{"--frobnicate"}, []string{"frobnicate", "--help"}},
		"real people":     {[]string{"--config", "kiosk.toml"}, []string{"config"}},
		"stray word":      {[]string{"now"}, []string{`"now"`}},
		"short soak":      {[]string{"--soak", "100"}, []string{"--soak", "100"}},
		"any address":     {[]string{"--listen", ":8443"}, []string{`":8443"`}},
		"phones at tours": {[]string{"--tour", dir, "--listen", "127.0.0.1:8443"}, []string{"--listen"}},
		"phones at soaks": {[]string{"--soak", "200", "--listen", "127.0.0.1:8443"}, []string{"--listen"}},
		"no resident":     {[]string{"--resident", "2001"}, []string{"2000"}},
		"no script":       {[]string{"--tour", dir, "--script", "holiday"}, []string{`"holiday"`, "offline"}},
		"no language":     {[]string{"--lang", "xx"}, []string{"xx"}},
		"bad printer":     {[]string{"--printer", "lpt1"}, []string{"lpt1", "ipp://"}},
		"two errands":     {[]string{"--test-print", "--tour", dir}, []string{"--test-print"}},
	} {
		var out, errs bytes.Buffer
		if status := run(x.args, &out, &errs); status != exit.Usage || strings.Count(errs.String(), "\n") != 1 {
			t.Errorf("%s: status %d, want %d\n%s", name, status, exit.Usage, errs.String())
		}
		for _, want := range x.want {
			if !strings.Contains(errs.String(), want) {
				t.Errorf("%s: %q does not name %q", name, errs.String(), want)
			}
		}
	}
}

func TestHelpVersionAndResidentsAreNoFaults(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"--version"}, {"--list-residents"}, {"--demo", "--list-residents"}} {
		var out, errs bytes.Buffer
		if status := run(args, &out, &errs); status != exit.OK || out.Len() == 0 || errs.Len() != 0 {
			t.Errorf("%v: status %d, %d bytes, %q", args, status, out.Len(), errs.String())
		}
	}
}

func TestWithoutADisplayTheProgramSaysSoOnceAndLeavesNothingBehind(t *testing.T) {
	for name, args := range map[string][]string{
		"demo": {"--printer", "folder:" + t.TempDir()},
		"tour": {"--tour", t.TempDir()},
		"soak": {"--soak", "200"},
	} {
		for display, says := range map[string]string{"": "DISPLAY", ":9973": ":9973"} {
			t.Setenv("DISPLAY", display)
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			var out, errs bytes.Buffer
			if status := run(args, &out, &errs); status != exit.Fault {
				t.Errorf("%s at %q: status %d, want %d", name, display, status, exit.Fault)
			}
			if text := errs.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, says) || !strings.Contains(text, "window") {
				t.Errorf("%s at %q: it says %q", name, display, text)
			}
			left, err := os.ReadDir(temp)
			if err != nil || len(left) != 0 {
				t.Errorf("%s at %q: %d folders left, %v", name, display, len(left), err)
			}
		}
	}
}

func TestTheTestPageIsPrintedIntoAFolder(t *testing.T) {
	dir := t.TempDir()
	var out, errs bytes.Buffer
	status := run([]string{"--test-print", "--lang", "es", "--printer", "folder:" + dir}, &out, &errs)
	if status != exit.OK || out.String() != "test page: printed\n" || errs.Len() > 0 {
		t.Errorf("status %d, %q, %q", status, &out, &errs)
	}
	if all, err := filepath.Glob(filepath.Join(dir, "*.pdf")); err != nil || len(all) != 1 {
		t.Errorf("%d pages, %v", len(all), err)
	}
}

func TestATestPageThatIsNotPrintedSaysWhy(t *testing.T) {
	for _, tt := range []struct {
		printer, want string
		status        int
	}{
		{"ipp://127.0.0.1:1/ipp/print", "vaxdemo: test page: not printed: ", exit.Fault},
		{"lpr://127.0.0.1/x", "vaxdemo: --printer ", exit.Usage},
	} {
		var out, errs bytes.Buffer
		status := run([]string{"--test-print", "--printer", tt.printer}, &out, &errs)
		if said := errs.String(); status != tt.status || out.Len() > 0 || !strings.HasPrefix(said, tt.want) || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: status %d, %q, %q", tt.printer, status, &out, said)
		}
	}
}
