package main

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/seal"
)

func TestAKilledServiceHasEveryRequestItAnswered(t *testing.T) {
	dir := t.TempDir()
	data, kiosk := filepath.Join(dir, "data"), filepath.Join(dir, "kiosk")
	made(t, data)
	service, addr, err := start(data, "--demo-people", "20")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := program("kiosk", "add", "--data", data, "--name", "a", "--url", "https://"+addr, "--out", kiosk, "--printer", "ipp://printer/ipp/print").CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	ids := handIn(t, kiosk, addr, madeup.Generate(20, madeup.DemoSeed, madeup.DemoDay)[:8])
	if err := service.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = service.Wait() // killed

	service, addr, err = start(data)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(service.Process.Signal(os.Interrupt), service.Wait()); err != nil {
			t.Error(err)
		}
	}()
	awaitAll(t, kiosk, addr, ids)
	notices, err := filepath.Glob(filepath.Join(data, "notices", "*.json"))
	if err != nil || len(notices) < len(ids) {
		t.Errorf("%d notices for %d requests, %v", len(notices), len(ids), err)
	}
	for _, id := range ids {
		if !mentioned(t, notices, request.ReceiptFor(id)) {
			t.Error("a request was answered without a notice")
		}
	}
}

// handIn hands in a request of each resident and returns their ids.
func handIn(t *testing.T, kiosk, addr string, residents []registry.Person) (ids []string) {
	t.Helper()
	c, to := sealsTo(t, kiosk, addr)
	defer c.Close()
	for _, p := range residents {
		id, err := handInOne(t, c, to, p)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// sealsTo connects as a kiosk and returns the key it seals to, of the bootstrap that
// its pin has verified.
func sealsTo(t *testing.T, kiosk, addr string) (*client.Client, seal.PublicKey) {
	t.Helper()
	c, pin, err := connect(kiosk, addr)
	if err != nil {
		t.Fatal(err)
	}
	jws, _, err := c.Bootstrap(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	b, err := client.VerifyBootstrap(jws, pin)
	if err != nil {
		t.Fatal(err)
	}
	return c, client.SealingKey(b)
}

func handInOne(t *testing.T, c *client.Client, to seal.PublicKey, p registry.Person) (id string, err error) {
	key := rand.Text()
	e, err := seal.Seal(to, seal.ForRequest, key, asks(p).Encode())
	if err != nil {
		return "", err
	}
	ticket, err := c.PostRequest(t.Context(), key, e.Encode())
	return ticket.Id, err
}

// awaitAll waits until every request is answered.
func awaitAll(t *testing.T, kiosk, addr string, ids []string) {
	t.Helper()
	c, _, err := connect(kiosk, addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, id := range ids {
		for state := api.RequestStatusStateReceived; state != api.RequestStatusStateAnswered; {
			if state, err = c.Status(t.Context(), id, 25*time.Second); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func mentioned(t *testing.T, files []string, receipt string) bool {
	t.Helper()
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), receipt) {
			return true
		}
	}
	return false
}

func asks(p registry.Person) request.Request {
	r := request.Request{
		Version: request.EncodingVersion, Relation: request.Self, Given: p.Given, Family: p.Family, Birth: p.Birth, Gender: p.Gender,
		Contact: request.ByPhone, Phone: p.Phone, PIN: "7294", Lang: "en", Consent: request.Consent{Policy: "1", Declaration: "1"},
	}
	if p.Birth.Age(madeup.DemoDay) < request.AdultAge {
		r.Relation, r.Asker = request.Child, request.Name{Given: "Ana", Family: "Asker"}
	}
	if r.Phone == "" {
		r.Contact, r.Email = request.ByEmail, p.Email
	}
	return r
}
