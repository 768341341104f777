package tour

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"vaxkiosk/app/demo"
	"vaxkiosk/app/printer/printertest"
	"vaxkiosk/sync/central/clustertest"
	"vaxkiosk/sync/central/notice/sms"
	"vaxkiosk/sync/central/notice/sms/smstest"
	"vaxkiosk/sync/central/notice/smtp/relaytest"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store/storetest"
)

// production is a database on a real PostgreSQL, a real mail relay, a gateway for text messages, three
// instances of the program that is shipped, a real proxy before them, a printer, and the
// kiosk that was enrolled there.
type production struct {
	t         *testing.T
	dir       string
	db        storetest.Base
	relay     *relaytest.Relay
	gateway   *smstest.Gateway
	printer   *printertest.Printer
	addr      string // where kiosks call
	receipts  string // where the gateway does
	instances []*instance

	kiosk     *exec.Cmd
	kioskFile string
	kioskSaid *journal
	notes     []string // what has happened
}

// instance is one of central.
type instance struct {
	n                       int
	addr, receipts, metrics string
	data, config            string
	cmd                     *exec.Cmd
	log                     *journal
}

// newProduction starts all of it.
func newProduction(t *testing.T) *production {
	t.Helper()
	p := &production{t: t, dir: t.TempDir(), kioskSaid: &journal{}}
	p.timed("PostgreSQL, exim4, a gateway for text messages and a printer start", func() {
		p.relay = relaytest.Start(t)
		p.gateway = smstest.Open(sms.Twilio)
		t.Cleanup(p.gateway.Close)
		p.db = storetest.OnEmpty(t)
		t.Cleanup(storetest.StopServer)
		p.printer = printertest.Start(t, "came\n", nil)
	})
	p.timed(fmt.Sprintf("three instances behind a proxy, with %d made-up residents, start", demo.Residents), p.central)
	p.timed("a kiosk is invited, enrols itself and starts", p.enrol)
	return p
}

// central makes and starts the instances and the proxy.
func (p *production) central() {
	p.addr, p.receipts = clustertest.Free(p.t), clustertest.Free(p.t)
	var calls, receipts []string
	for i := range 3 {
		s := &instance{n: i, addr: clustertest.Free(p.t), receipts: clustertest.Free(p.t), metrics: clustertest.Free(p.t), data: p.in("data-%d", i), config: p.in("central-%d.toml", i), log: &journal{}}
		p.instances = append(p.instances, s)
		calls, receipts = append(calls, s.addr), append(receipts, s.receipts)
	}
	first := p.instances[0]
	p.runs("init", "--data", first.data, "--database", p.db.DB.Where())
	for _, s := range p.instances[1:] {
		if err := clustertest.Copy(first.data, s.data); err != nil {
			p.t.Fatal(err)
		}
	}
	p.configures()
	for _, s := range p.instances {
		p.starts(s)
	}
	p.imports(someone, texted)
	clustertest.Proxy(p.t, "../../../sync/central/README.md", clustertest.Way{Addr: p.addr, Servers: calls}, clustertest.Way{
		Addr: p.receipts, Servers: receipts,
		Else: []string{"/etc/haproxy/public.pem", p.relay.CertFile, "/etc/haproxy/central-ca.pem", filepath.Join(first.data, "ca.pem"), "records.your-town.gov", "localhost"},
	})
}

func (p *production) in(name string, args ...any) string {
	return filepath.Join(p.dir, fmt.Sprintf(name, args...))
}

func (p *production) put(file string, text []byte) {
	p.t.Helper()
	if err := os.WriteFile(file, text, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// configures writes the settings of each instance, and has the gateway trust the proxy.
func (p *production) configures() {
	o := p.gateway.Options()
	p.put(p.in("gateway.pem"), p.gateway.PEM)
	p.put(p.in("gateway-token"), []byte(o.Secret+"\n"))
	p.put(p.in("relay-password"), []byte(relaytest.Password+"\n"))
	for _, s := range p.instances {
		p.put(s.config, fmt.Appendf(nil, `[service]
data = %q
listen = %q
hosts = ["127.0.0.1", "localhost"]
[metrics]
listen = %q
[notices.email]
relay = %q
from = "records@example.org"
bounces = "bounce@example.org"
bounces_maildir = %q
ca = %q
user = %q
password_file = "relay-password"
[[notices.sms]]
profile = %q
from = %q
account = %q
url = %q
ca = "gateway.pem"
secret_file = "gateway-token"
[notices.receipts]
listen = %q
url = "https://%s"
`, s.data, s.addr, s.metrics, p.relay.Address, p.relay.Bounces(), p.relay.CAFile, relaytest.User, o.Profile, o.From, o.Account, o.URL, s.receipts, strings.Replace(p.receipts, "127.0.0.1", "localhost", 1)))
	}
	p.gateway.Receives = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: p.relay.CA, MinVersion: tls.VersionTLS12}}}
}

// program is one that was built, and ends with this one; Ctrl-C does not reach it.
func (p *production) program(name string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(*programs, name), args...)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	return c
}

