// Package display is what a kiosk knows of the X display that it stands on.
//
// It is what the window's own library (GLFW) leaves to others: what a window manager that
// has died leaves behind, screens that are not there yet, and screens that come, go and
// turn. GLFW moves the window off a screen that goes and, without a window manager, never
// back.
//
// Need says in one sentence why no window can open, or waits until one can. Open opens the
// display for whoever looks at its screens again and again. Dark has it black until it is
// touched. Nothing here shows anything else, or types: that is for tours. On Windows there is
// one display, which is always there and never dark: Need has nothing to wait for.
package display

import "time"

// LookEvery is how often the kiosk looks for the screen.
const LookEvery = 500 * time.Millisecond
