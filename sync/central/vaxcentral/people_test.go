package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"vaxkiosk/assets"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// countPeople wants so many people in a registry: people DATA N
func countPeople(ts *testscript.TestScript, _ bool, args []string) {
	s, err := store.Open(context.Background(), filepath.Join(ts.MkAbs(args[0]), folder.DatabaseFile))
	ts.Check(err)
	defer s.Close()
	n, err := s.CountPeople(context.Background())
	ts.Check(err)
	if strconv.Itoa(n) != args[1] {
		ts.Fatalf("%d people, want %s", n, args[1])
	}
}

// sameRegistry wants the same people with the same doses in all: sameregistry DATA DATA…
func sameRegistry(ts *testscript.TestScript, _ bool, args []string) {
	var first []registry.Person
	for _, dir := range args {
		s, err := store.Open(context.Background(), filepath.Join(ts.MkAbs(dir), folder.DatabaseFile))
		ts.Check(err)
		all, err := everybody(context.Background(), s)
		ts.Check(err)
		ts.Check(s.Close())
		if first == nil {
			first = all
		}
		if len(all) < 100 || !reflect.DeepEqual(all, first) {
			ts.Fatalf("%s (%d people) differs from %s (%d people)", dir, len(all), args[0], len(first))
		}
	}
}

// withCRLF rewrites a file with a byte order mark and CRLF, and no end of the last line.
func withCRLF(ts *testscript.TestScript, _ bool, args []string) {
	text := strings.TrimSpace(ts.ReadFile(args[0]))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("\ufeff"+strings.ReplaceAll(text, "\n", "\r\n")), 0o600))
}

// newerCodes writes a CVX table as the CDC publishes it, with a code more and without others: newer FILE CODE…
func newerCodes(ts *testscript.TestScript, _ bool, args []string) {
	text := "399       |COVID-19, of next year|SARS-COV-2 vaccine||Active|False|9/1/2027\n"
	for _, cvx := range assets.BuiltIn().CVX() {
		if v, _ := assets.BuiltIn().Vaccine(cvx); !slices.Contains(args[1:], cvx) {
			text += fmt.Sprintf("%-10s|%s|%s||Active|False|\n", v.CVX, v.Short, v.Full)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// hugeFile writes two people with a line of so many bytes between them.
func hugeFile(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.Atoi(args[1])
	ts.Check(err)
	text := "id,given,family,birth\n1,Ana,Lopez,1990-01-02\n2," + strings.Repeat("A", size) + ",Lopez,1990-01-02\n3,Bo,Lopez,1990-01-02\n"
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// crowd is big enough for an import to be caught in the middle.
const crowd = 16_000

// An import that was stopped in the middle goes on where it was, whether it was
// killed or asked to stop.
func TestAnInterruptedImportLosesNothingAndTakesNothingTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	file := filepath.Join(t.TempDir(), "crowd.ndjson")
	if out, err := program("people", "generate", "--out", file, "--count", fmt.Sprint(crowd), "--history", "50").CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	want := imported(t, file)
	for name, stop := range map[string]os.Signal{"killed": os.Kill, "interrupted": syscall.SIGINT} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			made(t, data)
			s, err := store.Open(t.Context(), filepath.Join(data, folder.DatabaseFile))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			stopInTheMiddle(t, s, program("people", "import", "--data", data, file), stop)
			out, err := program("people", "import", "--data", data, file).CombinedOutput()
			if err != nil || !strings.Contains(string(out), "going on behind line ") || !strings.Contains(string(out), fmt.Sprintf("kept=%d refused=0", entries(t, file))) {
				t.Errorf("%v, it said %q", err, out)
			}
			got, err := everybody(t.Context(), s)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("the registry is not that of an import in one go (%d people, %v)", len(got), err)
			}
		})
	}
}

// stopInTheMiddle stops an import after its first batch.
func stopInTheMiddle(t *testing.T, s *store.Store, c *exec.Cmd, stop os.Signal) {
	t.Helper()
	var said bytes.Buffer
	c.Stderr = &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	awaitProgress(t, s, "crowd.ndjson")
	if err := c.Process.Signal(stop); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // its status is looked at below
	if stop == syscall.SIGINT && (c.ProcessState.ExitCode() != statusInterrupted || !strings.Contains(said.String(), "lines are done: run the same command again to go on")) {
		t.Errorf("exit status %d, said %q", c.ProcessState.ExitCode(), said.String())
	}
	if n, err := s.CountPeople(t.Context()); err != nil || n == 0 || n >= crowd {
		t.Fatalf("it was not stopped in the middle: %d people, %v", n, err)
	}
}

// A file that was changed meanwhile is read from its start.
func TestAnInterruptedImportDoesNotGoOnInAnotherFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "people.csv")
	dir = filepath.Join(dir, "data")
	made(t, dir)
	s, err := store.Open(t.Context(), filepath.Join(dir, folder.DatabaseFile))
	if err != nil {
		t.Fatal(err)
	}
	run, err := s.StartImport(t.Context(), "people.csv", "")
	if err != nil {
		t.Fatal(err)
	}
	run.Bytes, run.Line, run.Digest = 30, 2, make([]byte, 32)
	if _, err := s.Import(t.Context(), &run, nil); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if err := os.WriteFile(file, []byte("id,given,family,birth\n1,Ana,Lopez,1990-01-02\n2,Bo,Lopez,1990-01-02\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := program("people", "import", "--data", dir, file).CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "kept=2 refused=0\n") {
		t.Errorf("%v, it said %q", err, out)
	}
}

// awaitProgress waits until the first batch of an import is committed.
func awaitProgress(t *testing.T, s *store.Store, name string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		i, err := s.UnfinishedImport(t.Context(), name, "")
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("no batch was committed: %v", err)
		}
		if i.Bytes > 0 {
			return
		}
	}
}

func entries(t *testing.T, file string) int {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(b, []byte("\n"))
}

// imported is the registry after an import in one go.
func imported(t *testing.T, file string) []registry.Person {
	t.Helper()
	data := t.TempDir()
	made(t, data)
	if out, err := program("people", "import", "--data", data, file).CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	s, err := store.Open(t.Context(), filepath.Join(data, folder.DatabaseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	all, err := everybody(t.Context(), s)
	if err != nil || len(all) != crowd {
		t.Fatalf("%d people, %v", len(all), err)
	}
	return all
}

// everybody reads a registry whose numbers are 1, 2, 3 and so on.
func everybody(ctx context.Context, s *store.Store) (all []registry.Person, err error) {
	n, err := s.CountPeople(ctx)
	for number := 1; err == nil && number <= n; number++ {
		var p registry.Person
		if p, _, err = s.Person(ctx, number); err == nil {
			all = append(all, p)
		}
	}
	return all, err
}
