package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// town is a registry of one size and what was measured in it.
type town struct {
	size, candidates int
	path             string        // of SQLite's file
	url              string        // of the database on a server that was filled from it; "" for the file itself
	load, index      time.Duration // 0 when the database was there already; load includes index
	bytes            int64
	hits, misses     []request.Request
	times            map[string][]time.Duration // by kind, "warm hits"
	read             map[string]int64           // bytes from the disk, by kind
	released         int                        // of the hits
	contacts         int                        // on file, of everybody
}

// today is the day of the made-up people; any would do.
var today = madeup.DemoDay

// batch is how many people are in one transaction.
const batch = 20_000

// store is what a town is in.
func (t *town) store() string {
	if t.url != "" {
		return "PostgreSQL"
	}
	return "SQLite"
}

// open opens the database of a town.
func (t *town) open(ctx context.Context) (*store.Store, error) {
	if t.url != "" {
		return store.OpenServer(ctx, t.url)
	}
	return store.Open(ctx, t.path)
}

// fill makes the database, and the requests of people spread evenly over it.
func (t *town) fill(ctx context.Context, o options, stderr io.Writer) error {
	t.times, t.read = map[string][]time.Duration{}, map[string]int64{}
	batches := make(chan []registry.Person, 2)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go t.generate(ctx, o, batches)
	open := store.Open
	if _, err := os.Stat(t.path); errors.Is(err, fs.ErrNotExist) {
		open = store.Make
	}
	s, err := open(ctx, t.path)
	if err != nil {
		return err
	}
	n, err := s.CountPeople(ctx)
	if err == nil && n != t.size {
		begin := time.Now()
		var written time.Time
		err = s.Fill(ctx, true, func() error {
			defer func() { written = time.Now() }()
			return t.write(ctx, s, batches, begin, stderr)
		})
		t.load, t.index = time.Since(begin), time.Since(written)
	} else if err == nil {
		for range batches { // only for the requests
		}
	}
	if err := errors.Join(err, s.Close(), context.Cause(ctx)); err != nil {
		return err
	}
	info, err := os.Stat(t.path)
	if err == nil {
		t.bytes = info.Size()
	}
	return err
}

// generate sends everybody in batches and keeps the requests of some.
func (t *town) generate(ctx context.Context, o options, batches chan<- []registry.Person) {
	defer close(batches)
	var all []registry.Person
	var contact madeup.Said // of somebody before, for the misses
	step := max(1, t.size*2/3/o.samples)
	send := func() bool {
		select {
		case batches <- all:
			all = nil
			return true
		case <-ctx.Done():
			return false
		}
	}
	for r := range madeup.State(madeup.Plan{Count: t.size, Seed: o.seed, Today: today, History: 100, Further: true}) {
		all = append(all, r.Person)
		t.contacts += onFile(r.Person)
		if len(all) == batch && !send() {
			return
		}
		if r.Number%step == 0 && len(t.hits) < o.samples && says(r) {
			t.hits = append(t.hits, asks(r, r.Says))
			t.misses = append(t.misses, asks(r, contact))
			contact = r.Says
		}
	}
	send()
}

// onFile is how many contacts somebody has.
func onFile(p registry.Person) (n int) {
	n = len(p.More)
	for _, c := range []string{p.Phone, p.Email} {
		if c != "" {
			n++
		}
	}
	return n
}

// says reports whether the contact that is asked with is on file.
func says(r madeup.Resident) bool {
	q := asks(r, r.Says)
	return q.Phone != "" && q.Phone == r.Phone || q.Email != "" && q.Email == r.Email ||
		slices.ContainsFunc(r.More, func(c registry.Contact) bool {
			return q.Phone != "" && q.Phone == c.Phone || q.Email != "" && q.Email == c.Email
		})
}

// asks is the request of a resident with the contact of one.
func asks(r madeup.Resident, c madeup.Said) request.Request {
	q := request.Request{
		Relation: request.Self, Given: r.Says.Given, Family: r.Says.Family, Birth: r.Birth, Gender: r.Gender,
		Contact: request.ByPhone, Phone: c.Phone,
	}
	if r.Birth.Age(today) < request.AdultAge {
		q.Relation = request.Child
	}
	if q.Phone == "" {
		q.Contact, q.Email = request.ByEmail, c.Email
	}
	return q
}

func (t *town) write(ctx context.Context, s *store.Store, batches <-chan []registry.Person, begin time.Time, stderr io.Writer) error {
	done, said := 0, begin
	for all := range batches {
		if err := s.ImportPeople(ctx, all); err != nil {
			return err
		}
		if done += len(all); time.Since(said) > 5*time.Second {
			said = time.Now()
			fmt.Fprintf(stderr, "%d of %d people, %.0f/s\n", done, t.size, float64(done)/time.Since(begin).Seconds())
		}
	}
	fmt.Fprintf(stderr, "%d people are in, %.0f/s; now the indexes\n", done, float64(done)/time.Since(begin).Seconds())
	return ctx.Err()
}
