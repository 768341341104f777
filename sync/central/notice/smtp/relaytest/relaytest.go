// Package relaytest is a real mail relay for tests: Debian's exim4, on a port of its own and with
// folders of its own, without anything of the machine's.
//
//	r := relaytest.Start(t)
//	r.Address, r.CA        // HOST:PORT, and who vouches for it
//	letters := r.Letters() // what it has delivered
//
// It takes mail for example.org over TLS only, from whoever says its User and Password. Of the
// recipients there, "unknown" is refused for good, "grey" with 451 as often as it is said, and
// "later" is taken, sent on to where it is refused, and comes back to bounce+REF, which has a maildir of its own. It
// takes a second over those that begin with Slow. What is for any other is put into one folder. Other domains are refused: it relays for nobody.
package relaytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// User and Password that it wants.
const (
	User     = "vaxcentral"
	Password = "not a secret"
)

// Slow is how names begin that it takes a second over.
const Slow = "slow"

// Relay is one that runs.
type Relay struct {
	Address  string // HOST:PORT
	CA       *x509.CertPool
	CAFile   string
	CertFile string // certificate and key of localhost, for whatever else of a test the public would trust

	t   testing.TB
	dir string
}

const exim = "/usr/sbin/exim4"

// Start runs one until the test ends. It needs root, as exim gives up its rights to a user of its own;
// make test installs exim where there is no other mail server.
func Start(t testing.TB) *Relay {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("not root: a real mail relay cannot be started")
	}
	if _, err := os.Stat(exim); err != nil {
		t.Skip("this machine has another mail server, which Debian's exim4 would take the place of")
	}
	dir, err := os.MkdirTemp("", "relay") // every parent must be open to its user
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	r := &Relay{t: t, dir: dir}
	r.certify()
	for _, name := range []string{"spool", "mail", "mail/new", "mail/cur", "mail/tmp", "bounces", "bounces/new", "bounces/cur", "bounces/tmp"} {
		r.must(os.Mkdir(filepath.Join(dir, name), 0o700))
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	r.must(err)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	r.must(l.Close())
	conf := filepath.Join(dir, "conf")
	r.must(os.WriteFile(conf, []byte(strings.NewReplacer("DIR", dir, "PORT", port, "ONWARD", r.onward(), "CERT", r.CertFile, "USER", User, "PASSWORD", Password, "SLOW", Slow).Replace(configuration)), 0o644))
	r.own(dir)
	r.must(os.Chown(conf, 0, 0)) // or exim does not trust it
	r.Address = "localhost:" + port
	r.run(conf)
	return r
}

// run starts exim and waits until it answers.
func (r *Relay) run(conf string) {
	said, err := os.Create(filepath.Join(r.dir, "log-said")) // a pipe would wait for its children
	r.must(err)
	defer said.Close()
	c := exec.Command(exim, "-C", conf, "-bdf", "-q1s")
	c.Stdout, c.Stderr = said, said
	group(c)
	if err := c.Start(); err != nil {
		r.t.Fatal(err)
	}
	over := make(chan struct{})
	go func() {
		_ = c.Wait()
		close(over)
	}()
	r.t.Cleanup(func() {
		end(c)
		<-over
	})
	for {
		if conn, err := net.Dial("tcp", r.Address); err == nil {
			r.must(conn.Close())
			return
		}
		select {
		case <-over:
			r.t.Fatalf("exim4 ended: %s", r.Log())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Letters are what was delivered, headers and all, what came back before the rest.
func (r *Relay) Letters() (all []string) {
	files, err := filepath.Glob(filepath.Join(r.dir, "[mb]*/new/*"))
	r.must(err)
	for _, name := range files {
		b, err := os.ReadFile(name)
		r.must(err)
		all = append(all, strings.ReplaceAll(string(b), "\r\n", "\n"))
	}
	return all
}

// Bounces is the maildir of what comes back.
func (r *Relay) Bounces() string { return filepath.Join(r.dir, "bounces") }

// Log is what the relay says about itself.
func (r *Relay) Log() string {
	var all strings.Builder
	for _, name := range []string{"log-said", "log-main", "log-reject", "log-panic"} {
		b, _ := os.ReadFile(filepath.Join(r.dir, name))
		all.Write(b)
	}
	return all.String()
}

func (r *Relay) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// own gives all of a folder to exim's user.
func (r *Relay) own(dir string) {
	u, err := user.Lookup("Debian-exim")
	r.must(err)
	uid, err := strconv.Atoi(u.Uid)
	r.must(err)
	gid, err := strconv.Atoi(u.Gid)
	r.must(err)
	r.must(filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(path, uid, gid)
	}))
}

// certify makes a certificate for localhost and who vouches for it.
func (r *Relay) certify() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	r.must(err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	r.must(err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	r.must(err)
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	r.CA, r.CAFile = x509.NewCertPool(), filepath.Join(r.dir, "ca.pem")
	r.CA.AppendCertsFromPEM(cert)
	r.must(os.WriteFile(r.CAFile, cert, 0o644))
	both := append(cert, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})...)
	r.CertFile = filepath.Join(r.dir, "cert.pem")
	r.must(os.WriteFile(r.CertFile, both, 0o600))
}
