package main

import (
	"errors"
	"strconv"
	"testing"

	"vaxkiosk/app/desk"
)

// What central takes back between the record and its page is not printed (promise P7).
func TestARevokedCardDoesNotStand(t *testing.T) {
	p := arrive(t)
	p.open()
	r, w := *p.seen().Record, p.s.kiosk.wire
	for range 2 { // the second time the list has not changed
		if err := w.stands(t.Context(), r); err != nil || len(r.Cards) == 0 {
			t.Fatalf("%d cards, %v", len(r.Cards), err)
		}
	}
	if err := p.s.central.WithdrawCards(strconv.Itoa(p.person.Number)); err != nil {
		t.Fatal(err)
	}
	if err := w.stands(t.Context(), r); !errors.Is(err, desk.ErrRecord) {
		t.Errorf("a card that was withdrawn: %v", err)
	}
	p.s.stop()
	if err := w.stands(t.Context(), r); !errors.Is(err, desk.ErrRecord) {
		t.Errorf("central is away, and what it said last is forgotten: %v", err)
	}
}
