package folder

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/keyfile"
)

// What a back-up holds is believed only when all of it is there: the archive ends
// where it should, every file has the sum of the manifest, the database is whole and
// the keys are those that it knows. Before that there is no folder.

var errDamagedBackup = errors.New("the back-up is damaged: take another one")

// VerifyBackup reads a back-up into a folder for temporary files (TMPDIR), checks all
// of it and removes that again.
func VerifyBackup(ctx context.Context, path string, keys []age.Identity) (b Backup, err error) {
	dir, err := os.MkdirTemp("", "vaxcentral-verify-") // mode 0700
	if err != nil {
		return b, fmt.Errorf("cannot make a temporary folder (%w): check TMPDIR", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	return unpack(ctx, path, keys, dir)
}

// Restore makes a data folder from a back-up, all of it or none. The folder must be
// empty, or not there yet. It rests: see Resume.
func Restore(ctx context.Context, path string, keys []age.Identity, dir string, now time.Time) (b Backup, err error) {
	return RestoreOn(ctx, path, keys, dir, "", now, nil, nil)
}

// RestoreOn is Restore with the database on a server, by the URL of an empty one; "" for one in
// the folder. A back-up is the same whichever it is of. found, which may be nil, hears of the
// back-up when it was read and checked, before there is a folder, and may refuse it.
func RestoreOn(ctx context.Context, path string, keys []age.Identity, dir, url string, now time.Time, found func(Backup) error, say store.Carrying) (b Backup, err error) {
	err = makeFolder(ctx, dir, func(in string) (err error) {
		if b, err = unpack(ctx, path, keys, in); err == nil && found != nil {
			err = found(b)
		}
		if err != nil {
			return err
		}
		if err = store.Rest(filepath.Join(in, DatabaseFile), now); err != nil || url == "" {
			return err
		}
		return carryOut(ctx, in, url, now, say)
	})
	return b, err
}

// carryOut puts the database of a folder that nobody uses yet on a server.
func carryOut(ctx context.Context, dir, url string, now time.Time, say store.Carrying) error {
	path := filepath.Join(dir, DatabaseFile)
	s, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	err = s.Carry(ctx, url, true, now, say, func() error {
		return keyfile.New(filepath.Join(dir, ServerFile), []byte(url+"\n"))
	})
	return errors.Join(err, s.Close(), os.Remove(path))
}

// unpack puts the files of a back-up into an empty folder and checks them.
func unpack(ctx context.Context, path string, keys []age.Identity, dir string) (b Backup, err error) {
	f, err := os.Open(path)
	if err != nil {
		return b, fmt.Errorf("cannot read the back-up (%w): check its path and rights", err)
	}
	defer f.Close()
	plain, err := age.Decrypt(f, keys...)
	if no := (*age.NoIdentityMatchError)(nil); errors.As(err, &no) {
		return b, fmt.Errorf("%s is not for this key: give --identity the file of one that it was made for (--recipient)", path)
	}
	if err != nil {
		return b, fmt.Errorf("%s is no back-up, or damaged: %w", path, err)
	}
	if b, err = extract(tar.NewReader(untilDone{ctx, plain}), dir); err == nil {
		_, err = io.Copy(io.Discard, untilDone{ctx, plain}) // to the end, where a cut is seen
	}
	if err == nil {
		err = store.Whole(ctx, filepath.Join(dir, DatabaseFile))
	}
	if err == nil {
		_, err = Look(ctx, dir, time.Now())
	}
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%s cannot be restored: %w", path, err)
	}
	return b, err
}

// extract writes the files of an archive, which must be those of its manifest.
func extract(r *tar.Reader, dir string) (b Backup, err error) {
	h, err := r.Next()
	if err != nil || h.Name != manifestName || h.Size > manifestLimit {
		return b, errors.Join(errDamagedBackup, err)
	}
	manifest, err := io.ReadAll(r)
	if err != nil {
		return b, errors.Join(errDamagedBackup, err)
	}
	if json.Unmarshal(manifest, &b) != nil {
		return b, errDamagedBackup
	}
	if err := b.known(); err != nil {
		return b, err
	}
	for _, f := range b.Files {
		h, err := r.Next()
		if err != nil || h.Name != f.Name || h.Size != f.Size {
			return b, errors.Join(errDamagedBackup, err)
		}
		if err := extractFile(r, f, dir); err != nil {
			return b, err
		}
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		return b, errors.Join(errDamagedBackup, err)
	}
	return b, nil
}

func extractFile(r io.Reader, f BackupFile, dir string) error {
	path := filepath.Join(dir, f.Name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, keyfile.Mode)
	if err != nil {
		return err
	}
	sum := sha256.New()
	_, err = io.Copy(io.MultiWriter(out, sum), r)
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		return errDamagedBackup
	}
	return nil
}
