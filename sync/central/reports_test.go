package central_test

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

func (k *kiosk) handIn(path string, p seal.Purpose, key string, plain []byte) reply {
	k.w.t.Helper()
	return k.call("POST", path, k.w.sealed(p, key, plain), "Idempotency-Key", key)
}

func (k *kiosk) report(plain string) reply {
	k.w.t.Helper()
	return k.handIn("/v1/problem-reports", seal.ForReport, rand.Text(), []byte(plain))
}

func (k *kiosk) count(plain string) reply {
	k.w.t.Helper()
	return k.handIn("/v1/usage-batches", seal.ForUsage, rand.Text(), []byte(plain))
}

func noted(t *testing.T, what string, r reply) {
	t.Helper()
	if r.status != http.StatusNoContent {
		t.Errorf("%s: status %d: %s", what, r.status, r.body)
	}
}

func (w *town) hour() string { return w.now().UTC().Truncate(time.Hour).Format(time.RFC3339) }

func TestAProblemIsNotedOnceWithKioskAndHour(t *testing.T) {
	w := newTown(t, nil)
	k, key := w.kiosk("town hall"), rand.Text()
	body := w.sealed(seal.ForReport, key, encoded(api.ProblemReport{
		Kind: api.ProblemReportKindSlow, Screen: "fetching", Hour: w.now().Truncate(time.Hour),
	}))
	for range 2 {
		noted(t, "the report", k.call("POST", "/v1/problem-reports", body, "Idempotency-Key", key))
	}
	all, err := w.Problems(w.t.Context())
	if err != nil || len(all) != 1 || all[0].Kiosk != "town hall" || all[0].Kind != "slow" || all[0].Screen != "fetching" ||
		!all[0].Hour.Equal(w.now().Truncate(time.Hour)) {
		t.Errorf("%+v, %v", all, err)
	}
	other := w.sealed(seal.ForReport, key, []byte(`{"kind":"touch","screen":"welcome","hour":"`+w.hour()+`"}`))
	code(t, "another body", k.call("POST", "/v1/problem-reports", other, "Idempotency-Key", key), http.StatusUnprocessableEntity, api.ProblemKeyReused)
	if n := strings.Count(w.log.String(), "a visitor reports a problem"); n != 1 {
		t.Errorf("the log says it %d times", n)
	}
	w.pass(store.ProblemLife)
	if err := w.Worker.Purge(t.Context(), w.now()); err != nil {
		t.Fatal(err)
	}
	if all, err := w.Problems(w.t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%d are kept for ever, %v", len(all), err)
	}
}

func TestAProblemHoldsNothingButWhatIsOnTheLists(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	good := `{"kind":"other","screen":"welcome","hour":"` + w.hour() + `"}`
	noted(t, "a good one", k.report(good))
	for name, plain := range map[string]string{
		"kind":            strings.Replace(good, "other", "my name is Maria", 1),
		"no kind":         strings.Replace(good, "other", "", 1),
		"screen":          strings.Replace(good, "welcome", "Maria Lopez", 1),
		"screen of 33":    strings.Replace(good, "welcome", strings.Repeat("x", 33), 1),
		"another field":   strings.Replace(good, `"kind"`, `"text":"Maria","kind"`, 1),
		"no hour":         `{"kind":"other","screen":"welcome"}`,
		"not a full hour": strings.Replace(good, ":00Z", ":01Z", 1),
		"long ago":        strings.Replace(good, w.hour(), "2020-01-01T00:00:00Z", 1),
		"two values":      good + good,
		"no JSON":         "Maria",
	} {
		code(t, name, k.report(plain), http.StatusUnprocessableEntity, api.ProblemBadEnvelope)
	}
	code(t, "usage", k.handIn("/v1/problem-reports", seal.ForUsage, rand.Text(), []byte(good)), http.StatusUnprocessableEntity, api.ProblemBadEnvelope)
	if all, err := w.Problems(w.t.Context()); err != nil || len(all) != 1 {
		t.Errorf("%d are kept, %v", len(all), err)
	}
}

// A kiosk whose clock is ahead loses neither reports nor counts: they are of now.
func TestAnHourThatHasNotComeIsThePresentOne(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	var here time.Time
	for _, ahead := range []time.Duration{time.Hour, 26 * time.Hour, 10 * 365 * 24 * time.Hour} {
		here = w.now().Truncate(time.Hour)
		there := here.Add(ahead).UTC().Format(time.RFC3339)
		noted(t, "a report", k.report(`{"kind":"other","screen":"welcome","hour":"`+there+`"}`))
		noted(t, "a batch", k.count(`{"hour":"`+there+`","counts":{"visit":5}}`))
		code(t, "not an hour", k.count(`{"hour":"`+strings.Replace(there, ":00:00Z", ":30:00Z", 1)+`","counts":{"visit":5}}`),
			http.StatusUnprocessableEntity, api.ProblemBadEnvelope)
	}
	all, err := w.Problems(w.t.Context())
	if err != nil || len(all) != 3 {
		t.Fatalf("%d reports, %v", len(all), err)
	}
	for _, p := range all {
		if p.Hour.After(w.now()) || p.Hour.Before(here.Add(-time.Hour)) || !p.Hour.Equal(p.Hour.Truncate(time.Hour)) {
			t.Errorf("a report of %v", p.Hour)
		}
	}
	if n := w.db().Visits(w.now().Local().Format(time.DateOnly)); n != 15 {
		t.Errorf("%d visits", n)
	}
}

