package preflight

import (
	"crypto/x509"
	"encoding/pem"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/disk"
)

// How much room there has to be: leastRoom is used up within the day that nobody looks, and
// a back-up first makes a copy of the database beside it.
const (
	leastRoom = 200 << 20
	wantRoom  = 1 << 30
)

// freeRoom is disk.Free; a variable for the tests.
var freeRoom = disk.Free

// disk looks how much room there is.
func (l *look) disk() {
	if l.Settings.Data == "" {
		return
	}
	want := uint64(wantRoom)
	if info, err := os.Stat(filepath.Join(l.Settings.Data, folder.DatabaseFile)); err == nil {
		want = max(want, uint64(info.Size())) //nolint:gosec // no file has less than nothing
	}
	dirs := []string{l.Settings.Data}
	if n := l.Settings.Notices.Folder; n != "" && filepath.Dir(n) != filepath.Clean(l.Settings.Data) {
		dirs = append(dirs, n)
		want = wantRoom
	}
	for i, dir := range dirs {
		room, known := freeRoom(dir)
		if !known {
			continue // it is not there, which is told elsewhere, or not a system that tells
		}
		mega := room >> 20
		switch {
		case room < leastRoom:
			l.wrong("disk", dir, "make room: nothing can be saved on a full disk", "only %d MB are free", mega)
		case i == 0 && room < want:
			l.doubt("disk", dir, "make room", "%d MB are free, too little for a copy of the database that a back-up makes, or under 1 GB", mega)
		default:
			l.well("disk", dir, "%d MB are free", mega)
		}
	}
}

// By how much a clock may be off.
const (
	offALittle = time.Minute
	offTooMuch = 5 * time.Minute // kiosks open nothing then
	longAgo    = day             // the service erases nothing at first then
)

// isKept asks the system whether a time service keeps the clock; a variable for the tests.
var isKept = clockIsKept

// kept tells whether a time service keeps the clock.
func (l *look) kept() {
	switch yes, known := isKept(); {
	case !known:
	case yes:
		l.well("clock", "", "a time service keeps it")
	default:
		l.doubt("clock", "", "start one, such as systemd-timesyncd or chrony (timedatectl tells)", "no time service keeps it")
	}
}

// clock compares the clock with what the database tells.
func (l *look) clock(seen store.Sight) {
	now, dir := l.Now(), l.Settings.Data
	if !seen.Clock.IsZero() {
		off := now.Sub(seen.Clock)
		switch fix := "set the clock that is wrong"; {
		case off.Abs() > offTooMuch:
			l.wrong("clock", dir, fix, "it is off from that of the database's server by %s", off.Round(time.Second))
		case off.Abs() > offALittle:
			l.doubt("clock", dir, fix, "it is off from that of the database's server by %s", off.Round(time.Second))
		default:
			l.well("clock", dir, "it agrees with that of the database's server")
		}
	}
	if seen.Last.IsZero() {
		return
	}
	switch since := now.Sub(seen.Last); {
	case since < -offTooMuch:
		l.wrong("clock", dir, "set the clock", "it is behind: the service has worked at %s", seen.Last.UTC().Format(time.RFC3339))
	case since > longAgo:
		l.doubt("clock", dir, "check the clock; if it is right, nothing is erased for the first day", "the service has last worked at %s, or the clock is ahead", seen.Last.UTC().Format(time.RFC3339))
	case seen.Clock.IsZero():
		l.well("clock", dir, "it is not behind the last work of the service (no clock to compare it with)")
	}
}

// waitLimit is how old a message may get in the folder before somebody looks for the gateway.
const waitLimit = time.Hour

// notices looks at what messages leave by: the folder that they wait in, the maildir of what
// comes back, and the CAs of other ends.
func (l *look) notices() {
	n := l.Settings.Notices
	if n.Folder != "" {
		l.waiting(n.Folder)
	}
	if n.Email != nil {
		l.trusted(n.Email.CAFile)
	}
	if dir := n.Maildir(); dir != "" {
		l.maildir(dir)
	}
	for _, s := range n.SMS {
		l.trusted(s.CAFile)
	}
}

// heads looks at the folder of signed heads, when it is not in the data folder.
func (l *look) heads() {
	dir := l.Settings.Audit
	if dir == "" {
		return
	}
	switch _, err := os.Stat(dir); {
	case os.IsNotExist(err) && writable(filepath.Dir(dir)):
		l.well("audit", dir, "the start makes this folder")
	case err != nil || !writable(dir):
		l.wrong("audit", dir, "give the folder to the user of the service; is its disk mounted?", "no signed head can be kept there")
	default:
		l.well("audit", dir, "signed heads are kept there")
	}
}

// waiting looks at the folder that messages wait in.
func (l *look) waiting(dir string) {
	entries, err := os.ReadDir(dir)
	switch {
	case os.IsNotExist(err):
		l.well("notices", dir, "the start makes this folder")
		return
	case err != nil || !writable(dir):
		l.wrong("notices", dir, "give the folder to the user of the service", "it cannot be read or written by this user")
		return
	}
	waiting, oldest := 0, time.Duration(0)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".json") {
			waiting++
			oldest = max(oldest, l.age(e))
		}
	}
	if oldest > waitLimit {
		l.doubt("notices", dir, "see whether your gateway runs", "%d messages wait, the oldest for %d hours", waiting, oldest/time.Hour)
		return
	}
	l.well("notices", dir, "%d messages wait", waiting)
}

func (l *look) age(e fs.DirEntry) time.Duration {
	info, err := e.Info()
	if err != nil { // it was sent meanwhile
		return 0
	}
	return l.Now().Sub(info.ModTime())
}

// maildir looks whether the service can take out what the relay puts in.
func (l *look) maildir(dir string) {
	for _, part := range []string{"", "new", "cur"} { // what is no report is moved beside these
		if in := filepath.Join(dir, part); !writable(in) {
			l.wrong("bounces", in, "make it, for the relay and the user of the service", "it is no folder that this user can take mail out of")
			return
		}
	}
	l.well("bounces", dir, "mail can be taken out")
}

// trusted looks how long the CAs of another end are good.
func (l *look) trusted(file string) {
	if file == "" {
		return
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return // the settings have told
	}
	for block, rest := pem.Decode(b); block != nil; block, rest = pem.Decode(rest) {
		if cert, err := x509.ParseCertificate(block.Bytes); err == nil {
			l.until("trusted CA", file, soon, "ask the other end for its new one", cert)
		}
	}
}
