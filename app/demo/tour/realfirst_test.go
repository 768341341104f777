package tour

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/visit"
	"vaxkiosk/assets"
	"vaxkiosk/sync/central/operator"
)

// The program that a package installs, on a machine without a configuration of its own: staff
// touches an address and a code on its screen, and the welcome screen comes in the same window.
func TestAMachineIsSetUpAtItsOwnScreen(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	p := arrive(t)
	code, _, err := p.s.Central.InviteKiosk(t.Context(), operator.For{Name: "lobby"})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "kiosk.toml")
	text := "[kiosk]\ndata = \"data\"\ntest = true\n[paper]\nsize = \"letter\"\n[printer]\nuri = \"folder:pages\"\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	site := visit.Site{Unenrolled: true}
	for _, l := range assets.Languages {
		site.Languages = append(site.Languages, visit.Language{Tag: l.Tag, Name: l.Name})
	}
	h := newHand(t, site)
	startKiosk(t, []string{"--config", file})
	h.look()
	h.write(p.s.Address)
	h.tap("first.next")
	h.write(strings.ReplaceAll(code.Grouped(), "-", ""))
	h.touch("first.next")
	for late := time.Now().Add(patience); config.Look(file).By == ""; <-time.After(50 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatal("nobody is enrolled")
		}
	}
	h.v = visit.New(siteOf(t, file))
	h.ui.Show(h.v, time.Now())
	h.look()
	h.tap("welcome.es")
}
