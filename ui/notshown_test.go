package ui

import (
	"testing"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/words"
)

// Whichever check a record fails, the visitor reads the same; staff reads which it was,
// and the way back is there.
func TestARecordThatFailsACheckLooksTheSameToTheVisitorAndTellsStaffWhy(t *testing.T) {
	for _, lang := range []string{"en", "es"} {
		w, seen := words.Of(lang), map[string]bool{}
		for _, code := range []fault.Code{fault.Record, fault.OtherPerson, fault.Revoked} {
			if w.Show("fault."+string(code)) != w.Show("fault."+string(fault.Record)) {
				t.Errorf("%s: %s has words of its own", lang, code)
			}
			hint := w.Show("fault." + string(code) + "-staff")
			if seen[hint] {
				t.Errorf("%s: staff cannot tell %s from another cause", lang, code)
			}
			seen[hint] = true
			st := newStage(t, standing, at(lang, visit.Fetching, asked, waiting))
			st.v.Waiting.For = visit.ForRecord
			st.do(visit.FetchFailed{Fault: fault.Fault{Code: code}})
			st.reads(w.Show("not-shown.title"), w.Show("fault."+string(code)), w.Show("staff.hint", "hint", hint))
			st.tap("form.back")
			if st.v.State != visit.Sent || st.v.Fault != nil {
				t.Errorf("back leads to %s", st.v.State)
			}
		}
	}
}
