package central_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/enrol"
)

// invite draws a code for a name.
func (w *town) invite(name string, replace bool) enrol.Code {
	w.t.Helper()
	code, until, err := w.InviteKiosk(w.t.Context(), operator.For{Name: name, Replace: replace, Printer: "ipp://printer/ipp/print", Paper: "a4", By: "ana"})
	if err != nil || until.Sub(w.now()) > enrol.Life {
		w.t.Fatal(until, err)
	}
	return code
}

// enrols uses a code at an address.
func (w *town) enrols(url string, code enrol.Code) (client.Enrolment, error) {
	w.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	return client.Enrol(w.t.Context(), client.EnrolOptions{URL: url, Code: code, Key: key, Now: w.now})
}

// enrolled uses a code, and returns the client of what it brought.
func (w *town) enrolled(code enrol.Code) *client.Client {
	w.t.Helper()
	e, err := w.enrols(w.url, code)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.clientOf(e)
}

func (w *town) clientOf(e client.Enrolment) *client.Client {
	w.t.Helper()
	pool := x509.NewCertPool()
	pool.AddCert(e.CA)
	c, err := client.New(client.Options{URL: w.url, CA: pool, Cert: e.Cert, Now: w.now})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(c.Close)
	return c
}

func bootstraps(c *client.Client) error {
	_, _, err := c.Bootstrap(context.Background(), "")
	return err
}

