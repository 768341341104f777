package main

import (
	"os"
	"time"
	_ "unsafe" // for go:linkname
)

// Fyne keeps what it has drawn - texts as textures, widgets and their renderers -
// for a minute after it was last shown. A visitor who leaves should not stay in
// memory that long, and somebody who changes sizes and colours fills hundreds of
// megabytes with it. Fyne takes another time only from the environment, FYNE_CACHE,
// and reads it before main; a kiosk must not depend on who starts it.
const drawnLife = 15 * time.Second // less than 11 s has Fyne walk all objects 60 times a second

//go:linkname fyneCacheLife fyne.io/fyne/v2/internal/cache.ValidDuration
var fyneCacheLife time.Duration

//go:linkname fyneCleanEvery fyne.io/fyne/v2/internal/cache.cleanTaskInterval
var fyneCleanEvery time.Duration

func init() {
	if os.Getenv("FYNE_CACHE") == "" {
		fyneCacheLife, fyneCleanEvery = drawnLife, drawnLife/2
	}
}
