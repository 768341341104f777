package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// msiOf makes the Windows package of a program in a folder of its own.
func msiOf(t *testing.T, program, version string) string {
	t.Helper()
	for _, name := range []string{"wixl", "msibuild", "msiinfo"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("there is no %s, which make dist brings", name)
		}
	}
	j := job{programs: t.TempDir(), out: t.TempDir(), stage: t.TempDir(), version: version, made: time.Unix(1795000000, 0)}
	path := j.program(windowsArch, "vaxkiosk.exe")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir("../../..")
	if n, err := j.msi(t.Context()); n != 1 || err != nil {
		t.Fatal(err)
	}
	t.Chdir(here)
	return filepath.Join(j.out, "vaxkiosk-"+version+".msi")
}

// table is a table of a package, "suminfo" for its summary.
func table(t *testing.T, path, name string) string {
	t.Helper()
	args := []string{"export", path, name}
	if name == "suminfo" {
		args = []string{name, path}
	}
	out, err := exec.CommandContext(t.Context(), "msiinfo", args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestTheSameProgramMakesTheSameMSIAndAnotherOneAnotherProduct(t *testing.T) {
	paths := []string{msiOf(t, "one", "1.2.3"), msiOf(t, "one", "1.2.3"), msiOf(t, "two", "1.2.3")}
	var all [][]byte
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	if !bytes.Equal(all[0], all[1]) {
		t.Error("the same program does not make the same bytes")
	}
	if table(t, paths[0], "Property") == table(t, paths[2], "Property") {
		t.Error("another program is the same product")
	}
	if text := table(t, paths[0], "suminfo"); !strings.Contains(text, "Nov 18") || strings.Contains(text, time.Now().Format("Jan _2 15")) {
		t.Errorf("its dates are not those of the source:\n%s", text)
	}
}

func TestTheMSIIsWhatAnUpgradeAndARollOutNeed(t *testing.T) {
	path := msiOf(t, "one", "1.2.3")
	for name, want := range map[string][]string{
		"Property": {
			"UpgradeCode\t{6F2B6C0E-3A0B-4E0F-9C53-1B5C0B7B9D21}", "ALLUSERS\t1", "ProductVersion\t1.2.3", "MsiHiddenProperties\tENROLCODE",
			"SecureCustomProperties\tCENTRALURL;ENROLCODE;KIOSKUSER;NAME;PAPER;PRINTERPIN;PRINTERURI;PROXY;WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED",
		},
		"Upgrade":                {"1.2.3\t\t513\t\tWIX_UPGRADE_DETECTED", "1.2.3\t\t\t2\t\tWIX_DOWNGRADE_DETECTED"},
		"LaunchCondition":        {"NOT WIX_DOWNGRADE_DETECTED\tA newer version of VaxKiosk is installed"},
		"CustomAction":           {"Settings\t3090\t", "Enrol\t11346\t", "Schedule\t3106\tINSTALLDIR\t\"[System64Folder]schtasks.exe\" /Create /TN VaxKiosk /XML \"[DATADIR]log\\task.xml\" /F", "Unschedule\t3170\tINSTALLDIR"},
		"InstallExecuteSequence": {"RemoveExistingProducts\t\t1501", "Settings\tNOT REMOVE\t4001", "Enrol\tNOT REMOVE AND ENROLCODE\t4003", "Schedule\tNOT REMOVE AND KIOSKUSER\t4002", "Unschedule\tREMOVE=\"ALL\" AND NOT UPGRADINGPRODUCTCODE\t3490"},
		"Component":              {"{7A0B60C5-78DC-4B43-94A4-6B39A3F1D2A1}"},
		"suminfo":                {"x64;1033"},
	} {
		text := table(t, path, name)
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s lacks %q:\n%s", name, w, text)
			}
		}
	}
}

// Secrets are in no property that an installer may write down, and each property of the
// package reaches the program.
func TestEveryPropertyOfTheManualReachesTheProgram(t *testing.T) {
	text, err := os.ReadFile("../windows/kiosk.wxs")
	if err != nil {
		t.Fatal(err)
	}
	manual, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"CENTRALURL", "ENROLCODE", "KIOSKUSER", "NAME", "PAPER", "PRINTERPIN", "PRINTERURI", "PROXY"} {
		if !bytes.Contains(text, []byte("["+name+"]")) || !strings.Contains(strings.Join(msiTables, ""), name) || !bytes.Contains(manual, []byte("`"+name+"`")) {
			t.Errorf("%s is not in the package, its tables and the manual", name)
		}
	}
}

func TestAPackageWithoutASummaryIsNotRedated(t *testing.T) {
	for name, b := range map[string][]byte{
		"empty": nil, "no summary": make([]byte, 100), "cut off": append(make([]byte, 28), summary...),
		"no dates": append(append(make([]byte, 28), summary...), make([]byte, 64)...),
	} {
		if err := redate(b, time.Unix(0, 0)); err == nil {
			t.Errorf("%s: redated", name)
		}
	}
}
