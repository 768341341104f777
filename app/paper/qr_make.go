package paper

import (
	"errors"
	"sync"
	"time"

	"github.com/skip2/go-qrcode"

	"vaxkiosk/app/record"
)

// squares are the modules of codes by what they hold: a JWS, or an address.
type squares map[string][][]bool

// encode begins to make all codes of a record. That takes as long as all the rest of a
// page, so each is made on a goroutine of its own meanwhile. The returned function waits
// for them.
func encode(r record.Record) (wait func() (squares, error)) {
	texts := make([]string, 0, len(r.Cards)+1)
	for _, c := range r.Cards {
		texts = append(texts, c.JWS)
	}
	if r.Check != "" {
		texts = append(texts, r.Check)
	}
	bits, errs := make([][][]bool, len(texts)), make([]error, len(texts))
	var making sync.WaitGroup
	for i, text := range texts {
		making.Go(func() {
			draw := modules
			if text == r.Check {
				draw = phoneModules
			}
			bits[i], errs[i] = unbroken(draw, text)
		})
	}
	return func() (squares, error) {
		making.Wait()
		made := squares{}
		for i, text := range texts {
			made[text] = bits[i]
		}
		return made, errors.Join(errs...)
	}
}

// unbroken turns a panic into an error: on a goroutine of its own it would end the kiosk.
func unbroken(draw func(string) ([][]bool, error), text string) (bits [][]bool, err error) {
	defer func() {
		if recover() != nil {
			bits, err = nil, errors.New("a code broke in the middle of being drawn")
		}
	}()
	return draw(text)
}

// phoneModules are the squares of the code for any phone.
func phoneModules(address string) ([][]bool, error) {
	q, err := qrcode.New(address, qrcode.Medium)
	if err != nil {
		return nil, errors.New("the address of the check page does not fit a QR code")
	}
	q.DisableBorder = true
	return q.Bitmap(), nil
}

// Part is a part of the work on a page.
type Part string

// The parts that Options.Spent is told of, in their order.
const (
	PartCodes Part = "codes" // waiting for the codes, which are made beside the drawing
	PartDraw  Part = "draw"  // all of the drawing, that waiting included
	PartCheck Part = "check" // reading the finished page again
)

func (m *Maker) spent(on Part, since time.Time) {
	if m.Spent != nil {
		m.Spent(on, time.Since(since))
	}
}
