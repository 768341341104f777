// Package keyfile keeps secrets in files that only their owner may read.
//
// Read reads a secret and never makes one: a secret that protects
// something else must not be replaced in passing. It refuses a file with a wider mode than 0600: somebody
// else may have read the secret. New makes a file where there is none. A new file is
// complete and synced to disk before it gets its name. Private is the rule of modes
// alone, for databases and for secrets that others made; OwnFolder is the one for folders.
// What modes are on Linux, access lists are on Windows: there a secret may be read by named
// accounts and administrators, and by no group that anybody is in.
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

// Read returns the content of a secret file.
func Read(path string) ([]byte, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("cannot read the secret file: %w", err)
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

// New puts a secret into a file of its own, all of it or nothing. It is
// fs.ErrExist when there is one already, which stays as it is.
func New(path string, b []byte) error { return put(path, b, nameNew) }

// nameNew gives a finished file its name unless another has it.
func nameNew(from, path string) error {
	err := os.Link(from, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := os.Lstat(path); err == nil { // a file system without links
		return fs.ErrExist
	}
	return os.Rename(from, path)
}

// Write puts a secret into a file of its own, all of it or nothing.
func Write(path string, b []byte) error { return put(path, b, os.Rename) }

func put(path string, b []byte, name func(from, path string) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), Unfinished) // mode 0600
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	defer os.Remove(f.Name())     // gone already when it was renamed
	if Private(f.Name()) != nil { // Windows: the rights of the folder
		err = tighten(f.Name(), Mode)
	}
	if err == nil {
		_, err = f.Write(b)
	}
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

// NewECDSA makes a P-256 key and puts it into a file of its own (see New).
func NewECDSA(path string) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	b, err := EncodeECDSA(key)
	if err == nil {
		err = New(path, b)
	}
	return key, err
}

// ECDSA returns the P-256 key of a file.
func ECDSA(path string) (*ecdsa.PrivateKey, error) {
	b, err := Read(path)
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
