package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
)

// ageKeygen stands for Debian's age-keygen: -o FILE.
func ageKeygen() {
	key, err := age.GenerateX25519Identity()
	if err == nil {
		err = os.WriteFile(os.Args[2], []byte(key.String()+"\n"), 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Fprintln(os.Stderr, "Public key:", key.Recipient())
}

// lossPage reads the blocks of commands of "When something is lost", by their headings.
func lossPage(t *testing.T) (titles []string, blocks map[string][]string) {
	t.Helper()
	b, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, page, ok := strings.Cut(string(b), "\n## When something is lost\n")
	page, _, end := strings.Cut(page, "\n## ")
	if !ok || !end {
		t.Fatal("the page is gone")
	}
	blocks = map[string][]string{}
	for _, part := range strings.Split(page, "\n### ")[1:] {
		title, text, _ := strings.Cut(part, "\n")
		titles = append(titles, title)
		for n, inside := range strings.Split(text, "```") {
			if n%2 == 1 {
				blocks[title] = append(blocks[title], strings.Split(strings.TrimSpace(inside), "\n")...)
			}
		}
	}
	return titles, blocks
}

// machine is one that a central service runs on, and its kiosk.
type machine struct {
	*testing.T
	root, addr string
	service    *exec.Cmd
	public     string // key of back-ups
	asked      []string
	doubles    []registry.Person
}

func (m *machine) path(name string) string { return filepath.Join(m.root, name) }

func (m *machine) start() {
	m.Helper()
	if m.service != nil {
		m.Fatal("it runs already")
	}
	var err error
	if m.service, m.addr, err = start(m.path("srv/vaxcentral")); err != nil {
		m.Fatal(err)
	}
}

func (m *machine) stop() {
	m.Helper()
	if m.service == nil {
		return
	}
	if err := errors.Join(m.service.Process.Signal(os.Interrupt), m.service.Wait()); err != nil {
		m.Error(err)
	}
	m.service = nil
}

// does runs one line of the page as an operator would. The service is none of systemd's here.
func (m *machine) does(line string) {
	m.Helper()
	switch line {
	case "systemctl stop vaxcentral":
		m.stop()
		return
	case "systemctl start vaxcentral":
		m.start()
		return
	}
	refused := strings.HasSuffix(line, "# refused")
	line = strings.NewReplacer("/srv/", m.path("srv")+"/", "/backup/", m.path("backup")+"/", "age1…", m.public).Replace(strings.Split(line, "#")[0])
	c := exec.Command("sh", "-ec", line)
	c.Dir = m.root
	c.Env = append(os.Environ(), "PATH="+m.path("bin")+":"+os.Getenv("PATH"))
	out, err := c.CombinedOutput()
	if refused != (err != nil) || refused && c.ProcessState.ExitCode() != statusFailed {
		m.Fatalf("%s: %v\n%s", line, err, out)
	}
	if _, key, ok := strings.Cut(string(out), "Public key: "); ok {
		m.public = strings.TrimSpace(key)
	}
}

// works wants the kiosk of before to be served, and its requests answered.
func (m *machine) works() {
	m.Helper()
	if m.service == nil {
		m.start()
	}
	m.asked = append(m.asked, handIn(m.T, m.path("kiosk"), m.addr, m.doubles)...)
	awaitAll(m.T, m.path("kiosk"), m.addr, m.asked)
}

// newMachine has a service with some requests, and a back-up of it as the page says.
func newMachine(t *testing.T, blocks map[string][]string) *machine {
	t.Helper()
	m := &machine{T: t, root: t.TempDir(), doubles: madeup.Generate(2, madeup.DemoSeed, madeup.DemoDay)}
	exe, err := os.Executable()
	for _, name := range []string{"bin", "srv", "backup"} {
		err = errors.Join(err, os.Mkdir(m.path(name), 0o700))
	}
	for _, name := range []string{"vaxcentral", "age-keygen"} {
		err = errors.Join(err, os.Symlink(exe, m.path("bin/"+name)))
	}
	if err != nil {
		t.Fatal(err)
	}
	m.does("vaxcentral init --data /srv/vaxcentral")
	m.does("vaxcentral people generate --data /srv/vaxcentral --count 20")
	m.start()
	t.Cleanup(m.stop)
	m.does("vaxcentral kiosk add --data /srv/vaxcentral --name lobby --url https://localhost:8443 --out kiosk --printer ipp://printer/ipp/print")
	m.asked = handIn(t, m.path("kiosk"), m.addr, m.doubles)
	for _, line := range blocks["Before anything is lost"] {
		m.does(line)
	}
	return m
}

// losses are what has happened before the commands of each case, as in "the service was stopped".
var losses = map[string]func(*machine){
	"Before anything is lost": func(*machine) {},
	"The database is lost or damaged": func(m *machine) {
		m.stop()
		m.does("rm /srv/vaxcentral/central.db")
		m.does("vaxcentral serve --data /srv/vaxcentral --listen 127.0.0.1:0 --demo # refused")
	},
	"A key is lost": func(m *machine) {
		m.stop()
		m.does("rm /srv/vaxcentral/pepper")
		m.does("vaxcentral serve --data /srv/vaxcentral --listen 127.0.0.1:0 --demo # refused")
	},
	"The whole machine is lost": func(m *machine) {
		m.stop()
		m.does("rm -r /srv/vaxcentral")
	},
	"The wrong folder":           func(*machine) {},
	"A copied folder runs twice": func(*machine) {},
	"The disk is full":           func(*machine) {},
	"A restore was cut off": func(m *machine) {
		m.stop()
		m.does("rm -r /srv/vaxcentral")
		m.does("mkdir -p /srv/vaxcentral/.unfinished")
		m.does("vaxcentral restore /backup/central.age --identity backup-key.txt --data /srv/vaxcentral # refused")
	},
	"The key of the back-ups is lost": func(m *machine) { m.does("rm backup-key.txt") },
}

// TestEachWayBackWorks runs the page as it stands: what is done, and then a kiosk of
// before has its old and new requests answered.
func TestEachWayBackWorks(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	titles, blocks := lossPage(t)
	if len(titles) != len(losses) {
		t.Errorf("%d cases on the page, %d in this test", len(titles), len(losses))
	}
	for _, title := range titles {
		t.Run(title, func(t *testing.T) {
			happens := losses[title]
			if happens == nil || len(blocks[title]) == 0 {
				t.Fatal("this case is not tested, or has no commands")
			}
			m := newMachine(t, blocks)
			happens(m)
			if title != "Before anything is lost" {
				for _, line := range blocks[title] {
					m.does(line)
				}
			}
			m.works()
		})
	}
}
