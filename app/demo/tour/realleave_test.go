package tour

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// newXorg starts the X server of a kiosk's session, with its configuration, and a screen that is
// made up.
func newXorg(t *testing.T) string {
	t.Helper()
	if testing.Short() || raced {
		t.Skip("needs a real window")
	}
	if os.Getuid() != 0 {
		t.Skip("an X server on a console is root's")
	}
	settings, err := os.ReadFile("../../../assets/install/kiosk/xorg.conf")
	if err != nil {
		t.Fatal(err)
	}
	settings = append(settings, "\nSection \"Device\"\n\tIdentifier \"made up\"\n\tDriver \"dummy\"\n\tVideoRam 64000\nEndSection\n"...)
	dir := t.TempDir()
	config := filepath.Join(dir, "xorg.conf")
	if err := os.WriteFile(config, settings, 0o600); err != nil {
		t.Fatal(err)
	}
	number, theirs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command("Xorg", "-displayfd", "3", "-config", config, "-logfile", filepath.Join(dir, "log"), "-novtswitch", "-sharevts", "-nolisten", "tcp", "-noreset")
	server.ExtraFiles = []*os.File{theirs}
	starts(t, server)
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	_ = theirs.Close()
	line, err := bufio.NewReader(number).ReadString('\n')
	if err != nil {
		t.Skipf("no X server can run here: %v", err) // without a console, or without its driver
	}
	return ":" + strings.TrimSpace(line)
}

// Keys of a PC's keyboard, as Linux numbers them and X counts on from 8.
const (
	keyBackspace = 22
	keyCtrl      = 37
	keyAlt       = 64
	keyF1        = 67
	keyF4        = 70
	keyF12       = 96
	keyPrint     = 107
	keyDelete    = 119
	keySuper     = 133
	keyMenu      = 135
)

// Whatever is pressed, the kiosk is there, and on the same console.
func TestNoKeyLeavesTheKiosk(t *testing.T) {
	r := openRealOn(t, newXorg(t))
	r.awaitScreen("welcome")
	welcome := r.still()
	console := func() string {
		at, _ := os.ReadFile("/sys/class/tty/tty0/active") // nowhere where there are none
		return string(at)
	}
	before := console()
	ways := map[string][]byte{
		"Ctrl-Alt-Backspace": {keyCtrl, keyAlt, keyBackspace}, "Ctrl-Alt-Delete": {keyCtrl, keyAlt, keyDelete},
		"Alt-F4": {keyAlt, keyF4}, "Ctrl-F4": {keyCtrl, keyF4}, "Super": {keySuper}, "Super-F4": {keySuper, keyF4}, "Print": {keyPrint},
		"Alt-Print": {keyAlt, keyPrint}, "Menu": {keyMenu},
	}
	for f := byte(keyF1); f < keyF1+10; f++ {
		ways["Ctrl-Alt-F"+string('1'+rune(f-keyF1))] = []byte{keyCtrl, keyAlt, f}
	}
	ways["Ctrl-Alt-F12"] = []byte{keyCtrl, keyAlt, keyF12}
	for way, codes := range ways {
		r.keyed(codes...)
		r.shows("welcome after "+way, welcome, 0.001)
		if at := console(); at != before {
			t.Errorf("%s leads to console %s", way, at)
		}
	}
	r.goes("welcome.en", "choosing")
}
