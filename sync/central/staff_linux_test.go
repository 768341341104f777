package central_test

import (
	"net/http"
	"syscall"
	"testing"
	"time"
)

// worked is how long this process has worked, which other programs do not make longer.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// A refusal without a hash is a thousand times less work.
func TestNobodyIsRefusedWithAsMuchWorkAsAWrongPIN(t *testing.T) {
	_, k := staffed(t)
	least := func(id string) time.Duration {
		shortest := time.Hour
		for range 3 {
			before := worked(t)
			if res := k.signIn(id, "296035"); res.status != http.StatusForbidden {
				t.Fatalf("status %d", res.status)
			}
			shortest = min(shortest, worked(t)-before)
		}
		return shortest
	}
	if nurse, nobody := least("nurse"), least("nobody"); nobody < nurse/3 || nurse < nobody/3 {
		t.Errorf("nobody is refused with %v of work, a wrong PIN with %v", nobody, nurse)
	}
}
