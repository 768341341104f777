package demo

import (
	"io"
	"testing"
	"time"
)

// A folder gives nobody a page: the welcome screen has to say that this is a test
// when the configuration names the folder.
func TestAKioskThatPrintsToAFolderSaysThatItIsATest(t *testing.T) {
	s, file, err := SetUp(time.Now, "folder:"+t.TempDir(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.OpenKiosk(file); err != nil {
		t.Fatal(err)
	}
	defer s.Kiosk.Close()
	if h := s.Kiosk.Site(); !h.Demo || h.Test {
		t.Errorf("a demo has a sign of its own: %v %v", h.Demo, h.Test)
	}
	if s.Kiosk.Demo = false; !s.Kiosk.Site().Test {
		t.Error("a kiosk that prints to a folder does not say that it is a test")
	}
}
