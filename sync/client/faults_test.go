package client

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"vaxkiosk/app/fault"
	"vaxkiosk/sync/api"
)

// contract is what openapi.yaml lists: the codes of problems, and the reasons of a print.
func contract(t *testing.T) (problems, reasons []string) {
	t.Helper()
	b, err := os.ReadFile("../api/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Components struct {
			Schemas struct {
				Problem struct {
					Properties struct {
						Type struct {
							Pattern string `yaml:"pattern"`
						} `yaml:"type"`
					} `yaml:"properties"`
				} `yaml:"Problem"`
				PrintReport struct {
					Properties struct {
						Reason struct {
							Enum []string `yaml:"enum"`
						} `yaml:"reason"`
					} `yaml:"properties"`
				} `yaml:"PrintReport"`
			} `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	s := doc.Components.Schemas
	list := regexp.MustCompile(`\((.*)\)`).FindStringSubmatch(s.Problem.Properties.Type.Pattern)
	if list == nil {
		t.Fatal("the contract lists no problems")
	}
	return strings.Split(list[1], "|"), s.PrintReport.Properties.Reason.Enum
}

func TestEveryProblemOfTheContractIsAFaultOfTheKiosk(t *testing.T) {
	problems, _ := contract(t)
	if len(problems) != len(faults)-1 { // and the empty one
		t.Errorf("the contract has %d problems, the table %d", len(problems), len(faults)-1)
	}
	for _, code := range problems {
		if err, known := faults[code]; !known || fault.CodeOf(&Problem{Code: code}) == "" || fault.CodeOf(err) == "" {
			t.Errorf("%s is no fault", code)
		}
	}
}

// What looks alike to errors.Is need not be the same fault.
func TestAProblemIsTheFaultThatItsWordsAreAbout(t *testing.T) {
	for code, want := range map[string]fault.Code{
		"": fault.Away, api.ProblemBusy: fault.Busy, api.ProblemTooMany: fault.Away, api.ProblemBadRequest: fault.Away,
		api.ProblemKioskRevoked: fault.OutOfUse, api.ProblemKioskSuspended: fault.Suspended, api.ProblemCertificate: fault.Certificate, api.ProblemClock: fault.Clock,
		api.ProblemToken: fault.Expired, api.ProblemOver: fault.NoTries, api.ProblemStaffToken: fault.StaffWrong,
	} {
		if got := fault.CodeOf(&Problem{Code: code}); got != want {
			t.Errorf("%q is %s, want %s", code, got, want)
		}
	}
}

func TestTheAuditNamesEveryFaultThatIsKnown(t *testing.T) {
	for _, row := range fault.PrinterFaults {
		if got := Report(fault.Failed, row.Code, 2); got.Reason == nil || got.Outcome != api.Failed || got.Pages != 2 {
			t.Errorf("%s: %+v: the contract does not know it (PrintReport in openapi.yaml)", row.Code, got)
		}
	}
	_, listed := contract(t)
	if len(listed) != len(reasons)+1 { // and what was handed on
		t.Errorf("the contract has %d reasons, the table %d", len(listed), len(reasons)+1)
	}
	for code, reason := range reasons {
		if !reason.Valid() {
			t.Errorf("%s is told as %s, which the contract does not list", code, reason)
		}
	}
	for _, c := range []struct {
		outcome fault.Outcome
		code    fault.Code
		want    string
	}{
		{fault.Printed, "", "printed"},
		{fault.HandedOn, "", "unknown handed-on"},
		{fault.Unknown, fault.NoAnswer, "unknown no-answer"},
		{fault.Failed, fault.Record, "failed record-check"},
		{fault.Failed, fault.Page, "failed page-check"},
		{fault.Failed, "what nobody thought of", "failed"},
	} {
		r := Report(c.outcome, c.code, 1)
		got := string(r.Outcome)
		if r.Reason != nil {
			got += " " + string(*r.Reason)
		}
		if got != c.want || !r.Outcome.Valid() {
			t.Errorf("%s %s: %s, want %s", c.outcome, c.code, got, c.want)
		}
	}
}

// Screens and visits go by faults: a code of the contract among them would be a second
// vocabulary.
func TestTheContractsCodesStayWhereTheAPIIsSpoken(t *testing.T) {
	code, files := regexp.MustCompile(`\bapi\.Problem[A-Z]`), 0
	for _, root := range []string{"../../app", "../../ui"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			files++
			for _, line := range strings.Split(string(source), "\n") {
				if code.MatchString(strings.ReplaceAll(line, "api.ProblemReport", "")) {
					t.Errorf("%s knows a problem of the API: %s", path, strings.TrimSpace(line))
				}
			}
			return err
		})
		if err != nil || files == 0 {
			t.Fatalf("%s: %d files, %v", root, files, err)
		}
	}
}
