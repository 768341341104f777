package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"vaxkiosk/sync/central/registry/exchange"
	"vaxkiosk/sync/central/store"
)

// reasonsOf are the lines of a report without what to do.
func reasonsOf(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(b)) {
		fields := strings.SplitN(strings.TrimSpace(line), ",", 3)
		all = append(all, strings.Join(fields[:min(2, len(fields))], " "))
	}
	return strings.Join(all[1:], "; ")
}

func TestAReportGoesOnBehindWhatWasCommittedAndLacksNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.csv")
	r, err := openReport(path, false, store.Import{})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []int{2, 5, 4, 8, 9} { // 8 and 9 are of a batch that was never committed
		if err := r.add(line, exchange.BirthWrong); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(r.save(), r.f.Close()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	last := []store.Refusal{{Line: 4, Reason: string(exchange.BirthWrong)}, {Line: 6, Reason: store.Unknown}}
	for range 2 {
		r, err = openReport(path, true, store.Import{Line: 7, Last: last})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.f.Close(); err != nil {
			t.Fatal(err)
		}
		if got, want := reasonsOf(t, path), "2 birth-wrong; 5 birth-wrong; 4 birth-wrong; 6 person-unknown"; got != want {
			t.Errorf("it has %q, want %q", got, want)
		}
	}
}

func TestAReportTakesThePlaceOfNoOtherFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.csv")
	if err := os.WriteFile(path, []byte("id,given\n1,Ana\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, resumed := range []bool{false, true} {
		if _, err := openReport(path, resumed, store.Import{Line: 7}); err == nil || !strings.Contains(err.Error(), "choose another --report") {
			t.Errorf("resumed %v: %v", resumed, err)
		}
	}
	if b, err := os.ReadFile(path); string(b) != "id,given\n1,Ana\n" || err != nil {
		t.Errorf("it says %q, %v", b, err)
	}
	if _, err := openReport(filepath.Join(t.TempDir(), "no", "where.csv"), false, store.Import{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	r, err := openReport(filepath.Join(t.TempDir(), "new.csv"), true, store.Import{Line: 7}) // the first try had no report
	if err = errors.Join(err, r.f.Close()); err != nil {
		t.Error(err)
	}
}

func TestAnImportThatIsStoppedBeforeItBeginsSaysHowToGoOn(t *testing.T) {
	dir := t.TempDir()
	made(t, dir)
	file, err := os.Create(filepath.Join(t.TempDir(), "people.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	i := &importer{out: io.Discard, refused: &complaints{out: io.Discard, clear: func() {}}}
	if err := i.do(ctx, dir, file); statusOf(err) != statusInterrupted || !strings.Contains(err.Error(), "run the same command again") {
		t.Errorf("%v", err)
	}
}

func TestRefusalsOfOneKindArePrintedTwentyTimes(t *testing.T) {
	var out strings.Builder
	c := complaints{out: &out, clear: func() {}}
	for line := range 3 * mostSaid {
		if err := errors.Join(c.add(line, exchange.BirthWrong), c.save(), c.close()); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.add(99, exchange.NameMissing); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); strings.Count(got, ": birth-wrong\n") != mostSaid+1 || !strings.HasSuffix(got, "more lines: birth-wrong\nline 99: name-missing\n") {
		t.Errorf("it said %q", got)
	}
}

// Every reason that a source or the registry gives is explained where it is counted.
func TestEveryReasonOfTheRegistryIsExplained(t *testing.T) {
	for _, reason := range []string{store.Twice, store.Unknown, store.IDOfSomebodyElse, store.IndexOfSomebodyElse, store.MergedWithSomebodyElse, store.RemovedByHand} {
		var out strings.Builder
		if err := sayReasons(&out, map[string]int{reason: 3}); err != nil || !strings.Contains(out.String(), reason+"  3  ") {
			t.Errorf("%q, %v", out.String(), err)
		}
	}
	if err := sayImport(io.Discard, store.Import{Reasons: map[string]int{"wrong-member:status": 1}}); err != nil {
		t.Error(err)
	}
	if _, known := exchange.Explain("wrong-member:status"); !known {
		t.Error("a member that is wrong is not explained")
	}
}
