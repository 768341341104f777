package enrol_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/enrol"
	"vaxkiosk/app/exit"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/client"
)

// office is a central that runs, and a machine to be enrolled.
type office struct {
	*central.Central
	t    *testing.T
	url  string
	dir  string // of the machine
	file string // its configuration

	later atomic.Int64 // how far central's clock is ahead
}

func newOffice(t *testing.T) *office {
	t.Helper()
	data := filepath.Join(t.TempDir(), "central")
	if err := central.Init(t.Context(), data, time.Now()); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "kiosk")
	o := &office{t: t, dir: dir, file: filepath.Join(dir, "kiosk.toml")}
	now := func() time.Time { return time.Now().Add(time.Duration(o.later.Load())) }
	c, err := central.Open(t.Context(), central.Options{Dir: data, Sender: &notice.Phone{}, Serves: true, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- c.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-served, c.Close()); err != nil {
			t.Error(err)
		}
	})
	o.Central, o.url = c, "https://"+l.Addr().String()
	return o
}

// invite draws a code for a kiosk.
func (o *office) invite(name string, replace bool) string {
	o.t.Helper()
	code, _, err := o.InviteKiosk(o.t.Context(), operator.For{Name: name, Replace: replace, Printer: "ipp://printer/ipp/print"})
	if err != nil {
		o.t.Fatal(err)
	}
	return code.Grouped()
}

// enrols runs the command, and returns the status and all that it said. The TPM of the machine
// that tests is left alone.
func (o *office) enrols(code string, more ...string) (status int, said string) {
	o.t.Helper()
	var out bytes.Buffer
	args := append([]string{"--central", o.url, "--config", o.file, "--code", code, "--tpm", "/nowhere/tpm"}, more...)
	status = exit.Say("vaxkiosk", enrol.Run(o.t.Context(), args, strings.NewReader(""), &out), &out)
	if strings.Contains(out.String(), code) {
		o.t.Error("the code is said")
	}
	return status, out.String()
}