// states are the kiosks and whether they are let in.
func (w *town) states() string {
	w.t.Helper()
	all, err := w.Kiosks(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	var b strings.Builder
	for _, k := range all {
		fmt.Fprintf(&b, "%s %v %v, ", k.Name, k.Suspended.IsZero(), k.Revoked.IsZero())
	}
	return b.String()
}

func TestACodeEnrolsAKioskThatIsLetInFromItsFirstCall(t *testing.T) {
	w := newTown(t, nil)
	code := w.invite("lobby", false)
	e, err := w.enrols(w.url, code)
	if err != nil {
		t.Fatal(err)
	}
	if e.Name != "lobby" || e.Pin != w.Root.Thumbprint() || e.Printer != "ipp://printer/ipp/print" || e.Paper != "a4" {
		t.Errorf("enrolled as %s", e.Name)
	}
	if left := e.Cert.Leaf.NotAfter.Sub(w.now()); left > 90*24*time.Hour || left < 89*24*time.Hour {
		t.Errorf("good for %v", left)
	}
	if w.states() != "" {
		t.Error("it is let in before it has called")
	}
	c := w.clientOf(e)
	jws, _, err := c.Bootstrap(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.VerifyBootstrap(jws, e.Pin); err != nil || w.states() != "lobby true true, " {
		t.Errorf("%v, %s", err, w.states())
	}
	if left, err := w.Invitations(t.Context()); len(left) != 0 || err != nil {
		t.Errorf("%d invitations are left, %v", len(left), err)
	}
}

// A code, in whatever state, and a proof that is wrong must not be told apart.
func TestCodesThatEnrolNobodyLookTheSame(t *testing.T) {
	w := newTown(t, nil)
	used, expired, taken, open := w.invite("used", false), w.invite("expired", false), w.invite("withdrawn", false), w.invite("open", false)
	if err := bootstraps(w.enrolled(used)); err != nil {
		t.Fatal(err)
	}
	if err := w.RevokeKiosk(t.Context(), "withdrawn", "changed", "ana"); err != nil {
		t.Fatal(err)
	}
	anybody := w.visitor(filepath.Join(w.dir, operator.CAFile))
	post := func(id []byte) reply {
		_, csr := newCSR(t)
		body, err := json.Marshal(api.EnrolmentRequest{Id: id, Csr: csr, Proof: make([]byte, 32)})
		if err != nil {
			t.Fatal(err)
		}
		return anybody.call("POST", "/v1/enrolments", body)
	}
	first := post(enrol.NewCode().ID())
	code(t, "an unknown code", first, http.StatusForbidden, api.ProblemEnrolment)
	for name, id := range map[string][]byte{"used": used.ID(), "withdrawn": taken.ID(), "of another length": {1}, "empty": {}, "with a wrong proof": open.ID()} {
		if got := post(id); got.status != first.status || !bytes.Equal(got.body, first.body) {
			t.Errorf("a code that is %s: %d %s", name, got.status, got.body)
		}
	}
	w.pass(enrol.Life)
	if got := post(expired.ID()); got.status != first.status || !bytes.Equal(got.body, first.body) {
		t.Errorf("an expired code: %d %s", got.status, got.body)
	}
	if _, err := w.enrols(w.url, expired); !errors.Is(err, client.ErrCode) {
		t.Errorf("an expired code: %v", err)
	}
}

func newCSR(t testing.TB) (*ecdsa.PrivateKey, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	return key, csr
}

func TestOnlyASmallRequestOfAP256KeyIsLookedAt(t *testing.T) {
	w := newTown(t, nil)
	anybody := w.visitor(filepath.Join(w.dir, operator.CAFile))
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, long)
	if err != nil {
		t.Fatal(err)
	}
	_, forged := newCSR(t)
	forged[len(forged)-1] ^= 1
	for name, csr := range map[string][]byte{"RSA": wrong, "unsigned": forged, "empty": {}} {
		body, err := json.Marshal(api.EnrolmentRequest{Id: w.invite("a", false).ID(), Csr: csr, Proof: []byte{}})
		if err != nil {
			t.Fatal(err)
		}
		code(t, name, anybody.call("POST", "/v1/enrolments", body), http.StatusBadRequest, api.ProblemBadRequest)
	}
	body := []byte(`{"id":"","csr":"` + strings.Repeat("A", enrol.MaxBody) + `","proof":""}`)
	code(t, "long", anybody.call("POST", "/v1/enrolments", body), http.StatusRequestEntityTooLarge, api.ProblemTooLarge)
}

func TestAStolenDatabaseEnrolsNobody(t *testing.T) {
	w := newTown(t, nil)
	code := w.invite("lobby", false)
	i, err := w.Store.InvitationOf(t.Context(), code.ID(), w.now())
	if err != nil || bytes.Equal(i.Secret, code.Secret()) || len(i.Secret) != enrol.SecretSize {
		t.Errorf("the secret rests as it is, %v", err)
	}
	if log := w.log.String(); strings.Contains(log, code.Grouped()) {
		t.Error("the code is in the log")
	}
}

// Of many who have one code, one is enrolled.
func TestACodeThatIsUsedBySeveralAtOnceEnrolsOne(t *testing.T) {
	w := newTown(t, nil)
	code := w.invite("lobby", false)
	const many = 8
	var all sync.WaitGroup
	var got [many]error
	for i := range many {
		all.Go(func() {
			e, err := w.enrols(w.url, code)
			if err == nil {
				err = bootstraps(w.clientOf(e))
			}
			got[i] = err
		})
	}
	all.Wait()
	won := 0
	for _, err := range got {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, client.ErrCode) && !errors.Is(err, client.ErrKioskRevoked):
			t.Errorf("one that has lost: %v", err)
		}
	}
	if won != 1 || w.states() != "lobby true true, " {
		t.Errorf("%d were enrolled: %s", won, w.states())
	}
}

func TestWrongCodesAtOnceAreSlowedDownAndTheRightOneIsTaken(t *testing.T) {
	w := newTown(t, nil)
	right := w.invite("lobby", false)
	var all sync.WaitGroup
	var busy, refused [48]bool
	for i := range busy {
		all.Go(func() {
			_, err := w.enrols(w.url, enrol.NewCode())
			busy[i], refused[i] = errors.Is(err, client.ErrBusy), errors.Is(err, client.ErrCode)
		})
	}
	all.Wait()
	if n, m := count(refused[:]), count(busy[:]); n != access.AddressCodes.Most || m != len(busy)-access.AddressCodes.Most {
		t.Errorf("%d refused, %d made to wait", n, m)
	}
	if n := strings.Count(w.log.String(), "event=limit.enrol-address"); n != 1 {
		t.Errorf("said %d times", n)
	}
	if err := bootstraps(w.enrolled(right)); err != nil {
		t.Error(err)
	}
}

func count(all []bool) (n int) {
	for _, is := range all {
		if is {
			n++
		}
	}
	return n
}

