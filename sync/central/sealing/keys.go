// Package sealing has the keys that kiosks seal to, and opens what is sealed: Keys are
// those of a data folder, an Opener reads requests with them and says whose fault it is
// when one cannot be read.
//
// It calls nothing rubbish that may be good: what is sealed to another key, or written by
// a newer kiosk, is an OwnFault of central's, and kept. No key leaves it but public
// halves.
package sealing

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"vaxkiosk/sync/keyfile"
	"vaxkiosk/sync/seal"
)

// The rules of the key that kiosks seal to. A new one is published, in the bootstrap, as
// soon as it is made. The one before goes on opening for as long as a kiosk may still hold
// something that is sealed to it: kiosks may have been offline for LongestWay. Then
// nothing is taken any more that is sealed to it, what waits is sealed anew to the
// key that is published, and its file is erased. What does not open keeps it.
//
// The time begins when a service has published the new key, not when it was made: a
// service that was off meanwhile must not refuse what its kiosks have saved for it.
// There are two keys at most.

// LongestWay is how long a kiosk may have been offline.
const LongestWay = 30 * 24 * time.Hour

// Overlap is how long the key before opens what comes in.
const Overlap = LongestWay + 24*time.Hour

// Files of the keys.
const (
	KeyFile    = "sealing.key"     // kiosks seal to it
	OldKeyFile = "sealing-old.key" // the one before, as long as it opens
)

// Keys are the keys of a folder. They are safe for concurrent use.
type Keys struct {
	dir string
	// Note is told the public half of each key before it gets its file, so that the
	// folder knows it for its own after a crash; nil: nobody is told.
	Note func(ctx context.Context, public []byte) error

	// Fetch looks for keys that another instance has made, when one is met that is not known;
	// nil: there are no others.
	Fetch func() error

	mu     sync.RWMutex
	now    seal.PrivateKey
	old    seal.PrivateKey // without an ID when there is none
	closed bool            // nothing is taken any more that is sealed to old
}

// Make makes the first key of a folder.
func Make(dir string) error {
	_, raw, err := seal.NewPrivateKey()
	if err != nil {
		return err
	}
	return keyfile.New(filepath.Join(dir, KeyFile), raw)
}

// OpenKeys reads the keys of a folder.
func OpenKeys(dir string) (*Keys, error) {
	s := &Keys{dir: dir}
	return s, s.Load()
}

// Load takes over what is in the folder.
func (s *Keys) Load() error {
	now, err := readKey(filepath.Join(s.dir, KeyFile))
	if err != nil {
		return err
	}
	old, err := readKey(filepath.Join(s.dir, OldKeyFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if old.ID == now.ID { // a crash came before the new one had its file
		old = seal.PrivateKey{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = s.closed && s.old.ID == old.ID
	s.now, s.old = now, old
	return nil
}

func readKey(path string) (seal.PrivateKey, error) {
	raw, err := keyfile.Read(path)
	if err != nil {
		return seal.PrivateKey{}, err
	}
	k, err := seal.ParsePrivateKey(raw)
	if err != nil {
		return k, fmt.Errorf("%s is damaged (%w): restore it from the backup, or sealed requests are lost", path, err)
	}
	return k, nil
}

// Public is the key that kiosks seal to.
func (s *Keys) Public() seal.PublicKey {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.now.Public()
}

// Publics are the public halves of both keys.
func (s *Keys) Publics() []seal.PublicKey {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := []seal.PublicKey{s.now.Public()}
	if s.old.ID != "" {
		all = append(all, s.old.Public())
	}
	return all
}

// Before is the id of the key before, "" when there is none.
func (s *Keys) Before() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.old.ID
}

// Takes reports whether what comes in may be sealed to a key. One that is not known may have
// been made by another program just now.
func (s *Keys) Takes(kid string) bool {
	s.look(kid)
	s.mu.RLock()
	defer s.mu.RUnlock()
	return kid == s.now.ID || kid == s.old.ID && kid != "" && !s.closed
}

// look looks for a key that is not known.
func (s *Keys) look(kid string) {
	known := func() bool {
		s.mu.RLock()
		defer s.mu.RUnlock()
		return kid == s.now.ID || kid == s.old.ID && kid != "" && !s.closed
	}
	if known() || s.Load() != nil || known() || s.Fetch == nil {
		return
	}
	_ = s.Fetch() // then it is as if there were none
}

// Open opens an envelope with the key that it is sealed to.
func (s *Keys) Open(e seal.Envelope, p seal.Purpose, key string) ([]byte, error) {
	s.mu.RLock()
	known := e.KeyID == s.now.ID || e.KeyID == s.old.ID
	s.mu.RUnlock()
	if !known {
		s.look(e.KeyID)
	}
	s.mu.RLock()
	k := s.now
	if e.KeyID == s.old.ID && s.old.ID != "" {
		k = s.old
	}
	s.mu.RUnlock()
	return k.Open(e, p, key)
}

// ErrKept is for a rotation while the key of the last one still opens.
var ErrKept = errors.New("the sealing key before the present one still opens what kiosks may hold: rotate again when vaxcentral key list has it no longer")

// Rotate makes a new key. A crash leaves the folder with one key, or with both.
func (s *Keys) Rotate(ctx context.Context) error {
	if err := s.Load(); err != nil {
		return err
	}
	if s.Before() != "" {
		return ErrKept
	}
	next, raw, err := seal.NewPrivateKey()
	if err == nil && s.Note != nil {
		err = s.Note(ctx, next.Public().Bytes)
	}
	if err != nil {
		return err
	}
	present, err := os.ReadFile(filepath.Join(s.dir, KeyFile))
	if err == nil {
		err = keyfile.Write(filepath.Join(s.dir, OldKeyFile), present)
	}
	if err == nil {
		err = keyfile.Write(filepath.Join(s.dir, KeyFile), raw)
	}
	if err == nil {
		err = s.Load()
	}
	return err
}

// Close takes nothing more that is sealed to the key before, and reports whether that was
// so already: then whatever came in before is in the database by now.
func (s *Keys) Close() (already bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	already, s.closed = s.closed, true
	return already
}

// Erase erases the file of the key before, unless somebody was first. What is being worked on
// may need the key until the next load.
func (s *Keys) Erase() error {
	err := os.Remove(filepath.Join(s.dir, OldKeyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
