package ledger

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store"
)

var now = time.Date(2026, time.December, 1, 9, 0, 0, 0, time.UTC)

// opened is a ledger with one notice to somebody, which has been handed over.
func opened(t *testing.T, to string) (l *Ledger, ref string) {
	t.Helper()
	dir := t.TempDir()
	if err := access.Make(dir); err != nil {
		t.Fatal(err)
	}
	keeper, err := access.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Make(t.Context(), filepath.Join(dir, "central.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	l = &Ledger{Store: s, Keeper: keeper, Now: func() time.Time { return now }}
	_, err = s.AddRequest(t.Context(), store.Request{ID: "a", Receipt: "R", BodyHash: []byte("h"), Envelope: []byte("e"), Made: now, Expires: now.AddDate(0, 0, 7)})
	if err != nil {
		t.Fatal(err)
	}
	ref = keeper.NoticeRef("a")
	if refused(t, l, to, ref) {
		t.Fatal("refused at the start")
	}
	return l, ref
}

// refused reports whether nothing is sent to a contact.
func refused(t *testing.T, l *Ledger, to, ref string) bool {
	t.Helper()
	b, err := l.Store.BeginNotice(t.Context(), "a", store.Notice{
		Kind: "found", Channel: "x", Ref: ref, Contact: l.Keeper.ContactHash(notice.Exactly(to)), Owner: l.Keeper.ContactHash(notice.ContactKey(to)),
	}, now)
	if err != nil {
		t.Fatal(err)
	}
	return b.Refused
}

// why is what staff reads of the one notice that has failed.
func why(t *testing.T, l *Ledger) string {
	t.Helper()
	all, err := l.Store.Letters(t.Context(), now)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d letters, %v", len(all), err)
	}
	return all[0].Fault
}

func TestOnlyAMailboxThatIsNotThereIsSentToNoMore(t *testing.T) {
	for reason, want := range map[string]struct {
		fault   string
		refused bool
	}{
		"5.1.1": {"it came back, 5.1.1", true}, "5.2.1": {"it came back, 5.2.1", true}, "5.2.2": {"it came back, 5.2.2", false}, "30007": {"it came back, 30007", false},
		"": {"it came back", false}, "maria@example.org": {"it came back", false}, "5.1.1 maria": {"it came back", false},
	} {
		l, ref := opened(t, "maria@example.org")
		if err := l.Receipt(t.Context(), ref, notice.Failed, reason); err != nil {
			t.Fatal(err)
		}
		if got := why(t, l); got != want.fault {
			t.Errorf("%q: staff reads %q", reason, got)
		}
		if is := refused(t, l, "maria@example.org", ref+"2"); is != want.refused {
			t.Errorf("%q: refused: %v", reason, is)
		}
		if refused(t, l, "maria+x@example.org", ref+"3") {
			t.Errorf("%q: another address is refused as well", reason)
		}
	}
}

func TestARefThatIsMadeUpDoesNothing(t *testing.T) {
	l, _ := opened(t, "maria@example.org")
	if err := l.Receipt(t.Context(), l.Keeper.NoticeRef("b"), notice.Failed, "5.1.1"); !errors.Is(err, notice.ErrNoRef) {
		t.Errorf("%v", err)
	}
}

func TestAContactIsStoppedInEverySpelling(t *testing.T) {
	for said, to := range map[string]string{"(617) 555-0142": "+16175550142", "maria@example.org": "Maria+records@Example.org"} {
		l, ref := opened(t, to)
		for _, out := range []bool{true, false} {
			if err := l.OptOut(t.Context(), said, out); err != nil {
				t.Fatal(err)
			}
			if is := refused(t, l, to, ref); is != out {
				t.Errorf("%s stopped: %v, %s refused: %v", said, out, to, is)
			}
		}
	}
}
