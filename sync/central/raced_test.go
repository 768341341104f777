//go:build race

package central

// raced tells that the race detector watches.
const raced = true
