package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The Windows package. wixl makes it from assets/install/windows/kiosk.wxs; what wixl cannot say
// is said here: ids that follow from the content, times, and the few words of tables that it
// ignores. So the same program makes the same bytes here, too.

const (
	windowsArch = "windows-amd64"
	step        = "INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES "
	upgradeCode = "{6F2B6C0E-3A0B-4E0F-9C53-1B5C0B7B9D21}" // of kiosk.wxs
)

// msiFiles are the files of the package beside the program, by their names there.
var msiFiles = map[string]string{
	"README.md":         "assets/install/README.md",
	"CHANGELOG.md":      "CHANGELOG.md",
	"copyright.txt":     "assets/install/copyright",
	"ShellLauncher.xml": "assets/install/windows/ShellLauncher.xml",
}

// msiTables are what wixl cannot say: the properties that an installation with other rights
// than who started it gets; that no log of an installation shows the command with the code
// (msidbCustomActionTypeHideTarget); that what an older version has is removed first, so that
// all of it comes back when the newer one cannot be installed; and that another build of the
// same version is an upgrade as well.
var msiTables = []string{
	"UPDATE `Property` SET `Value` = 'CENTRALURL;ENROLCODE;KIOSKUSER;NAME;PAPER;PRINTERPIN;PRINTERURI;PROXY;WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED' WHERE `Property` = 'SecureCustomProperties'",
	"UPDATE `CustomAction` SET `Type` = 11346 WHERE `Action` = 'Enrol'",     // 18 file + 64 go on + 1024 deferred + 2048 as the system + 8192 hidden
	"DELETE FROM `Upgrade` WHERE `ActionProperty` = 'WIX_UPGRADE_DETECTED'", // one of the same version follows
	// 34 a command in a folder, deferred and as the system; taking the task away may fail: there may be none.
	"INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('Schedule', 3106, 'INSTALLDIR', '\"[System64Folder]schtasks.exe\" /Create /TN VaxKiosk /XML \"[DATADIR]log\\task.xml\" /F')",
	"INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('Unschedule', 3170, 'INSTALLDIR', '\"[System64Folder]schtasks.exe\" /Delete /TN VaxKiosk /F')",
	step + "('Settings', 'NOT REMOVE', 4001)", // behind InstallFiles
	step + "('Schedule', 'NOT REMOVE AND KIOSKUSER', 4002)",
	step + "('Enrol', 'NOT REMOVE AND ENROLCODE', 4003)",
	step + "('Unschedule', 'REMOVE=\"ALL\" AND NOT UPGRADINGPRODUCTCODE', 3490)", // before RemoveFiles
	"UPDATE `InstallExecuteSequence` SET `Sequence` = 1501 WHERE `Action` = 'RemoveExistingProducts'",
}