// there are the files of the machine.
func (o *office) there() []string {
	o.t.Helper()
	var all []string
	entries, err := os.ReadDir(o.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		o.t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func (o *office) config() config.Config {
	o.t.Helper()
	cfg, err := config.Load(o.file)
	if err != nil {
		o.t.Fatal(err)
	}
	return cfg
}

// says wants lines to be in the configuration once.
func (o *office) says(lines ...string) {
	o.t.Helper()
	b, err := os.ReadFile(o.file)
	for _, line := range lines {
		if err != nil || strings.Count(string(b), line) != 1 {
			o.t.Errorf("%q is not in the configuration once, %v", line, err)
		}
	}
}

// calls makes a call as the kiosk of a configuration does.
func (o *office) calls(cfg config.Config) error {
	o.t.Helper()
	c, err := client.New(client.Options{URL: o.url, CA: cfg.Central.CA, Cert: cfg.Central.Cert})
	if err != nil {
		o.t.Fatal(err)
	}
	defer c.Close()
	jws, _, err := c.Bootstrap(o.t.Context(), "")
	if err == nil {
		_, err = client.VerifyBootstrap(jws, cfg.Central.Pin)
	}
	return err
}

func TestACodeMakesAMachineAKiosk(t *testing.T) {
	o := newOffice(t)
	if status, said := o.enrols(strings.ToLower(o.invite("lobby", false)), "--name", "lobby"); status != exit.OK || !strings.Contains(said, "lobby is enrolled") {
		t.Fatalf("%d: %s", status, said)
	}
	cfg := o.config()
	if cfg.Kiosk.Name != "lobby" || cfg.Kiosk.Data != filepath.Join(o.dir, "data") || cfg.Printer.URI != "ipp://printer/ipp/print" || cfg.Paper.Size != config.Letter {
		t.Errorf("configured as %s in %s", cfg.Kiosk.Name, cfg.Kiosk.Data)
	}
	if err := o.calls(cfg); err != nil {
		t.Error(err)
	}
	all, err := o.Kiosks(t.Context())
	if err != nil || len(all) != 1 || all[0].Name != "lobby" {
		t.Errorf("%d kiosks, %v", len(all), err)
	}
	for _, name := range o.there() {
		info, err := os.Stat(filepath.Join(o.dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", name, info.Mode(), err)
		}
	}
	if n := len(o.there()); n != 4 {
		t.Errorf("%d files: %q", n, o.there())
	}
}

func TestTheCodeIsReadWhereNoListOfProcessesShowsIt(t *testing.T) {
	o := newOffice(t)
	in := strings.NewReader(o.invite("lobby", false) + "\n")
	if err := enrol.Run(t.Context(), []string{"--central", o.url, "--config", o.file}, in, io.Discard); err != nil || o.calls(o.config()) != nil {
		t.Error(err)
	}
}

// Whatever keeps a machine from being enrolled leaves nothing on it, and the code as it was.
func TestWhatComesToNothingLeavesNothingAndTheCode(t *testing.T) {
	o := newOffice(t)
	code := o.invite("lobby", false)
	nobody := "https://127.0.0.1:1"
	for name, tt := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"another name":     {[]string{"--name", "hall"}, exit.Fault, `the code is for the kiosk "lobby", not for "hall": nothing is changed, and the code can still be used`},
		"a folder":         {[]string{"--printer", "folder:out"}, exit.Fault, "kiosk.toml:"},
		"a paper":          {[]string{"--paper", "a5"}, exit.Fault, `paper.size is "a5"`},
		"nobody there":     {[]string{"--central", nobody}, exit.Fault, "central cannot be reached"},
		"another code":     {[]string{"--code", "0000-0000-0000-0000-0000-0000-00"}, exit.Fault, "central does not take the code: it is mistyped, used"},
		"half a code":      {[]string{"--code", "0000"}, exit.Usage, "this is no code"},
		"a part too many":  {[]string{"0000"}, exit.Usage, "there is a word too many"},
		"a proxy by https": {[]string{"--proxy", "https://p:1"}, exit.Usage, "--proxy is no address of a proxy"},
		"a closed proxy":   {[]string{"--proxy", "http://127.0.0.1:1"}, exit.Fault, "the proxy cannot be reached"},
		"http":             {[]string{"--central", "http://127.0.0.1"}, exit.Fault, "must be https://"},
	} {
		status, said := o.enrols(code, tt.args...)
		if status != tt.status || !strings.Contains(said, tt.says) || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: %d: %s", name, status, said)
		}
		if left := o.there(); len(left) != 0 {
			t.Errorf("%s has left %q", name, left)
		}
	}
	if status, said := o.enrols(code); status != exit.OK {
		t.Errorf("the code at last: %s", said)
	}
	if status, said := o.enrols(code, "--replace"); status != exit.Fault || !strings.Contains(said, "have a new one made") || o.calls(o.config()) != nil {
		t.Errorf("the same code again: %s", said)
	}
}

func TestAConfigurationThatIsThereIsLeftAsItIs(t *testing.T) {
	o := newOffice(t)
	if err := errors.Join(os.Mkdir(o.dir, 0o700), os.WriteFile(o.file, []byte("# mine\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	code := o.invite("lobby", false)
	if status, said := o.enrols(code); status != exit.Usage || !strings.Contains(said, "is there already: it is left as it is") {
		t.Errorf("%d: %s", status, said)
	}
	if b, err := os.ReadFile(o.file); err != nil || string(b) != "# mine\n" || len(o.there()) != 1 {
		t.Errorf("%q, %q, %v", b, o.there(), err)
	}
	if left, err := o.Invitations(t.Context()); err != nil || len(left) != 1 || !left[0].Taken.IsZero() {
		t.Errorf("central was asked, %v", err)
	}
}

func TestAReplacedConfigurationKeepsWhatITWrote(t *testing.T) {
	o := newOffice(t)
	if status, said := o.enrols(o.invite("lobby", false)); status != exit.OK {
		t.Fatal(said)
	}
	before, files := o.config(), o.there()
	b, err := os.ReadFile(o.file)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(b), `uri = "ipp://printer/ipp/print"`, "# the one in the hall\nuri = \"ipp://hall/ipp/print\"", 1) + "\n[window]\nfullscreen = false # for now\n"
	if err := os.WriteFile(o.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, said := o.enrols(o.invite("lobby", true), "--replace", "--paper", "a4"); status != exit.OK {
		t.Fatal(said)
	}
	after := o.config()
	if after.Printer.URI != "ipp://hall/ipp/print" || after.Window.FullScreen || after.Paper.Size != config.A4 || after.Kiosk.Data != before.Kiosk.Data {
		t.Errorf("%s, %v, %s", after.Printer.URI, after.Window, after.Paper)
	}
	o.says("# Configuration of one kiosk.", "# the one in the hall", "fullscreen = false # for now")
	for _, name := range files {
		if name != "kiosk.toml" && slices.Contains(o.there(), name) {
			t.Errorf("%s is left of the certificate before", name)
		}
	}
	if err := o.calls(after); err != nil {
		t.Error(err)
	}
	if err := o.calls(before); !errors.Is(err, client.ErrKioskRevoked) {
		t.Errorf("the certificate before: %v", err)
	}
}

// The answer to the first call is lost: the machine is whole, whether central has it or not.
func TestAMachineWhoseFirstCallIsLostIsAKioskAllTheSame(t *testing.T) {
	o := newOffice(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() { // one connection, and no more
		conn, err := l.Accept()
		if err != nil {
			return
		}
		on, err := net.Dial("tcp", strings.TrimPrefix(o.url, "https://"))
		if err != nil {
			return
		}
		go io.Copy(on, conn)
		io.Copy(conn, on)
		conn.Close()
		on.Close()
		for {
			if conn, err = l.Accept(); err != nil {
				return
			}
			conn.Close()
		}
	}()
	status, said := o.enrols(o.invite("lobby", false), "--central", "https://"+l.Addr().String())
	if status != exit.OK || !strings.Contains(said, "did not answer the first call") {
		t.Fatalf("%d: %s", status, said)
	}
	if all, err := o.Kiosks(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%d kiosks, %v", len(all), err)
	}
	if err := o.calls(o.config()); err != nil {
		t.Error(err)
	}
}
