package exchange

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"vaxkiosk/sync/central/registry"
)

// spans is over how many lines a field in quotes may go on: one that is not closed then
// is a slip, and the lines below it stand for themselves.
const spans = 20

// table reads CSV.
type table struct {
	lines
	*reading
	header
}

// newTable reads the header. A first line "sep=;" says what separates.
func newTable(in *bufio.Reader, c *reading) (*table, error) {
	t := &table{lines: lines{mark: newMark(), in: in}, reading: c}
	for sep := byte(0); ; {
		line, long, err := t.take()
		text := strings.TrimRight(strings.TrimPrefix(string(line), "\ufeff"), "\r\n")
		said, isSep := separates(text)
		switch {
		case long:
			return nil, cannot("its first line is longer than a header")
		case strings.TrimSpace(text) == "" && err != nil:
			return nil, cannot("it is empty")
		case !utf8.ValidString(text):
			return nil, cannot("its header is not UTF-8")
		case strings.TrimSpace(text) == "":
		case isSep:
			sep = said
		default:
			t.header, err = readHeader(text, sep)
			return t, err
		}
	}
}

// separates reads "sep=;", behind which a spreadsheet may have written empty columns.
func separates(line string) (sep byte, is bool) {
	if len(line) < len("sep=;") || !strings.EqualFold(line[:4], "sep=") {
		return 0, false
	}
	return line[4], strings.Trim(line[4:], line[4:5]+" ") == ""
}

func (t *table) Position() registry.Position { return t.position() }

func (t *table) resume(at registry.Position) error {
	from := &table{lines: lines{mark: newMark(), in: t.in}, reading: t.reading, header: t.header}
	in, err := t.again()
	if err != nil {
		return err
	}
	from.in = in
	same, _, err := from.lines.resume(at)
	if err == nil && !same {
		err = ErrChanged
	}
	*t = *from
	return err
}

// Next returns the next row. Rows without anything in them are passed over.
func (t *table) Next() (registry.Entry, error) {
	for {
		line, long, err := t.take()
		if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0 && !long) {
			return registry.Entry{}, err
		}
		at := t.line
		if long {
			return refused(TooLong).of(t.kind).at(at)
		}
		if blank(line, t.sep) {
			continue
		}
		if !utf8.Valid(line) {
			return refused(NotUTF8).of(t.kind).at(at)
		}
		fields, why := t.fields(string(line))
		if why != "" {
			return refused(why).of(t.kind).at(at)
		}
		return t.row(t.reading, fields).of(t.kind).at(at)
	}
}

// blank tells a row of a spreadsheet that holds nothing.
func blank(line []byte, sep byte) bool {
	for _, b := range line {
		if b != sep && b != ' ' && b != '\t' && b != '\r' && b != '\n' && b != '"' {
			return false
		}
	}
	return true
}

// fields takes a row apart, with the lines on which it goes on. They are taken only if
// the row is a whole one then.
func (t *table) fields(line string) ([]string, registry.Reason) {
	line, ended := strings.CutSuffix(line, "\n")
	line = strings.TrimRight(line, "\r")
	fields, open, ok := split(line, t.sep)
	if ok && !open {
		return t.fit(fields, ended)
	}
	for n := 0; open && n < spans && len(line) <= MaxLine; n++ {
		more, there := t.look(n)
		if !there || !utf8.Valid(more) {
			break
		}
		line += "\n" + strings.TrimRight(string(more), "\r\n")
		if fields, open, ok = split(line, t.sep); !ok || open {
			continue
		}
		fields, why := t.fit(fields, bytes.HasSuffix(more, []byte("\n")))
		if why != "" {
			break
		}
		for range n + 1 {
			_, _, _ = t.take() // it was looked at
		}
		return fields, ""
	}
	return nil, NotCSV
}

// fit puts fields into the order of the columns. What is behind the last column must be empty.
// Spreadsheets leave out the separators of empty columns at the end of a row; one without a
// line end may be cut off.
func (t *table) fit(fields []string, ended bool) ([]string, registry.Reason) {
	for len(fields) > t.width && strings.TrimSpace(fields[len(fields)-1]) == "" {
		fields = fields[:len(fields)-1]
	}
	if len(fields) > t.width || len(fields) < t.width && (!ended || len(fields) < t.least) {
		return nil, FieldCount
	}
	values := make([]string, len(t.at))
	for i, from := range t.at {
		if from >= 0 && from < len(fields) {
			values[i] = strings.TrimSpace(fields[from])
		}
	}
	return values, ""
}

// split takes a line apart as RFC 4180 says. It is open when a field in quotes does not
// end, and not ok when there is a quote where none may be.
func split(line string, sep byte) (fields []string, open, ok bool) {
	if !strings.Contains(line, `"`) {
		return strings.Split(line, string(rune(sep))), false, true
	}
	for {
		if !strings.HasPrefix(line, `"`) {
			field, rest, more := strings.Cut(line, string(rune(sep)))
			if strings.Contains(field, `"`) {
				return nil, false, false
			}
			if fields = append(fields, field); !more {
				return fields, false, true
			}
			line = rest
			continue
		}
		field, rest, closed := quoted(line[1:])
		if !closed {
			return nil, true, true
		}
		fields = append(fields, field)
		switch {
		case rest == "":
			return fields, false, true
		case rest[0] != sep:
			return nil, false, false
		}
		line = rest[1:]
	}
}

// quoted reads a field behind its first quote.
func quoted(s string) (field, rest string, closed bool) {
	var b strings.Builder
	for {
		part, behind, found := strings.Cut(s, `"`)
		if !found {
			return "", "", false
		}
		b.WriteString(part)
		if !strings.HasPrefix(behind, `"`) {
			return b.String(), behind, true
		}
		b.WriteByte('"')
		s = behind[1:]
	}
}
