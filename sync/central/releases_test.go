package central_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/store"
)

// event counts the lines of the log with an event.
func (w *town) event(name, kiosk string) int {
	return strings.Count(w.log.String(), "event="+name+" kiosk="+kiosk)
}

// The attack drill: somebody with the certificate of one kiosk and the PIN of one nurse
// asks for everybody whose name, birth date and contact they know, and vouches.
func TestOneStolenPINOpensFewRecordsAndEachIsInTheLog(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w, k := staffed(t)
	if err := w.ImportPeople(w.t.Context(), madeup.Generate(120, 2, request.DateOf(time.Now()))); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, p := range madeup.Generate(120, 2, request.DateOf(time.Now())) {
		if r := asks(p); r.Relation == request.Self && len(keys) < 60 {
			keys = append(keys, k.post(r))
		}
	}
	for _, key := range keys {
		k.await(key)
	}
	began, token, read := time.Now(), k.staffToken(), 0
	for _, key := range keys {
		if res := k.vouch(key, token, testPIN); res.status == http.StatusOK {
			k.fetch(into[api.Release](t, res, http.StatusOK).Token)
			read++
		}
	}
	lines := w.event("release.vouched", "one") + strings.Count(w.log.String(), "event=limit.releases")
	t.Logf("one certificate and one staff PIN read %d of %d records in %v, with %d lines in the log (before there was a limit: 150 of 150, and none)",
		read, len(keys), time.Since(began).Round(time.Millisecond), lines)
	if len(keys) < 40 || read < access.StaffReleases.Most || read > access.StaffReleases.Most+1 { // one more when it took five minutes
		t.Errorf("%d of %d records were read", read, len(keys))
	}
	if lines != read+1 {
		t.Errorf("%d lines in the log for %d records and one alarm", lines, read)
	}
}

// Over the limit the answer is one for all, costs no try, and codes open as ever.
func TestOverTheLimitOfReleasesNoAnswerTellsARecord(t *testing.T) {
	w, k := staffed(t)
	p := w.withBoth()
	key, pickup := k.ready(p)
	none, token := k.stranger(), k.staffToken()
	for _, l := range []struct {
		access.Limit
		who string
	}{{access.StaffReleases, "nurse"}, {access.StaffReleasesDay, "nurse"}, {access.KioskReleases, k.id()}} {
		w.fill(l.Limit, l.who, 0)
		want := k.vouch(none, token, testPIN)
		code(t, l.Name, want, http.StatusTooManyRequests, api.ProblemStaffLimit)
		w.again(want, l.Limit)
		for what, got := range map[string]reply{"a record": k.vouch(key, token, testPIN), "a wrong PIN": k.vouch(key, token, "8305")} {
			got.header.Del("Retry-After")
			want.header.Del("Retry-After")
			same(t, l.Name+": "+what, got, want)
		}
		if n := strings.Count(w.log.String(), "event=limit.releases limit="+l.Name+" kiosk=one"); n != 1 {
			t.Errorf("%s: said %d times", l.Name, n)
		}
		w.db().ForgetLimits()
	}
	if left := *k.unlock(key, "8305", pickup).problem(t).AttemptsLeft; left != store.MaxTries-1 {
		t.Errorf("%d tries left", left)
	}
	into[api.Release](t, k.unlock(key, testPIN, pickup), http.StatusOK)
	into[api.Release](t, k.vouch(key, token, testPIN), http.StatusOK)
	all, err := w.Releases(w.t.Context(), w.now().Add(-time.Hour))
	if err != nil || len(all) != 1 || all[0].Staff != "nurse" || all[0].KioskName != "one" || all[0].Kiosk != k.id() || all[0].Request != key {
		t.Errorf("%+v, %v", all, err)
	}
}

// However many vouch at once, no more records are opened than fit.
func TestManyWhoVouchAtOnceOpenNoMoreThanFit(t *testing.T) {
	w, k := staffed(t)
	key, _ := k.ready(w.withBoth())
	token := k.staffToken()
	w.fill(access.StaffReleases, "nurse", 3)
	got := attack(t, slices.Repeat([]*kiosk{k}, 4), func(int, *kiosk) reply { return k.vouch(key, token, testPIN) })
	if got.by[""] != 3 || got.by[api.ProblemStaffLimit] != 1 {
		t.Errorf("answers %v", got.by)
	}
}

func TestFailedSignInsCountForAllKiosksAndAreInTheLog(t *testing.T) {
	w, k := staffed(t)
	w.fill(access.AllProofs, "", 2)
	k.signIn("nurse", "296035")
	k.staffToken() // a right one gives its use back
	k.signIn("nobody", "296035")
	code(t, "over the breaker", k.signIn("nurse", nursePIN), http.StatusServiceUnavailable, api.ProblemBusy)
	if n := w.event("staff.refused", "one"); n != 2 {
		t.Errorf("%d lines for two failures:\n%s", n, w.log)
	}
}

func TestALockIsForOneIDAtOneKiosk(t *testing.T) {
	w, k := staffed(t)
	other := w.kiosk("two")
	for range store.MaxStaffFailures {
		k.signIn("nurse", "296035")
		k.signIn("nobody", "296035")
	}
	code(t, "there", k.signIn("nurse", nursePIN), http.StatusLocked, api.ProblemStaffLocked)
	other.staffToken()
	if n := w.event("staff.locked", "one"); n != 2 {
		t.Errorf("%d locks in the log", n)
	}
	all, err := w.Staff(w.t.Context())
	if err != nil || all[0].LockedAt != "one" || all[0].Failures != store.MaxStaffFailures {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestAnIDIsLockedEverywhereOnlyAfterManyFailures(t *testing.T) {
	w, k := staffed(t)
	other := w.kiosk("two")
	w.fill(access.StaffTries, "nurse", 1)
	w.fill(access.StaffTries, "nobody", 1)
	for _, id := range []string{"nurse", "nobody"} {
		code(t, id, k.signIn(id, "296035"), http.StatusForbidden, api.ProblemStaff)
	}
	want := k.signIn("nurse", nursePIN)
	code(t, "over it", want, http.StatusLocked, api.ProblemStaffLocked)
	same(t, "at another kiosk", other.signIn("nurse", nursePIN), want)
	same(t, "nobody", other.signIn("nobody", nursePIN), want)
	if all, err := w.Staff(w.t.Context()); err != nil || all[0].LockedAt != "every kiosk" || !all[0].LockedUntil.After(w.now()) {
		t.Errorf("%+v, %v", all, err)
	}
	if n := w.event("staff.locked-everywhere", "one"); n != 1 {
		t.Errorf("said %d times", n)
	}
	if err := w.RemoveStaff(w.t.Context(), "nurse"); err != nil {
		t.Fatal(err)
	}
	if err := w.AddStaff(w.t.Context(), "nurse", nursePIN); err != nil {
		t.Fatal(err)
	}
	other.staffToken() // a new account has no failures
}
