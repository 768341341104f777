package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/clustertest"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/sealing"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/logs/logstest"
	"vaxkiosk/sync/seal"
)

const loadPIN = "7294"

// loadService is instances that are measured, and the kiosks that call them.
type loadService struct {
	*testing.T
	dir       string
	processes []*exec.Cmd
	urls      []string
	to        seal.PublicKey
	kiosks    [][]*client.Client // for each kiosk, to each instance
	certs     []tls.Certificate
	ca        *x509.CertPool
}

// newLoad makes a service; nil when this program does not let several instances serve one database.
func newLoad(t *testing.T, database string, instances, kiosks int) *loadService {
	t.Helper()
	s := &loadService{T: t, dir: t.TempDir()}
	data := filepath.Join(s.dir, "data-0")
	args := []string{"init", "--data", data}
	if database != "" {
		args = append(args, "--database", database)
	}
	if out, err := loadCommand(args...).CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	s.enrols(data, kiosks)
	for n := range instances {
		own := filepath.Join(s.dir, fmt.Sprint("data-", n))
		if n > 0 {
			if err := clustertest.Copy(data, own); err != nil {
				t.Fatal(err)
			}
		}
		if !s.serves(own, n) {
			s.stop()
			return nil
		}
	}
	s.connects()
	return s
}

func loadCommand(args ...string) *exec.Cmd {
	c := program(args...)
	if *loadProgram != "" {
		c = exec.Command(*loadProgram, args...)
	}
	c.Env = append(os.Environ(), "GOGC=100") // as it runs, whatever builds and tests have
	return c
}

