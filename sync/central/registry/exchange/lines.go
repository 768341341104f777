package exchange

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"hash"

	"vaxkiosk/sync/central/registry"
)

// MaxLine is how long a line may be, in bytes.
const MaxLine = 1 << 22

// mark is how far a text has been taken.
type mark struct {
	bytes  int64
	line   int
	digest hash.Hash
}

func newMark() mark { return mark{digest: sha256.New()} }

// past notes that bytes of a line have been taken.
func (m *mark) past(b []byte) {
	m.digest.Write(b)
	m.bytes += int64(len(b))
}

func (m *mark) position() registry.Position {
	return registry.Position{Bytes: m.bytes, Line: m.line, Digest: m.digest.Sum(nil)}
}

// lines are those of a text. Some may be looked at before they are taken.
type lines struct {
	mark
	in    *bufio.Reader
	ahead []aline
	last  []byte // the line that was taken last: it is counted when somebody asks, or the next one is taken
}

// aline is a line that is not taken yet, with its end. Of one that is longer than MaxLine
// this is the beginning.
type aline struct {
	text []byte
	long bool
	err  error // why nothing comes behind it
}

// take returns the next line, valid until the next call. Of one that is too long
// nothing is kept. The last one may come together with io.EOF.
func (l *lines) take() (line []byte, long bool, err error) {
	l.settle()
	l.line++
	if len(l.ahead) == 0 {
		return l.rest()
	}
	a := l.ahead[0]
	l.ahead = l.ahead[1:]
	switch {
	case !a.long:
		l.last = a.text
		return a.text, false, a.err
	case bytes.HasSuffix(a.text, []byte("\n")):
		l.past(a.text)
		return nil, true, nil
	}
	l.past(a.text)
	_, _, err = l.rest()
	l.settle()
	return nil, true, err
}

// settle counts the line that was taken last.
func (l *lines) settle() {
	l.past(l.last)
	l.last = nil
}

func (l *lines) position() registry.Position {
	l.settle()
	return l.mark.position()
}

// rest reads to the end of a line.
func (l *lines) rest() (kept []byte, long bool, err error) {
	for {
		part, err := l.in.ReadSlice('\n')
		full := errors.Is(err, bufio.ErrBufferFull)
		if !long && len(kept)+len(part) > MaxLine {
			l.past(kept)
			kept, long = nil, true
		}
		switch {
		case long:
			l.past(part)
		case full || kept != nil:
			kept = append(kept, part...)
		default:
			kept = part
		}
		if full {
			continue
		}
		l.last = kept
		return kept, long, err
	}
}

// look returns a line behind the next ones, which stays there; nothing when there is
// none, or one before it is too long.
func (l *lines) look(n int) (text []byte, ok bool) {
	l.settle() // what was taken is gone when more is read
	for len(l.ahead) <= n {
		if m := len(l.ahead); m > 0 && (l.ahead[m-1].long || l.ahead[m-1].err != nil) {
			return nil, false
		}
		var a aline
		for more := true; more && !a.long; {
			var part []byte
			part, a.err = l.in.ReadSlice('\n')
			if more = errors.Is(a.err, bufio.ErrBufferFull); more {
				a.err = nil
			}
			a.text = append(a.text, part...)
			a.long = len(a.text) > MaxLine
		}
		l.ahead = append(l.ahead, a)
	}
	a := l.ahead[n]
	return a.text, !a.long && len(a.text) > 0
}

// resume goes to where a text was left. It reports whether the text was the same up to
// there, and what of a line was taken: some of the entries in it.
func (l *lines) resume(at registry.Position) (same bool, taken []byte, err error) {
	for l.bytes < at.Bytes {
		part, err := peek(l.in, int(min(at.Bytes-l.bytes, first)))
		if err != nil {
			return false, nil, err
		}
		if len(part) == 0 {
			return false, nil, nil
		}
		l.past(part)
		if taken = append(taken, part...); len(taken) > MaxLine+first {
			taken = taken[:0]
		}
		taken = taken[bytes.LastIndexByte(taken, '\n')+1:]
		if _, err := l.in.Discard(len(part)); err != nil {
			return false, nil, err
		}
	}
	l.line = at.Line
	return bytes.Equal(l.digest.Sum(nil), at.Digest), taken, nil
}
