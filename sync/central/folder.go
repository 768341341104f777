package central

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/store"
)

// The rules of the data folder. Only Init makes one, and Restore. Everybody else
// wants all of it: a new database or key in the place of a lost one would make
// worthless what the lost one protects, without a word. What is missing is said
// before anything is written. The thumbprints of all keys stand in the database, so
// that a file of another folder is refused, too. A folder from before they did is
// adopted as it is, once.

// DatabaseFile is the name of the database in the folder.
const DatabaseFile = "central.db"

// ServingLock is the name of the file that is held while a service runs on the folder.
const ServingLock = "serving.lock"

const (
	rootFile  = "root-key.pem"
	caKeyFile = "ca-key.pem"
)

// folderFile is one file of a data folder.
type folderFile struct {
	name     string
	kind     string // of the key in it
	without  string // what is so without it
	optional bool   // it is not always there
}

// folderFiles are all files that make a data folder, and that a back-up holds.
var folderFiles = []folderFile{
	{name: DatabaseFile, without: "nothing is known of people, requests and staff"},
	{name: access.PepperFile, kind: "pepper", without: "no PIN and no pickup code fits"},
	{name: sealingKeyFile, kind: "sealing", without: "no request that waits can be opened"},
	{name: oldSealingKeyFile, kind: "sealing", optional: true},
	{name: card.KeyFile, kind: "card", without: "no record can be signed"},
	{name: card.NextKeyFile, kind: "card", optional: true},
	{name: card.KeyList, kind: "card", without: "health cards of earlier years verify no longer"},
	{name: rootFile, kind: "root", without: "no kiosk accepts this service"},
	{name: caKeyFile, kind: "ca", without: "no kiosk accepts this service"},
	{name: CAFile, kind: "ca-cert", without: "no kiosk is accepted"},
}

// ErrNoFolder is wrapped where a folder is none, or only part of one.
var ErrNoFolder = errors.New("no data folder")

// complete wants all files of a folder. It looks only.
func complete(dir string) error {
	var lost []folderFile
	there := 0
	for _, f := range folderFiles {
		switch _, err := os.Stat(filepath.Join(dir, f.name)); {
		case err == nil:
			there++
		case errors.Is(err, fs.ErrPermission):
			return fmt.Errorf("cannot look into the data folder (%w): check its rights, and whose command this is", err)
		case !f.optional:
			lost = append(lost, f)
		}
	}
	switch {
	case lost == nil:
		return nil
	case there == 0:
		return fmt.Errorf("%s is %w: check --data, or make a new one with vaxcentral init --data %s", dir, ErrNoFolder, dir)
	}
	return fmt.Errorf("%s is missing, so %s is %w: without it %s; put the file of this folder back, or restore a back-up into an empty folder (vaxcentral restore)",
		filepath.Join(dir, lost[0].name), dir, ErrNoFolder, lost[0].without)
}

// keys are the secrets of a folder.
type keys struct {
	keeper  *access.Keeper
	cards   *card.Ring
	root    *card.Signer // signs the bootstrap; kiosks pin its thumbprint
	sealing *sealings
	authority
}

// readKeys reads all keys of a folder and makes none.
func readKeys(dir string, now time.Time) (k keys, err error) {
	if k.keeper, err = access.Open(dir); err != nil {
		return k, err
	}
	if k.cards, err = card.OpenRing(dir, now); err != nil {
		return k, err
	}
	if k.root, err = card.Open(filepath.Join(dir, rootFile)); err != nil {
		return k, err
	}
	if k.sealing, err = openSealings(dir); err != nil {
		return k, err
	}
	k.authority, err = openAuthority(dir)
	return k, err
}

// prints are the thumbprints of all keys of the folder.
func (k keys) prints() []store.KeyPrint {
	all := []store.KeyPrint{
		{Kind: "pepper", Print: k.keeper.Thumbprint()},
		{Kind: "root", Print: k.root.Thumbprint()},
		{Kind: "ca", Print: thumbprint(k.cert.RawSubjectPublicKeyInfo)}, // which fits its key: see openAuthority
		{Kind: "ca-cert", Print: thumbprint(k.cert.Raw)},
	}
	for _, public := range k.sealing.publics() {
		all = append(all, store.KeyPrint{Kind: "sealing", Print: thumbprint(public.Bytes)})
	}
	for _, c := range k.cards.List() {
		all = append(all, store.KeyPrint{Kind: "card", Print: c.JWK.Kid})
	}
	return all
}

