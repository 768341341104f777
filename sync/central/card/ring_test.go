package card

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/madeup"
)

// ring opens a folder like a service that starts; a new folder gets its keys.
func ring(t *testing.T, dir string, at time.Time) *Ring {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) == 0 {
		if err := errors.Join(err, MakeRing(dir, at)); err != nil {
			t.Fatal(err)
		}
	}
	r, err := OpenRing(dir, at)
	if err == nil {
		_, err = r.Turn(t.Context(), at)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func turn(t *testing.T, r *Ring, at time.Time) (changed bool) {
	t.Helper()
	changed, err := r.Turn(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := r.Turn(t.Context(), at); again || err != nil {
		t.Errorf("at %v a second turn changes something, %v", at, err)
	}
	return changed
}

func kids(r *Ring) (all []string) {
	for _, k := range r.Keys().Keys {
		all = append(all, k.Kid)
	}
	return all
}

func day(n int) time.Time { return now.AddDate(0, 0, n) }

func TestAKeySignsForAYearAndItsSuccessorIsKnownThirtyDaysBefore(t *testing.T) {
	dir := t.TempDir()
	r := ring(t, dir, now)
	first := r.Signer().kid
	is := func(at int, changed bool, want ...string) {
		t.Helper()
		if got := turn(t, r, day(at)); got != changed || !slices.Equal(kids(r), want) || r.Signer().kid != want[0] {
			t.Errorf("day %d: changed %v, %s signs, published are %v", at, got, r.Signer().kid, kids(r))
		}
	}
	is(334, false, first)
	if !turn(t, r, day(335)) {
		t.Fatal("no successor after 335 days")
	}
	next := kids(r)[1]
	is(336, false, first, next)
	r = ring(t, dir, day(364)) // after a restart, too
	is(364, false, first, next)
	is(365, true, next, first)
	is(365+334, false, next, first)
	if !turn(t, r, day(365+335)) || r.Signer().kid != next {
		t.Error("the second key does not have a year")
	}
}

func TestThePrivateHalfOfAReplacedKeyIsErased(t *testing.T) {
	dir := t.TempDir()
	r := ring(t, dir, now)
	turn(t, r, day(340))
	private, err := os.ReadFile(filepath.Join(dir, KeyFile))
	if err != nil || !turn(t, r, day(370)) {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 2 {
		t.Errorf("files %v, %v", files, err)
	}
	for _, f := range files {
		if b, err := os.ReadFile(f); err != nil || strings.Contains(string(b), string(private)) {
			t.Errorf("%s has it, %v", f, err)
		}
	}
}

// Whoever has seen the keys of a day verifies what is signed a day, or weeks, later.
func TestTheKeysOfYesterdayVerifyWhatIsSignedToday(t *testing.T) {
	r := ring(t, t.TempDir(), now)
	p := madeup.Generate(1, 1, today)[0]
	var known [29][]byte // what was published on the days before
	for at := 330; at < 368; at++ {
		turn(t, r, day(at))
		a, err := r.Signer().Issue(p, by, rid, day(at))
		if err != nil {
			t.Fatal(err)
		}
		for _, keys := range known {
			if keys == nil {
				continue
			}
			if _, err := record.Verify(a.Record, parseKeys(t, keys)); err != nil {
				t.Fatalf("day %d: keys of an earlier day do not verify the record", at)
			}
			if _, _, err := record.VerifyCard(a.Cards[0], parseKeys(t, keys), day(at)); err != nil {
				t.Fatalf("day %d: keys of an earlier day do not verify the card", at)
			}
		}
		known[at%len(known)] = published(t, r)
	}
}

func TestPrintsOfAKeyThatIsReplacedStillVerify(t *testing.T) {
	r := ring(t, t.TempDir(), now)
	p := madeup.Generate(1, 1, today)[0]
	a, err := r.Signer().Issue(p, by, rid, now)
	if err != nil {
		t.Fatal(err)
	}
	for year := range 5 {
		turn(t, r, day(365*year+340))
		turn(t, r, day(365*year+400))
	}
	if n := len(kids(r)); n != 6 {
		t.Errorf("%d keys after five years", n)
	}
	if _, _, err := record.VerifyCard(a.Cards[0], parseKeys(t, published(t, r)), day(2000)); err != nil {
		t.Errorf("a card of five years ago: %v", err)
	}
}

func TestAServiceThatWasOffForLongAnnouncesTheSuccessorFirst(t *testing.T) {
	r := ring(t, t.TempDir(), now)
	first := r.Signer().kid
	if !turn(t, r, day(1000)) || r.Signer().kid != first {
		t.Error("the successor signs before anybody knows it")
	}
	if turn(t, r, day(1029)) || !turn(t, r, day(1030)) || r.Signer().kid == first {
		t.Error("the successor does not sign after 30 days")
	}
}

func TestAFolderWithoutAKeyOrTheListIsRefusedAndStaysAsItIs(t *testing.T) {
	for _, name := range []string{KeyFile, KeyList} {
		dir := t.TempDir()
		ring(t, dir, now)
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenRing(dir, now); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
		if left, err := os.ReadDir(dir); len(left) != 1 || err != nil {
			t.Errorf("%s: %d files, %v", name, len(left), err)
		}
	}
}

// ledger looks into the folder when it is told of a key.
type ledger struct {
	dir          string
	added, gone  []string
	late, refuse bool
}

var errLedger = errors.New("the ledger is full")

func (l *ledger) AddKey(_ context.Context, kid string) error {
	if _, err := os.Stat(filepath.Join(l.dir, NextKeyFile)); err == nil {
		l.late = true
	}
	l.added = append(l.added, kid)
	return l.refusal()
}

func (l *ledger) DropKey(_ context.Context, kid string) error {
	b, err := os.ReadFile(filepath.Join(l.dir, KeyList))
	l.late = l.late || err != nil || !strings.Contains(string(b), kid)
	l.gone = append(l.gone, kid)
	return l.refusal()
}

func (l *ledger) refusal() error {
	if l.refuse {
		return errLedger
	}
	return nil
}

func TestTheLedgerKnowsAKeyBeforeItsFileDoesAndOfItsEndBeforeTheList(t *testing.T) {
	dir := t.TempDir()
	r := ring(t, dir, now)
	l := &ledger{dir: dir, refuse: true}
	r.Keep(l)
	first := kids(r)
	if err := r.Announce(t.Context(), now); !errors.Is(err, errLedger) {
		t.Errorf("announced without the ledger: %v", err)
	}
	if err := r.Distrust(t.Context(), first[0], now); !errors.Is(err, errLedger) {
		t.Errorf("distrusted without the ledger: %v", err)
	}
	if left, err := os.ReadDir(dir); len(left) != 2 || err != nil || !slices.Equal(kids(r), first) {
		t.Errorf("%d files, %v, %v", len(left), kids(r), err)
	}
	l.added, l.gone, l.refuse = nil, nil, false
	if err := errors.Join(r.Announce(t.Context(), now), r.Distrust(t.Context(), first[0], now)); err != nil {
		t.Fatal(err)
	}
	if l.late || !slices.Equal(l.added, kids(r)) || !slices.Equal(l.gone, first) {
		t.Errorf("late %v, added %v, gone %v, in the folder %v", l.late, l.added, l.gone, kids(r))
	}
}

// What a crash leaves is a key file that the list does not have yet.
func TestAKeyWithoutItsLineInTheListIsTakenOver(t *testing.T) {
	dir := t.TempDir()
	ring(t, dir, now)
	if _, err := Make(filepath.Join(dir, NextKeyFile)); err != nil {
		t.Fatal(err)
	}
	r := ring(t, dir, day(350))
	if len(kids(r)) != 2 || turn(t, r, day(379)) || !turn(t, r, day(380)) {
		t.Errorf("%+v", r.List())
	}
	if err := os.WriteFile(filepath.Join(dir, KeyList), []byte("[{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenRing(dir, now); err == nil || !strings.Contains(err.Error(), KeyList) {
		t.Errorf("a damaged list: %v", err)
	}
}

func TestAnotherProgramsRotationIsTakenOver(t *testing.T) {
	dir := t.TempDir()
	service, tool := ring(t, dir, now), ring(t, dir, now)
	for range 2 { // the second changes nothing
		if err := tool.Announce(t.Context(), day(10)); err != nil {
			t.Fatal(err)
		}
	}
	if !turn(t, service, day(10)) || len(kids(service)) != 2 || turn(t, service, day(39)) || !turn(t, service, day(40)) {
		t.Errorf("%+v", service.List())
	}
}

func TestADistrustedKeyIsGoneAtOnce(t *testing.T) {
	dir := t.TempDir()
	r := ring(t, dir, now)
	first := r.Signer().kid
	if err := r.Distrust(t.Context(), "another", day(1)); !errors.Is(err, ErrNoKey) {
		t.Errorf("%v", err)
	}
	if err := r.Distrust(t.Context(), first, day(1)); err != nil {
		t.Fatal(err)
	}
	second := r.Signer().kid
	if second == first || !slices.Equal(kids(r), []string{second}) || !slices.Equal(kids(ring(t, dir, day(1))), []string{second}) {
		t.Errorf("%s signs, published are %v", second, kids(r))
	}
	if err := errors.Join(r.Announce(t.Context(), day(2)), r.Distrust(t.Context(), kids(r)[0], day(2))); err != nil {
		t.Fatal(err)
	}
	third := r.Signer().kid
	if third == second || !slices.Equal(kids(r), []string{third}) || !r.List()[0].Signs.Equal(day(2)) {
		t.Errorf("the successor does not sign: %+v", r.List())
	}
	if err := r.Announce(t.Context(), day(3)); err != nil {
		t.Fatal(err)
	}
	if err := r.Distrust(t.Context(), kids(r)[1], day(3)); err != nil || r.Signer().kid != third || len(kids(r)) != 1 {
		t.Errorf("a distrusted successor: %v, %v", kids(r), err)
	}
	turn(t, r, day(3))
}
