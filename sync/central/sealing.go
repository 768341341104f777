package central

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/keyfile"
	"vaxkiosk/sync/seal"
)

// The rules of the key that kiosks seal to. A new one is published, in the bootstrap, as
// soon as it is made. The one before goes on opening for as long as a kiosk may still hold
// something that is sealed to it: kiosks may have been offline for longestWay. Then
// nothing is taken any more that is sealed to it, what waits is sealed anew to the
// key that is published, and its file is erased. What does not open keeps it.
//
// The time begins when a service has published the new key, not when it was made: a
// service that was off meanwhile must not refuse what its kiosks have saved for it.
// There are two keys at most.

// sealingOverlap is how long the key before opens what comes in.
const sealingOverlap = longestWay + 24*time.Hour

// Files of the keys.
const (
	sealingKeyFile    = "sealing.key"     // kiosks seal to it
	oldSealingKeyFile = "sealing-old.key" // the one before, as long as it opens
)

// sealings are the keys of a folder. They are safe for concurrent use.
type sealings struct {
	dir string
	// note is told the public half of each key before it gets its file, so that the
	// folder knows it for its own after a crash; nil: nobody is told.
	note func(public []byte) error

	mu     sync.RWMutex
	now    seal.PrivateKey
	old    seal.PrivateKey // without an ID when there is none
	closed bool            // nothing is taken any more that is sealed to old
}

// openSealings reads the keys of a folder.
func openSealings(dir string) (*sealings, error) {
	s := &sealings{dir: dir}
	return s, s.load()
}

// load takes over what is in the folder.
func (s *sealings) load() error {
	now, err := readSealing(filepath.Join(s.dir, sealingKeyFile))
	if err != nil {
		return err
	}
	old, err := readSealing(filepath.Join(s.dir, oldSealingKeyFile))
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

func readSealing(path string) (seal.PrivateKey, error) {
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
func (s *sealings) Public() seal.PublicKey {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.now.Public()
}

// publics are the public halves of both keys.
func (s *sealings) publics() []seal.PublicKey {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := []seal.PublicKey{s.now.Public()}
	if s.old.ID != "" {
		all = append(all, s.old.Public())
	}
	return all
}

// before is the id of the key before, "" when there is none.
func (s *sealings) before() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.old.ID
}

// takes tells whether what comes in may be sealed to a key. One that is not known may have
// been made by another program just now.
func (s *sealings) takes(kid string) bool {
	for try := range 2 {
		s.mu.RLock()
		known := kid == s.now.ID || kid == s.old.ID && kid != "" && !s.closed
		s.mu.RUnlock()
		if known {
			return true
		}
		if try == 0 {
			if s.load() != nil {
				return false
			}
		}
	}
	return false
}

// Open opens an envelope with the key that it is sealed to.
func (s *sealings) Open(e seal.Envelope, p seal.Purpose, key string) ([]byte, error) {
	s.mu.RLock()
	k := s.now
	if e.KeyID == s.old.ID && s.old.ID != "" {
		k = s.old
	}
	s.mu.RUnlock()
	return k.Open(e, p, key)
}

// errSealingKept is for a rotation while the key of the last one still opens.
var errSealingKept = errors.New("the sealing key before the present one still opens what kiosks may hold: rotate again when vaxcentral key list has it no longer")

// rotate makes a new key. A crash leaves the folder with one key, or with both.
func (s *sealings) rotate() error {
	if err := s.load(); err != nil {
		return err
	}
	if s.before() != "" {
		return errSealingKept
	}
	next, raw, err := seal.NewPrivateKey()
	if err == nil && s.note != nil {
		err = s.note(next.Public().Bytes)
	}
	if err != nil {
		return err
	}
	present, err := os.ReadFile(filepath.Join(s.dir, sealingKeyFile))
	if err == nil {
		err = keyfile.Write(filepath.Join(s.dir, oldSealingKeyFile), present)
	}
	if err == nil {
		err = keyfile.Write(filepath.Join(s.dir, sealingKeyFile), raw)
	}
	if err == nil {
		err = s.load()
	}
	return err
}

// close takes nothing more that is sealed to the key before, and tells whether that was
// so already: then whatever came in before is in the database by now.
func (s *sealings) close() (already bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	already, s.closed = s.closed, true
	return already
}

// erase erases the file of the key before. What is being worked on may need the key
// until the next load.
func (s *sealings) erase() error { return os.Remove(filepath.Join(s.dir, oldSealingKeyFile)) }

// RotateSealing makes a new key for kiosks to seal to, and lets the one before go on opening.
func (c *Central) RotateSealing() error { return c.sealing.rotate() }

// SealingKeys returns the id of the key that kiosks seal to, of the one before, "" when there
// is none, and until when that opens; zero when no service has published the new one yet.
func (c *Central) SealingKeys() (now, before string, until time.Time, err error) {
	now, before = c.sealing.Public().ID, c.sealing.before()
	if before == "" {
		return now, before, until, nil
	}
	since, known, err := c.store.SealingReplaced(context.Background(), before)
	if known {
		until = since.Add(sealingOverlap)
	}
	return now, before, until, err
}

// turnSealing publishes a key that was made, and ends the one before in its time.
func (c *Central) turnSealing(ctx context.Context, now time.Time) error {
	err := c.sealing.load()
	if err == nil && c.bootstrap.Load().sealing != c.sealing.Public().ID {
		err = c.renewBootstrap()
		c.o.Log.Info("kiosks are given a new key to seal to", "event", "sealing-key.replaced", "key", c.sealing.Public().ID, "before", c.sealing.before())
	}
	old := c.sealing.before()
	if err != nil || old == "" {
		return err
	}
	since, err := c.store.ReplaceSealing(ctx, old, now)
	if err != nil || now.Before(since.Add(sealingOverlap)) || !c.sealing.close() {
		return err
	}
	if err := c.sealAnew(ctx, old); err != nil {
		return err
	}
	if err := c.sealing.erase(); err != nil {
		return err
	}
	c.o.Log.Info("the sealing key before is erased: what waits is sealed to the present one", "event", "sealing-key.erased", "key", old)
	return nil
}

// sealAnew seals all that waits to the key that is published, and fails when something
// does not open: then its key is kept.
func (c *Central) sealAnew(ctx context.Context, old string) error {
	all, err := c.store.SealedTo(ctx, old)
	if err != nil {
		return err
	}
	left := 0
	for _, r := range all {
		e, err := c.sealedAnew(r)
		if err != nil {
			left++
			continue
		}
		if err := c.store.SealAnew(ctx, r, e); err != nil {
			return err
		}
	}
	if left > 0 {
		return fmt.Errorf("%d of what waits cannot be opened, so the sealing key before is kept", left)
	}
	return nil
}

func (c *Central) sealedAnew(r store.Sealed) ([]byte, error) {
	e, err := seal.Decode(r.Envelope)
	if err != nil {
		return nil, err
	}
	plain, err := c.sealing.Open(e, e.Purpose, e.Key)
	if err != nil {
		return nil, err
	}
	e, err = seal.Seal(c.sealing.Public(), e.Purpose, e.Key, plain)
	return e.Encode(), err
}
