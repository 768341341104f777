package card

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/keyfile"
)

// The rules of the keys that sign cards, one after the other. A key signs for a
// year. Its successor is made and published 30 days before it begins, so that
// kiosks and other verifiers know it by then, however seldom they look. When it
// begins, the private half of the one before is erased; the public half stays
// published, so that what it has signed can still be verified. Only a key that
// somebody else may have is taken out of the list, and with it all its cards
// (Distrust).
const (
	KeyLife  = 365 * 24 * time.Hour
	KeyAhead = 30 * 24 * time.Hour
)

// Files of a Ring.
const (
	KeyFile     = "card-key.pem"      // signs
	NextKeyFile = "card-key-next.pem" // will sign
	KeyList     = "card-keys.json"    // all public halves, and since when each signs
)

// Key is the public half of a key.
type Key struct {
	JWK   api.JWK   `json:"jwk"`
	Signs time.Time `json:"signs"` // from then until the next one does
}

// Ledger keeps the ids of keys outside the folder of keys, so that a file of another
// folder, or one of before, is seen for what it is.
//
// Obligations: what has returned nil survives a crash. Each may be told twice.
type Ledger interface {
	AddKey(ctx context.Context, kid string) error  // before the key gets its file
	DropKey(ctx context.Context, kid string) error // before it is taken out of the list
}

// Ring has the keys of one folder. It is safe for concurrent use.
type Ring struct {
	dir    string
	ledger Ledger // none: nobody is told

	mu      sync.Mutex
	keys    []Key // oldest first
	signing *Signer
}

// MakeRing makes the first key of a folder, and the list.
func MakeRing(dir string, now time.Time) error {
	s, err := Make(filepath.Join(dir, KeyFile))
	if err != nil {
		return err
	}
	return writeList(dir, []Key{{s.public, seconds(now)}})
}

// OpenRing opens the keys of a folder.
func OpenRing(dir string, now time.Time) (*Ring, error) {
	r := &Ring{dir: dir}
	c := &change{Ring: r}
	if err := c.read(now); err != nil {
		return nil, err
	}
	return r, r.take(c)
}

// Keep tells a ledger of every key from now on. It comes before anything else is
// done with the ring.
func (r *Ring) Keep(l Ledger) { r.ledger = l }

// Signer is the key that signs.
func (r *Ring) Signer() *Signer {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.signing
}

// Published reports whether a key is one of the published ones.
func (r *Ring) Published(kid string) bool {
	return slices.ContainsFunc(r.List(), func(k Key) bool { return k.JWK.Kid == kid })
}

// Keys are all published keys, the one that signs first.
func (r *Ring) Keys() api.JWKS {
	signing := r.Signer().Thumbprint()
	set := api.JWKS{}
	for _, k := range r.List() {
		set.Keys = append(set.Keys, k.JWK)
	}
	slices.SortStableFunc(set.Keys, func(a, b api.JWK) int {
		switch signing {
		case a.Kid:
			return -1
		case b.Kid:
			return 1
		}
		return 0
	})
	return set
}

// List is all published keys, the newest first.
func (r *Ring) List() []Key {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := slices.Clone(r.keys)
	slices.Reverse(all)
	return all
}

// Turn makes the successor of a key and lets it sign, each in its time, and takes
// over what another program has done. It reports whether something is otherwise now.
func (r *Ring) Turn(ctx context.Context, now time.Time) (changed bool, err error) {
	return r.change(func(c *change) error {
		if c.next != "" {
			if now.Before(c.key(c.next).Signs) {
				return nil
			}
			return c.succeed()
		}
		due := c.key(c.signs).Signs.Add(KeyLife)
		if now.Before(due.Add(-KeyAhead)) {
			return nil
		}
		return c.announce(ctx, later(due, now.Add(KeyAhead)))
	}, now)
}

// Load takes over what is in the folder.
func (r *Ring) Load(now time.Time) error {
	_, err := r.change(func(*change) error { return nil }, now)
	return err
}

// Announce makes the successor now, to sign from KeyAhead on, unless there is one.
func (r *Ring) Announce(ctx context.Context, now time.Time) error {
	_, err := r.change(func(c *change) error {
		if c.next != "" {
			return nil
		}
		return c.announce(ctx, now.Add(KeyAhead))
	}, now)
	return err
}

// ErrNoKey is returned for a key id that is not in the list.
var ErrNoKey = errors.New("no such key: vaxcentral key list has them")

