package courier

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"vaxkiosk/sync/client"
	"vaxkiosk/sync/outbox"
)

// stage is a running courier with a fake box and a scripted central, in a
// synctest bubble.
type stage struct {
	*Courier
	box     *memory
	central *script
	mu      sync.Mutex
	log     strings.Builder
	said    []string
}

// Write keeps the log.
func (s *stage) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

func (s *stage) trouble(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said = append(s.said, fmt.Sprint(err))
}

// play runs f with a courier in fake time and ends the courier afterwards.
func play(t *testing.T, answer func(n int, key string) error, f func(t *testing.T, s *stage)) {
	synctest.Test(t, func(t *testing.T) {
		s := &stage{box: &memory{}, central: &script{answer: answer}}
		s.Courier = New(s.box, s.central, slog.New(slog.NewTextHandler(s, nil)), s.trouble)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { s.Run(ctx); close(done) }()
		synctest.Wait()
		f(t, s)
		cancel()
		<-done
	})
}

func away(n int) func(int, string) error {
	return func(i int, _ string) error {
		if i < n {
			return client.ErrAway
		}
		return nil
	}
}

func (s *stage) wantWaiting(t *testing.T, want int) {
	t.Helper()
	waiting := 0
	s.box.mu.Lock()
	for _, r := range s.box.rows {
		if r.state == outbox.Waiting {
			waiting++
		}
	}
	s.box.mu.Unlock()
	if waiting != want {
		t.Errorf("%d wait, want %d", waiting, want)
	}
}
