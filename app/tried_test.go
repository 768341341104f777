package main

import (
	"io"
	"path/filepath"
	"testing"
	"time"

	"vaxkiosk/app/config"
)

// A folder gives nobody a page: the welcome screen has to say that this is a test,
// whether the configuration or --printer names the folder.
func TestAKioskThatPrintsToAFolderSaysThatItIsATest(t *testing.T) {
	s, file, err := setStage(time.Now, "folder:"+t.TempDir(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	if err := s.open(file); err != nil {
		t.Fatal(err)
	}
	defer s.kiosk.Close()
	if h := s.kiosk.House(); !h.Demo || h.Test {
		t.Errorf("a demo has a sign of its own: %v %v", h.Demo, h.Test)
	}
	if s.kiosk.Demo = false; !s.kiosk.House().Test {
		t.Error("a kiosk that prints to a folder does not say that it is a test")
	}
	for printer, want := range map[string]bool{"folder:" + filepath.Join(t.TempDir(), "pages"): true, "ipp://printer/ipp/print": false} {
		cfg := config.Config{}
		if err := usePrinter(&cfg, printer); err != nil || cfg.Kiosk.Test != want {
			t.Errorf("--printer %s: test is %v, %v", printer, cfg.Kiosk.Test, err)
		}
	}
}
