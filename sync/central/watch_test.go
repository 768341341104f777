package central_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/calls"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/registry"
)

// watched asks what those who watch the service are shown.
func (w *town) watched(path string) *httptest.ResponseRecorder {
	w.t.Helper()
	res := httptest.NewRecorder()
	w.Watch().ServeHTTP(res, httptest.NewRequestWithContext(w.t.Context(), http.MethodGet, path, nil))
	return res
}

// readiness is what they are told of it, with this status.
func (w *town) readiness(status int) (r calls.Readiness) {
	w.t.Helper()
	res := w.watched("/readyz")
	if err := json.Unmarshal(res.Body.Bytes(), &r); err != nil || res.Code != status {
		w.t.Errorf("status %d, %v", res.Code, err)
	}
	return r
}

// page is /metrics as text.
func (w *town) page() string {
	w.t.Helper()
	res := w.watched("/metrics")
	if res.Code != http.StatusOK {
		w.t.Fatalf("status %d", res.Code)
	}
	return res.Body.String()
}

// valueOf is a number of the page; -1 when it is not there.
func valueOf(page, series string) (n float64) {
	_, rest, there := strings.Cut("\n"+page, "\n"+series+" ")
	if !there {
		return -1
	}
	if _, err := fmt.Sscan(rest, &n); err != nil {
		return -1
	}
	return n
}

func TestThoseWhoWatchSeeWhyTheServiceIsNotReadyAndOthersOnlyThat(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	if res := k.call("GET", "/readyz", nil); res.status != http.StatusOK || strings.TrimSpace(string(res.body)) != `{"state":"ready"}` {
		t.Errorf("%d %s", res.status, res.body)
	}
	if r := w.readiness(http.StatusOK); !r.Ready || r.Why != "" || r.Codes.Newest == "" {
		t.Errorf("%+v", r)
	}
	if valueOf(w.page(), "vaxcentral_ready") != 1 {
		t.Error(w.page())
	}
	w.State.Damaged.Store(true)
	res := k.call("GET", "/readyz", nil)
	if res.status != http.StatusServiceUnavailable || res.problem(t).Code() != api.ProblemBusy || strings.Contains(string(res.body), "damaged") {
		t.Errorf("%d %s", res.status, res.body)
	}
	if r := w.readiness(http.StatusServiceUnavailable); r.Ready || !strings.Contains(r.Why, "damaged") {
		t.Errorf("%+v", r)
	}
	if valueOf(w.page(), "vaxcentral_ready") != 0 {
		t.Error(w.page())
	}
}

func TestWhoWatchesReachesNoCallOfKiosks(t *testing.T) {
	w := newTown(t, nil)
	for path, want := range map[string]int{
		"/healthz": http.StatusOK, "/": http.StatusNotFound, "/v1/heartbeat": http.StatusNotFound, "/check": http.StatusNotFound, "/debug/pprof/": http.StatusNotFound,
	} {
		if res := w.watched(path); res.Code != want {
			t.Errorf("%s: status %d", path, res.Code)
		}
	}
}

