//go:build !race

package visit_test

// mostShapes cuts the walk off at a size that takes seconds.
const mostShapes = 20_000
