package kiosk

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"testing"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/record"
	"vaxkiosk/sync/client"
)

// The list is asked for the first time and cannot be read: what it would say is not known.
func TestARecordIsNotShownWhileNoRevocationListWasEverRead(t *testing.T) {
	nobody, err := client.New(client.Options{
		URL: "https://127.0.0.1:1", CA: x509.NewCertPool(), Cert: tls.Certificate{Certificate: [][]byte{{}}, Leaf: &x509.Certificate{NotAfter: time.Now().Add(time.Hour)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := record.Record{Cards: []record.Card{{KeyID: "key"}}}
	w := &Central{Now: time.Now, client: nobody, log: slog.New(slog.DiscardHandler)}
	if err := w.stillValid(t.Context(), r, 0); !errors.Is(err, fault.Away) || errors.Is(err, fault.Revoked) {
		t.Errorf("without any list, and central away: %v", err)
	}
	if err := w.StillValid(t.Context(), r); !errors.Is(err, fault.Away) {
		t.Errorf("before a print: %v", err)
	}
	w.revoked.lists = map[string]revocations{"another key": {asked: time.Now()}}
	if err := w.StillValid(t.Context(), r); !errors.Is(err, fault.Away) {
		t.Errorf("with the list of another key: %v", err)
	}
	r.Cards = nil
	if err := w.stillValid(t.Context(), r, 0); err != nil {
		t.Errorf("a record without cards, which no list can have: %v", err)
	}
}

func TestARecordWhoseCardsHaveTwoKeysDoesNotStand(t *testing.T) {
	w := &Central{Now: time.Now, log: slog.New(slog.DiscardHandler)}
	w.revoked.lists = map[string]revocations{"key": {asked: time.Now()}}
	r := record.Record{Cards: []record.Card{{KeyID: "key"}, {KeyID: "another"}}}
	if err := w.StillValid(t.Context(), r); !errors.Is(err, fault.Record) {
		t.Errorf("one list was asked for, of the first key: %v", err)
	}
}