// runs runs a command of central to its end.
func (p *production) runs(args ...string) string {
	p.t.Helper()
	out, err := p.program("vaxcentral", args...).CombinedOutput()
	if err != nil {
		p.t.Fatalf("vaxcentral %s: %v\n%s", args[0], err, out)
	}
	return string(out)
}

// starts starts an instance and waits until it serves.
func (p *production) starts(s *instance) {
	p.t.Helper()
	s.cmd = p.program("vaxcentral", "serve", "--config", s.config, "--demo", "--demo-people", fmt.Sprint(demo.Residents))
	s.cmd.Stderr = s.log
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = s.cmd.Process.Kill(); _ = s.cmd.Wait() }) // if it still runs
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			p.t.Fatalf("instance %d does not serve: %v\n%s", s.n, err, s.log)
		}
		if strings.Contains(line, "receipts on") {
			return
		}
	}
}

// kills ends an instance as a loss of power would.
func (s *instance) kills() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// imports puts people on file, as a registry sends them.
func (p *production) imports(all ...registry.Person) {
	people, doses := "id,given,family,birth,gender,phone,email\n", "person,date,cvx,lot,performer,status\n"
	for _, r := range all {
		people += fmt.Sprintf("%d,%s,%s,%s,%s,%s,%s\n", r.Number, r.Given, r.Family, r.Birth, r.Gender, r.Phone, r.Email)
		for _, d := range r.Doses {
			doses += fmt.Sprintf("%d,%s,%s,%s,%s,%s\n", r.Number, d.Date, d.CVX, d.Lot, d.Performer, d.Status)
		}
	}
	for name, text := range map[string]string{"people": people, "doses": doses} {
		p.put(p.in("%s.csv", name), []byte(text))
	}
	for _, name := range []string{"people", "doses"} { // in this order
		p.runs("people", "import", "--data", p.instances[0].data, p.in("%s.csv", name))
	}
}

// enrol makes a kiosk of this machine, with a code, and starts it.
func (p *production) enrol() {
	var invitation struct {
		Code string `json:"code"`
	}
	said := p.runs("kiosk", "invite", "--data", p.instances[0].data, "--name", "lobby", "--url", "https://"+p.addr, "--printer", p.printer.URI, "--json")
	if err := json.Unmarshal([]byte(said), &invitation); err != nil {
		p.t.Fatal(err)
	}
	p.kioskFile = p.in("kiosk/kiosk.toml")
	out, err := p.program("vaxkiosk", "enrol", "--central", "https://"+p.addr, "--config", p.kioskFile, "--code", invitation.Code, "--key-store", "file").CombinedOutput()
	if err != nil {
		p.t.Fatalf("vaxkiosk enrol: %v\n%s", err, out)
	}
	p.kiosk = p.program("vaxkiosk", "--config", p.kioskFile)
	p.kiosk.Env = append(os.Environ(), "XDG_CACHE_HOME="+p.dir)
	p.kiosk.Stderr = p.kioskSaid
	startProgram(p.t, p.kiosk)
}

// letter is one that was delivered.
type letter struct{ to, ref, text string }

// letters are those that the relay has put into a mailbox.
func (p *production) letters() (all []letter) {
	p.t.Helper()
	for _, text := range p.relay.Letters() {
		m, err := mail.ReadMessage(strings.NewReader(text))
		if err != nil {
			p.t.Fatal(err)
		}
		var body io.Reader = m.Body
		if m.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			body = quotedprintable.NewReader(body)
		}
		b, err := io.ReadAll(body)
		if err != nil {
			p.t.Fatal(err)
		}
		_, ref, _ := strings.Cut(m.Header.Get("Return-path"), "+")
		ref, _, _ = strings.Cut(ref, "@")
		all = append(all, letter{strings.Trim(m.Header.Get("To"), "<>"), ref, string(b)})
	}
	return all
}

// mailTo is the text of the letter to an address, "" when there is none.
func (p *production) mailTo(address string) string {
	for _, l := range p.letters() {
		if l.to == address {
			return l.text
		}
	}
	return ""
}

// refTo is by what the letter to an address would come back.
func (p *production) refTo(address string) string {
	for _, l := range p.letters() {
		if l.to == address {
			return l.ref
		}
	}
	return ""
}

// textTo is the text message to a number, "" when there is none.
func (p *production) textTo(number string) string {
	for _, m := range p.gateway.Messages() {
		if m.To == number {
			return m.Text
		}
	}
	return ""
}

// refOf is what a receipt of a text message is known by.
func refOf(t *testing.T, m smstest.Message) string {
	t.Helper()
	u, err := url.Parse(m.Receipts)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("ref")
}

// pages are those that came out of the printer.
func (p *production) pages() []string {
	all, err := filepath.Glob(filepath.Join(p.printer.Dir, "spool", "*.pdf"))
	if err != nil {
		p.t.Fatal(err)
	}
	return all
}

// said is what each program has written.
func (p *production) said() map[string]string {
	all := map[string]string{"the kiosk": p.kioskSaid.String()}
	for _, s := range p.instances {
		all[fmt.Sprint("instance ", s.n)] = s.log.String()
	}
	return all
}
