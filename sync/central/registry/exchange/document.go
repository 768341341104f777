package exchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"unicode/utf8"

	"vaxkiosk/sync/central/registry"
)

// A document is JSON that goes on over lines: a Bundle, a resource, an array of them, or
// several of these. It is read entry by entry, and once for each turn: first the Patients,
// since a server may put those who are referred to at the end, then all others, and
// removals if there are any. Its positions count the bytes of all rounds. Behind a mistake in the syntax nothing can be read.
type document struct {
	mark
	*reading
	in    *bufio.Reader
	json  *json.Decoder
	given []byte // what the decoder has got and is not counted yet
	start int64  // bytes before this round

	turn    int  // of this round
	removes bool // there are removals
	state   int
	members map[string]json.RawMessage // of a resource, or a Bundle but for its entries
	inList  bool                       // the members had entries
	queue   []result
	end     bool
}

// Where the decoder is.
const (
	outside = iota
	inArray
	inObject
	inEntries
)

// aBundle is in what begins a Bundle: its type, or its entries, which some write before it.
var aBundle = regexp.MustCompile(`"resourceType"\s*:\s*"Bundle"|"entry"\s*:\s*\[\s*\{\s*"(?:fullUrl|link|request|resource|response|search)"`)

// isDocument tells a document from lines of resources. A line that is cut off makes none.
func isDocument(begin []byte, cut bool) bool {
	if bytes.HasPrefix(begin, []byte("[")) {
		return true
	}
	if !bytes.HasPrefix(begin, []byte("{")) {
		return false
	}
	line, rest, more := bytes.Cut(begin, []byte("\n"))
	if !more {
		return cut && aBundle.Match(begin)
	}
	line, rest = bytes.TrimSpace(line), bytes.TrimSpace(rest)
	if len(rest) == 0 || json.Valid(line) {
		return false
	}
	switch next := rest[0]; line[len(line)-1] {
	case '{', ',':
		return next == '"' || next == '}' || aBundle.Match(line)
	case '[':
		return next == '{' || next == ']'
	case ':':
		return true
	}
	return false
}

func newDocument(in *bufio.Reader, c *reading) *document {
	d := &document{mark: newMark(), reading: c}
	c.named = map[string]string{}
	d.round(in)
	return d
}

// round begins a round over the text.
func (d *document) round(in *bufio.Reader) {
	if begin, err := peek(in, 3); err == nil && string(begin) == "\ufeff" {
		d.past(begin)
		_, _ = in.Discard(len(begin)) // it was looked at
	}
	d.in, d.json, d.start, d.line = in, json.NewDecoder(d), d.bytes, 1
	d.state, d.members, d.inList, d.given = outside, nil, false, nil
}

// maxEntry is how long one entry of a document may be, in bytes: some have pictures in them.
const maxEntry = 1 << 26

var errLong = errors.New("an entry is too long")

// Read gives the decoder text, and keeps it to be counted.
func (d *document) Read(b []byte) (int, error) {
	if len(d.given) > maxEntry {
		return 0, errLong
	}
	n, err := d.in.Read(b)
	d.given = append(d.given, b[:n]...)
	return n, err
}

// count notes that text was taken: all up to where the decoder is, but for some bytes.
func (d *document) count(but int) {
	d.countBytes(d.start + d.json.InputOffset() - int64(but) - d.bytes)
}

func (d *document) countBytes(n int64) {
	n = min(max(n, 0), int64(len(d.given)))
	d.line += bytes.Count(d.given[:n], []byte("\n"))
	d.past(d.given[:n])
	d.given = d.given[n:]
}

func (d *document) Position() registry.Position { return d.position() }

// resume reads to where it was left.
func (d *document) resume(at registry.Position) error {
	for d.bytes < at.Bytes || d.bytes == at.Bytes && d.line < at.Line {
		var bad *registry.Bad
		_, err := d.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.As(err, &bad) {
			return err
		}
	}
	if !bytes.Equal(d.position().Digest, at.Digest) {
		return ErrChanged
	}
	return nil
}

