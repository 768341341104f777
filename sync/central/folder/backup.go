package folder

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"filippo.io/age"

	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/keyfile"
)

// A back-up is one file: a tar archive, encrypted with age. Its first entry is the
// manifest, then come the files of the folder, the database as it was at one instant.
// Notices that wait for the gateway are not in it: who misses a code asks for a new
// one with the receipt.
//
// It is not told as done before it is complete, on the disk and under its name; the
// copy of the database has been read and checked, and its thumbprints are those of
// the keys beside it. Nothing that is not encrypted leaves the data folder.

// Backup is the manifest of a back-up.
type Backup struct {
	Version int          `json:"v"`
	Made    time.Time    `json:"made"`
	People  int          `json:"people"`
	Waiting int          `json:"waiting"` // requests that are not answered
	Files   []BackupFile `json:"files"`
}

// BackupFile is one file in it.
type BackupFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

const (
	backupVersion = 1
	manifestName  = "manifest.json"
	manifestLimit = 64 << 10
	keyFileLimit  = 1 << 20

	copyFolder = ".copy"       // in the data folder, for the copy of the database
	copyLock   = "backup.lock" // held meanwhile
)

// copyTries is how often a copy is made when keys are replaced under it.
const copyTries = 3

// BackUp writes a data folder into one file that only the recipients can read. A
// service may run on the folder.
func BackUp(ctx context.Context, dir, out string, to []age.Recipient, now time.Time) (b Backup, err error) {
	if _, err := os.Lstat(out); !errors.Is(err, fs.ErrNotExist) {
		return b, fmt.Errorf("%s is there already: choose another --out", out)
	}
	f, err := Open(ctx, Options{Dir: dir, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	release, err := store.Hold(filepath.Join(dir, copyLock))
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, release()) }()
	in := filepath.Join(dir, copyFolder)
	defer func() { err = errors.Join(err, os.RemoveAll(in)) }()
	for try := 1; ; try++ {
		if err = f.copyTo(ctx, in); err == nil || try == copyTries || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		return b, err
	}
	b = Backup{Version: backupVersion, Made: now.UTC().Truncate(time.Second)}
	if b.Files, err = listFiles(in); err == nil {
		b.People, b.Waiting, err = store.Counts(ctx, filepath.Join(in, DatabaseFile))
	}
	if err != nil {
		return b, err
	}
	if err := writeWhole(out, func(w io.Writer) error { return b.write(ctx, w, in, to) }); err != nil {
		return b, err
	}
	return b, noteBackup(dir, b.Made)
}

// copyTo copies all files of the folder that make it one, and wants the copy to
// be one: a key may be replaced meanwhile.
func (f *Folder) copyTo(ctx context.Context, in string) error {
	if err := errors.Join(os.RemoveAll(in), os.Mkdir(in, 0o700)); err != nil {
		return fmt.Errorf("cannot copy the folder (%w): check its rights", err)
	}
	for _, part := range files {
		if part.name == DatabaseFile {
			continue
		}
		content, err := os.ReadFile(filepath.Join(f.Dir, part.name))
		if part.optional && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && len(content) > keyFileLimit {
			err = errors.New("it is too large to be what its name says")
		}
		path := filepath.Join(in, part.name)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o700)
		}
		if err == nil {
			err = keyfile.New(path, content)
		}
		if err != nil {
			return fmt.Errorf("cannot copy %s: %w", part.name, err)
		}
	}
	if err := f.Store.Snapshot(ctx, filepath.Join(in, DatabaseFile)); err != nil {
		return err
	}
	_, err := Look(ctx, in, f.now())
	return err
}

// listFiles are the files of a folder with their sums, in the order of files.
func listFiles(dir string) (all []BackupFile, err error) {
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		info, err := os.Stat(path)
		if f.optional && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		sum, err := sumOf(path)
		if err != nil {
			return nil, err
		}
		all = append(all, BackupFile{f.name, info.Size(), sum})
	}
	return all, nil
}

func sumOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}

// writeWhole writes a file that has its name only when it is complete and on the disk.
func writeWhole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), keyfile.Unfinished) // mode 0600
	if err != nil {
		return fmt.Errorf("cannot write %s (%w): check its path and rights", path, err)
	}
	defer os.Remove(f.Name()) // gone already when it was renamed
	err = write(f)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = keyfile.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}

// write writes the archive of a folder's files.
func (b Backup) write(ctx context.Context, out io.Writer, dir string, to []age.Recipient) error {
	sealed, err := age.Encrypt(out, to...)
	if err != nil {
		return err
	}
	manifest, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	w := tar.NewWriter(sealed)
	put := func(name string, size int64, content io.Reader) error {
		err := w.WriteHeader(&tar.Header{Name: name, Size: size, Mode: int64(keyfile.Mode), ModTime: b.Made, Format: tar.FormatPAX})
		if err == nil {
			_, err = io.Copy(w, untilDone{ctx, content})
		}
		return err
	}
	if err := put(manifestName, int64(len(manifest)), bytes.NewReader(manifest)); err != nil {
		return err
	}
	for _, f := range b.Files {
		content, err := os.Open(filepath.Join(dir, f.Name))
		if err == nil {
			err = errors.Join(put(f.Name, f.Size, content), content.Close())
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(w.Close(), sealed.Close())
}

// untilDone reads until ctx ends.
type untilDone struct {
	ctx context.Context
	io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.Reader.Read(p)
}

// known reports whether a manifest is one that this program understands.
func (b Backup) known() error {
	switch {
	case b.Version > backupVersion:
		return errors.New("the back-up was written by a newer program: update this program")
	case b.Version != backupVersion || len(b.Files) == 0:
		return errDamagedBackup
	}
	for _, f := range b.Files {
		if !slices.ContainsFunc(files, func(k file) bool { return k.name == f.Name }) {
			return fmt.Errorf("the back-up holds %q, which this program does not know: update this program", f.Name)
		}
		if f.Size < 0 || f.Name != DatabaseFile && f.Size > keyFileLimit {
			return errDamagedBackup
		}
	}
	return nil
}
