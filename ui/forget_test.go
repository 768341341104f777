package ui

import (
	"time"
	_ "unsafe" // for go:linkname
)

// Fyne keeps the parts of every screen for a while and drops them when it paints a
// window. A window in a test is never painted, so a run of all tests would hold
// thousands of screens, and the garbage collector would walk through them.

//go:linkname fyneClean fyne.io/fyne/v2/internal/cache.Clean
func fyneClean(refreshed bool)

//go:linkname fyneNow fyne.io/fyne/v2/internal/cache.timeNow
var fyneNow func() time.Time

// ages is how long ago Fyne thinks that what it keeps was shown.
var ages time.Duration

// forget makes Fyne drop the screens of a test that has ended.
func forget() {
	ages += time.Hour
	now := time.Now().Add(ages)
	fyneNow = func() time.Time { return now }
	fyneClean(true)
}
