package main

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/exit"
)

func TestTheTestPageNeedsAPrinterAndNothingElse(t *testing.T) {
	pages, demo := t.TempDir(), t.TempDir()
	s, file, err := setStage(time.Now, "folder:"+pages, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	s.stop() // central is away
	for dir, args := range map[string][]string{
		pages: {"--config", file, "--test-print"},
		demo:  {"--demo", "--test-print", "--lang", "es", "--printer", "folder:" + demo},
	} {
		var out, errs bytes.Buffer
		if status := run(args, &out, &errs); status != exit.OK || out.String() != "test page: printed\n" || errs.Len() > 0 {
			t.Errorf("%v: status %d, %q, %q", args, status, &out, &errs)
		}
		if all, err := filepath.Glob(filepath.Join(dir, "*.pdf")); err != nil || len(all) != 1 {
			t.Errorf("%v: %d pages, %v", args, len(all), err)
		}
	}
}

func TestATestPageThatIsNotPrintedSaysWhy(t *testing.T) {
	for _, tt := range []struct {
		printer, want string
		status        int
	}{
		{"ipp://127.0.0.1:1/ipp/print", "vaxkiosk: test page: not printed: ", exit.Fault},
		{"lpr://127.0.0.1/x", "vaxkiosk: --printer ", exit.Usage},
	} {
		var out, errs bytes.Buffer
		status := run([]string{"--demo", "--test-print", "--printer", tt.printer}, &out, &errs)
		if said := errs.String(); status != tt.status || out.Len() > 0 || !strings.HasPrefix(said, tt.want) || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: status %d, %q, %q", tt.printer, status, &out, said)
		}
	}
	if _, err := parse([]string{"--demo", "--test-print", "--tour", "x"}); err == nil {
		t.Error("a tour and a test print at once were taken")
	}
}
