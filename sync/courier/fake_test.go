package courier

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"vaxkiosk/sync/client"
	"vaxkiosk/sync/outbox"
	"vaxkiosk/sync/seal"
)

// memory is a Box in memory; the conformance test holds it against outbox.Box.
type memory struct {
	mu    sync.Mutex
	rows  []*row
	broke error // what Next answers when set
}

type row struct {
	outbox.Item
	id      string
	state   outbox.State
	expires time.Time
}

func (m *memory) save(keys ...string) { m.saveFor(seal.ForRequest, keys...) }

func (m *memory) saveFor(p seal.Purpose, keys ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, k := range keys {
		m.rows = append(m.rows, &row{Item: outbox.Item{Purpose: p, Key: k, Envelope: []byte("sealed " + k), Due: time.Now()}, state: outbox.Waiting})
	}
}

func (m *memory) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broke = err
}

func (m *memory) Next(_ context.Context, n int) ([]outbox.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var items []outbox.Item
	for _, r := range m.rows {
		if r.state == outbox.Waiting {
			items = append(items, r.Item)
		}
	}
	now := time.Now()
	slices.SortStableFunc(items, func(a, b outbox.Item) int {
		if due := !a.Due.After(now); due != !b.Due.After(now) {
			if due {
				return -1
			}
			return 1
		}
		return turn(a).Compare(turn(b))
	})
	return items[:min(n, len(items))], m.broke
}

// turn is when it would be an item's turn among those that are due.
func turn(it outbox.Item) time.Time {
	if awaited(it.Purpose) {
		return it.Due
	}
	return it.Due.Add(outbox.Behind)
}

func (m *memory) change(key string, want outbox.State, f func(*row)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.rows, func(r *row) bool { return r.Key == key && (want == "" || r.state == want) })
	if i < 0 {
		return outbox.ErrUnknown
	}
	f(m.rows[i])
	return nil
}

func (m *memory) Sent(_ context.Context, key, id string, expires time.Time) error {
	return m.change(key, "", func(r *row) { r.state, r.id, r.expires, r.Envelope = outbox.Sent, id, expires, nil })
}

func (m *memory) Postpone(_ context.Context, key string, until time.Time, _ string) error {
	return m.change(key, outbox.Waiting, func(r *row) { r.Due, r.Tries = until, r.Tries+1 })
}

func (m *memory) Refuse(_ context.Context, key, _ string) error {
	return m.change(key, outbox.Waiting, func(r *row) { r.state, r.expires = outbox.Refused, time.Now().Add(outbox.RefusedFor) })
}

func (m *memory) ID(_ context.Context, key string) (id string, s outbox.State, err error) {
	err = m.change(key, "", func(r *row) { id, s = r.id, r.state })
	return id, s, err
}

func (m *memory) PurgeExpired(_ context.Context, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rows = slices.DeleteFunc(m.rows, func(r *row) bool { return r.state != outbox.Waiting && !r.expires.After(now) })
	return nil
}

// script is a Central that answers what a function says and keeps what it was asked.
type script struct {
	mu     sync.Mutex
	answer func(n int, key string) error // n counts from 0
	posts  []post
}

type post struct {
	purpose seal.Purpose
	key     string
	at      time.Time
	body    string
}

func (s *script) Post(_ context.Context, p seal.Purpose, key string, envelope []byte) (client.Taken, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.posts)
	s.posts = append(s.posts, post{p, key, time.Now(), string(envelope)})
	if s.answer != nil {
		if err := s.answer(n, key); err != nil {
			return client.Taken{}, err
		}
	}
	if !awaited(p) {
		return client.Taken{}, nil
	}
	return client.Taken{ID: "id-of-" + key, Expires: time.Now().Add(24 * time.Hour)}, nil
}

func (s *script) asked() []post {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.posts)
}

func (s *script) keys() (keys []string) {
	for _, p := range s.asked() {
		keys = append(keys, p.key)
	}
	return keys
}

