// Package window is the one window of a kiosk, full screen, and what guards it.
//
// A window belongs to the main goroutine, so Beside runs the program on another one. Open makes
// the window, and Run runs a kiosk's visits in it until somebody asks it to end, RunMade those of one that
// is made in it; Visits does the
// same in a window that is shown already, or is of Fyne's test driver. Everything that touches
// the window goes through Do, which asks the main goroutine to do it later, or through Wait,
// which returns when it is done.
//
//	fullscreen_*.go  keeps it over the whole of a screen that goes, comes back or turns
//	watchdog.go    builds it anew, or ends the program, when it does not show what the visit is
//	night.go       has the screen dark outside of its hours
//	supervisor.go  tells systemd that it paints, and what the kiosk does
//	memory.go      what a visitor leaves in memory after the wipe, and how it is overwritten
//	fynelog.go     what Fyne says of itself, as lines of the log
//	fynecache.go   how long Fyne keeps what it has drawn
//	metadata.go    FyneApp.toml in code
//
// It is the only package that opens Fyne's real driver, which needs C, OpenGL and X. It
// holds no truth about a visit: it shows the last snapshot and keeps none.
package window
