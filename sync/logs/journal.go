package logs

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// journal hands lines to systemd's journal with their values as fields (systemd's Native Journal
// Protocol), so that journalctl finds them by level and event. Its message is the line as text, in
// which whoever looks for event=x.y finds it as everywhere.
type journal struct {
	*sink
	text   slog.Handler // writes the line into the sink
	fields []byte       // of With
	group  string       // what names of fields begin with
}

// sink is what all handlers of a log share.
type sink struct {
	mu   sync.Mutex
	line bytes.Buffer
	to   io.Writer // the journal: one message a write
	errs io.Writer // where lines go that it does not take
}

// fieldPrefix keeps names of ours from those that the journal gives a meaning.
const fieldPrefix = "VAX_"

// newJournal is a log that goes to the journal, and what that does not take to errs.
func newJournal(to, errs io.Writer, o slog.HandlerOptions) slog.Handler {
	s := &sink{to: to, errs: errs}
	o.ReplaceAttr = func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && a.Key == slog.TimeKey {
			return slog.Attr{} // the journal has its own
		}
		return a
	}
	return &journal{sink: s, text: slog.NewTextHandler(&s.line, &o), group: fieldPrefix}
}

func (j *journal) Enabled(ctx context.Context, l slog.Level) bool { return j.text.Enabled(ctx, l) }

func (j *journal) WithAttrs(all []slog.Attr) slog.Handler {
	with := *j
	with.text = j.text.WithAttrs(all)
	b := bytes.NewBuffer(bytes.Clone(j.fields))
	for _, a := range all {
		addAttr(b, j.group, a)
	}
	with.fields = b.Bytes()
	return &with
}

func (j *journal) WithGroup(name string) slog.Handler {
	if name == "" {
		return j
	}
	with := *j
	with.text, with.group = j.text.WithGroup(name), j.group+name+"_"
	return &with
}

func (j *journal) Handle(ctx context.Context, r slog.Record) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.line.Reset()
	if err := j.text.Handle(ctx, r); err != nil {
		return err
	}
	var b bytes.Buffer
	addField(&b, "MESSAGE", strings.TrimSuffix(j.line.String(), "\n"))
	addField(&b, "PRIORITY", strconv.Itoa(priority(r.Level)))
	addField(&b, "SYSLOG_IDENTIFIER", filepath.Base(os.Args[0]))
	b.Write(j.fields)
	r.Attrs(func(a slog.Attr) bool {
		addAttr(&b, j.group, a)
		return true
	})
	if _, err := j.to.Write(b.Bytes()); err == nil {
		return nil
	}
	_, err := fmt.Fprintf(j.errs, "<%d>%s", priority(r.Level), j.line.Bytes())
	return err
}

// priority is the level in syslog's numbers.
func priority(l slog.Level) int {
	switch {
	case l >= slog.LevelError:
		return 3
	case l >= slog.LevelWarn:
		return 4
	case l >= slog.LevelInfo:
		return 6
	}
	return 7
}

// addAttr adds the fields of a value.
func addAttr(b *bytes.Buffer, group string, a slog.Attr) {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindGroup:
		if a.Key != "" {
			group += a.Key + "_"
		}
		for _, one := range v.Group() {
			addAttr(b, group, one)
		}
	case slog.KindTime:
		addField(b, fieldName(group+a.Key), v.Time().Format(time.RFC3339Nano))
	default:
		addField(b, fieldName(group+a.Key), v.String())
	}
}

// fieldName is a name as the journal wants it: at most 64 of A to Z, 0 to 9 and _.
func fieldName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(s))
	return s[:min(len(s), 64)]
}

func addField(b *bytes.Buffer, name, value string) {
	b.WriteString(name)
	if !strings.Contains(value, "\n") {
		b.WriteString("=" + value + "\n")
		return
	}
	b.WriteByte('\n')
	b.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(value))))
	b.WriteString(value + "\n")
}
