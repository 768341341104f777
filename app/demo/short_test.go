package demo

import (
	"flag"
	"testing"

	"vaxkiosk/sync/central/registry"
)

// In a short test a demo has the first of its residents only: to write down all of them
// takes longer than most visits.
func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		few := madeUp()[:100]
		madeUp = func() []registry.Person { return few }
	}
	m.Run()
}
