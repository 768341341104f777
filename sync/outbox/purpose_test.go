package outbox

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/seal"
)

// saveFor puts something fresh of a purpose into the box.
func saveFor(t testing.TB, b *Box, p seal.Purpose) (key string, envelope []byte) {
	t.Helper()
	key = rand.Text()
	envelope = sealedFor(t, p, key, "plain")
	if err := b.Save(t.Context(), key, envelope); err != nil {
		t.Fatal(err)
	}
	return key, envelope
}

func nextKeys(t *testing.T, b *Box) (keys []string) {
	t.Helper()
	items, err := b.Next(t.Context(), 99)
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range items {
		keys = append(keys, it.Key)
	}
	return keys
}

func countsOf(t *testing.T, b *Box, p seal.Purpose) Counts {
	t.Helper()
	c, err := b.Counts(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	c.Oldest = time.Time{}
	return c
}

func TestWhatIsHandedInComesOutWithItsPurposeAndNothingElseIsKept(t *testing.T) {
	b := newBox(t)
	for _, p := range kept {
		key, envelope := saveFor(t, b, p)
		it, ok := next(t, b)
		if !ok || it.Purpose != p || it.Key != key || !bytes.Equal(it.Envelope, envelope) {
			t.Errorf("%s came out as %+v", p, it)
		}
		if err := b.Sent(t.Context(), key, "", time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []seal.Purpose{seal.ForUnlock, seal.ForVouch, seal.ForPickup, seal.ForStaff, "", "Request", "else"} {
		key := rand.Text()
		if err := b.Save(t.Context(), key, sealedFor(t, p, key, "plain")); !errors.Is(err, ErrNotKept) {
			t.Errorf("%q: %v", p, err)
		}
	}
	if got := nextKeys(t, b); len(got) != 0 {
		t.Errorf("kept %q", got)
	}
}

func TestWhatAVisitorWaitsForComesBeforeReportsAndCounts(t *testing.T) {
	b := newBox(t)
	usage, _ := saveFor(t, b, seal.ForUsage)
	report, _ := saveFor(t, b, seal.ForReport)
	first, _ := saveFor(t, b, seal.ForAmend)
	second, _ := saveFor(t, b, seal.ForRequest)
	if got, want := nextKeys(t, b), []string{first, second, usage, report}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if items, err := b.Next(t.Context(), 3); err != nil || len(items) != 3 || items[2].Key != usage {
		t.Errorf("of three: %v %v", items, err)
	}
	for _, key := range []string{first, second} {
		if err := b.Postpone(t.Context(), key, time.Now().Add(time.Minute), "internal"); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := nextKeys(t, b), []string{usage, report, first, second}; !slices.Equal(got, want) {
		t.Errorf("with requests that are not due: got %q, want %q", got, want)
	}
}

func TestACountGetsOutHoweverManyRequestsCome(t *testing.T) {
	b := newBox(t)
	at := time.UnixMilli(1_800_000_000_000)
	b.now = func() time.Time { return at }
	usage, _ := saveFor(t, b, seal.ForUsage)
	saved := at
	for {
		at = at.Add(30 * time.Minute)
		saveFor(t, b, seal.ForRequest) // whenever one is sent, another waits
		it, _ := next(t, b)
		if it.Key == usage {
			break
		}
		if waited := at.Sub(saved); waited > 100*time.Hour {
			t.Fatalf("it still waits after %v", waited)
		}
		if err := b.Sent(t.Context(), it.Key, "id", at); err != nil {
			t.Fatal(err)
		}
	}
	if waited := at.Sub(saved); waited < Behind || waited > Behind+time.Hour {
		t.Errorf("it waited %v", waited)
	}
}

func TestNextFindsBothKindsByTheirIndex(t *testing.T) {
	b := newBox(t)
	rows, err := b.db.Query("EXPLAIN QUERY PLAN "+nextQuery, 8, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, detail)
	}
	all := strings.Join(plan, "\n")
	if rows.Err() != nil || strings.Count(all, "USING INDEX request_due (later=?)") != 2 || strings.Contains(all, "SCAN request") {
		t.Errorf("the plan is\n%s", all)
	}
}

func TestEachPurposeIsCountedByItself(t *testing.T) {
	b := newBox(t)
	ask, _ := saveFor(t, b, seal.ForRequest)
	for range 3 {
		saveFor(t, b, seal.ForUsage)
	}
	refused, _ := saveFor(t, b, seal.ForUsage)
	saveFor(t, b, seal.ForAmend)
	err := errors.Join(b.Sent(t.Context(), ask, "id", time.Now().Add(time.Hour)), b.Refuse(t.Context(), refused, "bad-envelope"))
	if err != nil {
		t.Fatal(err)
	}
	for p, want := range map[seal.Purpose]Counts{
		seal.ForRequest: {Sent: 1}, seal.ForAmend: {Waiting: 1}, seal.ForUsage: {Waiting: 3, Refused: 1}, seal.ForReport: {},
	} {
		if got := countsOf(t, b, p); got != want {
			t.Errorf("%s: %+v, want %+v", p, got, want)
		}
	}
	if c, err := b.Counts(t.Context(), seal.ForRequest); err != nil || !c.Oldest.IsZero() {
		t.Errorf("no request waits, but the oldest is of %v, %v", c.Oldest, err)
	}
}

func TestWhatNobodyAsksForGoesWithTheNextPurge(t *testing.T) {
	dir := t.TempDir()
	b := open(t, filepath.Join(dir, "kiosk.db"))
	report, envelope := saveFor(t, b, seal.ForReport)
	amend, _ := saveFor(t, b, seal.ForAmend)
	for range 2 { // the second time after a crash
		err := errors.Join(b.Sent(t.Context(), report, "", time.Time{}), b.Sent(t.Context(), amend, "0123-4567", time.Now().Add(time.Hour)))
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := b.PurgeExpired(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.ID(t.Context(), report); !errors.Is(err, ErrUnknown) {
		t.Errorf("the report: %v", err)
	}
	if disk := onDisk(t, dir); bytes.Contains(disk, envelope[len(envelope)/2:]) || bytes.Contains(disk, []byte(report)) {
		t.Error("the report is still on the disk")
	}
	if id, state, err := b.ID(t.Context(), amend); id != "0123-4567" || state != Sent || err != nil {
		t.Errorf("the correction: %q %q %v", id, state, err)
	}
}

func TestAFileOfBeforeHasRequestsOnlyAndKeepsWhatEachHadComeTo(t *testing.T) {
	const before = 2 // the last version without purposes
	path := filepath.Join(t.TempDir(), "kiosk.db")
	waiting, envelope := sealed(t, "plain")
	raw(t, path, append(slices.Clone(steps[:before]),
		fmt.Sprintf(`PRAGMA application_id = %d`, applicationID), fmt.Sprintf(`PRAGMA user_version = %d`, before),
		fmt.Sprintf(`INSERT INTO request (key, envelope, state, saved, due, tries, reason) VALUES ('%s', x'%x', 'waiting', 1, 5, 3, 'internal')`, waiting, envelope),
		`INSERT INTO request (key, state, saved, due, id, expires) VALUES ('sent-0123456789abcdef', 'sent', 2, 2, 'id-of-it', 9000000000000)`,
		`INSERT INTO request (key, envelope, state, saved, due, expires) VALUES ('refused-0123456789ab', x'00', 'refused', 3, 3, 9000000000000)`,
		`INSERT INTO bootstrap (one, jws, etag) VALUES (1, x'6a7773', 'etag')`)...)
	for range 2 { // carried forward, then opened as it is
		b := open(t, path)
		it, ok := next(t, b)
		if !ok || it.Purpose != seal.ForRequest || it.Key != waiting || it.Tries != 3 || it.Due.UnixMilli() != 5 || !bytes.Equal(it.Envelope, envelope) {
			t.Errorf("the waiting request became %+v", it)
		}
		if c := counts(t, b); c != (Counts{Waiting: 1, Sent: 1, Refused: 1}) {
			t.Errorf("%+v", c)
		}
		if id, state, err := b.ID(t.Context(), "sent-0123456789abcdef"); id != "id-of-it" || state != Sent || err != nil {
			t.Errorf("the sent request became %q %q %v", id, state, err)
		}
		if jws, etag, err := b.Bootstrap(t.Context()); string(jws) != "jws" || etag != "etag" || err != nil {
			t.Errorf("the bootstrap became %q %q %v", jws, etag, err)
		}
		b.Close()
	}
}