// Who has seen the id of an invitation on the way can use it up, and learns nothing.
func TestWrongProofsAtOnceUseAnInvitationUp(t *testing.T) {
	w := newTown(t, nil)
	seen := w.invite("lobby", false)
	anybody := w.visitor(filepath.Join(w.dir, operator.CAFile))
	_, csr := newCSR(t)
	body, err := json.Marshal(api.EnrolmentRequest{Id: seen.ID(), Csr: csr, Proof: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 48 {
		all.Go(func() { anybody.call("POST", "/v1/enrolments", body) })
	}
	all.Wait()
	if _, err := w.enrols(w.url, seen); !errors.Is(err, client.ErrCode) && !errors.Is(err, client.ErrBusy) {
		t.Errorf("after 48 wrong proofs: %v", err)
	}
	if n := strings.Count(w.log.String(), "event=kiosk.proof-wrong kiosk=lobby"); n != 1 {
		t.Errorf("said %d times", n)
	}
	if err := bootstraps(w.enrolled(w.invite("lobby", false))); err != nil {
		t.Errorf("with a new code: %v", err)
	}
}

func TestAnEnrolmentWithAWrongClockSaysSoAndLeavesTheCode(t *testing.T) {
	w := newTown(t, nil)
	right := w.invite("lobby", false)
	key, _ := newCSR(t)
	late := func() time.Time { return w.now().Add(-time.Hour) }
	if _, err := client.Enrol(t.Context(), client.EnrolOptions{URL: w.url, Code: right, Key: key, Now: late}); !errors.Is(err, client.ErrClock) {
		t.Errorf("%v", err)
	}
	if err := bootstraps(w.enrolled(right)); err != nil {
		t.Error(err)
	}
}

// Central's own certificate must be for the address that the kiosk will call.
func TestAnEnrolmentAtAnAddressThatCentralDoesNotVouchForIsRefused(t *testing.T) {
	w := newTown(t, nil)
	l, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Skip("this machine has one loopback address")
	}
	defer l.Close()
	go func() {
		if conn, err := l.Accept(); err == nil {
			passOn(conn, w, -1, -1)
		}
	}()
	if _, err := w.enrols("https://"+l.Addr().String(), w.invite("lobby", false)); !errors.Is(err, client.ErrCertificate) || errors.Is(err, client.ErrCode) {
		t.Errorf("%v", err)
	}
}

func TestANameThatIsInvitedAgainHasOneCode(t *testing.T) {
	w := newTown(t, nil)
	first := w.invite("lobby", false)
	e, err := w.enrols(w.url, first)
	if err != nil {
		t.Fatal(err)
	}
	second := w.invite("lobby", false)
	if err := bootstraps(w.clientOf(e)); !errors.Is(err, client.ErrKioskRevoked) {
		t.Errorf("a certificate of the code before: %v", err)
	}
	if _, err := w.enrols(w.url, first); !errors.Is(err, client.ErrCode) {
		t.Errorf("the code before: %v", err)
	}
	if err := bootstraps(w.enrolled(second)); err != nil {
		t.Error(err)
	}
	if _, _, err := w.InviteKiosk(t.Context(), operator.For{Name: "lobby"}); !errors.Is(err, store.ErrKioskTaken) {
		t.Errorf("a name that is in use: %v", err)
	}
	if _, _, err := w.InviteKiosk(t.Context(), operator.For{Name: "cellar", Replace: true}); !errors.Is(err, store.ErrKioskUnknown) {
		t.Errorf("to replace what is not there: %v", err)
	}
}

// A certificate that nobody has used for a day begins no more.
func TestACertificateThatWaitsForTooLongIsNotTaken(t *testing.T) {
	w := newTown(t, nil)
	c := w.enrolled(w.invite("lobby", false))
	w.pass(store.PendingLife + time.Second)
	if err := bootstraps(c); !errors.Is(err, client.ErrKioskRevoked) {
		t.Errorf("%v", err)
	}
	if err := w.Store.PurgeInvitations(t.Context(), w.now()); err != nil || w.states() != "" {
		t.Errorf("%v, %s", err, w.states())
	}
}
