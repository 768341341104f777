package storetest

import (
	"reflect"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/store"
)

// Opener makes an empty database of a kind. It is gone when the test is over.
type Opener func(t testing.TB) Base

// Base is a database that stores can be opened on, several at a time.
type Base struct {
	DB   DB
	Open func() (*store.Store, error)
}

// Run runs the suite, each test on a database of its own.
func Run(t *testing.T, open Opener) {
	all := reflect.ValueOf(suite{open})
	for i := range all.NumMethod() {
		t.Run(all.Type().Method(i).Name, all.Method(i).Interface().(func(*testing.T)))
	}
}

// suite has the tests as its exported methods, so that Run forgets none.
type suite struct{ opener Opener }

// subject is a store that is tested, and its database past it.
type subject struct {
	*store.Store
	db  DB
	own Base // for another store on it
}

var (
	now   = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	today = request.Date{Year: 2026, Month: 11, Day: 23}
)

// open is a store on an empty database.
func (on suite) open(t testing.TB) *subject {
	t.Helper()
	return openOn(t, on.opener(t))
}

// another is one more store on the same database, as another instance of the service has it.
func (s *subject) another(t testing.TB) *subject { t.Helper(); return openOn(t, s.own) }

func openOn(t testing.TB, b Base) *subject {
	t.Helper()
	s, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &subject{s, b.DB, b}
}