// Next returns the next Patient, and when there are no more the next entry of another turn.
func (d *document) Next() (registry.Entry, error) {
	for {
		if len(d.queue) > 0 {
			next := d.queue[0]
			d.queue = d.queue[1:]
			d.count(len(d.queue)) // so that each has a position of its own
			return next.at(d.line)
		}
		if d.end {
			return registry.Entry{}, io.EOF
		}
		raw, inBundle, err := d.value()
		switch {
		case err == nil:
			d.queue = d.results(raw, inBundle)
		case !broken(err):
			return registry.Entry{}, err
		case d.turn == people || d.turn == others && d.removes:
			if err := d.next(err); err != nil {
				return registry.Entry{}, err
			}
		default:
			return d.last(err)
		}
	}
}

// broken tells the end and a mistake of the text from a file that cannot be read.
func broken(err error) bool {
	var syntax *json.SyntaxError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errLong) || errors.As(err, &syntax)
}

// next begins the next round.
func (d *document) next(why error) error {
	if d.count(0); errors.Is(why, io.EOF) {
		d.countBytes(int64(len(d.given)))
	}
	in, err := d.again()
	if err != nil {
		return err
	}
	d.turn++
	d.round(in)
	return nil
}

// last ends reading. A mistake has a position of its own: there is nothing to be counted.
func (d *document) last(why error) (registry.Entry, error) {
	d.end = true
	d.countBytes(int64(len(d.given)))
	if errors.Is(why, io.EOF) {
		return registry.Entry{}, io.EOF
	}
	at := d.line
	d.line++
	if errors.Is(why, errLong) {
		return refused(TooLong).at(at)
	}
	return refused(NotJSON).at(at)
}

// results are those of an entry, or of a resource, that belong to this round.
func (d *document) results(raw json.RawMessage, inBundle bool) (all []result) {
	if !utf8.Valid(raw) {
		if d.turn == others {
			all = append(all, refused(NotUTF8))
		}
		return all
	}
	for _, p := range d.parts(raw, inBundle) {
		d.note(p)
		d.removes = d.removes || p.turn() == removals
		if p.turn() != d.turn {
			continue
		}
		if r, is := d.of(p); is {
			all = append(all, r)
		}
	}
	return all
}

// parts takes apart what the decoder gave.
func (d *document) parts(raw json.RawMessage, inBundle bool) []part {
	if inBundle {
		return partsOf([]json.RawMessage{raw})
	}
	x, why := parse(raw)
	if x.Type != "Bundle" || why == NotJSON {
		return []part{{resource: x, why: why}}
	}
	return partsOf(x.Entry)
}

// value returns the next entry of a Bundle, or another resource as a whole.
func (d *document) value() (raw json.RawMessage, inBundle bool, err error) {
	for {
		switch {
		case d.state == outside:
			err = d.open()
		case d.state == inObject && d.json.More():
			err = d.member()
		case d.json.More(): // of a list
			err = d.json.Decode(&raw)
			return raw, d.state == inEntries, err
		default:
			if raw, err = d.close(); raw != nil {
				return raw, false, err
			}
		}
		if err != nil {
			return nil, false, err
		}
	}
}

func (d *document) open() error {
	begin, err := d.json.Token()
	switch {
	case err != nil:
		return err
	case begin == json.Delim('['):
		d.state = inArray
	case begin == json.Delim('{'):
		d.state, d.members, d.inList = inObject, map[string]json.RawMessage{}, false
	default:
		return &json.SyntaxError{Offset: d.json.InputOffset()}
	}
	return nil
}

// member reads a member of a Bundle or another resource, up to the entries of a Bundle.
func (d *document) member() error {
	key, err := d.json.Token()
	if err != nil {
		return err
	}
	name, _ := key.(string)
	if name == "entry" {
		begin, err := d.json.Token()
		if err == nil && begin != json.Delim('[') {
			err = &json.SyntaxError{Offset: d.json.InputOffset()}
		}
		d.state, d.inList = inEntries, true
		return err
	}
	var raw json.RawMessage
	if err := d.json.Decode(&raw); err != nil {
		return err
	}
	d.members[name] = raw
	return nil
}

// close ends what is open. A resource that was no Bundle is whole then.
func (d *document) close() (json.RawMessage, error) {
	if _, err := d.json.Token(); err != nil {
		return nil, err
	}
	switch {
	case d.state == inEntries:
		d.state = inObject
		return nil, nil
	case d.state == inArray || d.inList:
		d.state = outside
		return nil, nil
	}
	d.state = outside
	return json.Marshal(d.members)
}
