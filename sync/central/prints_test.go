package central_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/api"
)

// Why a print failed, or a record was refused, is noted once with the kiosk; a kiosk
// from before there were reasons is served as it was, and nothing that is not on the
// list gets into the audit.
func TestWhyAPrintFailedIsInTheAudit(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("town hall")
	key, pickup := k.ready(w.people[0])
	token := into[api.Release](t, k.unlock(key, testPIN, pickup), http.StatusOK).Token
	report := func(job, body string) reply {
		return k.call("POST", "/v1/record/prints", []byte(body), "Authorization", "Bearer "+token, "Idempotency-Key", job)
	}
	const first, second = "a-job-of-sixteen", "another-job-of-16"
	for range 2 { // the second is a repetition
		noted(t, "a refusal", report(first, `{"outcome":"failed","pages":0,"reason":"other-person"}`))
	}
	noted(t, "a fault of the printer", report(second, `{"outcome":"unknown","pages":2,"reason":"no-answer"}`))
	noted(t, "an older kiosk", report("a-job-from-before", `{"outcome":"printed","pages":2}`))
	code(t, "another reason", report(first, `{"outcome":"failed","pages":0,"reason":"revoked"}`), http.StatusUnprocessableEntity, api.ProblemKeyReused)
	code(t, "no reason now", report(first, `{"outcome":"failed","pages":0}`), http.StatusUnprocessableEntity, api.ProblemKeyReused)
	for _, reason := range []string{`"Maria Lopez"`, `""`} {
		code(t, "reason "+reason, report("a-job-with-words", `{"outcome":"failed","pages":0,"reason":`+reason+`}`), http.StatusBadRequest, api.ProblemBadRequest)
	}
	all, err := w.Prints(w.t.Context(), w.now().Add(-time.Hour))
	got := ""
	for _, p := range all {
		got += fmt.Sprintf("%s %q %d %s, ", p.Outcome, p.Reason, p.Pages, p.KioskName)
	}
	for _, want := range []string{`failed "other-person" 0 town hall, `, `unknown "no-answer" 2 town hall, `, `printed "" 2 town hall, `} {
		if !strings.Contains(got, want) || len(all) != 3 || err != nil {
			t.Errorf("%s is not in the audit of three: %s%v", want, got, err)
		}
	}
	if n := strings.Count(w.log.String(), "a kiosk refuses what it was handed out"); n != 1 {
		t.Errorf("the log says it %d times", n)
	}
	if all, err := w.Prints(w.t.Context(), w.now().Add(time.Hour)); len(all) != 0 || err != nil {
		t.Errorf("%d of a time to come, %v", len(all), err)
	}
}
