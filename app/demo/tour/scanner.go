package tour

import (
	"errors"
	"fmt"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// scanner types on the keyboard of an X display, as a scanner of codes does that
// acts as a keyboard: the window cannot tell it from a real one.
type scanner struct {
	conn  *xgb.Conn
	root  xproto.Window
	keys  map[xproto.Keysym]stroke
	shift byte
}

// stroke is a key, and whether shift is held with it.
type stroke struct {
	code  byte
	shift bool
}

// Key symbols that are no Latin-1 letter (X11/keysymdef.h).
const (
	symReturn xproto.Keysym = 0xff0d
	symShift  xproto.Keysym = 0xffe1
)

// scanner returns one for this display.
func (s *screen) scanner() (*scanner, error) {
	if err := xtest.Init(s.Conn); err != nil {
		return nil, fmt.Errorf("the X display lets nobody type (%w)", err)
	}
	setup := xproto.Setup(s.Conn)
	first, last := setup.MinKeycode, setup.MaxKeycode
	table, err := xproto.GetKeyboardMapping(s.Conn, first, byte(last-first+1)).Reply()
	if err != nil {
		return nil, fmt.Errorf("the keyboard of the X display is not known (%w)", err)
	}
	n := int(table.KeysymsPerKeycode)
	c := &scanner{conn: s.Conn, root: s.Root.Root, keys: map[xproto.Keysym]stroke{}}
	for i, sym := range table.Keysyms {
		if _, known := c.keys[sym]; !known && i%n < 2 { // without shift, and with it
			c.keys[sym] = stroke{byte(first) + byte(i/n), i%n == 1}
		}
	}
	shift, ok := c.keys[symShift]
	if !ok {
		return nil, errors.New("the X display has no shift key")
	}
	c.shift = shift.code
	return c, nil
}

// scan types on this display what a scanner would.
func (s *screen) scan(number string, enter bool) error {
	c, err := s.scanner()
	if err != nil {
		return err
	}
	return c.scan(number, enter)
}

// scan types a number, and Enter after it when told so.
func (c *scanner) scan(number string, enter bool) error {
	var all []stroke
	for _, letter := range number {
		key, ok := c.keys[xproto.Keysym(letter)]
		if !ok {
			return fmt.Errorf("the X display has no key for U+%04X", letter)
		}
		all = append(all, key)
	}
	if enter {
		all = append(all, c.keys[symReturn])
	}
	for _, key := range all {
		if err := c.strike(key); err != nil {
			return fmt.Errorf("type on the X display: %w", err)
		}
	}
	return nil
}

// strikeGap is between two keys, as between those of a fast scanner: of a key that
// goes down twice in one millisecond GLFW leaves the second out.
const strikeGap = 2 * time.Millisecond

func (c *scanner) strike(key stroke) error {
	time.Sleep(strikeGap)
	type move struct{ kind, code byte }
	moves := []move{{xproto.KeyPress, key.code}, {xproto.KeyRelease, key.code}}
	if key.shift {
		moves = []move{{xproto.KeyPress, c.shift}, moves[0], moves[1], {xproto.KeyRelease, c.shift}}
	}
	for _, m := range moves {
		if err := xtest.FakeInputChecked(c.conn, m.kind, m.code, xproto.TimeCurrentTime, c.root, 0, 0, 0).Check(); err != nil {
			return err
		}
	}
	return nil
}
