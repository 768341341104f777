package audit

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"vaxkiosk/sync/keyfile"
)

// KeyFile is the file of the key that signs heads, in the data folder.
const KeyFile = "audit-key.pem"

// HeadsFile and PublicFile are in the folder that heads are kept in.
const (
	HeadsFile  = "heads.jsonl"
	PublicFile = "audit-key.pub.pem"
)

// Why a head is signed.
const (
	AtStart  = "start"
	Hourly   = "hourly"
	AtStop   = "stop"
	OnDemand = "asked"
	Cut      = "erased" // all rows up to this one are erased: the chain goes on from here
)

// Head is the last row at a time, signed.
type Head struct {
	N         int64  `json:"n"`
	Hash      string `json:"hash"`
	At        string `json:"at"`
	Why       string `json:"why"`
	Key       string `json:"key"`
	Signature string `json:"signature"`
}

// signed is what is signed: lines that openssl can be given.
func (h Head) signed() []byte {
	return fmt.Appendf(nil, "vaxkiosk audit head 1\n%d\n%s\n%s\n%s\n", h.N, h.Hash, h.At, h.Why)
}

// Signer signs heads: ES256, SHA-256 over signed, in DER.
type Signer struct {
	key    *ecdsa.PrivateKey
	id     string
	public []byte // PEM
}

// MakeKey makes the key of a folder that has none.
func MakeKey(dir string) (*Signer, error) {
	key, err := keyfile.NewECDSA(filepath.Join(dir, KeyFile))
	if err != nil {
		return nil, err
	}
	return signerOf(key)
}

// OpenKey reads the key of a folder; fs.ErrNotExist when it has none.
func OpenKey(dir string) (*Signer, error) {
	key, err := keyfile.ECDSA(filepath.Join(dir, KeyFile))
	if err != nil {
		return nil, err
	}
	return signerOf(key)
}

func signerOf(key *ecdsa.PrivateKey) (*Signer, error) {
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(der)
	return &Signer{key: key, id: base64.RawURLEncoding.EncodeToString(sum[:]), public: pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})}, nil
}

// Thumbprint is the id of the key: SHA-256 of its public half, base64url.
func (s *Signer) Thumbprint() string { return s.id }

// Public is the public half.
func (s *Signer) Public() *ecdsa.PublicKey { return &s.key.PublicKey }

// Sign signs a head.
func (s *Signer) Sign(n int64, sum Sum, why string, now time.Time) (Head, error) {
	h := Head{N: n, Hash: sum.String(), At: now.UTC().Format(when), Why: why, Key: s.id}
	digest := sha256.Sum256(h.signed())
	der, err := ecdsa.SignASN1(rand.Reader, s.key, digest[:])
	h.Signature = base64.StdEncoding.EncodeToString(der)
	return h, err
}

// lineBegins is how each Line does.
const lineBegins = `{"n":`

// Line is the head as it is kept.
func (h Head) Line() string {
	b, _ := json.Marshal(h) // texts and a number
	return string(b)
}

// genuine reports whether a key has signed a head.
func (h Head) genuine(key *ecdsa.PublicKey) bool {
	der, err := base64.StdEncoding.DecodeString(h.Signature)
	digest := sha256.Sum256(h.signed())
	return err == nil && ecdsa.VerifyASN1(key, digest[:], der)
}

// Keep appends a head to the file in a folder, which it makes, and puts the public key beside
// it. It is on the disk when Keep returns.
func (s *Signer) Keep(dir string, h Head) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("cannot make the folder of the audit (%w): check --audit-dir and its rights", err)
	}
	public := filepath.Join(dir, PublicFile)
	if _, err := os.Stat(public); errors.Is(err, fs.ErrNotExist) {
		if err := os.WriteFile(public, s.public, keyfile.Mode); err != nil {
			return fmt.Errorf("cannot write into the folder of the audit (%w): check --audit-dir and its rights", err)
		}
	}
	f, err := os.OpenFile(filepath.Join(dir, HeadsFile), os.O_RDWR|os.O_CREATE|os.O_APPEND, keyfile.Mode)
	if err != nil {
		return fmt.Errorf("cannot write into the folder of the audit (%w): check --audit-dir and its rights", err)
	}
	line := h.Line() + "\n"
	if inLine(f) {
		line = "\n" + line // nothing that was written is ever taken back: the folder may allow no more than adding
	}
	_, err = f.WriteString(line)
	return errors.Join(err, f.Sync(), f.Close())
}

// inLine reports whether a file ends within a line: the machine went down, or the disk was full.
func inLine(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false
	}
	last := make([]byte, 1)
	_, err = f.ReadAt(last, info.Size()-1)
	return err == nil && last[0] != '\n'
}

// ReadPublic reads a public key as Keep writes it.
func ReadPublic(file string) (*ecdsa.PublicKey, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if block, _ := pem.Decode(b); block != nil {
		if any, err := x509.ParsePKIXPublicKey(block.Bytes); err == nil {
			if key, is := any.(*ecdsa.PublicKey); is {
				return key, nil
			}
		}
	}
	return nil, fmt.Errorf("%s is no public key of an audit", file)
}

// Heads are the signed heads of a file, by the number of their row.
type Heads struct {
	sums  map[int64]Sum
	at    map[int64]string
	last  int64 // the highest
	cut   int64 // the highest that was erased up to
	Count int
	Half  []int // lines that were cut short while they were written
}

// ReadHeads reads the heads of a folder; none when there is no file yet. A line that is not a
// head which the key has signed is a *Fault. Of one that was cut short as it was written nothing
// is known, and nothing needs to be: each head is of all rows before it, so the next one says more.
func ReadHeads(dir string, key *ecdsa.PublicKey) (*Heads, error) {
	all := &Heads{sums: map[int64]Sum{}, at: map[int64]string{}}
	f, err := os.Open(filepath.Join(dir, HeadsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		switch line := strings.TrimSpace(lines.Text()); {
		case line == "":
			continue
		case strings.HasPrefix(line, lineBegins) && !strings.HasSuffix(line, "}"), strings.HasPrefix(lineBegins, line):
			all.Half = append(all.Half, n)
			continue
		}
		if fault := all.add(lines.Bytes(), key); fault != "" {
			return nil, &Fault{Line: n, What: fault}
		}
	}
	return all, lines.Err()
}

// Add takes in a head that is kept elsewhere, too; a *Fault says what is wrong with it.
func (a *Heads) Add(line string, key *ecdsa.PublicKey) error {
	if wrong := a.add([]byte(line), key); wrong != "" {
		return &Fault{What: wrong}
	}
	return nil
}

// add takes one line in, or says what is wrong with it.
func (a *Heads) add(line []byte, key *ecdsa.PublicKey) Wrong {
	var h Head
	if json.Unmarshal(line, &h) != nil {
		return NoHead
	}
	sum, err := hex.DecodeString(h.Hash)
	if err != nil || len(sum) != len(Sum{}) || !h.genuine(key) {
		return Forged
	}
	if is, there := a.sums[h.N]; there && is != SumOf(sum) {
		return TwoHeads
	}
	a.sums[h.N], a.at[h.N] = SumOf(sum), h.At
	a.last = max(a.last, h.N)
	if h.Why == Cut {
		a.cut = max(a.cut, h.N)
	}
	a.Count++
	return ""
}