// enrols lets kiosks in.
func (s *loadService) enrols(data string, n int) {
	s.Helper()
	err := operator.On(s.Context(), data, func(o *operator.Operator) error {
		for k := range n {
			dir := filepath.Join(s.dir, fmt.Sprint("kiosk-", k))
			if _, err := o.EnrolKiosk(s.Context(), fmt.Sprint("kiosk-", k), dir); err != nil {
				return err
			}
			cert, err := tls.LoadX509KeyPair(filepath.Join(dir, operator.CertFile), filepath.Join(dir, operator.KeyFile))
			if err != nil {
				return err
			}
			s.certs = append(s.certs, cert)
		}
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	keys, err := sealing.OpenKeys(data)
	if err != nil {
		s.Fatal(err)
	}
	s.to = keys.Public()
	pem, err := os.ReadFile(filepath.Join(data, "ca.pem"))
	if s.ca = x509.NewCertPool(); err != nil || !s.ca.AppendCertsFromPEM(pem) {
		s.Fatal("no CA", err)
	}
}

// serves starts an instance; false when it is refused.
func (s *loadService) serves(data string, n int) bool {
	s.Helper()
	c := loadCommand("serve", "--data", data, "--listen", "127.0.0.1:0", "--notices", filepath.Join(s.dir, "notices", fmt.Sprint(n)), "--demo-people", fmt.Sprint(peopleFor(max(*loadRequests, *loadPolls))))
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	said := &logstest.Buffer{}
	c.Stderr = said
	s.Cleanup(func() {
		if s.Failed() {
			s.Log(said.String())
		}
	})
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		s.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = c.Wait() // it has said why
		if n > 0 {
			return false
		}
		s.Fatalf("%q, %v: %s", line, err, said)
	}
	_, url, _ := strings.Cut(strings.TrimSpace(line), "serving on ")
	s.processes, s.urls = append(s.processes, c), append(s.urls, url)
	return true
}

func (s *loadService) connects() {
	s.Helper()
	for _, cert := range s.certs {
		var to []*client.Client
		for _, url := range s.urls {
			c, err := client.New(client.Options{URL: url, CA: s.ca, Cert: cert})
			if err != nil {
				s.Fatal(err)
			}
			s.Cleanup(c.Close)
			to = append(to, c)
		}
		s.kiosks = append(s.kiosks, to)
	}
}

// stop ends all instances, and wants them to end well.
func (s *loadService) stop() {
	for _, p := range s.processes {
		_ = p.Process.Signal(os.Interrupt) // gone already if it has crashed, which Wait says
		if err := p.Wait(); err != nil {
			s.Error(err)
		}
	}
	s.processes = nil
}

// peopleFor is how many residents there have to be for so many to ask: children and those
// without a phone do not.
func peopleFor(requests int) int { return 6*requests + 50 }

// loadVisit is one visitor from the request to the record.
type loadVisit struct {
	s                *loadService
	by               *client.Client
	key, code, token string
	body             []byte
}

// visits are those of so many residents, with what they ask sealed already.
func (s *loadService) visits(n int) (all []*loadVisit) {
	s.Helper()
	asked := map[string]int{} // by phone: made-up people share few numbers, and each gets ten codes a day
	for _, p := range madeup.Generate(peopleFor(max(*loadRequests, *loadPolls)), madeup.DemoSeed, madeup.DemoDay) {
		if len(all) == n {
			return all
		}
		if p.Phone == "" || asked[p.Phone] == 9 || p.Birth.Age(request.DateOf(time.Now())) < request.AdultAge {
			continue
		}
		asked[p.Phone]++
		v := &loadVisit{s: s, key: rand.Text()}
		k := len(all) % len(s.kiosks)
		v.by = s.kiosks[k][len(all)/len(s.kiosks)%len(s.urls)]
		v.body = v.seals(seal.ForRequest, loadAsks(p).Encode()).Encode()
		all = append(all, v)
	}
	s.Fatalf("only %d residents ask", len(all))
	return nil
}

func loadAsks(p registry.Person) request.Request {
	return request.Request{
		Version: request.EncodingVersion, Relation: request.Self, Given: p.Given, Family: p.Family, Birth: p.Birth, Gender: p.Gender,
		Contact: request.ByPhone, Phone: p.Phone, PIN: loadPIN, Lang: "en", Consent: request.Consent{Policy: "1", Declaration: "1"},
	}
}

func (v *loadVisit) seals(p seal.Purpose, plain []byte) seal.Envelope {
	e, err := seal.Seal(v.s.to, p, v.key, plain)
	if err != nil {
		v.s.Error(err)
	}
	return e
}

func (v *loadVisit) ask() error {
	_, err := v.by.PostRequest(context.WithoutCancel(v.s.Context()), v.key, v.body)
	return err
}

func (v *loadVisit) unlock() error {
	plain, err := json.Marshal(api.Proof{Pin: loadPIN, Code: v.code})
	if err != nil {
		return err
	}
	release, err := v.by.Unlock(v.s.Context(), v.key, v.seals(seal.ForUnlock, plain))
	v.token = release.Token
	return err
}

func (v *loadVisit) record() error {
	_, err := v.by.Record(v.s.Context(), v.token)
	return err
}

// hears waits for the answer, as a kiosk does.
func (v *loadVisit) hears() error {
	for {
		state, err := v.by.Status(v.s.Context(), v.key, 25*time.Second)
		if err != nil || state == api.RequestStatusStateAnswered {
			return err
		}
	}
}

// answered waits until as many notices are there.
func (s *loadService) answered(n int) {
	s.Helper()
	often := time.NewTicker(10 * time.Millisecond)
	defer often.Stop()
	for {
		files, err := filepath.Glob(filepath.Join(s.dir, "notices", "*", "*.json"))
		if err != nil {
			s.Fatal(err)
		}
		if len(files) >= n {
			return
		}
		select {
		case <-often.C:
		case <-s.Context().Done():
			s.Fatal("the test ends before the last answer")
		}
	}
}

var (
	loadCode    = regexp.MustCompile(`\b[0-9]{6}\b`)
	loadReceipt = regexp.MustCompile(`\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}\b`)
)

// codes reads the pickup codes, and waits until the kiosks may hear of the answers.
func (s *loadService) codes(visits []*loadVisit) {
	s.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "notices", "*", "*.json"))
	if err != nil {
		s.Fatal(err)
	}
	codes := map[string]string{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		var n struct{ Text string }
		if err == nil {
			err = json.Unmarshal(b, &n)
		}
		if err != nil {
			s.Fatal(err)
		}
		codes[loadReceipt.FindString(n.Text)] = loadCode.FindString(n.Text)
	}
	var all sync.WaitGroup
	for _, v := range visits {
		if v.code = codes[request.ReceiptFor(v.key)]; v.code == "" {
			s.Fatal("somebody got no code")
		}
		all.Go(func() {
			if err := v.hears(); err != nil {
				s.Error(err)
			}
		})
	}
	all.Wait()
}
