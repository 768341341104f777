package central_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"vaxkiosk/sync/metrics"
)

// What is handed to IT beside the program names what the program really says.

const monitoring = "../../assets/install/monitoring/"

// unseen are metrics that nobody looks at unless something is wrong.
var unseen = map[string]bool{
	"vaxcentral_kiosk_suspended": true, "vaxcentral_kiosk_refused": true, "vaxcentral_kiosk_out_of_service": true, "process_start_time_seconds": true,
}

func contentOf(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEveryMetricThatAlertsAndDashboardNameIsThere(t *testing.T) {
	w := newMobile(t) // with gateways and receipts
	all, err := w.Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	is := map[string]bool{}
	for _, m := range all {
		is[m.Name] = true
		if m.Kind == metrics.Histogram {
			is[m.Name+"_bucket"], is[m.Name+"_count"] = true, true
		}
	}
	for _, m := range regexp.MustCompile(`# TYPE (\w+) gauge`).FindAllStringSubmatch(contentOf(t, monitoring+"../central/backup"), -1) {
		is[m[1]] = true // state.prom
	}
	seen := map[string]bool{}
	for _, file := range []string{"grafana.json", "vaxkiosk.rules.yml", "vaxkiosk.test.yml"} {
		for _, name := range regexp.MustCompile(`\b(vaxcentral|go|process)_[a-z_]+`).FindAllString(contentOf(t, monitoring+file), -1) {
			if seen[name] = true; !is[name] {
				t.Errorf("%s names %s, which nothing has", file, name)
			}
		}
	}
	for _, m := range all {
		if !seen[m.Name] && !seen[m.Name+"_count"] && !unseen[m.Name] {
			t.Errorf("nobody looks at %s", m.Name)
		}
	}
}

// Each alert of central has a line in the manual that says what to do, and nothing else has.
func TestEachAlertHasALineInTheManual(t *testing.T) {
	_, chapter, _ := strings.Cut(contentOf(t, "README.md"), "\n### Alerts\n")
	chapter, _, _ = strings.Cut(chapter, "\n## ")
	rules := contentOf(t, monitoring+"vaxkiosk.rules.yml")
	for _, alert := range regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(rules, -1) {
		if !strings.Contains(chapter, "`"+alert[1]+"`") {
			t.Errorf("%s is not in the manual", alert[1])
		}
	}
	for _, alert := range regexp.MustCompile("`(Vax\\w+)`").FindAllStringSubmatch(chapter, -1) {
		if !strings.Contains(rules, "alert: "+alert[1]+"\n") {
			t.Errorf("the manual has %s, which is no alert", alert[1])
		}
	}
}
