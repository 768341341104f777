package audit_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/central/audit"
)

var at = time.Date(2026, 12, 1, 9, 30, 0, 0, time.UTC)

// unlike are the rows of kinds that are not by whoever stands at a kiosk.
var unlike = map[audit.Kind]func(*audit.Row){
	audit.Refused: func(r *audit.Row) { r.Outcome = "left=4" },
	audit.Vouched: func(r *audit.Row) {
		r.Outcome, r.Actor = "drivers-license", audit.Actor{Staff: "nurse.jane", Kiosk: "x"}.String()
	},
	audit.Decided: func(r *audit.Row) { r.Outcome, r.Actor, r.Kiosk = "release", audit.Service, "" },
	audit.Printed: func(r *audit.Row) { r.Outcome = "unknown no-answer" },
	audit.Checked: func(r *audit.Row) { r.Actor, r.Kiosk = audit.Public, "" },
	audit.Opened:  byAna,
	audit.Linked:  byAna,
}

func byAna(r *audit.Row) {
	r.Actor, r.Kiosk = audit.Actor{Login: "ana", Staff: "nurse.jane"}.String(), ""
}

// oneYear is what is done with the record of somebody, some of each kind.
func oneYear() (all []audit.Row) {
	for i, kind := range audit.SortedKinds() {
		r := audit.Row{At: at.Add(time.Duration(i) * 26 * time.Hour), Kind: kind, Kiosk: "town hall", Person: 1, Request: "a-request-of-16-x", Actor: audit.Actor{Kiosk: "x"}.String()}
		if as, is := unlike[kind]; is {
			as(&r)
		}
		all = append(all, r)
	}
	return all
}

func TestThePageOfAPersonSaysWhoSawWhatAndIsWellFormed(t *testing.T) {
	for _, p := range []audit.Person{
		{Made: at, Rows: oneYear(), Name: "Ana <Lopez>", Birth: "1990-01-02"},
		{Made: at, Rows: oneYear()[:1]},
		{Made: at},
	} {
		var out bytes.Buffer
		if err := p.Write(&out); err != nil {
			t.Fatal(err)
		}
		page := out.String()
		d := xml.NewDecoder(strings.NewReader(page))
		d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		for _, foreign := range []string{"<script", "http://", "https://", "<Lopez>", "src="} {
			if strings.Contains(page, foreign) {
				t.Errorf("%s is on the page", foreign)
			}
		}
		if n := strings.Count(page, `<td class="when">`); n != len(p.Rows) {
			t.Errorf("%d lines of %d rows", n, len(p.Rows))
		}
		if named := strings.Contains(page, "Lopez"); named != (p.Name != "") {
			t.Errorf("a name: %v", named)
		}
		if said := fmt.Sprintf("%v %#v", p, p); strings.Contains(said, "Lopez") {
			t.Error("it says whose it is where nobody asked")
		}
	}
	var out bytes.Buffer
	if err := (audit.Person{Made: at, Rows: oneYear()}).Write(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		fmt.Sprint(len(oneYear()), " entries, December 1, 2026 to"), "ID seen: drivers license", "staff nurse.jane", "the person at the kiosk", "whoever held the print", "tries left: 4",
		"it is not known whether it was printed; no-answer", "operator ana as staff nurse.jane", "a pickup code was sent to the contact on file",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not on the page", want)
		}
	}
}

func TestEveryKindHasASentence(t *testing.T) {
	for kind, about := range audit.Kinds() {
		if about == "" || !strings.Contains(string(kind), ".") {
			t.Errorf("%s: %q", kind, about)
		}
	}
}
