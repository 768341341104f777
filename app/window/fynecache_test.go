package window

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestWhatIsOnTheScreenDoesNotAgeWhileNoFrameIsPainted(t *testing.T) {
	wall := time.Date(2026, time.November, 30, 9, 0, 0, 0, time.UTC)
	c := newFrameClock(func() time.Time { return wall })
	start := c.now()
	for _, step := range []struct {
		what       string
		moves, age time.Duration
	}{
		{"a frame", 16 * time.Millisecond, 16 * time.Millisecond},
		{"a stopped program", 140 * time.Second, 16*time.Millisecond + frameGap},
		{"a clock put back", -24 * time.Hour, 16*time.Millisecond + frameGap},
		{"a clock put forward", 24 * time.Hour, 16*time.Millisecond + 2*frameGap},
		{"the next frame", 16 * time.Millisecond, 32*time.Millisecond + 2*frameGap},
	} {
		wall = wall.Add(step.moves)
		if age := c.now().Sub(start); age != step.age {
			t.Errorf("after %s the cache is %s older, want %s", step.what, age, step.age)
		}
	}
}

// Fyne reads FYNE_CACHE before anything else runs: when a process that has it
// finds its value here, the names are still Fyne's.
func TestFyneForgetsWhatItHasDrawnAfterSeconds(t *testing.T) {
	if os.Getenv("FYNE_CACHE") != "" {
		fmt.Println(fyneCacheLife, fyneCleanEvery)
		return
	}
	if fyneCacheLife != drawnLife || fyneCleanEvery != drawnLife/2 {
		t.Errorf("kept for %v, cleaned every %v", fyneCacheLife, fyneCleanEvery)
	}
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), "FYNE_CACHE=42s")
	if said, err := child.CombinedOutput(); err != nil || !strings.HasPrefix(string(said), "42s 21s") {
		t.Errorf("%v, %s", err, said)
	}
}
