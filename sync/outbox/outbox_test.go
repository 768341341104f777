package outbox

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vaxkiosk/sync/seal"
)

func open(t testing.TB, path string) *Box {
	t.Helper()
	b, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func newBox(t testing.TB) *Box {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "kiosk.db"))
}

// sealed makes a sealed request with a fresh key.
func sealed(t testing.TB, plain string) (key string, envelope []byte) {
	t.Helper()
	key = rand.Text()
	return key, sealedFor(t, seal.ForRequest, key, plain)
}

func sealedFor(t testing.TB, p seal.Purpose, key, plain string) []byte {
	t.Helper()
	k, _, err := seal.NewPrivateKey()
	if err != nil {
		t.Fatal(err)
	}
	e, err := seal.Seal(k.Public(), p, key, []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	return e.Encode()
}

// save puts a fresh request into the box.
func save(t testing.TB, b *Box) (key string, envelope []byte) {
	t.Helper()
	key, envelope = sealed(t, "plain")
	if err := b.Save(t.Context(), key, envelope); err != nil {
		t.Fatal(err)
	}
	return key, envelope
}

func counts(t *testing.T, b *Box) Counts {
	t.Helper()
	c, err := b.Counts(t.Context(), seal.ForRequest)
	if err != nil {
		t.Fatal(err)
	}
	c.Oldest = time.Time{}
	return c
}

func next(t *testing.T, b *Box) (Item, bool) {
	t.Helper()
	items, err := b.Next(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(items) == 0 {
		return Item{}, false
	}
	return items[0], true
}

func TestRequestsComeOutInTheOrderTheyCameIn(t *testing.T) {
	b := newBox(t)
	at := time.UnixMilli(1_800_000_000_000)
	b.now = func() time.Time { return at } // all in the same millisecond
	var keys []string
	for range 5 {
		key, _ := save(t, b)
		keys = append(keys, key)
	}
	for _, want := range keys {
		it, ok := next(t, b)
		if !ok || it.Key != want || !it.Due.Equal(at) {
			t.Fatalf("got %+v, %v, want %s", it, ok, want)
		}
		if err := b.Sent(t.Context(), want, "id-of-"+want, at); err != nil {
			t.Fatal(err)
		}
	}
	if it, ok := next(t, b); ok {
		t.Errorf("still waiting: %s", it.Key)
	}
}

func TestNextGivesAsManyAsAskedFor(t *testing.T) {
	b := newBox(t)
	var keys []string
	for range 5 {
		key, _ := save(t, b)
		keys = append(keys, key)
	}
	for n, want := range map[int]int{1: 1, 3: 3, 5: 5, 9: 5} {
		items, err := b.Next(t.Context(), n)
		if err != nil || len(items) != want {
			t.Fatalf("asked for %d, got %d, %v", n, len(items), err)
		}
		for i, it := range items {
			if it.Key != keys[i] {
				t.Errorf("item %d of %d is %s", i, n, it.Key)
			}
		}
	}
}

func TestAnEnvelopeComesBackByteForByte(t *testing.T) {
	b := newBox(t)
	key, envelope := save(t, b)
	it, ok := next(t, b)
	if !ok || it.Key != key || !bytes.Equal(it.Envelope, envelope) {
		t.Errorf("got %q, want %q", it.Envelope, envelope)
	}
}

func TestSaveTakesNothingButWhatIsSealedForItsKey(t *testing.T) {
	b := newBox(t)
	key, envelope := sealed(t, "plain")
	for name, tt := range map[string]struct {
		key  string
		body []byte
	}{
		"plain text":       {key, []byte("given: Imogen")},
		"plain JSON":       {key, []byte(`{"v":1,"given":"Imogen","key":"` + key + `","purpose":"request"}`)},
		"another key":      {rand.Text(), envelope},
		"another purpose":  {key, sealedFor(t, seal.ForUnlock, key, "x")},
		"an unusual key":   {"Imogen Fairweather", envelope},
		"an empty key":     {"", envelope},
		"a huge envelope":  {key, append(bytes.Repeat([]byte(" "), seal.MaxSize), envelope...)},
		"an empty message": {key, nil},
	} {
		if err := b.Save(t.Context(), tt.key, tt.body); !errors.Is(err, ErrNotKept) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c := counts(t, b); c != (Counts{}) {
		t.Errorf("kept: %+v", c)
	}
}

func TestASecondSaveUnderTheSameKeyChangesNothing(t *testing.T) {
	b := newBox(t)
	key, envelope := save(t, b)
	if err := b.Save(t.Context(), key, envelope); err == nil {
		t.Error("saved twice")
	}
	if c := counts(t, b); c.Waiting != 1 {
		t.Errorf("%+v", c)
	}
}

func TestSentErasesTheEnvelopeAndKeepsTheID(t *testing.T) {
	b := newBox(t)
	key, _ := save(t, b)
	expires := time.Now().Add(time.Hour)
	for range 2 { // the second time after a crash
		if err := b.Sent(t.Context(), key, "id-0123456789abcdef", expires); err != nil {
			t.Fatal(err)
		}
	}
	id, state, err := b.ID(t.Context(), key)
	if id != "id-0123456789abcdef" || state != Sent || err != nil {
		t.Errorf("%q %q %v", id, state, err)
	}
	var left int
	if err := b.db.QueryRow(`SELECT count(*) FROM request WHERE envelope IS NOT NULL`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d envelopes left, %v", left, err)
	}
}

func TestAPostponedRequestLetsOthersGoFirst(t *testing.T) {
	b := newBox(t)
	first, _ := save(t, b)
	second, _ := save(t, b)
	until := time.Now().Add(time.Minute)
	if err := b.Postpone(t.Context(), first, until, "internal"); err != nil {
		t.Fatal(err)
	}
	if it, _ := next(t, b); it.Key != second {
		t.Errorf("got %s, want the other one", it.Key)
	}
	if err := b.Sent(t.Context(), second, "id", until); err != nil {
		t.Fatal(err)
	}
	it, ok := next(t, b)
	if !ok || it.Key != first || it.Tries != 1 || it.Due.UnixMilli() != until.UnixMilli() {
		t.Errorf("%+v %v", it, ok)
	}
}

func TestARefusedRequestIsCountedAndNeverNext(t *testing.T) {
	b := newBox(t)
	key, _ := save(t, b)
	if err := b.Refuse(t.Context(), key, "bad-envelope"); err != nil {
		t.Fatal(err)
	}
	if _, ok := next(t, b); ok {
		t.Error("it is still next")
	}
	if c := counts(t, b); c != (Counts{Refused: 1}) {
		t.Errorf("%+v", c)
	}
	if _, state, err := b.ID(t.Context(), key); state != Refused || err != nil {
		t.Errorf("%q %v", state, err)
	}
}

func TestARequestThatIsOverIsNotPostponedOrRefused(t *testing.T) {
	b := newBox(t)
	key, _ := save(t, b)
	if err := b.Sent(t.Context(), key, "id", time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := b.Postpone(t.Context(), key, time.Now(), "busy"); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	if err := b.Refuse(t.Context(), key, "expired"); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	if _, state, _ := b.ID(t.Context(), key); state != Sent {
		t.Errorf("now %q", state)
	}
}

func TestAnUnknownKeyIsSaidToBeUnknown(t *testing.T) {
	b := newBox(t)
	_, _, err := b.ID(t.Context(), rand.Text())
	if !errors.Is(err, ErrUnknown) || !errors.Is(b.Sent(t.Context(), rand.Text(), "id", time.Now()), ErrUnknown) {
		t.Error(err)
	}
}

func TestPurgeRemovesWhatIsOverAndNothingThatWaits(t *testing.T) {
	b := newBox(t)
	start := time.Now()
	old, _ := save(t, b)
	fresh, _ := save(t, b)
	refused, _ := save(t, b)
	save(t, b)
	err := errors.Join(
		b.Sent(t.Context(), old, "a", start.Add(time.Hour)), b.Sent(t.Context(), fresh, "b", start.Add(3*time.Hour)),
		b.Refuse(t.Context(), refused, "bad-envelope"), b.PurgeExpired(t.Context(), start.Add(2*time.Hour)))
	if err != nil {
		t.Fatal(err)
	}
	if c := counts(t, b); c != (Counts{Waiting: 1, Sent: 1, Refused: 1}) {
		t.Errorf("after two hours: %+v", c)
	}
	if err := b.PurgeExpired(t.Context(), start.Add(100*RefusedFor)); err != nil {
		t.Fatal(err)
	}
	if c := counts(t, b); c != (Counts{Waiting: 1}) {
		t.Errorf("after years: %+v", c)
	}
}

func TestTheOldestWaitingRequestHasItsTime(t *testing.T) {
	b := newBox(t)
	at := time.UnixMilli(1_800_000_000_000)
	b.now = func() time.Time { at = at.Add(time.Hour); return at }
	first := at.Add(time.Hour)
	save(t, b)
	save(t, b)
	if c, err := b.Counts(t.Context(), seal.ForRequest); err != nil || !c.Oldest.Equal(first) {
		t.Errorf("%+v %v, want %v", c, err, first)
	}
}

func TestTheLastBootstrapIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kiosk.db")
	b := open(t, path)
	if jws, etag, err := b.Bootstrap(t.Context()); jws != nil || etag != "" || err != nil {
		t.Errorf("a new box has %q %q %v", jws, etag, err)
	}
	for _, s := range []string{"one", "two"} {
		if err := b.KeepBootstrap(t.Context(), []byte("jws-"+s), `"`+s+`"`); err != nil {
			t.Fatal(err)
		}
	}
	b.Close()
	jws, etag, err := open(t, path).Bootstrap(t.Context())
	if string(jws) != "jws-two" || etag != `"two"` || err != nil {
		t.Errorf("%q %q %v", jws, etag, err)
	}
}

func TestACopyHasEverythingAndNeverOverwrites(t *testing.T) {
	b := newBox(t)
	key, envelope := save(t, b)
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := b.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if err := b.Backup(t.Context(), path); !errors.Is(err, os.ErrExist) {
		t.Errorf("overwritten: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	it, ok := next(t, open(t, path))
	if !ok || it.Key != key || !bytes.Equal(it.Envelope, envelope) {
		t.Errorf("the copy has %+v", it)
	}
}

func TestSaveAfterItsTimeIsUpKeepsNothing(t *testing.T) {
	b := newBox(t)
	key, envelope := sealed(t, "plain")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Save(ctx, key, envelope); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if c := counts(t, b); c.Waiting != 0 {
		t.Errorf("%+v", c)
	}
}
