package central_test

import (
	"crypto/tls"
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/client"
)

// What becomes of a kiosk after it was enrolled.

func TestASuspendedKioskIsRefusedInEveryCallUntilItIsResumed(t *testing.T) {
	w := newTown(t, nil)
	k, honest := w.kiosk("lobby"), w.kiosk("honest")
	k.call("GET", "/v1/bootstrap", nil) // connected
	if err := w.SuspendKiosk(t.Context(), "lobby", "being moved", "ana"); err != nil {
		t.Fatal(err)
	}
	for _, c := range everyCall(t) {
		code(t, c[0]+" "+c[1], k.call(c[0], c[1], nil), http.StatusUnauthorized, api.ProblemKioskSuspended)
	}
	if res := honest.call("GET", "/v1/bootstrap", nil); res.status != http.StatusOK {
		t.Errorf("another kiosk: status %d", res.status)
	}
	if err := w.SuspendKiosk(t.Context(), "lobby", "again", "ana"); !errors.Is(err, store.ErrKioskSuspended) {
		t.Errorf("suspended twice: %v", err)
	}
	if err := w.ResumeKiosk(t.Context(), "lobby", "ana"); err != nil {
		t.Fatal(err)
	}
	if res := k.call("GET", "/v1/bootstrap", nil); res.status != http.StatusOK {
		t.Errorf("resumed: status %d", res.status)
	}
	if err := w.ResumeKiosk(t.Context(), "lobby", "ana"); !errors.Is(err, store.ErrKioskInUse) {
		t.Errorf("resumed twice: %v", err)
	}
	if err := errors.Join(w.SuspendKiosk(t.Context(), "lobby", "gone", "ana"), w.RevokeKiosk(t.Context(), "lobby", "stolen", "ana")); err != nil {
		t.Fatal(err)
	}
	code(t, "revoked besides", k.call("GET", "/v1/bootstrap", nil), http.StatusUnauthorized, api.ProblemKioskRevoked)
	if err := w.ResumeKiosk(t.Context(), "lobby", "ana"); !errors.Is(err, store.ErrKioskRevoked) {
		t.Errorf("what is revoked is resumed: %v", err)
	}
}

func TestTheOldMachineIsLetInUntilTheNewOneIsTakenIntoUse(t *testing.T) {
	w := newTown(t, nil)
	old := w.enrolled(w.invite("lobby", false))
	if err := bootstraps(old); err != nil {
		t.Fatal(err)
	}
	fresh := w.enrolled(w.invite("lobby", true))
	if err := bootstraps(old); err != nil {
		t.Errorf("before: %v", err)
	}
	if err := bootstraps(fresh); err != nil {
		t.Error(err)
	}
	if err := bootstraps(old); !errors.Is(err, client.ErrKioskRevoked) { // on the connection that is open
		t.Errorf("after: %v", err)
	}
	if err := bootstraps(fresh); err != nil || w.states() != "lobby true true, " {
		t.Errorf("%v, %s", err, w.states())
	}
	changes, err := w.KioskChanges(t.Context(), "lobby")
	var what []string
	for _, c := range changes {
		what = append(what, c.What+" "+c.By)
	}
	if want := []string{"invited ana", "enrolled ", "replacement invited ana", "enrolled "}; err != nil || !slices.Equal(what, want) {
		t.Errorf("noted: %q, %v", what, err)
	}
}

func TestARevokedOrSuspendedKioskIsLetInAgainWhenItIsEnrolledAnew(t *testing.T) {
	for name, out := range map[string]func(*town) error{
		"revoked":   func(w *town) error { return w.RevokeKiosk(w.t.Context(), "lobby", "stolen", "ana") },
		"suspended": func(w *town) error { return w.SuspendKiosk(w.t.Context(), "lobby", "moved", "ana") },
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t, nil)
			old := w.enrolled(w.invite("lobby", false))
			if err := bootstraps(old); err != nil {
				t.Fatal(err)
			}
			before := w.invite("lobby", true)
			if err := out(w); err != nil {
				t.Fatal(err)
			}
			if _, err := w.enrols(w.url, before); !errors.Is(err, client.ErrCode) {
				t.Errorf("a code from before: %v", err)
			}
			fresh := w.enrolled(w.invite("lobby", true))
			if err := bootstraps(old); err == nil {
				t.Error("it is let in by an invitation alone")
			}
			if err := bootstraps(fresh); err != nil || w.states() != "lobby true true, " {
				t.Errorf("%v, %s", err, w.states())
			}
			if err := bootstraps(old); !errors.Is(err, client.ErrKioskRevoked) {
				t.Errorf("the certificate from before: %v", err)
			}
		})
	}
}