func thumbprint(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// belong wants each key to be one that the database knows; one that has noted none
// knows all.
func belong(dir string, have, known []store.KeyPrint) error {
	if len(known) == 0 {
		return nil
	}
	var foreign []string
	own := 0
	for _, k := range have {
		if slices.ContainsFunc(known, func(n store.KeyPrint) bool { return n.Kind == k.Kind && n.Print == k.Print }) {
			own++
		} else if names := filesOf(k.Kind); !slices.Contains(foreign, names) {
			foreign = append(foreign, names)
		}
	}
	switch {
	case foreign == nil:
		return nil
	case own == 0:
		return fmt.Errorf("%s belongs to other keys than those beside it: put the database of this folder back, or restore a back-up into an empty folder (vaxcentral restore)",
			filepath.Join(dir, DatabaseFile))
	}
	return fmt.Errorf("%s in %s does not belong to the database beside it: put the file of this folder back, or restore a back-up into an empty folder (vaxcentral restore)",
		strings.Join(foreign, " and "), dir)
}

// filesOf names the files that hold keys of a kind.
func filesOf(kind string) string {
	var all []string
	for _, f := range folderFiles {
		if f.kind == kind && !f.optional {
			all = append(all, f.name)
		}
	}
	return strings.Join(all, " or ")
}

// look reads a folder and wants all of it, and all of it to belong together. It
// changes nothing.
func look(dir string, now time.Time) (keys, error) {
	if err := complete(dir); err != nil {
		return keys{}, err
	}
	k, err := readKeys(dir, now)
	if err != nil {
		return keys{}, err
	}
	known, err := store.KeyPrints(filepath.Join(dir, DatabaseFile))
	if err != nil {
		return keys{}, err
	}
	return k, belong(dir, k.prints(), known)
}

// OpenRegistry opens the database of a data folder, for people alone.
func OpenRegistry(dir string) (*store.Store, error) {
	if _, err := look(dir, time.Now()); err != nil {
		return nil, err
	}
	return store.Open(filepath.Join(dir, DatabaseFile))
}

// adopt notes the keys of a folder that has none noted, and takes out of the list
// what is trusted no longer: a crash, or an older list, has left it there.
func (c *Central) adopt(ctx context.Context) error {
	f, err := c.store.Folder(ctx)
	if err == nil && !f.Known {
		err = c.store.Adopt(ctx, c.prints(), c.o.Now())
	}
	if err != nil {
		return err
	}
	known, err := c.store.KeyPrints(ctx)
	if err != nil {
		return err
	}
	c.cards.Keep(ledger{c})
	c.sealing.note = func(public []byte) error {
		return c.store.AddKey(context.Background(), "sealing", thumbprint(public), c.o.Now())
	}
	for _, k := range known {
		if k.Kind != "card" || !k.Gone {
			continue
		}
		if no := c.cards.Distrust(k.Print, c.o.Now()); no != nil && !errors.Is(no, card.ErrNoKey) {
			return no
		}
	}
	return c.noCardKeyLost(ctx, known)
}

// noCardKeyLost refuses a list without a key that has signed cards and is trusted:
// nobody could verify them any longer.
func (c *Central) noCardKeyLost(ctx context.Context, known []store.KeyPrint) error {
	signed, err := c.store.CardKeys(ctx)
	if err != nil {
		return err
	}
	for _, k := range known {
		if k.Kind == "card" && !k.Gone && slices.Contains(signed, k.Print) && !c.published(k.Print) {
			return fmt.Errorf("%s lacks a key that has signed health cards: put the file of this folder back, or cards of earlier years verify no longer",
				filepath.Join(c.o.Dir, card.KeyList))
		}
	}
	return nil
}

// ledger notes the keys of cards in the database.
type ledger struct{ *Central }

// AddKey notes a key.
func (l ledger) AddKey(kid string) error {
	return l.store.AddKey(context.Background(), "card", kid, l.o.Now())
}

// DropKey notes that a key is trusted no longer.
func (l ledger) DropKey(kid string) error {
	return l.store.DropKey(context.Background(), "card", kid, l.o.Now())
}
