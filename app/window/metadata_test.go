package window

import (
	"bytes"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/BurntSushi/toml"
)

func TestMetadataInCodeAgreesWithTheFyneAppFile(t *testing.T) {
	var file struct {
		Details struct {
			Icon, Name, ID, Version string
			Build                   int
		}
		Migrations map[string]bool
	}
	if _, err := toml.DecodeFile(filepath.Join("..", "..", "FyneApp.toml"), &file); err != nil {
		t.Fatal(err)
	}
	d := file.Details
	if d.ID != metadata.ID || d.Name != metadata.Name || d.Version != metadata.Version || d.Build != metadata.Build {
		t.Errorf("file has %+v, code has %+v", d, metadata)
	}
	if !maps.Equal(file.Migrations, metadata.Migrations) {
		t.Errorf("file migrates %v, code %v", file.Migrations, metadata.Migrations)
	}
	icon, err := os.ReadFile(filepath.Join("..", "..", d.Icon))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(icon, metadata.Icon.Content()) {
		t.Error("the icon of the file is not the icon in the program")
	}
	if size, err := png.DecodeConfig(bytes.NewReader(icon)); err != nil || size.Width < 256 || size.Width != size.Height {
		t.Errorf("the icon is not a square picture of 256 pixels or more: %v %v", size, err)
	}
}

func TestTheNewestReleaseOfTheChangelogIsWhatTheProgramSaysItIs(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	newest := regexp.MustCompile(`(?m)^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$`).FindSubmatch(text)
	if newest == nil || string(newest[1]) != metadata.Version {
		t.Errorf("the changelog's newest release is %q, the program's %s", newest, metadata.Version)
	}
}
