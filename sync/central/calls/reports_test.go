package calls

import (
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/store"
)

// pointing reports whether a count says more than how often something happened.
func pointing(u api.UsageBatch) bool {
	for name, n := range u.Counts {
		if n < 1 || len(name) > 40 || strings.ToLower(name) != name {
			return true
		}
	}
	return false
}

// What kiosks hand in is read strictly, or not at all.
func FuzzWhatKiosksHandIn(f *testing.F) {
	now := time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	for _, s := range []string{
		`{"kind":"printer","screen":"print-failed","hour":"2026-11-23T09:00:00Z"}`,
		`{"hour":"2026-11-23T09:00:00Z","counts":{"visit":12,"language-zh-hant":5}}`,
		`{"hour":"2026-11-23T09:00:00Z","counts":{"visit":1}}`,
		`{"v":1,"kind":"missing-dose","given":"Maria","family":"Lopez","birth":"1980-05-06","phone":"+16175550123","vaccine":"Flu shot","day":"2025-10-02","lang":"en","policy":"1"}`,
		`{"v":1,"kind":"wrong-dose","token":"t","family":"Sukarno","birth":"1980-05-06","vaccine":"MMR","day":"2025-10-02","wrong":"day","lang":"es"}`,
		`{"v":1,"kind":"name","token":"t","given":"Maria","family":"Lopez","birth":"1980-05-06","new":{"given":"Maria","family":"Garcia"},"lang":"en"}`,
		`{}`, `null`, `[`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var p api.ProblemReport
		if strict(b, &p) == nil && fromLists(p) && (len(p.Screen) > 32 || len(p.Kind) > 8) {
			t.Error("a report holds more than what is on the lists")
		}
		hour, ok := hourOf(p.Hour, now, store.ProblemLife)
		if age := now.Sub(hour); ok && age != min(max(age, 0), store.ProblemLife) {
			t.Error("a report of an hour that has not come, or is long over")
		}
		var u api.UsageBatch
		if strict(b, &u) == nil && usable(u) && pointing(u) {
			t.Error("a count that could point to somebody")
		}
		if c, err := request.DecodeCorrection(b, request.DateOf(now)); err == nil && string(c.Encode()) != string(b) {
			t.Error("a correction was read that is not written so")
		}
	})
}
