package store

import (
	"context"
	"errors"
)

// RunTwice makes every transaction run twice, as when another one was in its way: nothing of
// the first run stays.
func (s *Store) RunTwice() *Store {
	inTheWay := errors.New("another one was in the way")
	s.disturb = func(run int) error {
		if run == 1 {
			return inTheWay
		}
		return nil
	}
	s.d.again = func(err error) bool { return errors.Is(err, inTheWay) }
	return s
}

// MadeStatements are those that are put together of others when the program starts.
func MadeStatements() []string { return []string{candidatesQuery, groupedQuery, contactQuery} }

// Numbered is a statement as PostgreSQL has it.
func Numbered(query string) string { return numbered()(query) }

// Beginnings are texts that others go on from, and no statement alone.
func Beginnings() []string { return []string{rowsOf, groupBegins} }

// AddressOf says what is wrong with the URL of a database.
func AddressOf(url string) error { _, err := serverOf(url); return err }

// OneConnection leaves a store on a server a single connection.
func (s *Store) OneConnection() { s.db.SetMaxOpenConns(1) }

// What instances do by themselves, for tests that have no time.
const (
	DeadAfter   = deadAfter
	SilentAfter = silentAfter
)

// Beat counts on once and looks at the others.
func (m *Member) Beat(ctx context.Context) { m.beat(ctx) }

// Listen hears the others until ctx ends.
func (m *Member) Listen(ctx context.Context) { m.listen(ctx) }

// TellAll tells what is to be told.
func (m *Member) TellAll(ctx context.Context) { m.tellAll(ctx) }
