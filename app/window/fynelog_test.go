package window

import (
	"log"
	"log/slog"
	"strings"
	"testing"

	"vaxkiosk/sync/logs/logstest"
)

// What the toolkit mutters is nothing that anybody has to act on; a window that cannot
// be made is.
func TestToolkitNoiseIsNoWarning(t *testing.T) {
	defer log.SetOutput(log.Writer())
	defer log.SetFlags(log.Flags())
	lines := logstest.Heard(t, func(to *slog.Logger) {
		f := TakeFyneLog(to)
		for _, line := range []string{
			"Fyne error:  Preferences load error:", "  Cause: EOF", "  At: /x/preferences.go:1",
			"Fyne error:  failed to watch theme settings", "  Cause: nothing",
			"Fyne error:  window creation error", "  Cause: no GLX", "  At: /x/window.go:2",
			"Fyne error:  Preferences load error:",
		} {
			log.Print(line)
		}
		if !f.Windowless() || f.threads.Load() {
			t.Error("what it says of windows and threads is not noticed")
		}
	})
	var got []string
	for _, l := range lines {
		got = append(got, l["level"].(string)+" "+l["event"].(string))
	}
	want := strings.Split("INFO window.noise,INFO window.noise,INFO window.noise,WARN window.trouble,WARN window.trouble,WARN window.trouble,INFO window.noise", ",")
	if strings.Join(got, ",") != strings.Join(want, ",") {
		t.Errorf("%q", got)
	}
}
