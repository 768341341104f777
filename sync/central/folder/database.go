package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/keyfile"
)

// The database is a file of the folder, or on a server that another file names: every
// command finds it by the folder alone, and no address stands in a command line.

// ServerFile has the URL of a folder's database that is on a server, and stands in the place of
// DatabaseFile.
const ServerFile = "database.url"

// serverOf is the URL of a folder's database; "" when it is a file.
func serverOf(dir string) (string, error) {
	b, err := os.ReadFile(filepath.Join(dir, ServerFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("cannot read where the database is (%w): check the rights of the data folder", err)
	}
	return strings.TrimSpace(string(b)), nil
}

// databaseOf is the file that is, or names, the database of a folder.
func databaseOf(dir string) string {
	if _, err := os.Stat(filepath.Join(dir, ServerFile)); err == nil {
		return filepath.Join(dir, ServerFile)
	}
	return filepath.Join(dir, DatabaseFile)
}

// openDatabase opens the database of a folder, wherever it is.
func openDatabase(ctx context.Context, dir string) (*store.Store, error) {
	url, err := serverOf(dir)
	if err != nil {
		return nil, err
	}
	if url != "" {
		return store.OpenServer(ctx, url)
	}
	return store.Open(ctx, filepath.Join(dir, DatabaseFile))
}

// keyPrints are the thumbprints that the database of a folder has noted. Nothing is changed.
func keyPrints(ctx context.Context, dir string) ([]store.KeyPrint, error) {
	url, err := serverOf(dir)
	if err != nil {
		return nil, err
	}
	if url != "" {
		return store.ServerKeyPrints(ctx, url)
	}
	return store.KeyPrints(ctx, filepath.Join(dir, DatabaseFile))
}

// Schema is the version of a folder's database, wherever it is. Nothing is changed.
func Schema(ctx context.Context, dir string) (int, error) {
	url, err := serverOf(dir)
	if err != nil {
		return 0, err
	}
	if url != "" {
		return store.ServerSchema(ctx, url)
	}
	return store.SchemaOf(ctx, filepath.Join(dir, DatabaseFile))
}

// Sight is what is seen of a folder's database before anybody works on it, wherever it is.
// Nothing is changed.
func Sight(ctx context.Context, dir string) (store.Sight, error) {
	url, err := serverOf(dir)
	if err != nil {
		return store.Sight{}, err
	}
	if url != "" {
		return store.LookAtServer(ctx, url)
	}
	return store.Look(ctx, filepath.Join(dir, DatabaseFile))
}

// makeDatabase makes the database of a new folder: its file, or the tables of an empty one on a
// server.
func makeDatabase(ctx context.Context, dir, url string) (*store.Store, error) {
	if url == "" {
		return store.Make(ctx, filepath.Join(dir, DatabaseFile))
	}
	s, err := store.MakeServer(ctx, url)
	if err != nil {
		return nil, err
	}
	if err := keyfile.New(filepath.Join(dir, ServerFile), []byte(url+"\n")); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}