// ofDay are the counts of one day alone; today may be the last one of its month.
func (w *town) ofDay(day string) (all []operator.Usage) {
	w.t.Helper()
	w.pass(48 * time.Hour)
	must(w.t, w.Worker.Purge(w.t.Context(), w.now()))
	all, err := w.Usage(w.t.Context(), time.Time{})
	must(w.t, err)
	return slices.DeleteFunc(all, func(u operator.Usage) bool { return u.Period != day })
}

// today is the present hour, as kiosks say it, and its day.
func (w *town) today() (hour, day string) {
	at := w.now().Truncate(time.Hour)
	return at.UTC().Format(time.RFC3339), at.Local().Format(time.DateOnly)
}

func visitsOf(day, kiosk string, n int64) operator.Usage {
	return operator.Usage{Period: day, Kiosk: kiosk, Name: "visit", N: n, Exact: true}
}

func TestCountsOfAnHourAddUpAndCountOnce(t *testing.T) {
	w := newTown(t, nil)
	k, other, key := w.kiosk("one"), w.kiosk("two"), rand.Text()
	hour, day := w.today()
	body := w.sealed(seal.ForUsage, key, []byte(`{"hour":"`+hour+`","counts":{"visit":12,"language-es":5}}`))
	for range 2 { // the second is a repetition
		noted(t, "a batch", k.call("POST", "/v1/usage-batches", body, "Idempotency-Key", key))
	}
	noted(t, "the same hour after a restart", k.count(`{"hour":"`+hour+`","counts":{"visit":7,"help":1}}`))
	noted(t, "another kiosk", other.count(`{"hour":"`+hour+`","counts":{"visit":100}}`))
	noted(t, "nothing", k.count(`{"hour":"`+hour+`","counts":{}}`))
	changed := w.sealed(seal.ForUsage, key, []byte(`{"hour":"`+hour+`","counts":{"visit":13}}`))
	code(t, "another body", k.call("POST", "/v1/usage-batches", changed, "Idempotency-Key", key), http.StatusUnprocessableEntity, api.ProblemKeyReused)
	if all, err := w.Usage(w.t.Context(), time.Time{}); err != nil || len(all) != 0 {
		t.Errorf("published before the day is over: %+v, %v", all, err)
	}
	want := []operator.Usage{visitsOf(day, "", 119), visitsOf(day, "one", 19), visitsOf(day, "two", 100)}
	if all := w.ofDay(day); !slices.Equal(all, want) {
		t.Errorf("%+v", all)
	}
	if later, err := w.Usage(w.t.Context(), w.now()); err != nil || len(later) != 0 {
		t.Errorf("%d counts of days to come, %v", len(later), err)
	}
	w.pass(store.UsageLife)
	must(t, w.Worker.Purge(t.Context(), w.now()))
	if all, err := w.Usage(w.t.Context(), time.Time{}); err != nil || len(all) != 0 {
		t.Errorf("%d counts are kept for ever, %v", len(all), err)
	}
}

// A town hall in which nobody comes five times in an hour is counted all the same.
func TestTwentyVisitsADayArePublishedHoweverSpreadTheyAre(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("town hall")
	hour, day := w.today()
	for range 10 {
		noted(t, "two visits", k.count(`{"hour":"`+hour+`","counts":{"visit":2,"language-en":1,"language-es":1}}`))
	}
	if all, want := w.ofDay(day), []operator.Usage{visitsOf(day, "", 20), visitsOf(day, "town hall", 20)}; !slices.Equal(all, want) {
		t.Errorf("%+v", all)
	}
}

func TestStrangeCountsAndNamesAreRefused(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	batch := func(counts string) string { return `{"hour":"` + w.hour() + `","counts":` + counts + `}` }
	var many []string
	for i := range api.UsageNames + 1 {
		many = append(many, fmt.Sprintf(`"name-%d":5`, i))
	}
	for name, plain := range map[string]string{
		"none":           batch(`{"visit":12,"help":0}`),
		"negative":       batch(`{"visit":-5}`),
		"huge":           batch(`{"visit":1000001}`),
		"half":           batch(`{"visit":5.5}`),
		"a person":       batch(`{"Maria Lopez":5}`),
		"a long name":    batch(`{"` + strings.Repeat("x", 41) + `":5}`),
		"no name":        batch(`{"":5}`),
		"many names":     batch(`{` + strings.Join(many, ",") + `}`),
		"no counts":      `{"hour":"` + w.hour() + `"}`,
		"no hour":        `{"counts":{"visit":5}}`,
		"half an hour":   strings.Replace(batch(`{"visit":5}`), ":00:00Z", ":30:00Z", 1),
		"another field":  strings.Replace(batch(`{"visit":5}`), `"hour"`, `"who":"Maria","hour"`, 1),
		"older than all": `{"hour":"2020-01-01T00:00:00Z","counts":{"visit":5}}`,
	} {
		code(t, name, k.count(plain), http.StatusUnprocessableEntity, api.ProblemBadEnvelope)
	}
	if n := w.db().Count("usage_days"); n != 0 {
		t.Errorf("%d counts are kept", n)
	}
}
