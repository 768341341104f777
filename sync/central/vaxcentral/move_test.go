package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/store/storetest"
)

// endsAt is the variable that has the program end as by kill -9 when it says for the nth time how
// far what it carries over is.
const endsAt = "VAXCENTRAL_TEST_ENDS_AT"

func mainOrEnd() {
	if at, err := strconv.Atoi(os.Getenv(endsAt)); err == nil {
		carrying = func(io.Writer) store.Carrying {
			n := 0
			return func(string, int64, int64) {
				if n++; n == at {
					self, _ := os.FindProcess(os.Getpid())
					_ = self.Kill()
					select {}
				}
			}
		}
	}
	main()
}

// moveKilled moves a folder and has it killed at a point; it reports whether the move ended before.
func moveKilled(t *testing.T, data, url string, at int) bool {
	t.Helper()
	c := program("move", "--data", data, "--to", url)
	c.Env = append(os.Environ(), endsAt+"="+strconv.Itoa(at))
	out, err := c.CombinedOutput()
	if err != nil && c.ProcessState.ExitCode() != -1 {
		t.Fatalf("killed at %d: %v: %s", at, err, out)
	}
	return err == nil
}

// What people were told is saved before a move is answered after it, by the service on the server,
// however often the move was killed. A kiosk goes on as it is.
func TestAVisitGoesOnAfterAMoveThatWasKilledOften(t *testing.T) {
	dir := t.TempDir()
	data, kiosk := filepath.Join(dir, "data"), filepath.Join(dir, "kiosk")
	made(t, data)
	service, addr, err := start(data, "--demo-people", "500")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := program("kiosk", "add", "--data", data, "--name", "a", "--url", "https://"+addr, "--out", kiosk, "--printer", "ipp://printer/ipp/print").CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	people := madeup.Generate(20, madeup.DemoSeed, madeup.DemoDay)[:6]
	answered := handIn(t, kiosk, addr, people[:3])
	awaitAll(t, kiosk, addr, answered)
	waiting := handIn(t, kiosk, addr, people[3:])
	if err := service.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = service.Wait() // killed

	url := storetest.OnEmpty(t).DB.Where()
	kills, step := 0, 1
	if testing.Short() {
		step = 5
	}
	for at := 1; !moveKilled(t, data, url, at); at += step {
		kills++
	}
	if out, err := program("move", "--data", data, "--to", url).CombinedOutput(); err == nil || !strings.Contains(string(out), folder.ErrMoved.Error()) {
		t.Errorf("moved again: %v, %s", err, out)
	}
	if kills < 10 {
		t.Errorf("it was killed %d times only", kills)
	}
	t.Logf("killed %d times", kills)
	if service, addr, err = start(data); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(service.Process.Signal(os.Interrupt), service.Wait()); err != nil {
			t.Error(err)
		}
	}()
	awaitAll(t, kiosk, addr, append(answered, waiting...))
	if n := storetest.At(t, url).Rows("people"); n < 500 {
		t.Errorf("%d people on the server", n)
	}
}