// Distrust takes a key out of the list: it may be in other hands, and its cards
// shall not verify any longer. When it is the one that signs, a new one does at once.
func (r *Ring) Distrust(ctx context.Context, kid string, now time.Time) error {
	_, err := r.change(func(c *change) (err error) {
		if c.key(kid) == nil {
			return ErrNoKey
		}
		if r.ledger != nil { // first: what a crash leaves undone is done at the next start
			if err := r.ledger.DropKey(ctx, kid); err != nil {
				return err
			}
		}
		switch kid {
		case c.next:
			err = os.Remove(c.path(NextKeyFile))
		case c.signs:
			if c.next == "" {
				err = c.announce(ctx, now)
			}
			if err == nil {
				c.key(c.next).Signs = seconds(now)
				err = c.succeed()
			}
		}
		c.keys, c.dirty = slices.DeleteFunc(c.keys, func(k Key) bool { return k.JWK.Kid == kid }), true
		return err
	}, now)
	return err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func seconds(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// change is the folder while it is changed.
type change struct {
	*Ring
	keys        []Key
	signs, next string // key ids; there may be no next one
	dirty       bool   // the list is to be written
}

func (r *Ring) path(name string) string { return filepath.Join(r.dir, name) }

// change reads the folder, lets f change it and remembers how it is then.
func (r *Ring) change(f func(*change) error, now time.Time) (changed bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := &change{Ring: r}
	if err := c.read(now); err != nil {
		return false, err
	}
	if err := f(c); err != nil {
		return false, err
	}
	if c.dirty {
		if err := writeList(r.dir, c.keys); err != nil {
			return false, err
		}
	}
	before, signed := r.keys, r.signing.kid
	if err := r.take(c); err != nil {
		return false, err
	}
	return signed != r.signing.kid || !slices.EqualFunc(before, r.keys, func(a, b Key) bool { return a.JWK == b.JWK }), nil
}

// take makes what was read or changed the state of the ring.
func (r *Ring) take(c *change) error {
	signer, err := Open(r.path(KeyFile))
	if err != nil {
		return err
	}
	r.keys, r.signing = c.keys, signer
	return nil
}

func writeList(dir string, keys []Key) error {
	b, err := json.MarshalIndent(keys, "", "  ")
	if err == nil {
		err = keyfile.Write(filepath.Join(dir, KeyList), append(b, '\n'))
	}
	return err
}

// read reads the list and adds the keys of files that it lacks, after a crash.
func (c *change) read(now time.Time) error {
	b, err := os.ReadFile(c.path(KeyList))
	if err != nil {
		return fmt.Errorf("cannot read the list of keys: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if d.Decode(&c.keys) != nil {
		return fmt.Errorf("%s is damaged: restore it from the backup", c.path(KeyList))
	}
	s, err := Open(c.path(KeyFile))
	if err != nil {
		return err
	}
	c.signs = c.add(s, now)
	if s, err = Open(c.path(NextKeyFile)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		c.next = c.add(s, now.Add(KeyAhead))
	}
	return err
}

// add puts a key into the list, if it is not there.
func (c *change) add(s *Signer, signs time.Time) (kid string) {
	if c.key(s.kid) == nil {
		c.keys = append(c.keys, Key{s.public, seconds(signs)})
		c.dirty = true
	}
	return s.kid
}

// key finds a key in the list; nil when it is not there.
func (c *change) key(kid string) *Key {
	for i := range c.keys {
		if c.keys[i].JWK.Kid == kid {
			return &c.keys[i]
		}
	}
	return nil
}

// announce makes a successor, which the ledger knows before there is a file of it.
func (c *change) announce(ctx context.Context, signs time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	s, err := signerOf(key, c.path(NextKeyFile))
	if err == nil && c.ledger != nil {
		err = c.ledger.AddKey(ctx, s.kid)
	}
	var b []byte
	if err == nil {
		b, err = keyfile.EncodeECDSA(key)
	}
	if err == nil {
		err = keyfile.New(c.path(NextKeyFile), b)
	}
	if errors.Is(err, fs.ErrExist) { // another program was faster, and its key counts
		s, err = Open(c.path(NextKeyFile))
	}
	if err == nil {
		c.next = c.add(s, signs)
	}
	return err
}

// succeed lets the successor sign and erases the private half of the key before.
func (c *change) succeed() error {
	if err := keyfile.Rename(c.path(NextKeyFile), c.path(KeyFile)); err != nil {
		return fmt.Errorf("the next key cannot sign: %w", err)
	}
	c.signs, c.next = c.next, ""
	return nil
}
