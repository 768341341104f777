package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/notice/smtp/relaytest"
	"vaxkiosk/sync/central/registry"
)

// configured makes a folder with a data folder and people, and a file of settings that is all
// that the service is told.
func configured(t *testing.T, more string) (dir, file string) {
	t.Helper()
	dir = t.TempDir()
	made(t, filepath.Join(dir, "data"))
	put(t, filepath.Join(dir, "people.csv"), "id,given,family,birth,gender,phone,email\n11,Zuzanna,Elm,1980-05-06,female,+16175550142,elm@example.org\n12,Rosa,Oak,1980-05-07,female,,later@example.org\n")
	if out, err := program("people", "import", "--data", filepath.Join(dir, "data"), filepath.Join(dir, "people.csv")).CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	file = filepath.Join(dir, "central.toml")
	put(t, file, `[service]
data = "data"
listen = "127.0.0.1:0"
hosts = ["127.0.0.1"]
issuer = "https://records.our-town.gov"
registry = "Registry of Our State"
help_phone = "413-200-0100"
`+more)
	return dir, file
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// asked starts the service by its file alone, has a kiosk ask for a record there, and returns when
// that is answered.
func asked(t *testing.T, dir, file string, of registry.Person) {
	t.Helper()
	service, addr, err := started("--config", file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(service.Process.Signal(os.Interrupt), service.Wait()); err != nil {
			t.Error(err)
		}
	}()
	kiosk := filepath.Join(dir, "lobby")
	if out, err := program("kiosk", "add", "--data", filepath.Join(dir, "data"), "--name", "lobby", "--url", "https://"+addr, "--out", kiosk, "--printer", "ipp://printer/ipp/print").CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	awaitAll(t, kiosk, addr, handIn(t, kiosk, addr, []registry.Person{of}))
}

var elm = registry.Person{Given: "Zuzanna", Family: "Elm", Birth: request.Date{Year: 1980, Month: 5, Day: 6}, Gender: request.Female}

func TestAFileOfSettingsAloneStartsTheService(t *testing.T) {
	dir, file := configured(t, "[notices]\nfolder = \"waiting\"\n")
	by := elm
	by.Phone = "+16175550142"
	asked(t, dir, file, by)
	if waiting, err := filepath.Glob(filepath.Join(dir, "waiting", "*.json")); err != nil || len(waiting) != 1 {
		t.Errorf("%d notices, %v", len(waiting), err)
	}
	if _, err := os.Stat(filepath.Join(dir, "data", "notices")); err == nil {
		t.Error("there is another folder of notices")
	}
}

func TestARelayInTheSettingsDeliversTheCode(t *testing.T) {
	relay := relaytest.Start(t)
	dir, file := configured(t, fmt.Sprintf("[notices.email]\nrelay = %q\nfrom = \"records@example.org\"\nca = %q\nuser = %q\npassword_file = \"relay-password\"\n", relay.Address, relay.CAFile, relaytest.User))
	put(t, filepath.Join(dir, "relay-password"), relaytest.Password+"\n")
	if out, err := program("check", "--config", file).Output(); strings.Contains(string(out), "\nwrong") || !strings.Contains(string(out), "it answers, and would take a message") {
		t.Errorf("%v: %s", err, out)
	}
	by := elm
	by.Email = "elm@example.org"
	asked(t, dir, file, by)
	patiently(func() bool { return len(relay.Letters()) > 0 }) // it takes a message, and then delivers it
	letters := strings.Join(relay.Letters(), "")
	if !strings.Contains(letters, "To: <elm@example.org>") || !strings.Contains(letters, "From: <records@example.org>") {
		t.Errorf("got %q; %s", letters, relay.Log())
	}
	if waiting, _ := filepath.Glob(filepath.Join(dir, "data", "notices", "*.json")); len(waiting) != 0 {
		t.Error("it waits in the folder too")
	}
	put(t, filepath.Join(dir, "relay-password"), "another\n")
	out, err := program("check", "--config", file).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "wrong  mail relay") || strings.Contains(string(out), "another") || strings.Contains(string(out), "@") {
		t.Errorf("%v: %s", err, out)
	}
}

// patiently waits until something is so, or for a minute.
func patiently(so func() bool) {
	again, over := time.NewTicker(20*time.Millisecond), time.After(time.Minute)
	defer again.Stop()
	for !so() {
		select {
		case <-again.C:
		case <-over:
			return
		}
	}
}

// The relay takes the message, cannot deliver it, and puts its report into the maildir, which is
// read at the next start.
func TestWhatComesBackIntoTheMaildirOfTheSettingsIsSeenByStaff(t *testing.T) {
	relay := relaytest.Start(t)
	dir, file := configured(t, fmt.Sprintf("[notices.email]\nrelay = %q\nfrom = \"records@example.org\"\nbounces = \"bounce@example.org\"\nbounces_maildir = %q\nca = %q\nuser = %q\npassword_file = \"relay-password\"\n",
		relay.Address, relay.Bounces(), relay.CAFile, relaytest.User))
	put(t, filepath.Join(dir, "relay-password"), relaytest.Password+"\n")
	asked(t, dir, file, registry.Person{Given: "Rosa", Family: "Oak", Birth: request.Date{Year: 1980, Month: 5, Day: 7}, Gender: request.Female, Email: "later@example.org"})
	patiently(func() bool { return len(relay.Letters()) > 0 })
	service, _, err := started("--config", file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(service.Process.Signal(os.Interrupt), service.Wait()); err != nil {
			t.Error(err)
		}
	}()
	patiently(func() bool { return len(relay.Letters()) == 0 })
	out, err := program("notice", "list", "--data", filepath.Join(dir, "data"), "--json").CombinedOutput()
	if err != nil || !strings.Contains(string(out), `"state": "failed"`) || strings.Contains(string(out), "@") {
		t.Errorf("%v: %s; %s", err, out, relay.Log())
	}
}
