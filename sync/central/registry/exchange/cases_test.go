package exchange

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vaxkiosk/sync/central/registry"
)

var update = flag.Bool("update", false, "write what the cases come to anew")

// The files of testdata/cases beside central are what hospitals, spreadsheets and other
// registries really send. What a Reader makes of each line is in testdata/cases.txt, for
// people to read.
func TestEveryFileOfACaseComesToWhatIsWritten(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("..", "..", "testdata", "cases", "*", "*"))
	if err != nil || len(paths) < 100 {
		t.Fatalf("%d files of cases, %v", len(paths), err)
	}
	var all strings.Builder
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(filepath.Dir(path)) + "/" + filepath.Base(path)
		fmt.Fprintf(&all, "== %s\n%s", name, comesTo(t, string(b), Options{Today: caseDay}))
		if strings.HasPrefix(name, "absolute-ref-other-server/i") {
			fmt.Fprintf(&all, "== %s with the base\n%s", name, comesTo(t, string(b), Options{Today: caseDay, Base: "https://other-hospital.example.org/fhir/"}))
		}
		resumeEverywhere(t, string(b))
	}
	golden := filepath.Join("testdata", "cases.txt")
	if *update {
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
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got[min(i, len(got)):min(i+1, len(got))], ""), strings.Join(wanted[min(i, len(wanted)):min(i+1, len(wanted))], ""))
		}
	}
}

// comesTo is what a Reader makes of a text, line by line.
func comesTo(t *testing.T, text string, o Options) string {
	t.Helper()
	r, err := NewReader(strings.NewReader(text), o)
	if err != nil {
		return err.Error() + "\n"
	}
	var out strings.Builder
	for {
		e, err := r.Next()
		bad := &registry.Bad{}
		switch {
		case errors.As(err, &bad):
			fmt.Fprintf(&out, "%v", bad)
			if bad.Passed {
				out.WriteString(", passed over")
			}
		case err != nil:
			return out.String()
		default:
			fmt.Fprintf(&out, "line %d: %s", e.Line, told(e))
		}
		out.WriteString("\n")
	}
}

// told is an entry in words.
func told(e registry.Entry) string {
	s := e.ID
	if !e.At.IsZero() {
		s += e.At.Format(" changed 2006-01-02 15:04,")
	}
	word := func(is bool, w string) {
		if is {
			s += ", " + w
		}
	}
	text := func(name, value string) { word(value != "", fmt.Sprintf("%s %+q", name, value)) }
	switch {
	case e.Person != nil:
		p := e.Person
		s += fmt.Sprintf(" is %s / %s, %s %s, %q %q", p.Given, p.Family, p.Birth, p.Gender, p.Phone, p.Email)
		for _, c := range p.More {
			word(true, fmt.Sprintf("also %q", c.Phone+c.Email))
			word(c.Guardian, "a guardian's")
		}
		for _, n := range p.Also {
			word(true, "or "+n.Given+" / "+n.Family)
		}
		word(p.Inactive, "inactive")
		word(p.Deceased, "deceased")
		word(p.Restricted, "restricted")
		text("now", p.ReplacedBy)
		text("index", p.Index)
	case e.Dose != nil && e.Dose.Unread != "":
		s += fmt.Sprintf(" has %s unread: %s", e.Dose.ID, e.Dose.Unread)
	case e.Dose != nil:
		d := e.Dose
		s += fmt.Sprintf(" has %s %s %s %s", d.ID, d.Date, d.CVX, d.Status)
		word(d.About, "about")
		word(d.Unknown, "code not known")
		word(d.NotValid, "not valid")
		word(d.Historical, "historical")
		word(e.Dose.Restricted, "restricted")
		text("product", d.Product)
		text("maker", d.Manufacturer)
		text("lot", d.Lot)
		text("at", d.Performer)
		text("site", d.Site)
	case e.Forecast != nil:
		s += fmt.Sprintf(" as of %s, %d unread:", e.Forecast.AsOf, e.Forecast.Unread)
		for _, r := range e.Forecast.All {
			s += fmt.Sprintf(" [%s%s %s %s]", r.CVX, r.Disease, r.Status, r.Date)
		}
	case e.Remove != nil:
		s += fmt.Sprintf(" is removed, a dose: %v", e.Remove.Dose)
	}
	return s
}
