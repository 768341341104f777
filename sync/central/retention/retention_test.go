package retention_test

import (
	"testing"
	"time"

	"vaxkiosk/sync/central/retention"
)

func TestATimeBelowItsFloorIsRefusedAndOneAboveHolds(t *testing.T) {
	p := retention.Periods{}
	for _, tt := range []struct {
		name, text string
		ok         bool
	}{
		{"problems", "90d", true},
		{"audit", "7y", true},
		{"audit", "6y", true},
		{"audit", "2195d", false},
		{"shoes", "1y", false},
		{"", "1y", false},
		{"problems", "90", false},
		{"problems", "d", false},
		{"problems", "", false},
		{"problems", "-1d", false},
		{"problems", "0d", false},
		{"problems", "1h", false},
		{"problems", "999999999999d", false},
	} {
		if err := p.Set(tt.name, tt.text); (err == nil) != tt.ok {
			t.Errorf("%s=%s: %v", tt.name, tt.text, err)
		}
	}
	if p.Of(retention.OfProblems) != 90*24*time.Hour || p.Of(retention.OfCounts) != retention.Counts || retention.Periods(nil).Of(retention.OfAudit) != retention.Audit {
		t.Errorf("%v", p)
	}
}

func TestTheTableIsWhole(t *testing.T) {
	keys := map[string]bool{}
	for _, r := range retention.Table() {
		if keys[r.Key] || r.Key == "" || r.What == "" || r.Where == "" || r.Until == "" || r.Source == "" || r.By == "" || r.Time < r.Floor {
			t.Errorf("%+v", r)
		}
		keys[r.Key] = true
		if r.Name != "" {
			if err := (retention.Periods{}).Set(string(r.Name), retention.Text(r.Time)); err != nil {
				t.Errorf("its own time is refused: %v", err)
			}
		}
	}
}
