package store

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Instances are the programs that serve a database: one of a file, and as many as are wanted of
// one on a server. Each counts on in a row of its own as long as it lives, and holds a lock there
// that ends with its connection, so that the others see when it dies. What a dead one has worked on is free
// then, and nothing that it may still try counts (mine).
//
// They tell each other what has happened, so that whoever waits looks at once. What is told may be
// lost: whatever matters is in the database, and everybody looks there now and then anyway. It is
// a word of a few, and never about anybody.

// How long an instance that counts on no more is taken to live. Of one that holds its lock still
// only the connection may be alive, or it is stopped, or its machine is: then it takes longer.
const (
	beatEvery   = 2 * time.Second
	deadAfter   = 5  // beats that others have counted meanwhile
	silentAfter = 30 // of one whose lock is held
)

// WordKeys is told when the keys are others than before.
const WordKeys = "keys"

// Member is this program among the instances, from Join to Leave.
type Member struct {
	s    *Store
	id   int64
	hear func(word string)

	mu    sync.Mutex
	words []string // to be told
	wake  chan struct{}
	seen  map[int64]seen
}

// seen is how far another instance had counted, and for how many beats of this one.
type seen struct{ beat, same int64 }

// Join makes this program one of those that serve the database. What others tell goes to hear,
// "" when something may have been missed. Run has to run from then on.
func (s *Store) Join(ctx context.Context, hear func(word string)) (*Member, error) {
	b := make([]byte, 8)
	rand.Read(b)                                                                                                                       // never fails (crypto/rand)
	m := &Member{s: s, id: int64(binary.BigEndian.Uint64(b)>>1) | 1, hear: hear, wake: make(chan struct{}, 1), seen: map[int64]seen{}} //nolint:gosec // the first bit is gone
	err := s.counting(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM claims WHERE instance IS NULL`)
		if err == nil && s.listen == nil { // the folder is held, so nobody else serves
			_, err = tx.ExecContext(ctx, `DELETE FROM instances`)
		}
		if err == nil {
			_, err = tx.ExecContext(ctx, `INSERT INTO instances (id, beat) VALUES (?, 0)`, m.id)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	s.self.Store(m.id)
	return m, nil
}

// Several reports whether a database can have several instances.
func (s *Store) Several() bool { return s.listen != nil }

// Leave ends the membership: what this program has claimed is free. When that cannot be written,
// the others find out by themselves.
func (m *Member) Leave(ctx context.Context) {
	_ = m.s.counting(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM instances WHERE id = ?`, m.id)
		if err == nil && m.s.d.tell != "" {
			_, err = tx.ExecContext(ctx, m.s.d.tell, m.said("work"))
		}
		return err
	})
	m.s.self.Store(0)
}

// Run counts on, tells and hears until ctx ends.
func (m *Member) Run(ctx context.Context) {
	if m.s.listen == nil {
		return
	}
	var hears sync.WaitGroup
	defer hears.Wait()
	hears.Go(func() { m.listen(ctx) })
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.wake:
			m.tellAll(ctx)
		case <-beat.C:
			m.beat(ctx)
		}
	}
}

// Tell tells the other instances a word. It returns at once.
func (m *Member) Tell(word string) {
	if m.s.listen == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, w := range m.words {
		if w == word {
			return
		}
	}
	m.words = append(m.words, word)
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// said is a word as it is told: with who tells it, who does not listen to it.
func (m *Member) said(word string) string { return strconv.FormatInt(m.id, 36) + " " + word }

// heard passes on what another instance has told.
func (m *Member) heard(payload string) {
	if who, word, _ := strings.Cut(payload, " "); who != strconv.FormatInt(m.id, 36) {
		m.hear(word)
	}
}

func (m *Member) tellAll(ctx context.Context) {
	m.mu.Lock()
	words := m.words
	m.words = nil
	m.mu.Unlock()
	for _, w := range words {
		if quiet(m.s.one.ExecContext(ctx, m.s.d.tell, m.said(w))) != nil {
			return // they look by themselves
		}
	}
}

// listen hears others until ctx ends, over one connection after the other.
func (m *Member) listen(ctx context.Context) {
	for ctx.Err() == nil {
		begun := time.Now()
		_ = m.s.listen(ctx, m.id, m.heard) // they are told again by what is in the database
		m.hear("")
		pause := time.NewTimer(max(100*time.Millisecond, time.Second-time.Since(begun)))
		select {
		case <-ctx.Done():
		case <-pause.C:
		}
		pause.Stop()
	}
}

// beat counts on and looks whether the others do.
func (m *Member) beat(ctx context.Context) {
	now := map[int64]int64{}
	err := quiet(m.s.one.ExecContext(ctx, `INSERT INTO instances (id, beat) VALUES (?, 0) ON CONFLICT (id) DO UPDATE SET beat = instances.beat + 1`, m.id))
	if err == nil {
		err = each(ctx, m.s.db, func(row scanner) error {
			var id, beat int64
			err := row.Scan(&id, &beat)
			now[id] = beat
			return err
		}, `SELECT id, beat FROM instances`)
	}
	if err != nil {
		return // nobody is dead because the database is away
	}
	delete(now, m.id)
	for id := range m.seen {
		if _, is := now[id]; !is {
			delete(m.seen, id)
		}
	}
	for id, beat := range now {
		s, before := m.seen[id]
		if !before || s.beat != beat {
			m.seen[id] = seen{beat: beat}
			continue
		}
		s.same++
		m.seen[id] = s
		if s.same >= deadAfter && m.bury(ctx, id, s.same >= silentAfter) == nil {
			delete(m.seen, id)
		}
	}
}

var errLives = errors.New("it lives")

// bury frees what a dead instance has worked on, and lets what it could not read be tried again.
func (m *Member) bury(ctx context.Context, id int64, silent bool) error {
	err := m.s.counting(ctx, func(tx *transaction) error {
		var free bool
		err := tx.QueryRowContext(ctx, m.s.d.free, memberName(id)).Scan(&free)
		if err == nil && !free && !silent {
			err = errLives
		}
		if err == nil {
			_, err = tx.ExecContext(ctx, `DELETE FROM instances WHERE id = ?`, id)
		}
		return err
	})
	if err == nil {
		_, err = m.s.Unhold(ctx)
		m.hear("work")
	}
	return err
}

func memberName(id int64) string { return "instance " + strconv.FormatInt(id, 36) }

// Alone claims what only one instance does at a time, until release is called or it dies;
// ErrLocked when another one has it.
func (s *Store) Alone(ctx context.Context, what string) (release func() error, err error) {
	if !s.Several() { // one program holds the folder
		return func() error { return nil }, nil
	}
	return s.d.hold(ctx, what)
}
