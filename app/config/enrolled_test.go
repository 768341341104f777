package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shipped is what a package brings: no kiosk yet.
const shipped = "[kiosk]\ndata = \"data\"\n\n[paper]\nsize = \"letter\"\n"

// enrolled is what an enrolment decides, beside its certificates.
const enrolled = `[central]
url = "https://central.example.org:8443"
ca = "../ca.pem"
cert = "../kiosk.pem"
key = "../kiosk.key"
pin = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"

[kiosk]
name = "lobby"

[printer]
uri = "ipps://printer.local/ipp/print"
pin = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

[paper]
size = "a4"
`

// enrol puts what an enrolment decides where it is looked for.
func enrol(t *testing.T, dir, text string) string {
	t.Helper()
	data := filepath.Join(dir, "data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	return write(t, data, EnrolledFile, text)
}

func TestWhatAnEnrolmentDecidesIsReadUnderAllThatITSays(t *testing.T) {
	dir := folder(t)
	path := write(t, dir, "kiosk.toml", shipped)
	own := enrol(t, dir, enrolled)
	c, err := Load(path)
	if err != nil || c.Kiosk.Name != "lobby" || c.Central.Cert.Leaf.Subject.CommonName != "kiosk" || c.Paper.Size != Letter || c.Printer.Pin == nil {
		t.Errorf("%s, %s, %v", c.Kiosk.Name, c.Paper.Size, err)
	}
	if !slices.Equal(c.Files, []string{own, path}) {
		t.Errorf("read from %v", c.Files)
	}
	// A plain printer is no other printer's key.
	dropIn(t, dir, "10.toml", "[printer]\nuri = \"ipp://hall/ipp/print\"\n[kiosk]\nname = \"hall\"\n")
	if c, err = Load(path); err != nil || c.Printer.URI != "ipp://hall/ipp/print" || c.Printer.Pin != nil || c.Kiosk.Name != "hall" {
		t.Errorf("%s, %s, %v", c.Printer.URI, c.Kiosk.Name, err)
	}
	if m := Look(path); m.By != own || m.New || m.Enrolled() != own {
		t.Errorf("by %q, new %v", m.By, m.New)
	}
}

func TestAMistakeInWhatAnEnrolmentDecidesIsToldWithItsFile(t *testing.T) {
	dir := folder(t)
	path := write(t, dir, "kiosk.toml", shipped)
	own := enrol(t, dir, enrolled+"nmae = 1\n")
	var p Problems
	if _, err := Load(path); !errors.As(err, &p) || len(p) != 1 || p[0].File != own || p[0].Line != 17 || p[0].Key != "paper.nmae" {
		t.Errorf("%v", err)
	}
}

func TestAMachineIsNewWhenAllThatItLacksComesWithAnEnrolment(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want bool
	}{
		"as shipped":           {shipped, true},
		"a roll-out's address": {shipped + "[central]\nurl = \"https://central.example.org\"\nproxy = \"http://proxy:3128\"\n", true},
		"a roll-out's printer": {shipped + "[printer]\nuri = \"ipp://p/ipp/print\"\n", true},
		"nothing":              {"# nothing\n", false},
		"no folder":            {"[paper]\nsize = \"a4\"\n", false},
		"a mistyped key":       {shipped + "[window]\nfulscreen = true\n", false},
		"a wrong size":         {strings.Replace(shipped, "letter", "legal", 1), false},
		"a wrong address":      {shipped + "[central]\nurl = \"http://central.example.org\"\n", false},
		"half an identity":     {shipped + "[central]\nca = \"ca.pem\"\n", false},
		"no TOML":              {shipped + "[central\n", false},
		"a kiosk":              {good, false},
	} {
		dir := folder(t)
		m := Look(write(t, dir, "kiosk.toml", tt.text))
		if m.New != tt.want {
			t.Errorf("%s: new is %v", name, m.New)
		}
		if by := m.By != ""; by != (name == "half an identity" || name == "a kiosk") {
			t.Errorf("%s: known by %q", name, m.By)
		}
	}
	dir := folder(t)
	dropIn(t, dir, "10.toml", "[central]\nurl = \"https://central.example.org/\"\nproxy = \"http://proxy:3128\"\n[window]\nfullscreen = false\n")
	m := Look(write(t, dir, "kiosk.toml", shipped))
	if !m.New || m.Says("central.pin") || !m.Says("central.url") || m.Central != "https://central.example.org" || m.Proxy != "proxy:3128" || m.Window.FullScreen || m.Data != filepath.Join(dir, "data") {
		t.Errorf("%+v", m)
	}
}

func TestAnEnrolmentIsTriedBeforeItCounts(t *testing.T) {
	dir := folder(t)
	path := write(t, dir, "kiosk.toml", shipped)
	next := write(t, filepath.Dir(enrol(t, dir, "[central\n")), "next.toml", enrolled)
	if c, err := Try(path, next); err != nil || c.Kiosk.Name != "lobby" {
		t.Errorf("%v", err)
	}
	if _, err := Load(path); err == nil {
		t.Error("what is tried counts")
	}
}
