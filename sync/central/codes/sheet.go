package codes

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// sheet is a file as rows of fields without the space around them; a field that is folded
// over several lines is one line.
type sheet struct {
	header []string // its names in lower case, letters and digits only; nil for a file without
	rows   []line
}

// line is one row, and where it stands in the file; in XML, which record it is.
type line struct {
	at     int
	fields []string
}

// read reads a file: XML, or fields between vertical bars, tabs or commas.
func read(content []byte) (sheet, error) {
	text := decode(content)
	if strings.HasPrefix(strings.TrimSpace(text), "<") {
		return readXML(text)
	}
	rows, err := split(text)
	if err != nil {
		return sheet{}, err
	}
	if len(rows) == 0 {
		return sheet{}, errors.New("it is empty")
	}
	if names := plain(rows[0].fields); isHeader(names) {
		for names[len(names)-1] == "" {
			names = names[:len(names)-1]
		}
		return sheet{names, rows[1:]}, nil
	}
	return sheet{nil, rows}, nil
}

// decode brings UTF-16, in which the CDC has published some of its files, and what
// spreadsheets on Windows write to UTF-8.
func decode(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}), len(b) > 1 && b[0] != 0 && b[1] == 0:
		return wide(b, func(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 })
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}), len(b) > 1 && b[0] == 0 && b[1] != 0:
		return wide(b, func(b []byte) uint16 { return uint16(b[1]) | uint16(b[0])<<8 })
	case utf8.Valid(b):
		return strings.TrimPrefix(string(b), "\ufeff")
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "")
	}
	return string(text)
}

func wide(b []byte, unit func([]byte) uint16) string {
	var units []uint16
	for ; len(b) > 1; b = b[2:] {
		units = append(units, unit(b))
	}
	return strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff")
}

// split tells the separator by the first line that says something.
func split(text string) ([]line, error) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	switch bars, tabs := strings.Count(first, "|"), strings.Count(first, "\t"); {
	case bars > tabs:
		return splitBars(text), nil
	case tabs > 0:
		return splitQuoted(text, '\t')
	}
	return splitQuoted(text, ',')
}

// splitBars splits the CDC's own files, which have no quotes; a row that is shorter than the
// first goes on in the next line.
func splitBars(text string) (rows []line) {
	least, at, open := -1, 0, ""
	for n, l := range strings.Split(text, "\n") {
		if strings.TrimSpace(l) == "" {
			continue
		}
		if open == "" {
			at = n + 1
		} else {
			l = open + " " + l
		}
		bars := strings.Count(l, "|")
		if bars < least {
			open = l
			continue
		}
		if open = ""; least < 0 {
			least = bars
		}
		rows = append(rows, line{at, trimmed(strings.Split(l, "|"))})
	}
	if open != "" {
		rows = append(rows, line{at, trimmed(strings.Split(open, "|"))})
	}
	return rows
}

func splitQuoted(text string, comma rune) (rows []line, err error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = comma, true, -1
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("its quotes do not pair up: %w", err)
		}
		at, _ := r.FieldPos(0)
		if fields = trimmed(fields); strings.Join(fields, "") != "" {
			rows = append(rows, line{at, fields})
		}
	}
}

func trimmed(fields []string) []string {
	for i, f := range fields {
		fields[i] = fold(f)
	}
	return fields
}

// fold leaves one space between words. A double quote would begin a field that goes on over
// tabs in a table as it is kept, so it becomes two single ones.
func fold(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), `"`, "''")
}

// plain are names in the letters and digits that they have in all forms of a file.
func plain(names []string) []string {
	var all []string
	for _, name := range names {
		all = append(all, strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, name))
	}
	return all
}

// record is an element below the root of the CDC's XML files: a field for each element, or
// elements Name and Value by turns.
type record struct {
	Fields []struct {
		XMLName xml.Name
		Text    string `xml:",chardata"`
	} `xml:",any"`
}

func readXML(text string) (sheet, error) {
	var root struct {
		Records []record `xml:",any"`
	}
	d := xml.NewDecoder(strings.NewReader(text))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // is UTF-8 by now
	if d.Decode(&root) != nil {
		return sheet{}, errors.New("it is no XML that is whole")
	}
	if len(root.Records) == 0 {
		return sheet{}, errors.New("it is empty")
	}
	var s sheet
	for n, r := range root.Records {
		names, fields := r.pairs()
		if s.header == nil {
			s.header = plain(names)
		}
		if len(fields) != len(s.header) {
			return sheet{}, fmt.Errorf("record %d does not have the fields of the others", n+1)
		}
		s.rows = append(s.rows, line{n + 1, trimmed(fields)})
	}
	return s, nil
}

func (r record) pairs() (names, fields []string) {
	for _, f := range r.Fields {
		switch f.XMLName.Local {
		case "Name":
			names = append(names, f.Text)
		case "Value":
			fields = append(fields, f.Text)
		default:
			names, fields = append(names, f.XMLName.Local), append(fields, f.Text)
		}
	}
	return names, fields
}
