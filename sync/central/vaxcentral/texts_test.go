package main

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notice/sms"
	"vaxkiosk/sync/central/notice/sms/smstest"
	"vaxkiosk/sync/central/registry"
)

// withGateway makes a folder whose settings have a gateway for text messages.
func withGateway(t *testing.T, g *smstest.Gateway, more string) (dir, file string) {
	t.Helper()
	t.Cleanup(g.Close)
	o := g.Options()
	text := fmt.Sprintf("[[notices.sms]]\nprofile = %q\nfrom = %q\nurl = %q\nca = \"gateway.pem\"\nsecret_file = \"token\"\n", o.Profile, o.From, o.URL)
	if o.Account != "" {
		text += fmt.Sprintf("account = %q\n", o.Account)
	}
	dir, file = configured(t, text+more)
	put(t, filepath.Join(dir, "gateway.pem"), string(g.PEM))
	put(t, filepath.Join(dir, "token"), o.Secret+"\n")
	return dir, file
}

func TestAGatewayInTheSettingsDeliversTheCode(t *testing.T) {
	for _, p := range []sms.Profile{sms.Generic, sms.Twilio, sms.Telnyx} {
		g := smstest.Open(p)
		dir, file := withGateway(t, g, "")
		if out, err := program("check", "--config", file).Output(); strings.Contains(string(out), "\nwrong") || !strings.Contains(string(out), "gateway") {
			t.Errorf("%s: %v: %s", p, err, out)
		}
		by := elm
		by.Phone = "+16175550142"
		asked(t, dir, file, by)
		got := g.Messages()
		if len(got) != 1 || got[0].To != by.Phone || got[0].From != smstest.From || got[0].Receipts != "" || !strings.Contains(got[0].Text, "pickup code") {
			t.Errorf("%s: %d messages", p, len(got))
		}
		if waiting, _ := filepath.Glob(filepath.Join(dir, "data", "notices", "*.json")); len(waiting) != 0 {
			t.Error("it waits in the folder too")
		}
		put(t, filepath.Join(dir, "token"), "another\n")
		out, err := program("check", "--config", file).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "wrong  gateway") || strings.Contains(string(out), "another\n") || strings.Contains(string(out), "617555") {
			t.Errorf("%s: %v: %s", p, err, out)
		}
	}
}

func TestAGenericGatewayIsToldInItsOwnWords(t *testing.T) {
	g := smstest.Open(sms.Telnyx)
	dir, file := withGateway(t, g, "")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	put(t, file, strings.Replace(string(text), `profile = "telnyx"`, "profile = \"generic\"\nfields = {from = \"messaging_profile_id\", id = \"data.id\"}", 1))
	by := elm
	by.Phone = "+16175550142"
	asked(t, dir, file, by)
	if got := g.Messages(); len(got) != 1 || got[0].From != smstest.From {
		t.Errorf("%d messages", len(got))
	}
}

func TestAReceiptThatTheServiceTakesIsSeenByStaff(t *testing.T) {
	g := smstest.Open(sms.Twilio)
	dir, file := withGateway(t, g, "[notices.receipts]\nlisten = \"127.0.0.1:0\"\nurl = \"https://records.our-town.gov\"\n")
	service := program("serve", "--config", file)
	out, err := service.StdoutPipe()
	if err == nil {
		err = service.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(service.Process.Signal(os.Interrupt), service.Wait()); err != nil {
			t.Error(err)
		}
	}()
	var addresses []string
	for lines := bufio.NewReader(out); len(addresses) < 2; {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		_, addr, _ := strings.Cut(strings.TrimSpace(line), "https://")
		addresses = append(addresses, addr)
	}
	kiosk := filepath.Join(dir, "lobby")
	if out, err := program("kiosk", "add", "--data", filepath.Join(dir, "data"), "--name", "lobby", "--url", "https://"+addresses[0], "--out", kiosk, "--printer", "ipp://printer/ipp/print").CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	by := elm
	by.Phone = "+16175550142"
	awaitAll(t, kiosk, addresses[0], handIn(t, kiosk, addresses[0], []registry.Person{by}))
	ca, err := pool(filepath.Join(dir, "data", "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	g.Receives = &http.Client{Transport: &proxy{to: addresses[1], wire: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: ca, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}}}
	m := g.Messages()[0]
	if !strings.HasPrefix(m.Receipts, "https://records.our-town.gov/v1/deliveries/twilio?ref=") {
		t.Fatalf("receipts go to %s", m.Receipts)
	}
	if status, err := g.Report(t.Context(), m, notice.Failed, "30003", smstest.Signed); status != http.StatusOK || err != nil {
		t.Fatalf("%d, %v", status, err)
	}
	listed, err := program("notice", "list", "--data", filepath.Join(dir, "data"), "--json").Output()
	if err != nil || !json.Valid(listed) || !strings.Contains(string(listed), "it came back, 4.4.1") || strings.Contains(string(listed), "617555") {
		t.Errorf("%v: %s", err, listed)
	}
}

// proxy is the one with the public certificate, which goes on to the service.
type proxy struct {
	to   string
	wire *http.Transport
}

func (p *proxy) RoundTrip(r *http.Request) (*http.Response, error) {
	on := r.Clone(r.Context())
	on.URL.Host, on.Host = p.to, ""
	return p.wire.RoundTrip(on)
}
