package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// dropIn writes a file into kiosk.d beside the configuration.
func dropIn(t *testing.T, dir, name, content string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "kiosk.d"), 0o700); err != nil {
		t.Fatal(err)
	}
	return write(t, filepath.Join(dir, "kiosk.d"), name, content)
}

func TestOfSeveralFilesTheLastByNameCounts(t *testing.T) {
	dir := folder(t)
	path := write(t, dir, "kiosk.toml", good)
	late := dropIn(t, dir, "90-paper.toml", "[paper]\nsize = \"letter\"\n")
	early := dropIn(t, dir, "10-hall.toml", "[paper]\nsize = \"legal\"\n[kiosk]\nname = \"town-hall-2\"\n")
	dropIn(t, dir, "50-off.toml.off", "[kiosk]\nname = \"nobody\"\n")
	dropIn(t, dir, ".50-editing.toml", "[kiosk]\nname = \"nobody\"\n")
	c, err := Load(path)
	if err != nil || c.Kiosk.Name != "town-hall-2" || c.Paper.Size != Letter || c.Window.FullScreen {
		t.Errorf("%+v %v", c, err)
	}
	if !slices.Equal(c.Files, []string{path, early, late}) {
		t.Errorf("read from %v", c.Files)
	}
}

func TestAPathIsRelativeToTheFileThatNamesIt(t *testing.T) {
	dir := folder(t)
	dropIn(t, dir, "50-central.toml", "[central]\ncert = \"own.pem\"\nkey = \"own.key\"\n[printer]\nuri = \"folder:pages\"\n")
	for _, ext := range []string{".pem", ".key"} {
		b, err := os.ReadFile(filepath.Join(dir, "early"+ext))
		if err != nil {
			t.Fatal(err)
		}
		dropIn(t, dir, "own"+ext, string(b))
	}
	c, err := Load(write(t, dir, "kiosk.toml", good))
	if err != nil {
		t.Fatal(err)
	}
	if c.Central.Cert.Leaf.Subject.CommonName != "early" || c.Printer.Folder != filepath.Join(dir, "kiosk.d", "pages") || c.Kiosk.Data != filepath.Join(dir, "data") {
		t.Errorf("%s, %q, %q", c.Central.Cert.Leaf.Subject.CommonName, c.Printer.Folder, c.Kiosk.Data)
	}
}

func TestAFileOfDropInsAloneIsAWholeConfiguration(t *testing.T) {
	dir := folder(t)
	dropIn(t, dir, "50-all.toml", strings.NewReplacer(`"ca.`, `"../ca.`, `"kiosk.`, `"../kiosk.`).Replace(good))
	if c, err := Load(write(t, dir, "kiosk.toml", "# All of it is in kiosk.d.\n")); err != nil || c.Kiosk.Name != "town-hall-1" {
		t.Errorf("%+v %v", c, err)
	}
}

// The file of a roll-out that the manual of installing shows, beside a kiosk's own.
func TestTheRollOutOfTheManualIsRead(t *testing.T) {
	manual, err := os.ReadFile("../../assets/install/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(manual), "```toml\n")
	text, _, _ := strings.Cut(rest, "```\n")
	dir := folder(t)
	dropIn(t, dir, "10-roll-out.toml", text)
	c, err := Load(write(t, dir, "kiosk.toml", good))
	if err != nil || c.Paper.Size != Letter || c.Central.Proxy == "" || c.Central.URL != "https://records.your-town.gov:8443" {
		t.Errorf("%v: size %v, proxy %q, central %q", err, c.Paper.Size, c.Central.Proxy, c.Central.URL)
	}
}

func TestMistakesOfAllFilesAreToldAtOnceWithTheFileThatHasThem(t *testing.T) {
	dir := folder(t)
	path := write(t, dir, "kiosk.toml", strings.NewReplacer(`"a4"`, `"legal"`, "https://", "http://", "fullscreen", "fulscreen").Replace(good))
	one := dropIn(t, dir, "10-one.toml", "[kiosk]\nnmae = \"x\"\n\n[central]\ncert = \"nowhere.pem\"\n")
	two := dropIn(t, dir, "20-two.toml", "[kiosk]\nnmae = \"x\"\nname = 7\n")
	_, err := Load(path)
	var p Problems
	if !errors.As(err, &p) {
		t.Fatal(err)
	}
	want := []string{
		path + ":4: central.url must start", path + ":19: paper.size is", path + ":22: window.fulscreen is not a key",
		one + ":2: kiosk.nmae is not a key", one + ":5: central.cert names " + filepath.Join(dir, "kiosk.d", "nowhere.pem"),
		two + ":2: kiosk.nmae is not a key", two + ":3: kiosk.name must be a text",
	}
	if len(p) != len(want) {
		t.Fatalf("%d problems, want %d:\n%v", len(p), len(want), err)
	}
	for i, w := range want {
		if !strings.HasPrefix(p[i].String(), w) {
			t.Errorf("%q, want %q", p[i], w)
		}
	}
}

func TestADropInThatCannotBeTakenApartIsToldAndNothingIsGuessed(t *testing.T) {
	dir := folder(t)
	path := write(t, dir, "kiosk.toml", "[central]\n")
	twice := dropIn(t, dir, "10-twice.toml", "[kiosk]\nname = \"a\"\nname = \"b\"\n")
	none := dropIn(t, dir, "20-none.toml", "[kiosk\n")
	if err := os.Mkdir(filepath.Join(dir, "kiosk.d", "30-folder.toml"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Load(path)
	var p Problems
	if !errors.As(err, &p) || len(p) != 3 || p[0].File != twice || p[0].Line != 3 || p[1].File != none || p[1].Line != 2 ||
		!strings.Contains(p[2].String(), "30-folder.toml: cannot be read (is a directory); give") {
		t.Errorf("%v", err)
	}
}
