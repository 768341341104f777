package printer

import (
	"encoding/binary"
	"errors"
	"io"

	"github.com/OpenPrinting/goipp"
)

// Reading what printers answer, as other clients do: what the kiosk does not read cannot
// make an answer useless. Collections are left out, as nothing here reads them and some
// printers do not end theirs; values that are not what their tag says count as unknown.
// An answer that ends early is still none: it may lack what matters.

// maxAnswer bounds what a printer may answer, in bytes: some announce thousands of media.
const maxAnswer = 4 << 20

var (
	errTooLong = errors.New("the answer is longer than 4 MiB")
	errNotIPP  = errors.New("the answer is not IPP")
	errBroken  = errors.New("the answer is not IPP to its end")
)

// headLength is that of version, status and request number.
const headLength = 8

// decode reads an answer to the request with a number.
func decode(r io.Reader, id uint32) (*goipp.Message, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxAnswer+1))
	switch {
	case err != nil:
		return nil, err
	case len(raw) > maxAnswer:
		return nil, errTooLong
	}
	m := &goipp.Message{}
	if tidied, ok := tidy(raw); ok && m.DecodeBytes(tidied) == nil {
		return m, nil
	}
	if len(raw) >= headLength && (raw[0] == 1 || raw[0] == 2) && binary.BigEndian.Uint32(raw[4:]) == id {
		return nil, errBroken
	}
	return nil, errNotIPP
}

// field is one value of a message with its tag, and its name if it is an attribute's first.
type field struct {
	tag         goipp.Tag
	name, value []byte
	next        int // where the next one begins
}

// fieldAt reads the field that begins at a place. A delimiter has a tag only.
func fieldAt(raw []byte, at int) (f field, ok bool) {
	if at >= len(raw) {
		return f, false
	}
	f.tag, f.next = goipp.Tag(raw[at]), at+1
	if f.tag.IsDelimiter() {
		return f, true
	}
	for _, part := range []*[]byte{&f.name, &f.value} {
		if f.next+2 > len(raw) {
			return f, false
		}
		from := f.next + 2
		f.next = from + int(binary.BigEndian.Uint16(raw[f.next:]))
		if f.next > len(raw) {
			return f, false
		}
		*part = raw[from:f.next]
	}
	return f, true
}

// tidy is a message without collections and without values that are no such values; ok is
// false when it breaks off.
func tidy(raw []byte) (out []byte, ok bool) {
	if len(raw) < headLength {
		return nil, false
	}
	ends, out := collections(raw), append([]byte(nil), raw[:headLength]...)
	skip := true // the values that follow belong to nothing that is kept
	for at := headLength; ; {
		f, ok := fieldAt(raw, at)
		if !ok {
			return nil, false
		}
		from := at
		at = f.next
		switch {
		case f.tag.IsDelimiter():
			out, skip = append(out, byte(f.tag)), true
			if f.tag == goipp.TagEnd {
				return out, true
			}
		case f.tag == goipp.TagBeginCollection:
			skip = true
			if end := ends[from]; end > 0 {
				at = end
			}
		case f.tag == goipp.TagMemberName || f.tag == goipp.TagEndCollection:
		case len(f.name) > 0 || !skip:
			out, skip = f.append(out), false
		}
	}
}

// collections maps where a collection begins to where it ends, for those that end. One that
// never ends costs only the values without a name behind it.
func collections(raw []byte) map[int]int {
	ends := map[int]int{}
	var open []int
	for at := headLength; ; {
		f, ok := fieldAt(raw, at)
		if !ok {
			return ends
		}
		switch {
		case f.tag.IsDelimiter():
			open = nil
		case f.tag == goipp.TagBeginCollection:
			open = append(open, at)
		case f.tag == goipp.TagEndCollection && len(open) > 0:
			ends[open[len(open)-1]] = f.next
			open = open[:len(open)-1]
		}
		at = f.next
	}
}

// append writes a field, as one of an unknown value where it cannot be read.
func (f field) append(out []byte) []byte {
	if !f.sound() {
		f.tag, f.value = goipp.TagUnknown, nil
	}
	out = append(out, byte(f.tag))
	for _, part := range [][]byte{f.name, f.value} {
		out = append(binary.BigEndian.AppendUint16(out, uint16(len(part))), part...)
	}
	return out
}

// sound reports whether a value is what its tag says. Times, resolutions and extensions are read
// by nobody here.
func (f field) sound() bool {
	switch f.tag.Type() {
	case goipp.TypeInteger:
		return len(f.value) == 4
	case goipp.TypeBoolean:
		return len(f.value) == 1
	case goipp.TypeRange:
		return len(f.value) == 8
	case goipp.TypeTextWithLang:
		return pair(f.value)
	case goipp.TypeVoid, goipp.TypeString:
		return true
	case goipp.TypeBinary:
		return f.tag != goipp.TagExtension
	case goipp.TypeInvalid, goipp.TypeDateTime, goipp.TypeResolution, goipp.TypeCollection:
	}
	return false
}

// pair reports whether a value is a language and a text, each behind its length.
func pair(value []byte) bool {
	for range 2 {
		if len(value) < 2 || len(value) < 2+int(binary.BigEndian.Uint16(value)) {
			return false
		}
		value = value[2+binary.BigEndian.Uint16(value):]
	}
	return len(value) == 0
}
