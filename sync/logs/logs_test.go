package logs

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
)

func TestALineIsTextOrJSONAndNothingElse(t *testing.T) {
	for form, good := range map[string]func(string) bool{
		Text: func(s string) bool { return strings.HasSuffix(s, `level=INFO msg="a kiosk" event=x.y`+"\n") },
		JSON: func(s string) bool {
			var line map[string]string
			return json.Unmarshal([]byte(s), &line) == nil && line["event"] == "x.y" && line["level"] == "INFO" && line["time"] != ""
		},
	} {
		var b strings.Builder
		log, err := New(&b, form, slog.LevelInfo)
		if err != nil {
			t.Fatal(err)
		}
		log.Debug("left out", "event", "x.z")
		if log.Info("a kiosk", "event", "x.y"); !good(b.String()) || strings.Count(b.String(), "\n") != 1 {
			t.Errorf("%s: %q", form, &b)
		}
	}
	if _, err := New(nil, "xml", slog.LevelInfo); err == nil || !strings.Contains(err.Error(), "text or json") {
		t.Errorf("got %v", err)
	}
}
