// Package folder is the data folder of central: database, keys, the CA that vouches
// for the service and its kiosks, and code tables, all in one place.
//
// Init makes one, and Restore from what BackUp has written; Move carries its database over to
// a server. Open wants all of it, and
// that its files belong together, and gives what is in it to whoever serves or works on
// it. OpenRegistry is for people alone, and OpenTrial for what only shows what it would do
// to them.
//
// When its database is on a server, several folders may name that one, each for an instance of
// the service: keys that change go from one to the others (share.go).
//
// A new database or key in the place of a lost one would make worthless what the lost
// one protects, without a word: so what is missing is said before anything is written,
// a file of another folder is refused, and there is no way to open part of a folder.
package folder

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"vaxkiosk/assets"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/authority"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/codes"
	"vaxkiosk/sync/central/sealing"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/keyfile"
)

// The thumbprints of all keys stand in the database, so that a file of another folder is
// refused. A folder from before they did is adopted as it is, once.

// DatabaseFile is the name of the database in the folder.
const DatabaseFile = "central.db"

// ServingLock is the name of the file that is held while a service runs on the folder.
const ServingLock = "serving.lock"

// rootFile has the key that signs the bootstrap.
const rootFile = "root-key.pem"

// file is one file of a data folder.
type file struct {
	name     string // with slashes
	kind     string // of the key in it
	without  string // what is so without it
	optional bool   // it is not always there
}

// files are all files that make a data folder, and that a back-up holds.
var files = []file{
	{name: DatabaseFile, without: "nothing is known of people, requests and staff"},
	{name: access.PepperFile, kind: "pepper", without: "no PIN and no pickup code fits"},
	{name: sealing.KeyFile, kind: "sealing", without: "no request that waits can be opened"},
	{name: sealing.OldKeyFile, kind: "sealing", optional: true},
	{name: card.KeyFile, kind: "card", without: "no record can be signed"},
	{name: card.NextKeyFile, kind: "card", optional: true},
	{name: card.KeyList, kind: "card", without: "health cards of earlier years verify no longer"},
	{name: rootFile, kind: "root", without: "no kiosk accepts this service"},
	{name: authority.KeyFile, kind: "ca", without: "no kiosk accepts this service"},
	{name: authority.CertFile, kind: "ca-cert", without: "no kiosk is accepted"},
	{name: audit.KeyFile, kind: "audit", without: "nobody can show that the audit is what was written", optional: true}, // of before there was one
	{name: codes.File(assets.TableCVX), optional: true},
	{name: codes.File(assets.TableMVX), optional: true},
	{name: codes.File(assets.TableTradename), optional: true},
	{name: codes.File(assets.TableNDC), optional: true},
}

// ErrNoFolder is wrapped where a folder is none, or only part of one.
var ErrNoFolder = errors.New("no data folder")

