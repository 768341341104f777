package central_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/registry/exchange"
	"vaxkiosk/sync/central/store"
)

// The files in testdata/cases are what hospitals, spreadsheets and other registries
// really send, made small. What each comes to is written down in testdata/cases.txt:
// which lines are refused and why, who is on file, who is released to whom, and the
// record as a kiosk has it once it has verified it.

var updateCases = flag.Bool("update", false, "write what the cases come to anew")

// caseDay is the day on which the files are read: some have dates around it.
var caseDay = time.Date(2026, 11, 30, 15, 0, 0, 0, time.UTC)

// oddCases are read with other options than the rest: from several origins, or more than once.
var oddCases = map[string][]caseStep{
	"two-sources-same-id": {
		{file: "hospitalA-Patient.ndjson", source: "a"},
		{file: "hospitalA-Immunization.ndjson", source: "a"},
		{file: "hospitalB-Patient.ndjson", source: "b"},
		{file: "hospitalB-Immunization.ndjson", source: "b"},
		{file: "hospitalB-Patient.ndjson", source: "a"},
		{file: "hospitalB-Immunization.ndjson", source: "a"},
	},
	"absolute-ref-other-server": {
		{file: "p.ndjson"}, {file: "i.ndjson"}, {file: "i.ndjson", base: "https://other-hospital.example.org/fhir"},
	},
	"formula-injection": {{file: "d0.csv"}, {file: "d.csv"}},
	"bulk-deleted":      {{file: "p.ndjson"}, {file: "export1.ndjson"}, {file: "deleted.ndjson"}},
}

// caseStep is one import.
type caseStep struct{ file, source, base string }

func TestEveryFileOfACaseComesToWhatIsWritten(t *testing.T) {
	golden := filepath.Join("testdata", "cases.txt")
	dirs, err := os.ReadDir(filepath.Join("testdata", "cases"))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := card.Make(filepath.Join(t.TempDir(), "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	empty := emptyRegistry(t)
	var all strings.Builder
	for _, d := range dirs {
		if d.IsDir() {
			fmt.Fprintf(&all, "== %s\n%s\n", d.Name(), comesTo(t, d.Name(), empty, signer))
		}
	}
	if *updateCases {
		if err := os.WriteFile(golden, []byte(all.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	got, wanted := strings.Split(all.String(), "== "), strings.Split(string(want), "== ")
	for i := range max(len(got), len(wanted)) {
		if i >= len(got) || i >= len(wanted) || got[i] != wanted[i] {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got[i:min(i+1, len(got))], ""), strings.Join(wanted[i:min(i+1, len(wanted))], ""))
		}
	}
}

// emptyRegistry is the file of a database with nobody in it: it takes a while to make.
func emptyRegistry(t *testing.T) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "central.db")
	s, err := store.Make(t.Context(), file)
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// comesTo reads the files of a case into an empty registry and says what is in it then.
func comesTo(t *testing.T, name string, empty []byte, signer *card.Signer) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "central.db")
	if err := os.WriteFile(file, empty, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var out strings.Builder
	for _, step := range stepsOf(t, name) {
		fmt.Fprintf(&out, "%s%s: %s\n", step.source, step.file, imported(t, s, name, step))
	}
	for _, number := range caseNumbers() {
		p, ok, err := s.Person(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			out.WriteString(onRecord(t, s, p, signer))
		}
	}
	return out.String()
}

// stepsOf are the files of a case in their order: people, doses, deletions, forecasts.
func stepsOf(t *testing.T, name string) (all []caseStep) {
	t.Helper()
	if steps, ok := oddCases[name]; ok {
		return steps
	}
	files, err := os.ReadDir(filepath.Join("testdata", "cases", name))
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"pab", "ide", "r"} {
		for _, f := range files {
			if strings.Contains(kind, f.Name()[:1]) {
				all = append(all, caseStep{file: f.Name()})
			}
		}
	}
	return all
}

