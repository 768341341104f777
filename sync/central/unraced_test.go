//go:build !race

package central_test

// raced tells that the race detector watches.
const raced = false
