// Package keyfile keeps secrets in files that only their owner may read.
//
// Bytes reads a secret, or makes it when there is none yet. It refuses a file
// with a wider mode than 0600: somebody else may have read the secret. A new file
// is complete and synced to disk before it gets its name. Private is that rule alone,
// for databases and for secrets that others made; OwnFolder is the one for folders.
package keyfile

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Unfinished is the pattern of files that have not got their name yet. A crash
// may leave one.
const Unfinished = ".new-*"

// Mode is the mode of every secret file.
const Mode fs.FileMode = 0o600

// Bytes returns the content of a secret file. Make is called for the content
// when the file does not exist.
func Bytes(path string, make func() ([]byte, error)) ([]byte, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		b, err := make()
		if err != nil {
			return nil, err
		}
		if err := put(path, b, nameNew); !errors.Is(err, fs.ErrExist) {
			return b, err
		} // else another program was faster, and its secret counts
	}
	if err := Private(path); err != nil {
		return nil, err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the secret file: %w", err)
	}
	return b, nil
}

// nameNew gives a finished file its name unless another has it.
func nameNew(from, path string) error {
	err := os.Link(from, path)
	if err != nil && !errors.Is(err, fs.ErrExist) { // a file system without links
		return os.Rename(from, path)
	}
	return err
}

// Write puts a secret into a file of its own, all of it or nothing.
func Write(path string, b []byte) error { return put(path, b, os.Rename) }

func put(path string, b []byte, name func(from, path string) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), Unfinished) // mode 0600
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	defer os.Remove(f.Name()) // gone already when it was renamed
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = name(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return syncFolder(filepath.Dir(path))
}

// Rename gives a secret file the name of another, whose secret is gone then.
func Rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(to))
}

// syncFolder makes a new name in a folder survive a power cut. Windows does so by itself.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("cannot sync the folder: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("cannot sync the folder %s: %w", dir, err)
	}
	return nil
}

// ECDSA returns the P-256 key of a file, making one when there is none.
func ECDSA(path string) (*ecdsa.PrivateKey, error) {
	b, err := Bytes(path, func() ([]byte, error) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		return EncodeECDSA(key)
	})
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, fmt.Errorf("%s is no PEM file: restore it from the backup", path)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	ec, ok := key.(*ecdsa.PrivateKey)
	if err != nil || !ok || ec.Curve != elliptic.P256() {
		return nil, fmt.Errorf("%s holds no P-256 key: restore it from the backup", path)
	}
	return ec, nil
}

// EncodeECDSA writes a key as PKCS #8 in PEM.
func EncodeECDSA(key *ecdsa.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}
