package tour

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/visit"
)

// Where make dist-test says that a kiosk is installed: its configuration, and the folder in which
// its central leaves the messages for a gateway.
const (
	installedConfig  = "VAXKIOSK_INSTALLED"
	installedNotices = "VAXKIOSK_NOTICES"
)

// The kiosk and central are the installed programs, started by the commands of their units; the
// display is that of the kiosk's session. Somebody touches it and gets a page.
func TestAVisitAtAnInstalledKiosk(t *testing.T) {
	file, notices := os.Getenv(installedConfig), os.Getenv(installedNotices)
	if file == "" {
		t.Skip("make dist-test installs one")
	}
	h := handAt(t, siteOf(t, file))
	h.look()
	h.fillIn(someone)
	h.unlock(h.sendAnd(func() string { return messageIn(t, notices) }))
	h.print()
}

// siteOf asks central, as this kiosk, what its screens say.
func siteOf(t *testing.T, file string) visit.Site {
	t.Helper()
	cfg, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Kiosk.Data = t.TempDir() // the kiosk holds its own
	k, err := kiosk.Open(t.Context(), file, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	sites := make(chan visit.Site, 1)
	k.Run(ctx, func(v visit.Visit, _ time.Time) {
		if v.State == visit.Welcome && v.OutOfOrder == nil && len(v.Site.Languages) > 0 {
			select {
			case sites <- v.Site:
			default:
			}
			stop()
		}
	})
	select {
	case s := <-sites:
		return s
	default:
		t.Fatal("central does not answer this kiosk")
	}
	return visit.Site{}
}

// messageIn is the text of the message that waits in a folder, "" when there is none.
func messageIn(t *testing.T, dir string) string {
	t.Helper()
	if all := messagesIn(t, dir); len(all) > 0 {
		return all[0]
	}
	return ""
}

// messagesIn are the texts of the messages that wait in a folder.
func messagesIn(t *testing.T, dir string) (texts []string) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range all {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var m struct {
			Text string `json:"text"`
		}
		if err := json.Unmarshal(content, &m); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, m.Text)
	}
	return texts
}
