package logs

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// aJournal is one that listens, and a standard error that goes there.
func aJournal(t *testing.T) (listens *net.UnixConn, errs, read *os.File) {
	t.Helper()
	dir, err := os.MkdirTemp("", "") // a short path: that of a socket has 107 bytes at most
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	was := journalSocket
	journalSocket = filepath.Join(dir, "s")
	t.Cleanup(func() { journalSocket = was })
	listens, err = net.ListenUnixgram("unixgram", &net.UnixAddr{Name: journalSocket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listens.Close() })
	read, errs, err = os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { errs.Close(); read.Close() })
	info, err := errs.Stat()
	if err != nil {
		t.Fatal(err)
	}
	at, is := info.Sys().(*syscall.Stat_t)
	if !is {
		t.Fatal("no inode")
	}
	t.Setenv("JOURNAL_STREAM", fmt.Sprintf("%d:%d", at.Dev, at.Ino))
	return listens, errs, read
}

// taken is the next message that the journal got, read by the protocol's words.
func taken(t *testing.T, from *net.UnixConn) map[string]string {
	t.Helper()
	b := make([]byte, 64<<10)
	n, err := from.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for b = b[:n]; len(b) > 0; {
		line, rest, _ := bytes.Cut(b, []byte("\n"))
		name, value, is := bytes.Cut(line, []byte("="))
		if !is {
			n := binary.LittleEndian.Uint64(rest)
			value, rest = rest[8:8+n], rest[8+n+1:]
		}
		all[string(name)], b = string(value), rest
	}
	return all
}

func logTo(t *testing.T, errs io.Writer, form string) *slog.Logger {
	t.Helper()
	log, err := New(errs, form, slog.LevelInfo)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

func TestTheJournalGetsLevelEventAndValuesAsFields(t *testing.T) {
	journal, errs, _ := aJournal(t)
	log := logTo(t, errs, Text)
	at := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	log.Debug("left out", "event", "x.z")
	log.With("event", "x.y", "kiosk", "hall").WithGroup("of").With("a", 1).Warn("a kiosk has\nto wait", "two lines", "a\nb", "until", at, slog.Group("g", "err", errors.New("no")))
	got := taken(t, journal)
	want := map[string]string{
		"MESSAGE":  `level=WARN msg="a kiosk has\nto wait" event=x.y kiosk=hall of.a=1 "of.two lines"="a\nb" of.until=2026-11-30T12:00:00.000Z of.g.err=no`,
		"PRIORITY": "4", "SYSLOG_IDENTIFIER": filepath.Base(os.Args[0]),
		"VAX_EVENT": "x.y", "VAX_KIOSK": "hall", "VAX_OF_A": "1", "VAX_OF_TWO_LINES": "a\nb", "VAX_OF_UNTIL": "2026-11-30T12:00:00Z", "VAX_OF_G_ERR": "no",
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s is %q, want %q", name, got[name], value)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d fields: %v", len(got), got)
	}
	for level, want := range map[slog.Level]string{slog.LevelError: "3", slog.LevelInfo: "6"} {
		log.Log(t.Context(), level, "words", "event", "x.y")
		if got := taken(t, journal)["PRIORITY"]; got != want {
			t.Errorf("%v is %s, want %s", level, got, want)
		}
	}
}

func TestNothingIsLostWhenTheJournalTakesNoMoreAndItGoesOnWithAnother(t *testing.T) {
	journal, errs, read := aJournal(t)
	log := logTo(t, errs, Text)
	if err := journal.Close(); err != nil {
		t.Fatal(err)
	}
	log.Error("a line", "event", "x.y")
	b := make([]byte, 100)
	n, err := read.Read(b)
	if want := "<3>level=ERROR msg=\"a line\" event=x.y\n"; err != nil || string(b[:n]) != want {
		t.Errorf("%q, %v", b[:n], err)
	}
	if err := os.RemoveAll(journalSocket); err != nil {
		t.Fatal(err)
	}
	journal, err = net.ListenUnixgram("unixgram", &net.UnixAddr{Name: journalSocket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer journal.Close()
	log.Error("another", "event", "x.y")
	if got := taken(t, journal)["VAX_EVENT"]; got != "x.y" {
		t.Errorf("a journal that was started anew got %q", got)
	}
}

func TestStandardErrorStaysWhatItIsWhereItIsNotTheJournal(t *testing.T) {
	_, errs, read := aJournal(t)
	for name, c := range map[string]struct{ stream, socket, form, begins string }{
		"another stream": {"1:1", journalSocket, Text, "time="},
		"no systemd":     {"", journalSocket, Text, "time="},
		"no journal":     {os.Getenv("JOURNAL_STREAM"), "/nowhere", Text, "time="},
		"as JSON":        {os.Getenv("JOURNAL_STREAM"), journalSocket, JSON, `{"time":`},
	} {
		was := journalSocket
		t.Setenv("JOURNAL_STREAM", c.stream)
		journalSocket = c.socket
		logTo(t, errs, c.form).Info("a line", "event", "x.y")
		journalSocket = was
		b := make([]byte, 200)
		if n, err := read.Read(b); err != nil || !strings.HasPrefix(string(b[:n]), c.begins) {
			t.Errorf("%s: %q, %v", name, b[:n], err)
		}
	}
}