// msi makes the Windows package, and says how many; none when there is no program for it.
func (j *job) msi(ctx context.Context) (int, error) {
	program, err := os.ReadFile(j.program(windowsArch, "vaxkiosk.exe"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	stage := filepath.Join(j.stage, "windows")
	content := sha256.New()
	files := map[string][]byte{"vaxkiosk.exe": program}
	for name, from := range msiFiles {
		text, err := os.ReadFile(from)
		if err != nil {
			return 0, err
		}
		files[name] = bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
	}
	if files["kiosk.wxs"], err = os.ReadFile("assets/install/windows/kiosk.wxs"); err != nil {
		return 0, err
	}
	if err := os.MkdirAll(stage, 0o755); err != nil {
		return 0, err
	}
	for name, b := range files {
		path := filepath.Join(stage, name)
		if err := os.WriteFile(path, b, 0o644); err != nil {
			return 0, err
		}
		if err := os.Chtimes(path, j.made, j.made); err != nil {
			return 0, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		_, _ = fmt.Fprintf(content, "%s %x\n", name, sha256.Sum256(files[name]))
	}
	_, _ = fmt.Fprintf(content, "%s %d\n", j.version, j.made.Unix())
	out := filepath.Join(j.out, fmt.Sprintf("vaxkiosk-%s.msi", j.version))
	if err := j.wixl(ctx, stage, out, content.Sum(nil)); err != nil {
		return 0, err
	}
	return 1, j.bill(ctx, "vaxkiosk", windowsArch)
}

// wixl makes the package of a stage. Its ids follow from what is in it: two that differ are
// two products, of which Windows puts one in the place of the other.
func (j *job) wixl(ctx context.Context, stage, out string, content []byte) error {
	// The order of what it writes follows from addresses: with the same ones, and nothing of
	// whoever builds, it is the same.
	cmd := exec.CommandContext(ctx, "setarch", "--addr-no-randomize", "wixl", "--arch", "x64", "--output", "kiosk.msi",
		"--define", "Version="+j.version, "--define", "ProductCode="+guid("product", content), "kiosk.wxs")
	cmd.Dir, cmd.Env = stage, []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("wixl: %w: %s", err, said)
	}
	made := filepath.Join(stage, "kiosk.msi")
	sameVersion := fmt.Sprintf("INSERT INTO `Upgrade` (`UpgradeCode`, `VersionMax`, `Attributes`, `ActionProperty`) VALUES ('%s', '%s', 513, 'WIX_UPGRADE_DETECTED')", upgradeCode, j.version)
	steps := [][]string{{"-s", "VaxKiosk " + j.version, "The makers of VaxKiosk", "x64;1033", "{" + guid("package", content) + "}"}}
	for _, query := range append(slices.Clone(msiTables), sameVersion) {
		steps = append(steps, []string{"-q", query})
	}
	for _, args := range steps {
		if said, err := exec.CommandContext(ctx, "msibuild", append([]string{made}, args...)...).CombinedOutput(); err != nil {
			return fmt.Errorf("msibuild: %w: %s", err, said)
		}
	}
	b, err := os.ReadFile(made)
	if err != nil {
		return err
	}
	if err := redate(b, j.made); err != nil {
		return err
	}
	return os.WriteFile(out, b, 0o644)
}

// guid is an id that follows from content (RFC 9562, version 8).
func guid(of string, content []byte) string {
	h := sha256.Sum256(append([]byte("vaxkiosk msi "+of+"\n"), content...))
	h[6], h[8] = h[6]&0x0f|0x80, h[8]&0x3f|0x80
	return strings.ToUpper(fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16]))
}

// summary is the format id that the properties of a package's summary begin behind, and the
// dates among them: when it was made, and saved last.
var (
	summary = []byte{0xe0, 0x85, 0x9f, 0xf2, 0xf9, 0x4f, 0x68, 0x10, 0xab, 0x91, 0x08, 0x00, 0x2b, 0x27, 0xb3, 0xd9}
	dates   = []uint32{12, 13}
)

const (
	headOfStream = 28 + 16 + 4 // of the summary, before its properties
	fileTime     = 64          // VT_FILETIME
	since1601    = 11644473600 // seconds from there to 1970
)

// redate gives the summary of a package another time. The stream is small and in one piece, as
// libgsf writes it.
func redate(msi []byte, to time.Time) error {
	at := bytes.Index(msi, summary)
	if at < 28 || at+20 > len(msi) {
		return errors.New("the package has no summary")
	}
	set := at - 28 + headOfStream
	if set+8 > len(msi) {
		return errors.New("the summary of the package is cut off")
	}
	changed := 0
	for i := range binary.LittleEndian.Uint32(msi[set+4:]) {
		entry := set + 8 + 8*int(i)
		if entry+8 > len(msi) {
			break
		}
		id, value := binary.LittleEndian.Uint32(msi[entry:]), set+int(binary.LittleEndian.Uint32(msi[entry+4:]))
		for _, date := range dates {
			if id == date && value+12 <= len(msi) && binary.LittleEndian.Uint32(msi[value:]) == fileTime {
				binary.LittleEndian.PutUint64(msi[value+4:], uint64(to.Unix()+since1601)*1e7)
				changed++
			}
		}
	}
	if changed != len(dates) {
		return errors.New("the summary of the package has no dates where they are looked for")
	}
	return nil
}
