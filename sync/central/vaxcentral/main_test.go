package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/rogpeppe/go-internal/testscript"

	"vaxkiosk/sync/central/store/storetest"
	"vaxkiosk/sync/client"
)

func TestMain(m *testing.M) {
	testscript.Main(stopping{m}, map[string]func(){"vaxcentral": mainOrEnd, "age-keygen": ageKeygen})
}

// stopping stops the server of the tests when they have run.
type stopping struct{ *testing.M }

func (s stopping) Run() int {
	defer storetest.StopServer()
	return s.M.Run()
}

// The scripts run the real program: what it says, and its exit status.
func TestTheProgram(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serving": serving, "connects": connects, "status": exitStatus, "handsin": handsIn,
			"people": countPeople, "sameregistry": sameRegistry, "crlf": withCRLF, "huge": hugeFile, "newer": newerCodes, "signing": signing,
			"publickey": publicKey, "barred": barred, "suspended": suspended, "resumed": resumed,
		},
	})
}

// program is the real program with arguments: this test binary under its name.
func program(args ...string) *exec.Cmd {
	exe, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return &exec.Cmd{Path: exe, Args: append([]string{"vaxcentral"}, args...)}
}

// made makes a data folder.
func made(t *testing.T, data string) {
	t.Helper()
	if out, err := program("init", "--data", data).CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
}

// exitStatus runs the program and wants its exit status: status N ARGS…
func exitStatus(ts *testscript.TestScript, _ bool, args []string) {
	c := program(args[1:]...)
	c.Dir = ts.Getenv("WORK")
	_ = c.Run() // the status is what counts
	if got := strconv.Itoa(c.ProcessState.ExitCode()); got != args[0] {
		ts.Fatalf("exit status %s, want %s", got, args[0])
	}
}

// signing sets $KEY to the id of the key that signs health cards: signing DATA
func signing(ts *testscript.TestScript, _ bool, args []string) {
	out, err := program("key", "list", "--data", ts.MkAbs(args[0])).Output()
	ts.Check(err)
	for line := range strings.Lines(string(out)) {
		if words := strings.Fields(line); len(words) == 3 && words[1] == "signs" {
			ts.Setenv("KEY", words[0])
		}
	}
}

// publicKey sets $PUBLIC to the key that age-keygen has said: publickey FILE
func publicKey(ts *testscript.TestScript, _ bool, args []string) {
	_, key, _ := strings.Cut(ts.ReadFile(args[0]), "Public key: ")
	ts.Setenv("PUBLIC", strings.TrimSpace(key))
}

// start starts the service on a free port and returns its address once it
// listens there.
func start(data string, args ...string) (*exec.Cmd, string, error) {
	return started(append([]string{"--data", data, "--listen", "127.0.0.1:0", "--demo"}, args...)...)
}

// started is start with all flags.
func started(args ...string) (*exec.Cmd, string, error) {
	c := program(append([]string{"serve"}, args...)...)
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := c.Start(); err != nil {
		return nil, "", err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	_, addr, _ := strings.Cut(strings.TrimSpace(line), "https://")
	return c, addr, err
}

// serving starts the service on a free port until the script ends, sets $ADDR
// and waits until it answers over TLS with the CA in its data folder: serving DATA ARGS…
func serving(ts *testscript.TestScript, _ bool, args []string) {
	data := ts.MkAbs(args[0])
	c, addr, err := start(data, args[1:]...)
	ts.Check(err)
	ts.Defer(func() {
		ts.Check(c.Process.Signal(os.Interrupt))
		ts.Check(c.Wait()) // stopped by a signal, it ends well
	})
	ts.Setenv("ADDR", addr)
	ca, err := pool(filepath.Join(data, "ca.pem"))
	ts.Check(err)
	h := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: ca, MinVersion: tls.VersionTLS13}}}
	res, err := h.Get("https://" + addr + "/readyz")
	ts.Check(err)
	defer h.CloseIdleConnections()
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		ts.Fatalf("readyz: status %d", res.StatusCode)
	}
}

// connects goes the way of a kiosk with the files of a folder: mutual TLS to
// $ADDR, and a bootstrap signed by the pinned key. connects FOLDER
func connects(ts *testscript.TestScript, _ bool, args []string) {
	c, pin, err := connect(ts.MkAbs(args[0]), ts.Getenv("ADDR"))
	ts.Check(err)
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	jws, _, err := c.Bootstrap(ctx, "")
	ts.Check(err)
	_, err = client.VerifyBootstrap(jws, pin)
	ts.Check(err)
}

// barred waits until a kiosk is refused as a revoked one: barred FOLDER
func barred(ts *testscript.TestScript, _ bool, args []string) {
	until(ts, args[0], client.ErrKioskRevoked)
}

// suspended waits until a kiosk is refused as a suspended one: suspended FOLDER
func suspended(ts *testscript.TestScript, _ bool, args []string) {
	until(ts, args[0], client.ErrKioskSuspended)
}

// resumed waits until a kiosk that was suspended is let in: resumed FOLDER
func resumed(ts *testscript.TestScript, _ bool, args []string) { until(ts, args[0], nil) }

// until waits for the answer to a kiosk: the service hears of changes within seconds.
func until(ts *testscript.TestScript, folder string, want error) {
	c, _, err := connect(ts.MkAbs(folder), ts.Getenv("ADDR"))
	ts.Check(err)
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for ; ; <-again.C {
		_, _, err := c.Bootstrap(ctx, "")
		switch {
		case errors.Is(err, want):
			return
		case err != nil && !errors.Is(err, client.ErrKioskSuspended):
			ts.Fatalf("answered otherwise: %v", err)
		}
	}
}

func connect(dir, addr string) (*client.Client, string, error) {
	var k kioskFile
	if _, err := toml.DecodeFile(filepath.Join(dir, configFile), &k); err != nil {
		return nil, "", err
	}
	cert, err := tls.LoadX509KeyPair(filepath.Join(dir, k.Central.Cert), filepath.Join(dir, k.Central.Key))
	if err != nil {
		return nil, "", err
	}
	ca, err := pool(filepath.Join(dir, k.Central.CA))
	if err != nil {
		return nil, "", err
	}
	c, err := client.New(client.Options{URL: "https://" + addr, CA: ca, Cert: cert})
	return c, k.Central.Pin, err
}

func pool(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	p := x509.NewCertPool()
	p.AppendCertsFromPEM(pem)
	return p, err
}
