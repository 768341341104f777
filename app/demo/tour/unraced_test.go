//go:build !race

package tour

// raced tells that the race detector watches.
const raced = false
