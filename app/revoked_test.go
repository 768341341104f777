package main

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/record"
)

// A record whose cards central has taken back is not shown, and so not printed
// (promise P7), also when central is away by then.
func TestARevokedCardDoesNotStand(t *testing.T) {
	p := arrive(t)
	p.open()
	r, w := *p.seen().Record, p.s.kiosk.wire
	for range 2 { // the second time the list has not changed
		if err := w.stands(t.Context(), r, 0); err != nil || len(r.Cards) == 0 {
			t.Fatalf("%d cards, %v", len(r.Cards), err)
		}
	}
	if err := p.s.central.WithdrawCards(t.Context(), strconv.Itoa(p.person.Number)); err != nil {
		t.Fatal(err)
	}
	if err := w.stands(t.Context(), r, 0); !errors.Is(err, desk.ErrRevoked) {
		t.Errorf("a card that was withdrawn: %v", err)
	}
	p.s.stop()
	if err := w.stands(t.Context(), r, 0); !errors.Is(err, desk.ErrRevoked) {
		t.Errorf("central is away, and what it said last is forgotten: %v", err)
	}
}

// The list is asked for the first time and cannot be read: what it would say is not known.
func TestARecordIsNotShownWhileNoRevocationListWasEverRead(t *testing.T) {
	p := arrive(t)
	p.open()
	r, w := *p.seen().Record, p.s.kiosk.wire
	w.revoked.lists = nil // as after a start
	p.s.stop()
	if err := w.stands(t.Context(), r, 0); !errors.Is(err, desk.ErrAway) || errors.Is(err, desk.ErrRevoked) {
		t.Errorf("without any list, and central away: %v", err)
	}
	if err := w.Stands(t.Context(), r); !errors.Is(err, desk.ErrAway) {
		t.Errorf("before a print: %v", err)
	}
	w.revoked.lists = map[string]revocations{"another key": {asked: time.Now()}}
	if err := w.Stands(t.Context(), r); !errors.Is(err, desk.ErrAway) {
		t.Errorf("with the list of another key: %v", err)
	}
	r.Cards = nil
	if err := w.stands(t.Context(), r, 0); err != nil {
		t.Errorf("a record without cards, which no list can have: %v", err)
	}
}

// Each record that is fetched is held against the list.
func TestAFetchedRecordIsHeldAgainstTheRevocationList(t *testing.T) {
	p := arrive(t)
	p.open()
	w, kid := p.s.kiosk.wire, p.seen().Record.Cards[0].KeyID
	claims, _, err := record.VerifyCard(p.seen().Record.Cards[0].JWS, w.rules.cardKeys(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Record(t.Context(), p.seen().Pass); err != nil {
		t.Fatalf("a card that stands: %v", err)
	}
	// As if the list that has not changed since had this card.
	w.revoked.lists[kid] = revocations{etag: w.revoked.lists[kid].etag, rids: []string{claims.VC.RID}}
	if _, err := w.Record(t.Context(), p.seen().Pass); !errors.Is(err, desk.ErrRevoked) {
		t.Errorf("a card that is on the list: %v", err)
	}
}