// complete wants all files of a folder. It looks only.
func complete(dir string) error {
	var lost []file
	there := 0
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		if f.name == DatabaseFile {
			path = databaseOf(dir)
		}
		switch _, err := os.Stat(path); {
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

// Keys are the secrets of a folder.
type Keys struct {
	Keeper  *access.Keeper
	Cards   *card.Ring
	Root    *card.Signer // signs the bootstrap; kiosks pin its thumbprint
	Sealing *sealing.Keys
	CA      authority.Authority
	Audit   *audit.Signer // signs heads of the audit; nil of a folder from before it, until it is opened
}

// readKeys reads all keys of a folder and makes none.
func readKeys(dir string, now time.Time) (k Keys, err error) {
	if k.Keeper, err = access.Open(dir); err != nil {
		return k, err
	}
	if k.Cards, err = card.OpenRing(dir, now); err != nil {
		return k, err
	}
	if k.Root, err = card.Open(filepath.Join(dir, rootFile)); err != nil {
		return k, err
	}
	if k.Sealing, err = sealing.OpenKeys(dir); err != nil {
		return k, err
	}
	if k.Audit, err = audit.OpenKey(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	k.CA, err = authority.Open(dir)
	return k, err
}

// Exposed are the secret files of a folder that others may read, each as an error with the fix.
func Exposed(dir string) (all []error) {
	for _, f := range files {
		if public := f.kind == "" || f.kind == "ca-cert" || f.name == card.KeyList; public && f.name != DatabaseFile {
			continue
		}
		var wide *keyfile.ModeError
		if err := keyfile.Private(filepath.Join(dir, f.name)); errors.As(err, &wide) {
			all = append(all, wide)
		}
	}
	return all
}

// Thumbprints are those of all keys of the folder.
func (k Keys) Thumbprints() []store.KeyPrint {
	all := []store.KeyPrint{
		{Kind: "pepper", Print: k.Keeper.Thumbprint()},
		{Kind: "root", Print: k.Root.Thumbprint()},
		{Kind: "ca", Print: thumbprint(k.CA.Cert.RawSubjectPublicKeyInfo)}, // which fits its key: see authority.Open
		{Kind: "ca-cert", Print: thumbprint(k.CA.Cert.Raw)},
	}
	if k.Audit != nil {
		all = append(all, store.KeyPrint{Kind: auditKind, Print: k.Audit.Thumbprint()})
	}
	for _, public := range k.Sealing.Publics() {
		all = append(all, store.KeyPrint{Kind: "sealing", Print: thumbprint(public.Bytes)})
	}
	for _, c := range k.Cards.List() {
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
		if k.Kind == auditKind && !knows(known, auditKind) {
			continue // it has just been made: see keyOfAudit
		}
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
			databaseOf(dir))
	}
	return fmt.Errorf("%s in %s does not belong to the database beside it: put the file of this folder back, or restore a back-up into an empty folder (vaxcentral restore)",
		strings.Join(foreign, " and "), dir)
}

// filesOf names the files that hold keys of a kind.
func filesOf(kind string) string {
	var all []string
	for _, f := range files {
		if f.kind == kind && (!f.optional || kind == auditKind) {
			all = append(all, f.name)
		}
	}
	return strings.Join(all, " or ")
}

// Look reads a folder and wants all of it, and all of it to belong together. It
// changes nothing.
func Look(ctx context.Context, dir string, now time.Time) (Keys, error) {
	if err := complete(dir); err != nil {
		return Keys{}, err
	}
	k, err := readKeys(dir, now)
	if err != nil {
		return Keys{}, err
	}
	known, err := keyPrints(ctx, dir)
	if err != nil {
		return Keys{}, err
	}
	if k.Audit == nil && knows(known, auditKind) && !besideServer(dir) {
		return k, lostAudit(dir)
	}
	return k, belong(dir, k.Thumbprints(), known)
}

// OpenRegistry opens the database of a data folder, for people alone.
func OpenRegistry(ctx context.Context, dir string) (*store.Store, error) {
	if _, err := Look(ctx, dir, time.Now()); err != nil {
		return nil, err
	}
	if err := sweep(dir); err != nil {
		return nil, err
	}
	return openDatabase(ctx, dir)
}

// Options of Open.
type Options struct {
	Dir    string
	Serves bool // the folder is held from Open to Close; see ServingLock
	Now    func() time.Time
	Log    *slog.Logger
}

// Folder is a data folder that is open.
type Folder struct {
	Dir    string
	Store  *store.Store
	Rests  bool // it was restored or copied, and sends nothing until it is resumed
	Serves bool // it is held
	Keys

	now   func() time.Time
	letGo func() error // ends the hold on the folder; nil: it is not held
}

// Open opens a folder. Nothing is written before it is known to be complete and, with
// Serves, is held.
func Open(ctx context.Context, o Options) (*Folder, error) {
	f := &Folder{Dir: o.Dir, Serves: o.Serves, now: o.Now}
	var err error
	if f.Keys, err = Look(ctx, o.Dir, o.Now()); err != nil {
		return nil, err
	}
	if o.Serves {
		if f.letGo, err = store.Hold(filepath.Join(o.Dir, ServingLock)); err != nil {
			return nil, err
		}
		if err := sweep(o.Dir); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	if err := f.begin(ctx, o.Log); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// begin opens the database.
func (f *Folder) begin(ctx context.Context, log *slog.Logger) (err error) {
	if err := keyfile.OwnFolder(f.Dir, filepath.Base(databaseOf(f.Dir))); err != nil {
		return fmt.Errorf("cannot use the data folder (%w): check its path and rights", err)
	}
	if f.Store, err = openDatabase(ctx, f.Dir); err != nil {
		return err
	}
	if from, to := f.Store.Migrated(); from != to {
		log.Info("the database was carried forward", "event", "database.migrated", "from", from, "to", to)
	}
	if err := errors.Join(f.adopt(ctx), f.keyOfAudit(ctx)); err != nil {
		return err
	}
	if err := f.TakeKeys(ctx); err != nil { // or share them, when nobody has
		return err
	}
	if err := f.noCardKeyLost(ctx); err != nil {
		return err
	}
	kept, err := f.Store.Folder(ctx)
	f.Rests = kept.Rests
	return err
}

// Close closes the database and lets the folder go.
func (f *Folder) Close() (err error) {
	if f.Store != nil {
		err = f.Store.Close()
	}
	if f.letGo != nil {
		err = errors.Join(err, f.letGo())
	}
	return err
}

// adopt notes the keys of a folder that has none noted, and takes out of the list
// what is trusted no longer: a crash, or an older list, has left it there.
func (f *Folder) adopt(ctx context.Context) error {
	kept, err := f.Store.Folder(ctx)
	if err == nil && !kept.Known {
		err = f.Store.Adopt(ctx, f.Thumbprints(), f.now())
	}
	if err != nil {
		return err
	}
	known, err := f.Store.KeyPrints(ctx)
	if err != nil {
		return err
	}
	f.Cards.Keep(ledger{f})
	f.Sealing.Note = func(ctx context.Context, public []byte) error {
		return f.Store.AddKey(ctx, "sealing", thumbprint(public), f.now())
	}
	f.Sealing.Fetch = f.fetchKeys
	for _, k := range known {
		if k.Kind != "card" || !k.Gone {
			continue
		}
		if no := f.Cards.Distrust(ctx, k.Print, f.now()); no != nil && !errors.Is(no, card.ErrNoKey) {
			return no
		}
	}
	return nil
}

// noCardKeyLost refuses a list without a key that has signed cards and is trusted:
// nobody could verify them any longer.
func (f *Folder) noCardKeyLost(ctx context.Context) error {
	known, err := f.Store.KeyPrints(ctx)
	if err != nil {
		return err
	}
	signed, err := f.Store.CardKeys(ctx)
	if err != nil {
		return err
	}
	for _, k := range known {
		if k.Kind == "card" && !k.Gone && slices.Contains(signed, k.Print) && !f.Cards.Published(k.Print) {
			return fmt.Errorf("%s lacks a key that has signed health cards: put the file of this folder back, or cards of earlier years verify no longer",
				filepath.Join(f.Dir, card.KeyList))
		}
	}
	return nil
}

// ledger notes the keys of cards in the database.
type ledger struct{ *Folder }

// AddKey notes a key.
func (l ledger) AddKey(ctx context.Context, kid string) error {
	return l.Store.AddKey(ctx, "card", kid, l.now())
}

// DropKey notes that a key is trusted no longer.
func (l ledger) DropKey(ctx context.Context, kid string) error {
	return l.Store.DropKey(ctx, "card", kid, l.now())
}
