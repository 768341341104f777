package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/clustertest"
	"vaxkiosk/sync/central/store/storetest"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/seal"
)

// cluster is a few instances of the service over one database on a real server, and the proxy in
// front of them that kiosks call.
type cluster struct {
	*testing.T
	dir       string
	db        storetest.Base
	addr      string // the proxy's
	instances []*served
	kiosks    []string // their folders
}

// served is one of the instances.
type served struct {
	n       int
	addr    string
	data    string
	notices string
	cmd     *exec.Cmd
	said    *bytes.Buffer

	mu     sync.Mutex
	killed []time.Time
}

// newSeveral makes n instances, their proxy and so many kiosks.
func newSeveral(t *testing.T, n, kiosks int) *cluster {
	t.Helper()
	w := &cluster{T: t, dir: t.TempDir(), db: storetest.OnEmpty(t), addr: clustertest.Free(t)}
	t.Cleanup(storetest.StopServer)
	var servers []string
	for i := range n {
		s := &served{n: i, addr: clustertest.Free(t), data: filepath.Join(w.dir, fmt.Sprint("data-", i)), notices: filepath.Join(w.dir, fmt.Sprint("notices-", i)), said: &bytes.Buffer{}}
		w.instances = append(w.instances, s)
		servers = append(servers, s.addr)
		if i == 0 {
			w.runs("init", "--data", s.data, "--database", w.db.DB.Where())
			continue
		}
		if err := clustertest.Copy(w.instances[0].data, s.data); err != nil {
			t.Fatal(err)
		}
	}
	for k := range kiosks {
		folder := filepath.Join(w.dir, fmt.Sprint("kiosk-", k))
		w.runs("kiosk", "add", "--data", w.instances[0].data, "--name", fmt.Sprint("kiosk-", k), "--url", "https://"+w.addr, "--out", folder, "--printer", "ipp://printer/ipp/print")
		w.kiosks = append(w.kiosks, folder)
	}
	for _, s := range w.instances {
		w.starts(s)
	}
	clustertest.Proxy(t, "../README.md", clustertest.Way{Addr: w.addr, Servers: servers})
	return w
}

func (w *cluster) runs(args ...string) string {
	w.Helper()
	out, err := program(args...).CombinedOutput()
	if err != nil {
		w.Fatalf("%s: %s", args[:2], out)
	}
	return string(out)
}

// starts starts an instance and waits until it serves.
func (w *cluster) starts(s *served) {
	w.Helper()
	c := program("serve", "--data", s.data, "--listen", s.addr, "--demo", "--notices", s.notices)
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	c.Stderr = s.said
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		w.Fatal(err)
	}
	s.cmd = c
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.Contains(line, "serving on") {
		_ = c.Wait()
		w.Fatalf("instance %d does not serve: %q, %v\n%s", s.n, line, err, s.said)
	}
}

// kills ends an instance as a loss of power would.
func (s *served) kills() {
	s.mu.Lock()
	s.killed = append(s.killed, time.Now())
	s.mu.Unlock()
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// stops stops an instance as systemd does.
func (w *cluster) stops(s *served) {
	w.Helper()
	if err := errors.Join(s.cmd.Process.Signal(syscall.SIGTERM), s.cmd.Wait()); err != nil {
		w.Errorf("instance %d does not stop: %v\n%s", s.n, err, s.said)
	}
}

// line is a kiosk's way to central.
type line struct {
	*client.Client
	to seal.PublicKey
}

func (w *cluster) line(kiosk int) *line {
	w.Helper()
	c, to := sealsTo(w.T, w.kiosks[kiosk], w.addr)
	w.Cleanup(c.Close)
	return &line{c, to}
}

// nobody is a request of somebody who is not on file, with a contact that nobody else has.
func nobody() (key, email string, plain []byte) {
	key = rand.Text()
	email = strings.ToLower(rand.Text()) + "@example.org"
	r := request.Request{
		Version: request.EncodingVersion, Relation: request.Self, Given: "Zuzanna", Family: "Elm", Birth: request.Date{Year: 1980, Month: 5, Day: 6}, Gender: request.Female,
		Contact: request.ByEmail, Email: email, PIN: "7294", Lang: "en", Consent: request.Consent{Policy: "1", Declaration: "1"},
	}
	return key, email, r.Encode()
}
