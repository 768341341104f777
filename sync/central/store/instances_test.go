package store_test

import (
	"context"
	"database/sql"
	"slices"
	"testing"

	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/store/storetest"
)

// Several instances over one database on a server; that of one alone is in storetest.

// instance is one of several: its store, what it is, and what it has heard.
type instance struct {
	*store.Store
	m     *store.Member
	heard chan string
	die   func() // as if it were killed: nothing is told, its connections end
}

// beside joins one more instance of a database.
func beside(t *testing.T, b storetest.Base) *instance {
	t.Helper()
	s, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	i := &instance{Store: s, heard: make(chan string, 1000)}
	if i.m, err = s.Join(t.Context(), func(word string) { i.heard <- word }); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); i.m.Listen(ctx) }()
	i.die = func() { stop(); <-ended; s.Close() }
	t.Cleanup(i.die)
	return i
}

// listens waits until an instance listens and holds its lock.
func (i *instance) listens(t *testing.T, db *sql.DB, n int) {
	t.Helper()
	for {
		var locks int
		if err := db.QueryRow(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&locks); err != nil {
			t.Fatal(err)
		}
		if locks >= n {
			return
		}
	}
}

func contacts(of ...string) func(store.Job) []string { return func(store.Job) []string { return of } }

func (i *instance) takes(t *testing.T, working ...string) string {
	t.Helper()
	w, err := i.TakeWork(t.Context(), at, working, contacts("one contact"))
	if err != nil {
		t.Fatal(err)
	}
	if w.Job == nil {
		return ""
	}
	return w.Job.ID
}

// several are n instances and two requests with one contact.
func several(t *testing.T, n int) (all []*instance, db *sql.DB) {
	t.Helper()
	b := storetest.OnServer(t)
	db, err := sql.Open("pgx", b.DB.Where())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for range n {
		all = append(all, beside(t, b))
	}
	for k := range 2 {
		if _, err := all[0].AddRequest(t.Context(), asked([]string{"first", "second"}[k])); err != nil {
			t.Fatal(err)
		}
	}
	all[0].listens(t, db, n)
	return all, db
}

func TestOrderOfAContactHoldsAcrossInstances(t *testing.T) {
	all, _ := several(t, 2)
	if a, b := all[0].takes(t), all[1].takes(t); a != "first" || b != "" {
		t.Fatalf("%q and %q are worked on", a, b)
	}
	if err := all[0].PutAnswer(t.Context(), store.Answer{ID: "first"}, at); err != nil {
		t.Fatal(err)
	}
	if got := all[1].takes(t); got != "" {
		t.Errorf("%q is taken before the first has ended", got)
	}
	if w, err := all[0].TakeWork(t.Context(), at, nil, contacts("one contact")); err != nil || !w.Freed || w.Job == nil {
		t.Errorf("the one that waited is not seen: %v", err)
	}
}

func TestTheWorkOfAnInstanceThatDiesIsDoneByAnother(t *testing.T) {
	all, _ := several(t, 2)
	if id := all[0].takes(t); id != "first" {
		t.Fatalf("%q", id)
	}
	all[0].die()
	for range store.DeadAfter {
		all[1].m.Beat(t.Context())
		if id := all[1].takes(t); id != "" {
			t.Fatalf("%q is taken while the other may live", id)
		}
	}
	all[1].m.Beat(t.Context())
	if id := all[1].takes(t); id != "first" {
		t.Errorf("then %q", id)
	}
}

func TestAnInstanceThatIsSlowAndHoldsItsLockLives(t *testing.T) {
	all, _ := several(t, 2)
	all[0].takes(t)
	for range store.DeadAfter + 5 {
		all[1].m.Beat(t.Context())
	}
	if id := all[1].takes(t); id != "" {
		t.Errorf("%q is taken", id)
	}
	for range store.SilentAfter {
		all[1].m.Beat(t.Context())
	}
	if id := all[1].takes(t); id != "first" {
		t.Errorf("of one that says nothing for a minute: %q", id)
	}
	if err := all[0].PutAnswer(t.Context(), store.Answer{ID: "first"}, at); err == nil {
		t.Error("and it answers all the same")
	}
	all[0].m.Beat(t.Context()) // it comes back
	all[1].takes(t)
	if id := all[0].takes(t, "first"); id != "first" {
		t.Logf("%q", id)
	}
}

func TestWhatOneInstanceTellsTheOthersHear(t *testing.T) {
	all, db := several(t, 3)
	all[0].m.Tell("work")
	all[0].m.TellAll(t.Context())
	for _, i := range all[1:] {
		for <-i.heard != "work" {
		}
	}
	if len(all[0].heard) > 0 && slices.Contains([]string{<-all[0].heard}, "work") {
		t.Error("it hears itself")
	}
	if _, err := db.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	for _, i := range all { // something may have been missed
		for <-i.heard != "" {
		}
	}
	all[0].listens(t, db, 3)
	all[2].m.Tell("changed")
	all[2].m.TellAll(t.Context())
	for <-all[0].heard != "changed" {
	}
}

func TestWhatOneDoesAtATimeIsAnothersOnceItsConnectionEnds(t *testing.T) {
	all, _ := several(t, 2)
	release, err := all[0].Alone(t.Context(), "housework")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := all[1].Alone(t.Context(), "housework"); err == nil {
		t.Fatal("two do it")
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	for {
		release, err := all[1].Alone(t.Context(), "housework")
		if err == nil {
			release()
			return
		}
	}
}