// imported reads one file and says how it went.
func imported(t *testing.T, s *store.Store, name string, step caseStep) string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "cases", name, step.file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := exchange.NewReader(f, exchange.Options{Today: request.DateOf(caseDay), Base: step.base})
	if err != nil {
		return err.Error()
	}
	i, err := s.StartImport(t.Context(), step.file, step.source)
	if err != nil {
		t.Fatal(err)
	}
	var entries []registry.Entry
	why := map[string][]int{}
	for {
		e, err := r.Next()
		bad := &registry.Bad{}
		if errors.As(err, &bad) {
			why[string(bad.Reason)] = append(why[string(bad.Reason)], bad.Line)
			continue
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	refused, err := s.Import(t.Context(), &i, entries)
	if err == nil {
		err = s.FinishImport(t.Context(), i, caseDay)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range refused {
		why[string(r.Reason)] = append(why[string(r.Reason)], r.Line)
	}
	said := "people" + counted(i.People) + ", doses" + counted(i.Doses) + ", forecasts" + counted(i.Forecasts)
	for _, reason := range slices.Sorted(maps.Keys(why)) {
		said += fmt.Sprintf("\n  %s %v", reason, why[reason])
	}
	return said
}

// counted is what is not 0 of a tally.
func counted(n store.Tally) (said string) {
	v := reflect.ValueOf(n)
	for i := range v.NumField() {
		if v.Field(i).Int() > 0 {
			said += fmt.Sprintf(" %d %s", v.Field(i).Int(), strings.ToLower(v.Type().Field(i).Name))
		}
	}
	return cmp.Or(said, " none")
}

// caseNumbers are the numbers that people of cases have: ids that are numbers, and others in the
// order in which they came.
func caseNumbers() (all []int) {
	for _, first := range []int{0, 120, 1000, 1 << 40} {
		for n := range 20 {
			all = append(all, first+n)
		}
	}
	return all
}

// onRecord is a person as on file, who is released to whom, and the verified record.
func onRecord(t *testing.T, s *store.Store, p registry.Person, signer *card.Signer) string {
	t.Helper()
	var out strings.Builder
	fmt.Fprintf(&out, "#%d %s / %s, born %s %s, phone %q, e-mail %q", p.Number&(1<<40-1), p.Given, p.Family, p.Birth, p.Gender, p.Phone, p.Email)
	for _, c := range p.More {
		fmt.Fprintf(&out, ", also %+v", c)
	}
	for _, n := range p.Also {
		fmt.Fprintf(&out, ", also called %s / %s", n.Given, n.Family)
	}
	if p.Deceased {
		out.WriteString(", deceased")
	}
	if p.Restricted {
		out.WriteString(", restricted")
	}
	out.WriteString("\n")
	for _, ask := range asksFor(p) {
		d, _, err := match.Find(t.Context(), s, ask, request.DateOf(caseDay))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "  %s asks as %s %s by %s%s: %s %v\n", ask.Relation, ask.Given, ask.Family, ask.Phone, ask.Email, d.Verdict, d.Reasons)
	}
	out.WriteString(asPrinted(t, p, signer))
	return out.String()
}

// asksFor are the requests that somebody on file may make: by each contact and name.
func asksFor(p registry.Person) (all []request.Request) {
	ask := func(given, family, phone, email string, as request.Relation) {
		first, _, _ := strings.Cut(given, " ")
		all = append(all, request.Request{
			Relation: as, Given: first, Family: family, Birth: p.Birth, Gender: p.Gender, Contact: request.ByPhone, Phone: phone, Email: email,
		})
	}
	if p.Phone != "" {
		ask(p.Given, p.Family, p.Phone, "", request.Self)
	}
	if p.Email != "" {
		ask(p.Given, p.Family, "", p.Email, request.Self)
	}
	for _, c := range p.More {
		ask(p.Given, p.Family, c.Phone, c.Email, request.Self)
		if c.Guardian {
			ask(p.Given, p.Family, c.Phone, c.Email, request.Child)
		}
	}
	for _, n := range p.Also {
		ask(n.Given, n.Family, p.Phone, "", request.Self)
	}
	return all
}

// asPrinted is the record as a kiosk has it: issued, verified, row by row.
func asPrinted(t *testing.T, p registry.Person, signer *card.Signer) string {
	t.Helper()
	const issuer = "https://records.example.org"
	a, err := signer.Issue(p, card.Issuer{URL: issuer, Registry: "Registry"}, "AAAAAAAAAAA", caseDay)
	if err != nil {
		return fmt.Sprintf("  no record: %v\n", err)
	}
	r, err := record.Parse(asSent(t, a), keysOf(t, signer), caseDay)
	if err != nil {
		return fmt.Sprintf("  no record: %v\n", err)
	}
	var out strings.Builder
	for n, d := range r.Doses {
		if n == 8 {
			fmt.Fprintf(&out, "  and %d more\n", len(r.Doses)-n)
			break
		}
		fmt.Fprintf(&out, "  %s %s", d.Date, d.CVX)
		for _, s := range []string{d.Product, d.Manufacturer, d.Lot, d.Performer} {
			if s != "" {
				fmt.Fprintf(&out, " %q", s)
			}
		}
		fmt.Fprintf(&out, " %v card %d\n", d.Remarks(), d.Card)
	}
	if r.Unread > 0 {
		fmt.Fprintf(&out, "  %d unread\n", r.Unread)
	}
	for _, x := range r.Recommendations {
		fmt.Fprintf(&out, "  forecast of %s: %s%s %s %s\n", x.AsOf, x.CVX, x.Disease, x.Status, x.Date)
	}
	if r.UnreadRecommendations > 0 {
		fmt.Fprintf(&out, "  %d recommendations unread\n", r.UnreadRecommendations)
	}
	return out.String()
}

// asSent is an answer as it travels.
func asSent(t *testing.T, a record.Answer) []byte {
	t.Helper()
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// keysOf are the keys that somebody publishes.
func keysOf(t *testing.T, s *card.Signer) (set jose.JSONWebKeySet) {
	t.Helper()
	b, err := json.Marshal(s.Keys())
	if err == nil {
		err = json.Unmarshal(b, &set)
	}
	if err != nil {
		t.Fatal(err)
	}
	return set
}
