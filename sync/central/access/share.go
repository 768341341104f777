package access

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
)

// Files of keys that change go from one instance of central to the others through their
// database, which must open nothing by itself: so they are encrypted with a key that is made of
// the pepper, each for its name.

// ErrSealed is for what was sealed with another pepper, for another name, or changed since.
var ErrSealed = errors.New("sealed for another name or with another pepper, or damaged")

// Seal encrypts a file of keys by its name.
func (k *Keeper) Seal(name string, content []byte) []byte {
	a := k.sealer()
	nonce := make([]byte, a.NonceSize())
	rand.Read(nonce) // never fails (crypto/rand)
	return a.Seal(nonce, nonce, content, []byte(name))
}

// Unseal is what was sealed by a name; ErrSealed.
func (k *Keeper) Unseal(name string, sealed []byte) ([]byte, error) {
	a := k.sealer()
	if len(sealed) < a.NonceSize() {
		return nil, ErrSealed
	}
	content, err := a.Open(nil, sealed[:a.NonceSize()], sealed[a.NonceSize():], []byte(name))
	if err != nil {
		return nil, ErrSealed
	}
	return content, nil
}

// sealer is AES-256-GCM under a key that has no other use.
func (k *Keeper) sealer() cipher.AEAD {
	block, err := aes.NewCipher(k.hash("key files", "", ""))
	if err != nil {
		panic(err) // the key has 32 bytes
	}
	a, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // of AES, always
	}
	return a
}
