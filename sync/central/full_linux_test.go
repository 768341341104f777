package central_test

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"vaxkiosk/sync/seal"
)

// smallDisk mounts a disk that can be filled.
func smallDisk(t *testing.T) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("a full disk takes root, which mounts a small one")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=6m,mode=0700"); err != nil {
		t.Skipf("a full disk takes a mount, which is not allowed here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fillDisk leaves no byte in a folder and returns how to make room again.
func fillDisk(t *testing.T, dir string) (free func()) {
	t.Helper()
	filler := filepath.Join(dir, "filler")
	f, err := os.Create(filler)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for err == nil {
		_, err = f.Write(bytes.Repeat([]byte{1}, 512))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAFullDiskIsBusyAndNothingIsLost(t *testing.T) {
	w := townIn(t, smallDisk(t), nil)
	k := w.kiosk("one")
	told := k.post(asks(w.people[0]))
	k.await(told)
	free := fillDisk(t, w.dir)
	post := func(key string) reply {
		return k.call("POST", "/v1/requests", w.sealed(seal.ForRequest, key, asks(w.people[1]).Encode()), "Idempotency-Key", key)
	}
	// The log of the database may have a little room left in it.
	n := 0
	for ; ; n++ {
		if res := post(keyNumber(n)); busyNow(res) {
			break
		} else if res.status != http.StatusAccepted {
			t.Fatalf("a full disk: %d %s", res.status, res.body)
		}
	}
	w.pass(10 * time.Second) // longer than what readyz knows is believed
	if res := k.call("GET", "/readyz", nil); !busyNow(res) {
		t.Errorf("/readyz: %d %s", res.status, res.body)
	}
	if res := k.unlock(told, "8305", "123456"); !busyNow(res) {
		t.Errorf("an unlock: %d %s", res.status, res.body)
	}
	if !strings.Contains(w.log.String(), "the disk is full") {
		t.Error("the log does not call it a full disk")
	}
	free()
	w.State.Work.Ring()
	for i := range n + 1 {
		key := keyNumber(i)
		if res := post(key); res.status != http.StatusAccepted {
			t.Fatalf("with room again: %d %s", res.status, res.body)
		}
		k.await(key)
	}
	w.pass(10 * time.Second)          // longer than what readyz knows is believed
	for k.readyz() != http.StatusOK { // the workers find out
	}
}
