package msi

import (
	"bytes"
	"encoding/xml"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vaxkiosk/app/config"
)

// install does what the package does with properties.
func install(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := Run(t.Context(), append([]string{"settings", "--dir", dir + string(filepath.Separator) + "."}, args...), &out)
	return out.String(), err
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWhatTheInstallerWasToldIsAConfigurationThatLacksACode(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "VaxKiosk")
	if _, err := install(t, dir, "--central", "https://central.example.org:8443", "--proxy", "http://proxy.example.org:3128", "--printer", "ipp://printer.local/ipp/print", "--paper", "a4"); err != nil {
		t.Fatal(err)
	}
	m := config.Look(filepath.Join(dir, configFile))
	if !m.New || m.Central != "https://central.example.org:8443" || m.Proxy != "proxy.example.org:3128" || m.Data != filepath.Join(dir, dataFolder) || !m.Says("printer.uri") {
		t.Errorf("%+v", m)
	}
	for _, name := range []string{"", "kiosk.d", dataFolder, logFolder} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
}

func TestEveryValueIsOneTextInTOML(t *testing.T) {
	for _, value := range []string{`a"b`, `C:\new\table`, "two\nlines", "]\n[central]\nurl = \"https://elsewhere\"", "#", "é", `'`, "\x07"} {
		a := asked{printer: value}
		text, err := a.text()
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "kiosk.toml")
		if err := os.WriteFile(file, []byte(first+text[strings.Index(text, "[printer]"):]), 0o600); err != nil {
			t.Fatal(err)
		}
		if m := config.Look(file); m.Central != "" || !m.Says("printer.uri") {
			t.Errorf("%q became %q", value, text)
		}
	}
}

func TestAnInstallationAnewKeepsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	if _, err := install(t, dir, "--central", "https://central.example.org"); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, configFile)
	if err := os.WriteFile(file, []byte(read(t, file)+"\n# ours\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := install(t, dir); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(read(t, file), "# ours\n") || !strings.Contains(read(t, dir, "kiosk.d", installFile), "central.example.org") {
		t.Error("something is gone")
	}
	if _, err := install(t, dir, "--central", "https://other.example.org"); err != nil {
		t.Fatal(err)
	}
	if text := read(t, dir, "kiosk.d", installFile); strings.Contains(text, "central.example.org") || !strings.Contains(text, "other.example.org") {
		t.Errorf("new properties do not count: %s", text)
	}
}

func TestSettingsThatAreNoneAreRefusedAllAtOnceAndChangeNothing(t *testing.T) {
	dir := t.TempDir()
	for _, before := range []string{"", "https://central.example.org"} {
		if before != "" {
			if _, err := install(t, dir, "--central", before); err != nil {
				t.Fatal(err)
			}
		}
		_, err := install(t, dir, "--central", "http://central.example.org", "--paper", "legal", "--printer", "lpt1")
		for _, want := range []string{"central.url", "paper.size", "printer.uri"} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s is not named: %v", want, err)
			}
		}
		if strings.Contains(err.Error(), "central.ca") {
			t.Errorf("it wants what a code brings: %v", err)
		}
		if before == "" {
			if _, err := os.Stat(filepath.Join(dir, "kiosk.d", installFile)); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s is left: %v", installFile, err)
			}
		} else if text := read(t, dir, "kiosk.d", installFile); !strings.Contains(text, before) {
			t.Errorf("it is now %s", text)
		}
		if !strings.Contains(read(t, dir, logFolder, "install.log"), "paper.size") {
			t.Error("the log of installations does not say it")
		}
	}
}

func TestAnEnrolmentThatFailsIsNotedWithoutTheCode(t *testing.T) {
	dir := t.TempDir()
	if _, err := install(t, dir, "--central", "https://127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	const code = "7KQ2-M4VG-0XYZ-9ABC-DEFG-HJKM-NP"
	var out bytes.Buffer
	for _, args := range [][]string{{"--code", code}, {"--code", "7KQ2-M4VG"}, {"--code", code, "--nonsense"}, {"--cod", code}} {
		err := Run(t.Context(), append([]string{"enrol", "--dir", dir}, args...), &out)
		if err == nil || strings.Contains(err.Error(), "7KQ2") {
			t.Errorf("%v", err)
		}
	}
	if text := read(t, dir, logFolder, "install.log"); strings.Contains(text, "7KQ2") || !strings.Contains(text, "no code") && !strings.Contains(text, "central") {
		t.Errorf("the log says %q", text)
	}
}

func TestAnythingElseIsRefused(t *testing.T) {
	for _, args := range [][]string{nil, {"install"}, {"settings"}, {"settings", "--nonsense"}, {"enrol"}, {"enrol", "--dir", "x"}} {
		if err := Run(t.Context(), args, &bytes.Buffer{}); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
}

func TestTheTaskIsXMLWhateverTheAccountIsCalled(t *testing.T) {
	var got struct {
		User    string `xml:"Principals>Principal>UserId"`
		Command string `xml:"Actions>Exec>Command"`
		Args    string `xml:"Actions>Exec>Arguments"`
	}
	text := strings.Replace(task(`C:\Program Files\VaxKiosk\vaxkiosk.exe`, `C:\ProgramData\VaxKiosk`, `CLINIC\R&D <1>`), `encoding="UTF-16"`, "", 1)
	if err := xml.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if got.User != `CLINIC\R&D <1>` || got.Command != `C:\Program Files\VaxKiosk\vaxkiosk.exe` || !strings.Contains(got.Args, configFile) || !strings.Contains(got.Args, "--log-file") {
		t.Errorf("%+v", got)
	}
}