func TestThePageCountsWhatIsDoneAtEachRoute(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("hall")
	key, pickup := k.ready(w.people[0])
	code(t, "a wrong code", k.unlock(key, testPIN, wrong(pickup)), http.StatusForbidden, api.ProblemRefused)
	into[api.Release](t, k.unlock(key, testPIN, pickup), http.StatusOK)
	page := w.page()
	for series, want := range map[string]float64{
		`vaxcentral_http_request_duration_seconds_count{route="POST /v1/requests",code="2xx"}`:             1,
		`vaxcentral_http_request_duration_seconds_count{route="POST /v1/requests/{id}/unlock",code="2xx"}`: 1,
		`vaxcentral_problems_total{route="POST /v1/requests/{id}/unlock",code="refused"}`:                  1,
		`vaxcentral_work_total{outcome="answered"}`:                                                        1,
		`vaxcentral_requests_waiting`:                                                                      0, `vaxcentral_requests_held`: 0, `vaxcentral_long_polls`: 0,
	} {
		if got := valueOf(page, series); got != want {
			t.Errorf("%s is %v, want %v", series, got, want)
		}
	}
	for _, series := range []string{
		`vaxcentral_certificate_left_seconds{which="ca"}`, `vaxcentral_certificate_left_seconds{which="server"}`, `vaxcentral_key_since_timestamp_seconds{key="card"}`,
		`vaxcentral_schema_version`, `vaxcentral_connections{of="kiosks"}`, `vaxcentral_requests_oldest_waiting_seconds`,
	} {
		if valueOf(page, series) < 0 {
			t.Errorf("no %s in\n%s", series, page)
		}
	}
	if valueOf(page, "vaxcentral_backup_last_success_timestamp_seconds") != -1 {
		t.Error("a back-up that nobody has made")
	}
	to, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := folder.BackUp(t.Context(), w.dir, filepath.Join(t.TempDir(), "b.age"), []age.Recipient{to.Recipient()}, w.now()); err != nil {
		t.Fatal(err)
	}
	if at := valueOf(w.page(), "vaxcentral_backup_last_success_timestamp_seconds"); w.now().Unix()-int64(at) > 60 {
		t.Errorf("backed up at %v", at)
	}
}

func TestThePageTellsWhenTheAuditWasSignedLast(t *testing.T) {
	w := newTown(t, nil)
	w.stop()
	if err := os.RemoveAll(filepath.Join(w.dir, folder.AuditFolder)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.dir, folder.AuditFolder), nil, 0o600); err != nil { // in its way
		t.Fatal(err)
	}
	w.frozen = w.now().Truncate(time.Second)
	w.start(nil)
	signed := func(after time.Duration) {
		t.Helper()
		if at := valueOf(w.page(), "vaxcentral_audit_signed_timestamp_seconds"); int64(at) != w.frozen.Add(after).Unix() {
			t.Errorf("signed at %v, want %v", at, w.frozen.Add(after).Unix())
		}
	}
	w.logs("event=audit.unsigned", 1)
	signed(0) // it is due since then
	w.pass(time.Hour)
	w.SignHead(t.Context())
	signed(0)
	if err := os.Remove(filepath.Join(w.dir, folder.AuditFolder)); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Hour)
	w.SignHead(t.Context())
	signed(2 * time.Hour)
	if n := strings.Count(w.log.String(), "event=audit.unsigned"); n != 1 || !strings.Contains(w.log.String(), "event=audit.resumed") {
		t.Errorf("said %d times:\n%s", n, w.log)
	}
}

// unsteady are numbers that differ between any two runs.
var unsteady = regexp.MustCompile(`^(go_|process_|vaxcentral_http_request_duration_seconds_(bucket|sum)|vaxcentral_db_|vaxcentral_\w*timestamp|vaxcentral_connections|\w*certificate_left)|^#`)

// Whoever stands at a kiosk and sees the numbers must not learn from them whether somebody is on
// file: they are the same for one who is and one who is not, also where two notices go out for
// the one and one for the other.
func TestThePageIsTheSameWhetherSomebodyIsOnFileOrNot(t *testing.T) {
	for name, change := range map[string]func(r *request.Request, p registry.Person){
		"with the number on file":                         func(*request.Request, registry.Person) {},
		"with another number and the address on file":     func(r *request.Request, p registry.Person) { r.Phone, r.Email = "+16175550177", p.Email },
		"with another number and another address on file": func(r *request.Request, _ registry.Person) { r.Phone, r.Email = "+16175550177", "no@example.org" },
	} {
		after := func(found bool) (string, int) {
			w := newTown(t, nil)
			k := w.kiosk("hall")
			p := w.withBoth()
			asked := asks(p)
			change(&asked, p)
			if !found {
				asked.Family = "Nobody"
			}
			key := k.post(asked)
			k.await(key)
			code(t, "a wrong proof", k.unlock(key, "7295", "000000"), http.StatusForbidden, api.ProblemRefused)
			var steady []string
			for line := range strings.Lines(w.page()) {
				if !unsteady.MatchString(line) {
					steady = append(steady, line)
				}
			}
			return strings.Join(steady, ""), len(w.phone.Messages())
		}
		yes, n := after(true)
		no, _ := after(false)
		if yes != no {
			t.Errorf("%s: on file:\n%s\nnot on file:\n%s", name, yes, no)
		}
		if strings.Contains(name, "address on file") && !strings.Contains(name, "another address") && n != 2 {
			t.Errorf("%s: %d notices went out", name, n)
		}
	}
}

