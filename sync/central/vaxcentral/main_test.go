package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/rogpeppe/go-internal/testscript"

	"vaxkiosk/sync/client"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"vaxcentral": main})
}

// The scripts run the real program: what it says, and its exit status.
func TestTheProgram(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serving": serving, "connects": connects, "status": exitStatus,
		},
	})
}

// exitStatus runs a command and wants its exit status: status N COMMAND ARGS…
func exitStatus(ts *testscript.TestScript, _ bool, args []string) {
	c := exec.Command(lookPath(ts, args[1]), args[2:]...)
	c.Dir = ts.Getenv("WORK")
	_ = c.Run() // the status is what counts
	if got := c.ProcessState.ExitCode(); got != int(args[0][0]-'0') {
		ts.Fatalf("exit status %d, want %s", got, args[0])
	}
}

func lookPath(ts *testscript.TestScript, name string) string {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if path := filepath.Join(dir, name); isFile(path) {
			return path
		}
	}
	ts.Fatalf("%s is not on the path", name)
	return ""
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// serving starts the service on a free port until the script ends, sets $ADDR
// and waits until it answers over TLS with the CA in its data folder: serving DATA ARGS…
func serving(ts *testscript.TestScript, _ bool, args []string) {
	data := ts.MkAbs(args[0])
	c := exec.Command(lookPath(ts, "vaxcentral"), append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0"}, args[1:]...)...)
	out, err := c.StdoutPipe()
	ts.Check(err)
	ts.Check(c.Start())
	ts.Defer(func() {
		ts.Check(c.Process.Signal(os.Interrupt))
		ts.Check(c.Wait()) // stopped by a signal, it ends well
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	ts.Check(err)
	_, addr, _ := strings.Cut(strings.TrimSpace(line), "https://")
	ts.Setenv("ADDR", addr)
	config := &tls.Config{RootCAs: pool(ts, filepath.Join(data, "ca.pem")), MinVersion: tls.VersionTLS13}
	h := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{TLSClientConfig: config}}
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
	var k kioskFile
	dir := ts.MkAbs(args[0])
	_, err := toml.DecodeFile(filepath.Join(dir, configFile), &k)
	ts.Check(err)
	cert, err := tls.LoadX509KeyPair(filepath.Join(dir, k.Central.Cert), filepath.Join(dir, k.Central.Key))
	ts.Check(err)
	c, err := client.New(client.Options{URL: "https://" + ts.Getenv("ADDR"), CA: pool(ts, filepath.Join(dir, k.Central.CA)), Cert: cert})
	ts.Check(err)
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	jws, _, err := c.Bootstrap(ctx, "")
	ts.Check(err)
	_, err = client.VerifyBootstrap(jws, k.Central.Pin)
	ts.Check(err)
}

func pool(ts *testscript.TestScript, file string) *x509.CertPool {
	pem, err := os.ReadFile(file)
	ts.Check(err)
	p := x509.NewCertPool()
	p.AppendCertsFromPEM(pem)
	return p
}
