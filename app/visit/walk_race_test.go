//go:build race

package visit_test

// The race detector has nothing to find in a pure package and takes eight times
// as long: make test walks further without it.
const mostShapes = 4_000