func TestNoMetricHoldsAnythingOfAVisitor(t *testing.T) {
	w := newTown(t, &moody{Sender: &notice.Phone{}, refuses: 1})
	k := w.kiosk("hall")
	p := w.withBoth()
	key := k.post(asks(p))
	k.await(key)
	k.call("GET", "/v1/requests/"+key, nil)
	k.call("GET", "/v1/amendments/"+request.ReceiptFor(key), nil)
	k.call("GET", "/nothing/"+p.Family+"?name="+p.Given, nil)
	k.pickup(request.ReceiptFor(key), testPIN, "000000")
	page := strings.ToLower(w.page())
	for _, said := range []string{p.Family, p.Phone, p.Email, p.Birth.String(), key, request.ReceiptFor(key), testPIN, request.PhoneKey(p.Phone)} {
		if strings.Contains(page, strings.ToLower(said)) {
			t.Errorf("%q is in\n%s", said, page)
		}
	}
	if valueOf(page, `vaxcentral_notice_failures_total{channel="phone",code="none"}`) != 1 || valueOf(page, `vaxcentral_work_total{outcome="put-off"}`) != 1 {
		t.Error(page)
	}
}

func TestNumbersOfWhatIsUnusualChangeOnceAnHour(t *testing.T) {
	w := newTown(t, nil)
	w.stop()
	w.frozen = w.now().Truncate(time.Hour).Add(time.Minute)
	w.start(nil)
	k := w.kiosk("hall")
	is := func() bool { return valueOf(w.page(), `vaxcentral_unusual{kiosk="hall",what="fast"}`) == 1 }
	if is() {
		t.Error("before anything was asked")
	}
	for range 61 {
		k.post(asks(w.people[0]))
	}
	if is() {
		t.Error("within the hour")
	}
	w.pass(59*time.Minute + 30*time.Second)
	if !is() {
		t.Error("not in the next hour")
	}
	if found, err := w.Unusual(t.Context()); err != nil || len(found) == 0 || found[0].Kiosk != "hall" {
		t.Errorf("%v, %v", found, err)
	}
}

// Or a thousand kiosks that wait would take the time of what they wait for.
func TestACallThatWaitsLooksOnceForManyRings(t *testing.T) {
	w := newTown(t, nil)
	w.State.Rests.Store(true) // nobody is answered
	k := w.kiosk("hall")
	key := k.post(asks(w.people[0]))
	waits := make(chan reply, 1)
	go func() { waits <- k.call("GET", "/v1/requests/"+key, nil, "Prefer", "wait=25") }()
	for !w.State.Changed.Awaited() {
	}
	looks := func() float64 { return valueOf(w.page(), "vaxcentral_long_poll_looks_total") }
	before, began := looks(), time.Now()
	for range 2000 {
		w.State.Changed.Ring()
		<-time.After(100 * time.Microsecond) // not all in one
	}
	most := 2 + time.Since(began).Seconds()/0.1
	if n := looks() - before; n > most {
		t.Errorf("it has looked %v times, and would have %v", n, most)
	}
	w.stop()
	<-waits
}
