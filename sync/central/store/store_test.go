package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/registry"
)

var (
	now   = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	today = request.Date{Year: 2026, Month: 11, Day: 23}
)

func open(t testing.TB) (*Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "central.db")
	s, err := Make(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, path
}

func TestOnlyTheOwnerCanReadTheDatabase(t *testing.T) {
	s, path := open(t)
	if err := s.ImportPeople(t.Context(), madeup.Generate(3, 1, today)); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", suffix, info, err)
		}
	}
}

func TestWhatIsToldDurableIsSyncedToDisk(t *testing.T) {
	s, _ := open(t)
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1", "secure_delete": "1"} {
		var got string
		if err := s.db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, want %s, %v", pragma, got, want, err)
		}
	}
}

func TestALockedDatabaseIsNamedWithTheFix(t *testing.T) {
	s, path := open(t)
	waitForLock = 20 * time.Millisecond
	defer func() { waitForLock = 5 * time.Second }()
	err := s.write(t.Context(), func(*sql.Tx) error {
		_, err := Open(t.Context(), path)
		return err
	})
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "stop that program") {
		t.Errorf("got %v", err)
	}
}

// damages are ways in which a file can be damaged, and whether it is seen as soon as it is opened.
var damages = map[string]struct {
	do     func([]byte) []byte
	atOnce bool
}{
	"not a database": {func([]byte) []byte { return []byte(strings.Repeat("nothing of use ", 400)) }, true},
	"cut off":        {func(b []byte) []byte { return b[:len(b)/2] }, true},
	"bad page": {func(b []byte) []byte {
		for i := range 4096 { // the last page is one of people
			b[len(b)-1-i] = 0xa5
		}
		return b
	}, false},
}

func TestADamagedDatabaseIsNamedWithTheFix(t *testing.T) {
	for name, damage := range damages {
		s, path := open(t)
		if err := errors.Join(s.ImportPeople(t.Context(), madeup.Generate(50, 1, today)), s.Close()); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, damage.do(b), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err = Open(t.Context(), path)
		if damage.atOnce != (err != nil) {
			t.Errorf("%s: when opened, %v", name, err)
		}
		if err == nil { // the rest is read by and by, however large the file is
			err = s.Sound(t.Context())
			s.Close()
		}
		if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "vaxcentral restore") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestOneProcessHoldsAFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "serving.lock")
	release, err := Hold(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Hold(path); !errors.Is(err, ErrLocked) {
		t.Errorf("held twice: %v", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	release, err = Hold(path)
	if err != nil {
		t.Fatalf("not free after release: %v", err)
	}
	release()
}

func TestPeopleComeBackAsImported(t *testing.T) {
	s, _ := open(t)
	all := madeup.Generate(100, 1, today)
	other := madeup.Generate(100, 2, today)
	all[3].Recommendations = []record.Recommendation{{CVX: "140", Status: record.StatusDue, Date: "2027-09-01", AsOf: "2026-11-01"}}
	other[4].Recommendations = all[3].Recommendations
	for _, list := range [][]registry.Person{other, all} { // the second replaces the first
		if err := s.ImportPeople(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range all {
		got, ok, err := s.Person(t.Context(), want.Number)
		if err != nil || !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("resident %d is not the one imported, %v", want.Number, err)
		}
		want.Doses, want.Recommendations = nil, nil
		if got, ok, err := s.Contact(t.Context(), want.Number); err != nil || !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("the contact of resident %d is not the one imported, %v", want.Number, err)
		}
	}
	if _, ok, err := s.Person(t.Context(), 101); ok || err != nil {
		t.Errorf("somebody who is not there: %v, %v", ok, err)
	}
}

func TestCandidatesShareBirthDateAndContact(t *testing.T) {
	s, _ := open(t)
	all := madeup.Generate(500, 1, today)
	if err := s.ImportPeople(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		asked := match.Of(p.Given, p.Family, p.Birth.String(), p.Gender, p.Phone, strings.ToUpper(p.Email))
		got, err := s.Candidates(t.Context(), asked)
		if err != nil {
			t.Fatal(err)
		}
		if d := match.Decide([]match.Identity{asked}, got); d.Person != p.Number {
			t.Errorf("resident %d: %s %v among %d", p.Number, d.Verdict, d.Reasons, len(got))
		}
		for _, c := range got {
			if c.Birth != asked.Birth || c.Phone != asked.Phone && c.Email != asked.Email {
				t.Errorf("resident %d: candidate %d shares too little", p.Number, c.Number)
			}
		}
	}
	none := match.Identity{Birth: all[0].Birth.String()}
	if got, err := s.Candidates(t.Context(), none); len(got) != 0 || err != nil {
		t.Errorf("%d candidates without a contact, %v", len(got), err)
	}
}

func TestNobodyOfManyOnOnePhoneIsOverlooked(t *testing.T) {
	s, _ := open(t)
	crowd := make([]registry.Person, 120)
	for i := range crowd {
		crowd[i] = registry.Person{
			Number: i + 1, Given: "Rosa", Family: "Lopez", Birth: request.Date{Year: 1980, Month: 1, Day: 1}, Gender: request.Female, Phone: "+16175550100",
		}
	}
	crowd[0].Given, crowd[119].Given = "Maria", "Maria"
	if err := s.ImportPeople(t.Context(), crowd); err != nil {
		t.Fatal(err)
	}
	asked := match.Of("Maria", "Lopez", "1980-01-01", request.Female, "+16175550100", "")
	got, err := s.Candidates(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	if d := match.Decide([]match.Identity{asked}, got); d.Verdict != match.Review {
		t.Errorf("%s among %d of %d, and two of them agree", d.Verdict, len(got), len(crowd))
	}
}

func TestManyReadersShareFewConnections(t *testing.T) {
	s, _ := open(t)
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			if _, err := s.CountPeople(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if st := s.db.Stats(); st.MaxOpenConnections == 0 || st.OpenConnections > readers || st.MaxIdleClosed > 0 {
		t.Errorf("%d connections, %d closed and opened again", st.OpenConnections, st.MaxIdleClosed)
	}
}

func TestAFullDiskIsCalledOne(t *testing.T) {
	s, path := open(t)
	if _, err := s.one.Exec(`PRAGMA max_page_count = 1`); err != nil { // SQLite takes the present size
		t.Fatal(err)
	}
	err := s.ImportPeople(context.Background(), madeup.Generate(500, 1, today))
	if !errors.Is(err, ErrFull) || !strings.HasPrefix(err.Error(), "the disk is full: "+path) {
		t.Errorf("got %v", err)
	}
}
