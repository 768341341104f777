package calls

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/door"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/notify"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// opened are the calls of a new folder, and their log.
func opened(t *testing.T) (c *Calls, log *bytes.Buffer) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if err := folder.Init(t.Context(), dir, time.Now()); err != nil {
		t.Fatal(err)
	}
	log = &bytes.Buffer{}
	out := slog.New(slog.NewTextHandler(log, nil))
	f, err := folder.Open(t.Context(), folder.Options{Dir: dir, Now: time.Now, Log: out})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	state := &notify.State{}
	c, err = New(Options{
		Store: f.Store, Keys: f.Keys, State: state, Door: &door.Door{Store: f.Store, State: state, Now: time.Now, Log: out},
		Issuer: "https://central.example.org", Registry: "Registry", HelpPhone: "617-555-0100", Now: time.Now, Log: out,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, log
}

const (
	someKey  = "request-number-000001"
	somePIN  = "7294"
	someCode = "123456"
)

// answered keeps a request that opens the record of the first resident with somePIN and
// someCode, and takes a try of it.
func (c *Calls) answered(t *testing.T) store.Try {
	t.Helper()
	ctx, now := t.Context(), time.Now().Add(-time.Minute)
	p := madeup.Generate(1, 1, request.DateOf(now))[0]
	_, err := c.Store.AddRequest(ctx, store.Request{
		ID: someKey, Receipt: request.ReceiptFor(someKey), BodyHash: []byte("hash"), Envelope: []byte("sealed"), Made: now, Expires: now.Add(request.Life),
	})
	if err = errors.Join(err, c.Store.ImportPeople(ctx, []registry.Person{p})); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Store.TakeJob(ctx, now); err != nil {
		t.Fatal(err)
	}
	found, err := c.Store.Candidates(ctx, match.Asked(request.Request{
		Given: p.Given, Family: p.Family, Birth: p.Birth, Gender: p.Gender, Phone: p.Phone, Email: p.Email,
	}, request.DateOf(now))[0])
	if err != nil || len(found) != 1 {
		t.Fatalf("%d may be meant, %v", len(found), err)
	}
	if err := c.Store.PutAnswer(ctx, store.Answer{
		ID: someKey, Lock: c.Keeper.NewLock(someKey, somePIN, someCode), CodeExpires: now.Add(access.CodeLife), Done: now,
		Decision: match.Decision{Verdict: match.Release, Person: p.Number}, Found: found[0],
	}, now); err != nil {
		t.Fatal(err)
	}
	try, err := c.Store.TakeTry(ctx, someKey, time.Now())
	if err != nil || try.Person != p.Number {
		t.Fatalf("it opens the record of %d, %v", try.Person, err)
	}
	return try
}

func TestAFullDiskIsCalledOneInTheLog(t *testing.T) {
	for _, full := range []error{
		fmt.Errorf("save: %w", fmt.Errorf("%w: central.db", store.ErrFull)), &fs.PathError{Op: "write", Path: "notice", Err: syscall.ENOSPC},
	} {
		c, log := opened(t)
		for range 2 { // once in a minute
			c.fail(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/requests", nil), full)
		}
		if said := log.String(); strings.Count(said, "the disk is full: a call failed") != 1 || strings.Count(said, "event=disk.full") != 1 {
			t.Errorf("%v:\n%s", full, said)
		}
	}
}

// Between the try and the token, the number becomes somebody else's.
func TestARightProofOfWhoseNumberIsSomebodyElsesNowLooksLikeAWrongOne(t *testing.T) {
	c, _ := opened(t)
	try := c.answered(t)
	if err := c.Store.ImportPeople(t.Context(), madeup.Generate(1, 9, request.DateOf(time.Now()))); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
	err := c.release(httptest.NewRecorder(), r, try, access.Proof{PIN: somePIN, Code: someCode}, store.Vouch{})
	if no := problemOf(err); no.Code() != api.ProblemRefused || *no.AttemptsLeft != store.MaxTries-1 {
		t.Errorf("it is %s", no.Code())
	}
}

func TestARightProofOfAVisitorWhoIsCutOffCostsNoTry(t *testing.T) {
	c, _ := opened(t)
	try := c.answered(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", nil)
	if err := c.release(httptest.NewRecorder(), r, try, access.Proof{PIN: somePIN, Code: someCode}, store.Vouch{}); err != nil {
		t.Error(err)
	}
	if next, err := c.Store.TakeTry(t.Context(), someKey, time.Now()); err != nil || next.Left != store.MaxTries-1 {
		t.Errorf("%d tries left after one more, %v", next.Left, err)
	}
}
