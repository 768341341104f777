package exchange

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"vaxkiosk/sync/central/registry"
)

// resources reads FHIR with one resource a line. A Bundle on a line gives what is in it,
// one by one. In between, the position is as many bytes behind the beginning of the line
// as entries have been taken: each is longer than that.
type resources struct {
	lines
	*reading
	one   resource // the one at hand, in one place for all lines
	queue []result // of the Bundle at hand
	text  []byte   // of its line, what is not counted yet
}

func newResources(in *bufio.Reader, c *reading) *resources {
	return &resources{lines: lines{mark: newMark(), in: in}, reading: c}
}

func (r *resources) Position() registry.Position { return r.position() }

func (r *resources) resume(at registry.Position) error {
	in, err := r.again()
	if err != nil {
		return err
	}
	r.lines = lines{mark: newMark(), in: in}
	same, taken, err := r.lines.resume(at)
	if err == nil && !same {
		err = ErrChanged
	}
	if err != nil || len(taken) == 0 {
		return err
	}
	rest, long, err := r.rest() // in the middle of a line, or at the end of one without an end
	if err != nil && !errors.Is(err, io.EOF) || long {
		return err
	}
	x, _ := parse(inLine(append(bytes.Clone(taken), rest...)))
	if all := r.bundle(x); len(all) > len(taken) {
		r.queue, r.text, r.last = all[len(taken):], bytes.Clone(rest), nil
	}
	return nil
}

// Next returns the next entry. Empty lines are passed over.
func (r *resources) Next() (registry.Entry, error) {
	for {
		if len(r.queue) > 0 {
			return r.queued()
		}
		line, long, err := r.take()
		if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0 && !long) {
			return registry.Entry{}, err
		}
		text := inLine(line)
		switch {
		case long:
			return refused(TooLong).at(r.line)
		case len(text) == 0:
			continue
		case !utf8.Valid(text):
			return refused(NotUTF8).at(r.line)
		}
		r.one = resource{}
		why := r.one.parse(text)
		if r.one.Type != "Bundle" || why == NotJSON {
			return r.resource(r.one, why).at(r.line)
		}
		if r.queue = r.bundle(r.one); len(r.queue) > 0 {
			r.text, r.last = bytes.Clone(line), nil
		}
	}
}

// inLine is what a line holds. The comma of who writes lines of a list is nothing.
func inLine(line []byte) []byte {
	text := bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff")))
	return bytes.TrimSpace(bytes.TrimSuffix(text, []byte(",")))
}

// queued returns the next entry of the Bundle at hand.
func (r *resources) queued() (registry.Entry, error) {
	next := r.queue[0]
	n := 1
	if r.queue = r.queue[1:]; len(r.queue) == 0 {
		n = len(r.text)
	}
	r.past(r.text[:n])
	r.text = r.text[n:]
	return next.at(r.line)
}
