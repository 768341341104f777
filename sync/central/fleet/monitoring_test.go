package fleet

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"gopkg.in/yaml.v3"

	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/metrics"
)

// What is handed to IT beside the program goes by what the program really says.

const monitoring = "../../../assets/install/monitoring/"

func contentOf(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(monitoring + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheDashboardIsJSONWithEveryPanelInItsPlace(t *testing.T) {
	var board struct {
		Title  string
		Panels []struct {
			ID      int
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(contentOf(t, "grafana.json"), &board); err != nil {
		t.Fatal(err)
	}
	ids, taken := map[int]bool{}, map[[2]int]string{}
	for _, p := range board.Panels {
		if ids[p.ID] || len(p.Targets) == 0 || p.Targets[0].Expr == "" {
			t.Errorf("%q has no id of its own, or shows nothing", p.Title)
		}
		ids[p.ID] = true
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if at := [2]int{x, y}; taken[at] != "" || x >= 24 {
					t.Fatalf("%q lies over %q, or beside the page", p.Title, taken[at])
				} else {
					taken[at] = p.Title
				}
			}
		}
	}
	if len(board.Panels) < 10 || board.Title == "" {
		t.Errorf("%d panels", len(board.Panels))
	}
}

func TestEachNeedHasOneAlert(t *testing.T) {
	var rules struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	if err := yaml.Unmarshal(contentOf(t, "vaxkiosk.rules.yml"), &rules); err != nil {
		t.Fatal(err)
	}
	var all []Need
	for _, r := range rules.Groups[0].Rules {
		if need := regexp.MustCompile(`^max by \(kiosk, need\) \(vaxcentral_kiosk_need\{need="([a-z-]+)"\}\) == 1$`).FindStringSubmatch(r.Expr); need != nil {
			all = append(all, Need(need[1]))
		} else if r.Alert != "VaxCentralAway" {
			t.Errorf("%s goes by limits of its own: %s", r.Alert, r.Expr)
		}
	}
	if !slices.Equal(all, order) {
		t.Errorf("alerts for %v, want %v", all, order)
	}
}

// promtool is the one of Debian's prometheus, in a folder.
func promtool(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	program, err := filepath.Abs("../../../build/bin/promtool")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(program); err != nil {
		if program, err = exec.LookPath("promtool"); err != nil {
			t.Skip("there is no promtool, which make test brings")
		}
	}
	c := exec.CommandContext(t.Context(), program, args...)
	c.Dir = dir
	return c
}

func TestPrometheusTakesTheAlertsAndTheirTestsPass(t *testing.T) {
	for _, args := range [][]string{{"check", "rules", "vaxkiosk.rules.yml"}, {"test", "rules", "vaxkiosk.test.yml"}} {
		if out, err := promtool(t, monitoring, args...).CombinedOutput(); err != nil {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
}

// Its lint has nothing to say of a page with every metric.
func TestPrometheusTakesThePage(t *testing.T) {
	k, h := well(`hall "2"`)
	h.Printer = "jam"
	c := promtool(t, "", "check", "metrics")
	c.Stdin = bytes.NewReader(metrics.Text(Gauges(Of([]store.Kiosk{k}, map[string]store.Heartbeat{k.ID: h}, own, noon), own, noon)))
	if out, err := c.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestPrometheusReadsWhatTheManualSaysOfIt(t *testing.T) {
	_, rest, _ := bytes.Cut(contentOf(t, "../README.md"), []byte("```yaml\n"))
	text, _, _ := bytes.Cut(rest, []byte("```\n"))
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "prometheus.yml"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := promtool(t, dir, "check", "config", "prometheus.yml").CombinedOutput(); err != nil || !bytes.Contains(text, []byte("scrape_configs:")) {
		t.Errorf("%v\n%s", err, out)
	}
}
