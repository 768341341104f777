package folder

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/sealing"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/keyfile"
)

// Keys of several instances. Each instance has a folder of its own, a copy of the first one's:
// root, CA and pepper are the same for ever. The keys that change while a service runs, of
// health cards and those that kiosks seal to, go from folder to folder through the database,
// sealed with the pepper (access.Keeper.Seal). Whoever changes them claims that, takes over what
// others have changed, changes them, and shares them before anybody is told: so no instance signs
// with a key or gives one out that the others do not have a moment later. A folder with an older
// copy is brought up to date when it is opened.

// changing are the files that go from folder to folder, in the order in which they are put there.
var changing = []string{card.KeyList, card.NextKeyFile, card.KeyFile, sealing.OldKeyFile, sealing.KeyFile, audit.KeyFile}

// patience is how long one who changes keys waits for another one; a variable for the tests.
var patience = 5 * time.Second

// ErrBusy is for a change of keys while another instance changes them, for longer than that.
var ErrBusy = errors.New("another instance changes the keys: try again in a moment")

// ChangeKeys changes keys by f, for all instances of the folder's database. An error of f may
// leave part of a change, as a crash may: that is shared all the same.
func (f *Folder) ChangeKeys(ctx context.Context, change func() error) error {
	if !f.Store.Several() {
		return change()
	}
	release, err := f.claimKeys(ctx)
	if err != nil {
		return err
	}
	if err = f.takeKeys(ctx); err == nil {
		err = errors.Join(change(), f.shareKeys(ctx))
	}
	return errors.Join(err, release())
}

// TakeKeys takes over the keys that other instances have changed.
func (f *Folder) TakeKeys(ctx context.Context) error {
	return f.ChangeKeys(ctx, func() error { return nil })
}

func (f *Folder) takeKeys(ctx context.Context) error {
	sealed, err := f.Store.KeyFiles(ctx)
	if err != nil || len(sealed) == 0 {
		return err
	}
	for _, name := range changing {
		if err := f.takeFile(name, sealed[name]); err != nil {
			return err
		}
	}
	return errors.Join(f.Cards.Load(f.now()), f.Sealing.Load())
}

// takeFile puts a file there as it was shared, or takes one away that was not.
func (f *Folder) takeFile(name string, sealed []byte) error {
	path := filepath.Join(f.Dir, name)
	have, err := os.ReadFile(path)
	missing := errors.Is(err, fs.ErrNotExist)
	switch {
	case err != nil && !missing:
		return err
	case sealed == nil && (missing || name == audit.KeyFile): // it is never taken away: an older program shares none
		return nil
	case sealed == nil:
		return os.Remove(path)
	}
	content, err := f.Keeper.Unseal(name, sealed)
	if err != nil || !missing && bytes.Equal(content, have) {
		return err
	}
	return keyfile.Write(path, content)
}

// shareKeys gives the keys of this folder to all instances.
func (f *Folder) shareKeys(ctx context.Context) error {
	before, err := f.Store.KeyFiles(ctx)
	if err != nil {
		return err
	}
	all := map[string][]byte{}
	same := len(before) > 0
	for _, name := range changing {
		content, err := os.ReadFile(filepath.Join(f.Dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			same = same && before[name] == nil
			continue
		}
		if err != nil {
			return err
		}
		old, no := f.Keeper.Unseal(name, before[name])
		if all[name] = before[name]; no != nil || !bytes.Equal(old, content) {
			all[name], same = f.Keeper.Seal(name, content), false
		}
	}
	if same {
		return nil
	}
	return f.Store.ShareKeyFiles(ctx, all)
}

// claimKeys waits until nobody else changes keys.
func (f *Folder) claimKeys(ctx context.Context) (release func() error, err error) {
	for left := patience; ; left -= again {
		release, err := f.Store.Alone(ctx, "keys")
		switch {
		case !errors.Is(err, store.ErrLocked):
			return release, err
		case left <= 0:
			return nil, ErrBusy
		}
		pause := time.NewTimer(again)
		select {
		case <-ctx.Done():
			pause.Stop()
			return nil, ctx.Err()
		case <-pause.C:
		}
	}
}

// again is how soon one who waits looks once more.
const again = 100 * time.Millisecond

// fetchLimit is how long it may take to look for a key that somebody has sealed to.
const fetchLimit = 5 * time.Second

// fetchKeys takes over keys for who has met one that this folder does not have.
func (f *Folder) fetchKeys() error {
	ctx, cancel := context.WithTimeout(context.Background(), fetchLimit)
	defer cancel()
	return f.TakeKeys(ctx)
}
