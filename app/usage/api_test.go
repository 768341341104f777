package usage_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"testing"
	"time"

	"vaxkiosk/app/usage"
	"vaxkiosk/sync/api"
)

func TestABatchOfUsageIsWhatTheAPIWants(t *testing.T) {
	var c usage.Counter
	at := time.Date(2026, 11, 23, 10, 20, 0, 0, time.FixedZone("Boston", -5*3600))
	for range 5 {
		c.Note(usage.Visit, at)
		c.Note(usage.Language("zh-Hant"), at)
	}
	all := c.Flush(at)
	if len(all) != 1 {
		t.Fatalf("%d hours were handed out", len(all))
	}
	strict := json.NewDecoder(bytes.NewReader(all[0].Encode()))
	strict.DisallowUnknownFields()
	var got api.UsageBatch
	err := strict.Decode(&got)
	want := map[string]int{"visit": 5, "language-zh-hant": 5}
	if err != nil || !got.Hour.Equal(at.Truncate(time.Hour)) || !maps.Equal(got.Counts, want) {
		t.Errorf("%s is read as %+v, %v", all[0].Encode(), got, err)
	}
}