func checker(t *testing.T) func(what string, ok bool, err error) {
	return func(what string, ok bool, err error) {
		t.Helper()
		if !ok || err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func nextOf(ctx context.Context, b Box) (it outbox.Item, ok bool, err error) {
	items, err := b.Next(ctx, 1)
	if err != nil || len(items) == 0 {
		return it, false, err
	}
	return items[0], true, nil
}

// conforms holds a Box against the obligations of the interface. Save puts
// something fresh into it.
func conforms(t *testing.T, b Box, save func(seal.Purpose) (key string)) {
	ctx := t.Context()
	check := checker(t)
	_, ok, err := nextOf(ctx, b)
	check("an empty box has no next", !ok, err)
	conformsWithReports(t, b, save)
	first, second, third := save(seal.ForRequest), save(seal.ForAmend), save(seal.ForRequest)
	it, ok, err := nextOf(ctx, b)
	check("the oldest is next", ok && it.Key == first && len(it.Envelope) > 0 && it.Tries == 0, err)
	items, err := b.Next(ctx, 2)
	check("as many as asked for, in order", len(items) == 2 && items[0].Key == first && items[1].Key == second, err)

	until := time.Now().Add(time.Minute).Truncate(time.Millisecond)
	check("a waiting one is postponed", true, b.Postpone(ctx, first, until, "internal"))
	it, ok, err = nextOf(ctx, b)
	check("a postponed one lets others go first", ok && it.Key == second, err)
	check("a waiting one is refused", true, b.Refuse(ctx, second, "bad-envelope"))
	_, s, err := b.ID(ctx, second)
	check("a refused one is said to be", s == outbox.Refused, err)
	conformsAtTheEnd(t, b, first, third)
}

// conformsWithReports leaves the box as it was.
func conformsWithReports(t *testing.T, b Box, save func(seal.Purpose) (key string)) {
	ctx := t.Context()
	check := checker(t)
	usage, report, ask := save(seal.ForUsage), save(seal.ForReport), save(seal.ForRequest)
	items, err := b.Next(ctx, 9)
	check("what a visitor waits for is first", len(items) == 3 && items[0].Key == ask && items[1].Key == usage && items[2].Key == report, err)
	check("each with its purpose", len(items) == 3 && items[0].Purpose == seal.ForRequest && items[1].Purpose == seal.ForUsage, nil)
	check("a request that is not due", true, b.Postpone(ctx, ask, time.Now().Add(time.Minute), "internal"))
	it, _, err := nextOf(ctx, b)
	check("one that is not due lets a count go first", it.Key == usage, err)
	check("a refused one", true, b.Refuse(ctx, report, "bad-envelope"))
	for range 2 {
		check("sent without an id", true, b.Sent(ctx, usage, "", time.Time{}))
	}
	check("sent", true, b.Sent(ctx, ask, "id", time.Now().Add(-time.Minute)))
	check("purge", true, b.PurgeExpired(ctx, time.Now()))
	_, _, err = b.ID(ctx, usage)
	check("what nobody asks for is gone with the purge", errors.Is(err, outbox.ErrUnknown), nil)
}

// conformsAtTheEnd goes on with one postponed and one fresh request.
func conformsAtTheEnd(t *testing.T, b Box, postponed, fresh string) {
	ctx := t.Context()
	check := checker(t)
	for range 2 {
		check("sent may be repeated", true, b.Sent(ctx, fresh, "id", time.Now().Add(time.Hour)))
	}
	id, s, err := b.ID(ctx, fresh)
	check("a sent one has central's id", id == "id" && s == outbox.Sent, err)
	it, ok, err := nextOf(ctx, b)
	check("one that is due later is next when no other waits", ok && it.Key == postponed && it.Tries == 1 && it.Due.After(time.Now()), err)

	for what, err := range map[string]error{
		"postpone one that is over": b.Postpone(ctx, fresh, time.Now(), "x"), "refuse one that is over": b.Refuse(ctx, fresh, "x"),
		"send an unknown one": b.Sent(ctx, rand.Text(), "id", time.Now()),
	} {
		check(what, err != nil, nil)
	}
	check("purge", true, b.PurgeExpired(ctx, time.Now().Add(100*outbox.RefusedFor)))
	_, _, err = b.ID(ctx, fresh)
	check("what is over is purged", err != nil, nil)
	_, s, err = b.ID(ctx, postponed)
	check("what waits is never purged", s == outbox.Waiting, err)
}
