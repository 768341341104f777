package central_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/retention"
	"vaxkiosk/sync/central/store"
)

// audited are the rows behind one.
func (w *town) audited(after int64) (all []audit.Row) {
	w.t.Helper()
	last, _, err := w.Store.AuditHead(w.t.Context())
	if err == nil {
		err = w.Store.AuditRows(w.t.Context(), last, func(r audit.Row) error {
			if r.N > after {
				all = append(all, r)
			}
			return nil
		})
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// act is something that is done, and the row of it.
type act struct {
	what  string
	do    func() error
	kind  audit.Kind
	actor string
	kiosk string
}

// leave runs acts one after the other and wants the row of each.
func (w *town) leave(all []act) (seen []audit.Kind) {
	w.t.Helper()
	for _, a := range all {
		before, _, err := w.Store.AuditHead(w.t.Context())
		if err = errors.Join(err, a.do()); err != nil {
			w.t.Errorf("%s: %v", a.what, err)
		}
		rows := w.audited(before)
		if !slices.ContainsFunc(rows, func(r audit.Row) bool { return r.Kind == a.kind && r.Actor == a.actor && r.Kiosk == a.kiosk }) {
			w.t.Errorf("%s leaves no row %s by %s at %q: %v", a.what, a.kind, a.actor, a.kiosk, rows)
		}
		seen = append(seen, a.kind)
	}
	return seen
}

// done is an act of the service that has a status.
func done(f func() reply, status int) func() error {
	return func() error {
		if r := f(); r.status != status {
			return errors.New(http.StatusText(r.status))
		}
		return nil
	}
}

// deeds are everything that is done, with what one leaves to the next.
type deeds struct {
	w   *town
	k   *kiosk
	p   registry.Person
	ctx context.Context // of an operator
	by  operator.Looker
	run store.Import

	key, pickup, token, path, ref string
}

const operatorAna, anaAsNurse = "operator:ana", "operator:ana staff:nurse"

func (d *deeds) auth() []string { return []string{"Authorization", "Bearer " + d.token} }

func (d *deeds) atAKiosk() []act {
	return []act{
		{"a request", func() error { d.key, d.pickup = d.k.ready(d.p); return nil }, audit.Decided, audit.Service, ""},
		{"a wrong PIN", done(func() reply { return d.k.unlock(d.key, "8305", d.pickup) }, http.StatusForbidden), audit.Refused, audit.Visitor, "one"},
		{"a receipt that nobody has", done(func() reply { return d.k.pickup("7KQ2-M4V9-3X1", testPIN, d.pickup) }, http.StatusForbidden), audit.Refused, audit.Visitor, "one"},
		{"the right one", func() error {
			d.token = into[api.Release](d.w.t, d.k.unlock(d.key, testPIN, d.pickup), http.StatusOK).Token
			return nil
		}, audit.Unlocked, audit.Visitor, "one"},
		{"the record", func() error { d.path = strings.TrimPrefix(d.k.fetch(d.token).Check, issuer); return nil }, audit.Fetched, audit.Visitor, "one"},
		{"a print", done(func() reply {
			return d.k.call("POST", "/v1/record/prints", []byte(`{"outcome":"printed","pages":1}`), append(d.auth(), "Idempotency-Key", "a-job-of-sixteen")...)
		}, http.StatusNoContent), audit.Printed, audit.Visitor, "one"},
		{"the check page", done(func() reply { return d.w.anybody().check(d.path, born(d.p.Birth)) }, http.StatusOK), audit.Checked, audit.Public, ""},
		{"a new code", done(func() reply { return d.k.resend(d.key, "same") }, http.StatusAccepted), audit.CodeAsk, audit.Visitor, "one"},
		{"a wrong staff PIN", done(func() reply { return d.k.signIn("nurse", "296035") }, http.StatusForbidden), audit.NotIn, audit.Visitor, "one"},
		{"staff", done(func() reply { return d.k.signIn("nurse", nursePIN) }, http.StatusOK), audit.SignedIn, "staff:nurse", "one"},
		{"a photo ID", done(func() reply { return d.k.vouch(d.key, d.k.staffToken(), testPIN) }, http.StatusOK), audit.Vouched, "staff:nurse", "one"},
	}
}

func (d *deeds) withPeople() []act {
	return []act{
		{"a correction is read", func() error {
			d.ref = d.k.amend(d.w.corrects(d.p, d.token, nil))
			_, _, err := d.w.OpenAmendment(d.ctx, d.ref, d.by)
			return err
		}, audit.Amending, anaAsNurse, ""},
		{"and closed", func() error { return d.w.CloseAmendment(d.ctx, d.ref, d.by) }, audit.Amended, anaAsNurse, ""},
		{"two people are one", func() error { return d.w.LinkPeople(d.ctx, "1", "2", d.by) }, audit.Linked, anaAsNurse, ""},
		{"and two", func() error { return d.w.UnlinkPerson(d.ctx, "2", d.by) }, audit.Unlinked, anaAsNurse, ""},
		{"cards go", func() error { return d.w.WithdrawCards(d.ctx, "1") }, audit.CardsOut, operatorAna, ""},
		{"somebody goes", func() error { return d.w.RemovePerson(d.ctx, "2") }, audit.PersonOut, operatorAna, ""},
	}
}

func (d *deeds) withTheService() []act {
	return []act{
		{"an import begins", func() (err error) { d.run, err = d.w.Store.StartImport(d.ctx, "people.csv", "mercy"); return err }, audit.ImportOn, operatorAna, ""},
		{"and ends", func() error { return d.w.Store.FinishImport(d.ctx, d.run, d.w.now()) }, audit.Imported, operatorAna, ""},
		{"an account", func() error { return d.w.AddStaff(d.ctx, "joe", nursePIN) }, audit.StaffIn, operatorAna, ""},
		{"goes", func() error { return d.w.RemoveStaff(d.ctx, "joe") }, audit.StaffOut, operatorAna, ""},
		{"a kiosk is suspended", func() error { return d.w.SuspendKiosk(d.ctx, "one", "moved", "ana") }, audit.KioskDone, operatorAna, "one"},
		{"and resumed", func() error { return d.w.ResumeKiosk(d.ctx, "one", "ana") }, audit.KioskDone, operatorAna, "one"},
		{"asked", func() error { return d.w.AskKiosk(d.ctx, "one", api.OrderWhatRestart, "ana") }, audit.KioskDone, operatorAna, "one"},
		{"revoked", func() error { return d.w.RevokeKiosk(d.ctx, "one", "stolen", "ana") }, audit.KioskDone, operatorAna, "one"},
		{"enrolled", func() error { return bootstraps(d.w.enrolled(d.w.invite("two", false))) }, audit.KioskDone, "kiosk", "two"},
		{"a key follows", func() error { return d.w.AnnounceKey(d.ctx) }, audit.KeyIn, operatorAna, ""},
		{"and is trusted no longer", func() error {
			all, signs := d.w.CardKeys(d.ctx)
			i := slices.IndexFunc(all, func(k card.Key) bool { return k.JWK.Kid != signs })
			return d.w.DistrustKey(d.ctx, all[i].JWK.Kid)
		}, audit.KeyOut, operatorAna, ""},
		{"other settings", func() error {
			d.w.stop()
			d.w.unlimited = true
			d.w.start(nil)
			return bootstraps(d.w.ownClient("three").Client)
		}, audit.Settings, audit.Service, ""},
		{"the folder is resumed", func() error { _, _, err := d.w.Resume(d.ctx); return err }, audit.Resumed, operatorAna, ""},
		{"somebody is shown who saw", func() error { _, _, err := d.w.AuditOf(d.ctx, "1", d.by); return err }, audit.AskedFor, anaAsNurse, ""},
		{"the audit is written into a file", func() error {
			return d.w.ExportAudit(d.ctx, time.Time{}, d.w.now(), func(audit.Row) error { return nil })
		}, audit.Exported, operatorAna, ""},
		{"nobody writes to a contact", func() error { return d.w.StopNotices(d.ctx, "413-200-0177", true) }, audit.Stopped, operatorAna, ""},
		{"and they do again", func() error { return d.w.StopNotices(d.ctx, "413-200-0177", false) }, audit.Started, operatorAna, ""},
		{"what is too old goes", func() error { _, err := d.w.Forget(d.ctx, retention.Periods{}, "", true); return err }, audit.Swept, operatorAna, ""},
	}
}

func TestEveryActLeavesItsRow(t *testing.T) {
	w, k := staffed(t)
	d := &deeds{w: w, k: k, p: w.withBoth(), ctx: audit.As(t.Context(), audit.Actor{Login: "ana"}), by: operator.Looker{OSUser: "ana", Staff: "nurse"}}
	seen := w.leave(slices.Concat(d.atAKiosk(), d.withPeople(), d.withTheService()))
	elsewhere := map[audit.Kind]string{
		audit.Opened: "TestEveryLookAtACaseLeavesItsRow", audit.Shown: "TestEveryLookAtACaseLeavesItsRow", audit.Chosen: "TestEveryLookAtACaseLeavesItsRow", audit.Ended: "TestEveryLookAtACaseLeavesItsRow",
		audit.DoseOut: "TestADoseThatIsRemovedByHandLeavesItsRow", audit.DoseBack: "TestADoseThatIsRemovedByHandLeavesItsRow", audit.Erased: "storetest", audit.Retried: "storetest", audit.Moved: "folder",
	}
	for _, kind := range audit.SortedKinds() {
		if slices.Contains(seen, kind) == (elsewhere[kind] != "") {
			t.Errorf("%s: say in this test how it comes about", kind)
		}
	}
	w.wellKept(d.key, d.pickup)
}

// wellKept wants the audit to be whole, and nothing personal to be in what an auditor is given.
func (w *town) wellKept(key, pickup string) {
	w.t.Helper()
	if _, err := w.VerifyAudit(w.t.Context(), "", func(int64, int64) {}); err != nil {
		w.t.Error(err)
	}
	var out bytes.Buffer
	c, err := audit.NewCSV(&out)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, r := range w.audited(0) {
		if err := c.Row(r); err != nil {
			w.t.Fatal(err)
		}
	}
	must(w.t, c.Flush())
	words := regexp.MustCompile(`[^\s,;:=]+`).FindAllString(out.String(), -1)
	if !slices.Contains(words, key) {
		w.t.Error("the request is not in it")
	}
	for _, p := range w.people {
		for _, secret := range []string{p.Given, p.Family, p.Phone, p.Email, p.Birth.String(), testPIN, pickup, nursePIN, request.ReceiptFor(key)} {
			if secret != "" && slices.Contains(words, secret) {
				w.t.Errorf("what no auditor is to read is in it, %d signs", len(secret))
			}
		}
	}
	if strings.Contains(out.String(), "@") {
		w.t.Error("an address is in it")
	}
}

func TestEveryLookAtACaseLeavesItsRow(t *testing.T) {
	w, id := doubted(t, &halfway{})
	receipt, by := request.ReceiptFor(id), looker(t)
	who := "operator:" + by.OSUser
	w.leave([]act{
		{"a look", func() error { _, err := w.OpenReview(t.Context(), receipt, by); return err }, audit.Opened, who, ""},
		{"at two people", func() error { _, err := w.OpenReview(t.Context(), receipt, by); return err }, audit.Shown, who, ""},
		{"a choice", func() error { return w.ReleaseReview(t.Context(), receipt, 1002, by) }, audit.Chosen, who, ""},
	})
	w, id = doubted(t, &halfway{})
	w.leave([]act{{"an end", func() error { return w.CloseReview(t.Context(), request.ReceiptFor(id), by) }, audit.Ended, who, ""}})
}

// routes are the calls, with what each leaves, or why nothing.
var routes = map[string]string{
	"POST /v1/enrolments":                    string(audit.KioskDone),
	"POST /v1/certificate":                   string(audit.KioskDone),
	"GET /v1/bootstrap":                      "about nobody",
	"POST /v1/heartbeat":                     "about nobody",
	"POST /v1/diagnostics":                   "about nobody",
	"POST /v1/requests":                      "sealed, and unread: " + string(audit.Decided) + " when it is read",
	"GET /v1/requests/{id}":                  "tells nothing of a record",
	"POST /v1/requests/{id}/notices":         string(audit.CodeAsk),
	"POST /v1/pickups/{receipt}/notices":     string(audit.CodeAsk),
	"POST /v1/requests/{id}/unlock":          string(audit.Unlocked) + " " + string(audit.Vouched) + " " + string(audit.Refused),
	"POST /v1/staff/sessions":                string(audit.SignedIn) + " " + string(audit.NotIn),
	"POST /v1/pickups":                       string(audit.Unlocked) + " " + string(audit.Refused),
	"GET /v1/record":                         string(audit.Fetched),
	"POST /v1/record/prints":                 string(audit.Printed),
	"POST /v1/amendments":                    "sealed, and unread: " + string(audit.Amending) + " when it is read",
	"GET /v1/amendments/{ref}":               "tells nothing of a record",
	"POST /v1/problem-reports":               "about nobody",
	"POST /v1/usage-batches":                 "about nobody",
	"GET /.well-known/jwks.json":             "public",
	"OPTIONS /.well-known/jwks.json":         "public",
	"GET /.well-known/crl/{file}":            "public",
	"OPTIONS /.well-known/crl/{file}":        "public",
	"GET /check, /check/{$}, /check/{code}":  "the empty form",
	"POST /check, /check/{$}, /check/{code}": string(audit.Checked),
	"GET /check.css":                         "public",
	"GET /healthz":                           "about nobody",
	"GET /readyz":                            "about nobody",
}

func TestEveryCallLeavesARowOrSaysWhyNot(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("calls", "calls.go"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, m := range regexp.MustCompile(`"((?:GET|POST|PUT|PATCH|DELETE|OPTIONS) [^"]*)"(\+path)?`).FindAllStringSubmatch(string(source), -1) {
		route := m[1]
		if m[2] != "" {
			route += "/check, /check/{$}, /check/{code}"
		}
		if found++; routes[route] == "" {
			t.Errorf("%s: say in this test what row of the audit it leaves, or why none", route)
		}
	}
	if found != len(routes) {
		t.Errorf("%d calls, and %d are told of", found, len(routes))
	}
}

func TestTheAuditIsSignedWhenAServiceStartsAndEndsAndKeptWhereItIsTold(t *testing.T) {
	w := newTown(t, nil)
	w.bootstrapped()
	w.stop()
	w.start(nil)
	w.bootstrapped()
	w.stop()
	b, err := os.ReadFile(filepath.Join(w.dir, folder.AuditFolder, audit.HeadsFile))
	if err != nil {
		t.Fatal(err)
	}
	var why []string
	for line := range strings.Lines(string(b)) {
		var h audit.Head
		must(t, json.Unmarshal([]byte(line), &h))
		why = append(why, h.Why)
	}
	if !slices.Equal(why, []string{audit.AtStart, audit.AtStop, audit.AtStart, audit.AtStop}) {
		t.Errorf("%q", why)
	}
	if n := strings.Count(w.log.String(), "event=audit.head"); n != 4 {
		t.Errorf("the log has %d heads", n)
	}
}

// bootstrapped waits until a service answers.
func (w *town) bootstrapped() {
	w.t.Helper()
	if r := w.anybody().call("GET", "/healthz", nil); r.status != http.StatusOK {
		w.t.Fatalf("status %d", r.status)
	}
}

func TestAFolderOfBeforeTheAuditWasSignedGetsItsKeyAndALostOneIsSaid(t *testing.T) {
	w := newTown(t, nil)
	w.stop()
	key := filepath.Join(w.dir, audit.KeyFile)
	must(t, os.Remove(key))
	if err := w.opens(); err == nil || !strings.Contains(err.Error(), key) || !errors.Is(err, folder.ErrNoFolder) {
		t.Errorf("lost: %v", err)
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("and another one is made")
	}
	w.db().ForgetAuditKey()
	for range 2 {
		must(t, w.opens())
	}
	w.db().ForgetAuditKey() // a crash between the file and its note
	must(t, w.opens())
	other := newTown(t, nil)
	other.stop()
	b, err := os.ReadFile(filepath.Join(other.dir, audit.KeyFile))
	must(t, err)
	w.swapped(audit.KeyFile, b)
	if err := w.opens(); err == nil || !strings.Contains(err.Error(), audit.KeyFile) {
		t.Errorf("of another folder: %v", err)
	}
}
