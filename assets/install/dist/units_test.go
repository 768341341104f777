package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// units are the services, each with the most that systemd-analyze may say of its exposure (0 is
// best, a service without hardening has 9.2), the timer that goes with it, and the programs that
// it starts.
var units = []struct {
	file, threshold, timer string
	starts                 []string
}{
	{"kiosk/vaxkiosk-session.service", "21", "kiosk/vaxkiosk-again.timer", []string{"/usr/bin/xinit", "/usr/bin/install"}},
	{"central/vaxcentral.service", "13", "", []string{"/usr/bin/vaxcentral"}},
	{"central/vaxcentral-backup.service", "13", "central/vaxcentral-backup.timer", []string{"/usr/lib/vaxcentral/backup"}},
}

func TestNoUnitIsLeftOut(t *testing.T) {
	all, err := filepath.Glob("../*/*.service")
	if err != nil || len(all) != len(units) {
		t.Errorf("%d units are looked at of %q, %v", len(units), all, err)
	}
}

func TestUnitsAreHardened(t *testing.T) {
	analyze := need(t, "systemd-analyze")
	for _, u := range units {
		out, err := exec.CommandContext(t.Context(), analyze, "security", "--offline=true", "--no-pager", "--threshold="+u.threshold, "../"+u.file).CombinedOutput()
		if err != nil {
			t.Errorf("%s is more exposed than %s tenths: %v\n%s", u.file, u.threshold, err, out)
		}
	}
}

// The units are verified as they lie in an installed machine, with stand-ins for the programs.
func TestSystemdHasNothingToSayOfTheUnits(t *testing.T) {
	analyze := need(t, "systemd-analyze")
	for _, u := range units {
		root := t.TempDir()
		name := filepath.Base(u.file)
		copyFile(t, "../"+u.file, filepath.Join(root, "usr/lib/systemd/system", name), 0o644)
		names := []string{name}
		if u.timer != "" {
			copyFile(t, "../"+u.timer, filepath.Join(root, "usr/lib/systemd/system", filepath.Base(u.timer)), 0o644)
			names = append(names, filepath.Base(u.timer))
		}
		for _, target := range []string{
			"getty@tty1.service", "dbus.socket", "systemd-logind.service", "systemd-user-sessions.service", "plymouth-quit-wait.service",
			"network-online.target", "time-sync.target", "time-set.target", "timers.target", "multi-user.target", "sysinit.target", "basic.target", "shutdown.target", "-.mount", "tmp.mount",
		} {
			stand(t, filepath.Join(root, "usr/lib/systemd/system", target))
		}
		for _, p := range u.starts {
			copyFile(t, "/bin/true", filepath.Join(root, p), 0o755)
		}
		var errs bytes.Buffer
		cmd := exec.CommandContext(t.Context(), analyze, "verify", "--root="+root, "--recursive-errors=yes", "--man=no")
		cmd.Args = append(cmd.Args, names...)
		cmd.Stderr = &errs
		if err := cmd.Run(); err != nil || errs.Len() > 0 {
			t.Errorf("%s: %v\n%s", u.file, err, &errs)
		}
	}
}

// What is added to Debian's own unit of upgrades is verified with a stand-in for it.
func TestSystemdHasNothingToSayOfWhatMakesUpgradesWait(t *testing.T) {
	analyze := need(t, "systemd-analyze")
	root := t.TempDir()
	unit := filepath.Join(root, "usr/lib/systemd/system/apt-daily-upgrade.service")
	copyFile(t, "../kiosk/apt-daily-upgrade.conf", unit+".d/vaxkiosk.conf", 0o644)
	for _, target := range []string{"sysinit.target", "basic.target", "shutdown.target", "-.mount"} {
		stand(t, filepath.Join(filepath.Dir(unit), target))
	}
	stand(t, unit)
	copyFile(t, "/bin/true", filepath.Join(root, "usr/bin/vaxkiosk"), 0o755)
	var errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), analyze, "verify", "--root="+root, "--recursive-errors=yes", "--man=no", "apt-daily-upgrade.service")
	cmd.Stderr = &errs
	if err := cmd.Run(); err != nil || errs.Len() > 0 {
		t.Errorf("%v\n%s", err, &errs)
	}
}

func TestAMistakeInAUnitIsFound(t *testing.T) {
	analyze := need(t, "systemd-analyze")
	unit := filepath.Join(t.TempDir(), "wrong.service")
	if err := os.WriteFile(unit, []byte("[Service]\nExecStart=/bin/true\nProtectHoem=yes\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _ := exec.CommandContext(t.Context(), analyze, "verify", "--recursive-errors=no", "--man=no", unit).CombinedOutput(); !bytes.Contains(out, []byte("ProtectHoem")) {
		t.Errorf("it says %q", out)
	}
	if exec.CommandContext(t.Context(), analyze, "security", "--offline=true", "--no-pager", "--threshold=20", unit).Run() == nil {
		t.Error("a service without hardening is under the threshold")
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// stand writes a unit that stands for one of the machine's.
func stand(t *testing.T, path string) {
	t.Helper()
	text := "[Unit]\nDescription=stands for another\nDefaultDependencies=no\n"
	switch filepath.Ext(path) {
	case ".service":
		text += "[Service]\nExecStart=/usr/bin/install\n"
		copyFile(t, "/bin/true", filepath.Join(filepath.Dir(path), "../../../bin/install"), 0o755)
	case ".socket":
		text += "[Socket]\nListenStream=/run/stands\nService=systemd-logind.service\n"
	case ".mount":
		text += "[Mount]\nWhat=tmpfs\nWhere=" + map[string]string{"-.mount": "/", "tmp.mount": "/tmp"}[filepath.Base(path)] + "\n"
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A directive that the installed files do not have would be found by nobody before a kiosk starts.
func TestUnitsNameOnlyFilesThatThePackageHas(t *testing.T) {
	for _, u := range units {
		text, err := os.ReadFile("../" + u.file)
		if err != nil {
			t.Fatal(err)
		}
		description, err := os.ReadFile("../" + filepath.Dir(u.file) + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range strings.Fields(string(text)) {
			_, path, is := strings.Cut(word, "/etc/vax")
			if is && !strings.Contains(string(description), "/etc/vax"+path+",") {
				t.Errorf("%s names /etc/vax%s, which the package does not have", u.file, path)
			}
		}
	}
}