func TestARenewedCertificateKeepsWhatIsTheKiosks(t *testing.T) {
	w := newTown(t, nil)
	c := w.enrolled(w.invite("lobby", false))
	if err := bootstraps(c); err != nil {
		t.Fatal(err)
	}
	first := c.Certificate()
	w.pass(60 * 24 * time.Hour)
	fresh, err := c.Renew(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := bootstraps(c); err != nil {
		t.Errorf("with the old one, before: %v", err)
	}
	old := w.visitor(filepath.Join(w.dir, operator.CAFile), tls.Certificate{Certificate: [][]byte{first.Raw}, PrivateKey: fresh.PrivateKey})
	key, pickup := old.ready(w.people[0])
	token := into[api.Release](t, old.unlock(key, testPIN, pickup), http.StatusOK).Token
	c.Use(fresh)
	if err := bootstraps(c); err != nil || !c.Certificate().NotAfter.After(first.NotAfter) {
		t.Errorf("with the new one: %v", err)
	}
	// What is under way ends; what the kiosk had opened is still its own.
	if res := old.call("GET", "/v1/bootstrap", nil); res.status != http.StatusOK {
		t.Errorf("a call under way: status %d", res.status)
	}
	renewed := w.visitor(filepath.Join(w.dir, operator.CAFile), fresh)
	if r := renewed.fetch(token); r.Family != w.people[0].Family {
		t.Error("another record")
	}
	w.pass(store.RenewedOver)
	code(t, "the old one, later", old.call("GET", "/v1/bootstrap", nil), http.StatusUnauthorized, api.ProblemKioskRevoked)
	all, err := w.Kiosks(t.Context())
	if err != nil || len(all) != 1 || all[0].ID == all[0].Fingerprint || !all[0].Until.Equal(fresh.Leaf.NotAfter) {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestARenewalThatWasNotUsedGivesWayToTheNext(t *testing.T) {
	w := newTown(t, nil)
	c := w.enrolled(w.invite("lobby", false))
	if err := bootstraps(c); err != nil {
		t.Fatal(err)
	}
	w.pass(60 * 24 * time.Hour)
	lost, err := c.Renew(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := c.Renew(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for range access.KioskRenewals.Most - 2 {
		if _, err := c.Renew(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Renew(t.Context(), nil); !errors.Is(err, client.ErrBusy) {
		t.Errorf("again and again: %v", err)
	}
	for name, cert := range map[string]tls.Certificate{"the first": lost, "the second": fresh} {
		late := w.visitor(filepath.Join(w.dir, operator.CAFile), cert)
		code(t, name, late.call("GET", "/v1/bootstrap", nil), http.StatusUnauthorized, api.ProblemKioskRevoked)
	}
	if err := bootstraps(c); err != nil {
		t.Errorf("the one in use: %v", err)
	}
}

// A renewal does not bring back a kiosk that is out of service, and outlives it.
func TestARenewalWaitsWhileTheKioskIsSuspended(t *testing.T) {
	w := newTown(t, nil)
	c := w.enrolled(w.invite("lobby", false))
	if err := bootstraps(c); err != nil {
		t.Fatal(err)
	}
	w.pass(60 * 24 * time.Hour)
	fresh, err := c.Renew(t.Context(), nil)
	if err == nil {
		err = w.SuspendKiosk(t.Context(), "lobby", "moved", "ana")
	}
	if err != nil {
		t.Fatal(err)
	}
	c.Use(fresh)
	if err := bootstraps(c); !errors.Is(err, client.ErrKioskSuspended) {
		t.Errorf("%v", err)
	}
	if err := w.ResumeKiosk(t.Context(), "lobby", "ana"); err != nil {
		t.Fatal(err)
	}
	if err := bootstraps(c); err != nil {
		t.Error(err)
	}
}
