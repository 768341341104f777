package demo

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/api/apitest"
)

// older makes of central one of the last release, by its contract: what that has no call for
// is answered 404, and a body that it does not know is refused. Answers are compared with it.
type older struct {
	t        *testing.T
	contract *apitest.Contract

	mu    sync.Mutex
	asked map[string]int // calls, and those that it does not have
	lacks map[string]int
}

// count returns how often something was asked that it does not have.
func (o *older) count(path string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.lacks[path]
}

// takes reports whether central of the last release goes on with a call, and answers it otherwise.
func (o *older) takes(w http.ResponseWriter, r *http.Request) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked[r.Method+" "+r.URL.Path]++
	if o.contract.Operation(r.Method, r.URL.Path) == nil {
		o.lacks[r.URL.Path]++
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusNotFound)
		_ = json.NewEncoder(w).Encode(api.Problem{Type: api.ProblemPrefix + api.ProblemUnknown, Title: "no such call", Status: http.StatusNotFound})
		return false
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return true // the kiosk has gone away
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	for _, no := range o.contract.Request(r.Method, r.URL.Path, body) {
		o.t.Errorf("%s %s: central %s does not take it: %s", r.Method, r.URL.Path, o.contract.Version, no)
	}
	return true
}

// A kiosk that was updated before central lacks the help from afar, and the renewal of its
// certificate, until central is updated too; visitors notice nothing.
func TestAKioskOfTodayGoesOnWithACentralOfTheLastRelease(t *testing.T) {
	g := newGuest(t)
	o := &older{t: t, contract: apitest.LastRelease(t, "../../sync/api"), asked: map[string]int{}, lacks: map[string]int{}}
	g.line.takes = o.takes
	g.certificate(20 * day) // so that it is to be renewed
	g.change = func(k *kiosk.Kiosk) { k.FirstBeat = 0 }
	g.start()
	g.eventually("the kiosk to say how it does, and to ask for a new certificate", func() bool {
		return o.count("/v1/heartbeat") > 0 && o.count("/v1/certificate") > 0
	})
	g.goOn()
	g.correct()
	g.leave()
	g.await(visit.Welcome)
	g.settled()
	g.tracked()
	g.quiet()
	if len(g.met) > 0 {
		t.Errorf("the screen showed %q", g.met)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.asked["POST /v1/requests"] == 0 || o.asked["GET /v1/record"] == 0 || o.asked["POST /v1/record/prints"] == 0 {
		t.Errorf("central was asked only %v", o.asked)
	}
	said, err := os.ReadFile(filepath.Join(g.s.Dir, "kiosk", logFile))
	for _, event := range []string{"heartbeat.refused", "certificate.not-renewed"} {
		if n := strings.Count(string(said), "event="+event); n != 1 || err != nil {
			t.Errorf("%s is said %d times, %v", event, n, err)
		}
	}
	if strings.Contains(string(said), "level=ERROR") {
		t.Errorf("something is to be mended:\n%s", said)
	}
}
