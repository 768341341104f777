package enrol_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vaxkiosk/app/config"
	"vaxkiosk/app/enrol"
	"vaxkiosk/app/exit"
	"vaxkiosk/sync/client"
	code "vaxkiosk/sync/enrol"
)

// installed makes the machine one that a package was installed on: IT's folder, which an
// enrolment leaves as it is, and a data folder.
func (o *office) installed(more string) (data string) {
	o.t.Helper()
	data = filepath.Join(filepath.Dir(o.dir), "state")
	text := "# IT's\n[kiosk]\ndata = \"" + data + "\"\n[paper]\nsize = \"a4\"\n" + more
	if err := errors.Join(os.Mkdir(o.dir, 0o700), os.WriteFile(o.file, []byte(text), 0o600)); err != nil {
		o.t.Fatal(err)
	}
	return data
}

// untouched wants IT's folder to be as IT has left it.
func (o *office) untouched() {
	o.t.Helper()
	if there := o.there(); len(there) != 1 {
		o.t.Errorf("IT's folder has %q", there)
	}
	o.says("# IT's", `size = "a4"`)
}

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", e.Name(), info.Mode(), err)
		}
	}
	return all
}

func TestAnInstalledMachineIsEnrolledBesideWhatITWrote(t *testing.T) {
	o := newOffice(t)
	data := o.installed("")
	if status, said := o.enrols(o.invite("lobby", false)); status != exit.OK {
		t.Fatal(said)
	}
	o.untouched()
	before := o.config()
	if before.Kiosk.Name != "lobby" || before.Paper.Size != config.A4 || before.Printer.URI != "ipp://printer/ipp/print" || before.Kiosk.Data != data {
		t.Errorf("%s on %s at %s", before.Kiosk.Name, before.Paper.Size, before.Printer.URI)
	}
	if all := names(t, data); len(all) != 4 || o.calls(before) != nil {
		t.Errorf("the data folder has %q", all)
	}
	again := o.invite("lobby", true)
	if status, said := o.enrols(again); status != exit.Usage || !strings.Contains(said, "add --replace") {
		t.Errorf("%d: %s", status, said)
	}
	if status, said := o.enrols(again, "--replace"); status != exit.OK {
		t.Fatal(said)
	}
	o.untouched()
	if all := names(t, data); len(all) != 4 || o.calls(o.config()) != nil {
		t.Errorf("the data folder has %q", all)
	}
	if err := o.calls(before); !errors.Is(err, client.ErrKioskRevoked) {
		t.Errorf("the certificate before: %v", err)
	}
}

func TestWhatARollOutSaysOfCentralAndThePrinterStays(t *testing.T) {
	o := newOffice(t)
	o.installed("[central]\nurl = \"" + o.url + "\"\n[printer]\nuri = \"ipp://hall/ipp/print\"\n")
	given := o.invite("lobby", false)
	for _, args := range [][]string{{"--central", "https://elsewhere.example.org"}, {"--printer", "ipp://p/ipp/print"}, {"--paper", "letter"}, {"--data", "x"}} {
		if status, said := o.enrols(given, args...); status != exit.Usage || !strings.Contains(said, "out, or c") || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: %d: %s", args[0], status, said)
		}
	}
	if status, said := o.enrols(given, "--central", ""); status != exit.OK {
		t.Fatal(said)
	}
	if cfg := o.config(); cfg.Printer.URI != "ipp://hall/ipp/print" || o.calls(cfg) != nil {
		t.Errorf("prints to %s", cfg.Printer.URI)
	}
}

// Power fails just before the last step: the machine is as new, and what is left of the try goes.
func TestAnEnrolmentThatWasCutOffLeavesAMachineThatIsNew(t *testing.T) {
	o := newOffice(t)
	data := o.installed("")
	if status, said := o.enrols(o.invite("lobby", false)); status != exit.OK {
		t.Fatal(said)
	}
	left := names(t, data)
	if err := errors.Join(os.Remove(filepath.Join(data, config.EnrolledFile)), os.WriteFile(filepath.Join(data, ".new-1"), nil, 0o600), os.WriteFile(filepath.Join(data, "kiosk.db"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	m := config.Look(o.file)
	if !m.New {
		t.Fatal("the machine is not new")
	}
	typed, _ := code.ParseCode(o.invite("lobby", true))
	if err := enrol.Machine(t.Context(), m, o.url, typed); err != nil {
		t.Fatal(err)
	}
	if m := config.Look(o.file); m.New || m.By != filepath.Join(data, config.EnrolledFile) || o.calls(o.config()) != nil {
		t.Errorf("known by %s", m.By)
	}
	all := names(t, data)
	if len(all) != 5 { // with what the kiosk saves
		t.Errorf("the data folder has %q", all)
	}
	for _, name := range left {
		if _, err := os.Stat(filepath.Join(data, name)); err == nil && name != config.EnrolledFile {
			t.Errorf("%s is left of the try that was cut off", name)
		}
	}
}

func TestNothingIsEnrolledUnderFilesOfITThatSayWhoTheKioskIs(t *testing.T) {
	o := newOffice(t)
	o.installed("")
	dropIns := filepath.Join(o.dir, "kiosk.d")
	if err := errors.Join(os.Mkdir(dropIns, 0o700), os.WriteFile(filepath.Join(dropIns, "kiosk.toml"), []byte("[central]\ncert = \"x.pem\"\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if status, said := o.enrols(o.invite("lobby", false), "--replace"); status != exit.Usage || !strings.Contains(said, "kiosk.d/kiosk.toml says who this kiosk is") {
		t.Errorf("%d: %s", status, said)
	}
}
