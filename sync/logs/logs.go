// Package logs is what the logs of all programs have in common: their form, text for
// people or JSON for machines, chosen with --log-format.
//
//	log, err := logs.New(os.Stderr, "json", slog.LevelInfo)
//	log.Info("the kiosk starts", "event", "kiosk.start", "version", version.Number)
//
// Every line has an "event": a stable name that a machine may look for, while the
// words beside it are for people and may change. The tables of all names are in
// app/README.md and sync/central/README.md; a test reads the source and compares.
//
// A log goes to standard error, which a supervisor keeps. Where that is systemd's journal
// (JOURNAL_STREAM), text is handed to it with its level, its event and all values as fields:
//
//	journalctl -u vaxcentral -p warning VAX_EVENT=limit.kiosk -o verbose
//
// JSON stays what was asked for. Where nobody keeps standard error, as on Windows,
// OpenFile is a file that turns when it is full, and keeps what it keeps on so much disk.
//
// Levels: ERROR is for what somebody has to mend, WARN for what may mend itself, INFO
// for what begins and ends as it should, also the end of a trouble. The package refuses any
// other form.
package logs

import (
	"fmt"
	"io"
	"log/slog"
)

// The forms.
const (
	Text = "text"
	JSON = "json"
)

// New returns a log in one of the forms that leaves out what is below a level.
func New(to io.Writer, form string, level slog.Level) (*slog.Logger, error) {
	o := &slog.HandlerOptions{Level: level}
	switch form {
	case Text:
		if journal := toJournal(to); journal != nil {
			return slog.New(newJournal(journal, to, *o)), nil
		}
		return slog.New(slog.NewTextHandler(to, o)), nil
	case JSON:
		return slog.New(slog.NewJSONHandler(to, o)), nil
	}
	return nil, fmt.Errorf("--log-format %q: want text or json", form)
}
