package store

import (
	"bytes"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/counts"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/registry"
)

// Migrations are of SQLite: no other database has a past from before there was one.

func TestMigrationsGoForwardOnly(t *testing.T) {
	s, path := open(t)
	if err := s.ImportPeople(t.Context(), madeup.Generate(3, 1, today)); err != nil {
		t.Fatal(err)
	}
	again, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := again.CountPeople(t.Context()); n != 3 || err != nil {
		t.Errorf("%d people after opening again, %v", n, err)
	}
	again.Close()
}

func TestANewerDatabaseIsRefusedInOneSentenceAndLeftAsItIs(t *testing.T) {
	s, path := open(t)
	ours, err := Schema()
	if n, no := SchemaOf(t.Context(), path); err != nil || no != nil || n != ours || n < 29 {
		t.Errorf("version %d of %d, %v, %v", n, ours, err, no)
	}
	if _, err := s.one.Exec("INSERT INTO version VALUES (99, 0)"); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if n, err := SchemaOf(t.Context(), path); n != 99 || err != nil {
		t.Errorf("version %d, %v", n, err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "newer program") || !strings.Contains(err.Error(), path) {
		t.Errorf("a newer database: %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("it was changed, %v", err)
	}
}

// migrateAgain applies migrations whose work was undone, and no later ones.
func (s *Store) migrateAgain(t *testing.T, numbers ...int) {
	t.Helper()
	files, err := fs.Glob(migrations, "migrations/*.sql")
	for _, n := range numbers {
		if err == nil {
			_, err = s.one.Exec(`DELETE FROM version WHERE n = ?`, n)
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := migrations.ReadFile(files[n-1])
		if err == nil {
			err = s.apply(t.Context(), n, string(text))
		}
		if err != nil {
			t.Fatalf("migration %d: %v", n, err)
		}
	}
}

// Before migration 17 nothing was known of how far doses are to be relied on.
func TestDosesOfAnOlderDatabaseCountAsBefore(t *testing.T) {
	s, _ := open(t)
	want := madeup.Generate(1, 1, today)[0]
	if err := s.ImportPeople(t.Context(), []registry.Person{want}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.one.Exec(`ALTER TABLE doses DROP COLUMN not_valid; ALTER TABLE doses DROP COLUMN historical;
		ALTER TABLE prints DROP COLUMN reason; ALTER TABLE prints DROP COLUMN kiosk_name`); err != nil {
		t.Fatal(err)
	}
	s.migrateAgain(t, 17, 18)
	if got, ok, err := s.Person(t.Context(), 1); err != nil || !ok || !reflect.DeepEqual(got, want) || !got.Doses[0].FitsCard() {
		t.Errorf("the doses are others, %v", err)
	}
}

func TestOpenTellsFromWhichMigrationItCame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "central.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil { // older than all migrations
		t.Fatal(err)
	}
	last := 0
	for i := range 2 {
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		from, to := s.Migrated()
		if to == 0 || from != last || i > 0 && from != to {
			t.Errorf("from %d to %d", from, to)
		}
		last = to
		s.Close()
	}
}

// Until migration 19 a number whose area code a library did not know had its digits as
// the key, and what nobody sees in an address was part of its key.
func TestPeopleOnFileUnderOlderKeysAreFound(t *testing.T) {
	s, _ := open(t)
	person := func(n int, phone, email string) registry.Person {
		return registry.Person{
			Number: n, Given: "Ana", Family: "Ruiz", Birth: request.Date{Year: 1980, Month: 5, Day: n}, Gender: request.Female, Phone: phone, Email: email,
		}
	}
	all := []registry.Person{
		person(1, "(436) 234-0123", ""), person(2, "", "ana\u200b.ruiz@example.org"), person(3, "+44 20 7946 0958", "Ana@example.org"), person(4, "617-555-0123", ""),
		person(5, "617-911-0123", ""), person(6, "٤٣٦٢٣٤٠١٢٣", "ana’s@example.org"), person(7, "none", "none@none.com"),
	}
	if err := s.ImportPeople(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	for n, keys := range map[int][2]string{1: {"4362340123", ""}, 2: {"", "ana\u200b.ruiz@example.org"}, 6: {"4362340123", "ana’s@example.org"}} {
		if _, err := s.one.Exec(`UPDATE people SET phone_key = nullif(?, ''), email_key = nullif(?, '') WHERE number = ?`, keys[0], keys[1], n); err != nil {
			t.Fatal(err)
		}
	}
	s.migrateAgain(t, 19)
	for n, asked := range map[int][2]string{
		1: {"4362340123", ""}, 2: {"", "ana.ruiz@example.org"}, 3: {"+442079460958", ""}, 4: {"(617) 555-0123", ""}, 5: {"617-911-0123", ""},
		6: {"+14362340123", ""},
	} {
		id := match.Of("Ana", "Ruiz", fmt.Sprintf("1980-05-%02d", n), request.Female, asked[0], asked[1])
		found, err := s.Candidates(t.Context(), id)
		if err != nil || len(found) != 1 || found[0].Number != n {
			t.Errorf("person %d: found %v, %v", n, found, err)
		}
	}
	var without int
	if err := s.db.QueryRow(`SELECT count(*) FROM people WHERE phone_key IS NULL AND email_key IS NULL`).Scan(&without); err != nil || without != 1 {
		t.Errorf("%d people without a key, %v", without, err)
	}
}

// A database of the version before: requests knew own and guardian.
func TestWhoseRecordWasAskedForSurvivesTheUpdate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "central.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	statements := []string{"CREATE TABLE version (n INTEGER PRIMARY KEY, applied INTEGER NOT NULL)", "INSERT INTO version VALUES (1, 0), (2, 0), (3, 0), (4, 0)"}
	for _, name := range []string{"001_first", "002_reminders", "003_staff", "004_own"} {
		text, err := migrations.ReadFile("migrations/" + name + ".sql")
		if err != nil {
			t.Fatal(err)
		}
		statements = append(statements, string(text))
	}
	statements = append(statements, `INSERT INTO requests (id, receipt, body_hash, state, made, expires, due, own, guardian) VALUES
		('mine', 'R', x'00', 'answered', 0, 9, 0, 1, 0), ('child', 'R', x'00', 'answered', 0, 9, 0, 0, 1), ('other', 'R', x'00', 'received', 0, 9, 0, 0, 0)`)
	for _, q := range statements {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	db.Close()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var got []string
	for _, id := range []string{"mine", "child", "other"} {
		var relation string
		if err := s.db.QueryRow(`SELECT relation FROM requests WHERE id = ?`, id).Scan(&relation); err != nil {
			t.Fatal(err)
		}
		got = append(got, relation)
	}
	if strings.Join(got, " ") != "self child " {
		t.Errorf("relations %q", got)
	}
}

// Until migration 23 hours were kept, and summed up when somebody looked.
func TestCountsOfBeforeAreTakenOver(t *testing.T) {
	s, _ := open(t)
	if _, err := s.one.Exec(`DROP TABLE usage_days; DROP TABLE usage_periods; DROP TABLE usage_published; DROP TABLE sealing_replaced; ALTER TABLE checks DROP COLUMN printed;
		CREATE TABLE usage_counts (hour INTEGER NOT NULL, kiosk TEXT NOT NULL, name TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (hour, kiosk, name)) STRICT`); err != nil {
		t.Fatal(err)
	}
	of := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.Local) }
	for n, hour := range []time.Time{of(9, 9), of(9, 10), of(10, 9)} {
		if _, err := s.one.Exec(`INSERT INTO usage_counts VALUES (?, 'one', 'visit', ?)`, hour.Unix(), n+5); err != nil {
			t.Fatal(err)
		}
	}
	s.migrateAgain(t, 23)
	if err := s.Publish(t.Context(), of(20, 9), nil); err != nil {
		t.Fatal(err)
	}
	all, err := s.Published(t.Context(), time.Time{})
	all = slices.DeleteFunc(all, func(p counts.Published) bool { return p.Kiosk == "" })
	if err != nil || len(all) != 2 || all[0].N != 11 || all[1].N != 7 || all[1].Period != "2026-11-10" {
		t.Errorf("%v, %v", all, err)
	}
}

// Who has asked before the update collects with the number they have.
func TestReceiptsOfAnOlderDatabaseStillCollect(t *testing.T) {
	s, _ := open(t)
	const id = "0123456789abcdef"
	old := Request{ID: id, Receipt: request.OldReceiptFor(id), BodyHash: []byte("h"), Envelope: []byte("s"), Made: now, Expires: now.Add(time.Hour)}
	if _, err := s.AddRequest(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	if _, err := s.one.Exec(`DROP TRIGGER waiting_more; DROP TRIGGER waiting_less; DROP TRIGGER waiting_gone; DROP TABLE waiting; DROP TABLE probed;
		DROP INDEX requests_turn; DROP INDEX requests_held; DROP INDEX requests_due;
		ALTER TABLE requests DROP COLUMN kiosk; ALTER TABLE requests DROP COLUMN turn; ALTER TABLE requests DROP COLUMN held;
		ALTER TABLE requests DROP COLUMN arrived; ALTER TABLE requests DROP COLUMN shown;
		CREATE INDEX requests_due ON requests (due) WHERE state IN ('received', 'processing')`); err != nil {
		t.Fatal(err)
	}
	s.migrateAgain(t, 22)
	for _, receipt := range []string{request.OldReceiptFor(id), request.ReceiptFor(id)} {
		if try, err := s.TakeTryByReceipt(t.Context(), receipt, now, time.Hour, access.Use{}); err != nil || try.ID != id {
			t.Errorf("%s is of %q, %v", receipt, try.ID, err)
		}
	}
	if j, ok, err := s.TakeJob(t.Context(), now); !ok || err != nil || j.ID != id {
		t.Errorf("it is not worked on: %v, %v", j.ID, err)
	}
}

// Until then a kiosk was its certificate, from files, good for two years.
func TestKiosksFromBeforeEnrolmentKeepTheirCertificates(t *testing.T) {
	s, _ := open(t)
	files, err := fs.Glob(migrations, "migrations/*.sql")
	n := 1 + slices.IndexFunc(files, func(f string) bool { return strings.Contains(f, "_enrolment") })
	if err != nil || n == 0 {
		t.Fatal(n, err)
	}
	if _, err := s.one.Exec(`DROP TABLE kiosk_certs; DROP TABLE invitations; DROP TABLE kiosk_changes; ALTER TABLE kiosks DROP COLUMN suspended;
		INSERT INTO kiosks (fingerprint, name, issued, last_seen) VALUES ('aa', 'lobby', 1000, 2000);
		INSERT INTO kiosks (fingerprint, name, issued, revoked, reason, revoked_by) VALUES ('bb', 'hall', 1000, 3000, 'stolen', 'ana')`); err != nil {
		t.Fatal(err)
	}
	s.migrateAgain(t, n)
	lobby, err := s.KioskOf(t.Context(), "aa")
	if err != nil || lobby.ID != "aa" || lobby.Name != "lobby" || lobby.Begun.IsZero() || !lobby.Ended.IsZero() || lobby.Until.Sub(lobby.Issued) != 2*365*24*time.Hour {
		t.Errorf("%+v, %v", lobby, err)
	}
	all, err := s.Kiosks(t.Context())
	if err != nil || len(all) != 2 || all[0].Reason != "stolen" || all[0].Revoked.Unix() != 3000 || all[1].LastSeen.Unix() != 2000 {
		t.Errorf("%+v, %v", all, err)
	}
}

// Before migration 31 it was noted of a notice that it had gone out, or was held back.
func TestNoticesOfAnOlderDatabaseAreKeptAndNoneIsADeadLetter(t *testing.T) {
	s, _ := open(t)
	if _, err := s.one.Exec(`DROP INDEX notices_ref; DROP INDEX notices_request; DROP INDEX notices_left; DROP INDEX notices_contact; DROP TABLE refused;
		ALTER TABLE notices DROP COLUMN ref; ALTER TABLE notices DROP COLUMN contact; ALTER TABLE notices DROP COLUMN state; ALTER TABLE notices DROP COLUMN fault;
		ALTER TABLE notices DROP COLUMN tries; ALTER TABLE notices DROP COLUMN doubts; ALTER TABLE notices DROP COLUMN since; ALTER TABLE notices DROP COLUMN settled;
		ALTER TABLE reminders DROP COLUMN failures;
		INSERT INTO notices (request, kind, channel, at) VALUES ('a', 'found', 'phone', 7), ('a', 'held-back', 'phone', 8), ('b', 'not-found', 'email', 9)`); err != nil {
		t.Fatal(err)
	}
	s.migrateAgain(t, 31)
	var got []string
	err := each(t.Context(), s.db, func(row scanner) error {
		var line string
		err := row.Scan(&line)
		got = append(got, line)
		return err
	}, `SELECT kind || ' ' || state || ' ' || since FROM notices ORDER BY at`)
	if want := []string{"found handed-over 7", "held-back held-back 8", "not-found handed-over 9"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
}
