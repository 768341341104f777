package logs

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
)

// journalSocket is where systemd's journal takes messages; a variable for the tests.
var journalSocket = "/run/systemd/journal/socket"

// toJournal is a way to the journal if that is what standard error goes to, as systemd says in
// JOURNAL_STREAM; nil otherwise, and when there is no way.
func toJournal(errs io.Writer) io.Writer {
	f, is := errs.(*os.File)
	if !is {
		return nil
	}
	info, err := f.Stat()
	if err != nil {
		return nil
	}
	at, is := info.Sys().(*syscall.Stat_t)
	if !is || os.Getenv("JOURNAL_STREAM") != fmt.Sprintf("%d:%d", at.Dev, at.Ino) {
		return nil
	}
	to := &mouth{}
	if to.dial() != nil {
		return nil
	}
	return to
}

// mouth speaks to the journal, also to one that was started anew. One call at a time.
type mouth struct{ to *net.UnixConn }

func (m *mouth) dial() (err error) {
	m.to, err = net.DialUnix("unixgram", nil, &net.UnixAddr{Name: journalSocket, Net: "unixgram"})
	return err
}

func (m *mouth) Write(b []byte) (int, error) {
	if m.to != nil {
		n, err := m.to.Write(b)
		if err == nil || errors.Is(err, syscall.EMSGSIZE) {
			return n, err
		}
		_ = m.to.Close() // it has failed already
	}
	if err := m.dial(); err != nil {
		return 0, err
	}
	return m.to.Write(b)
}
