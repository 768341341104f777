package paper

import (
	"bytes"
	"cmp"
	"compress/flate"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"vaxkiosk/app/fhir"
	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

const testIssuer = "https://records.example.org"

var (
	testZone = time.FixedZone("EST", -5*3600)
	testNow  = time.Date(2026, time.November, 23, 10, 42, 0, 0, testZone)
)

// signer issues records like central does.
type signer struct {
	t   testing.TB
	key *ecdsa.PrivateKey
}

func newSigner(t testing.TB) signer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return signer{t, key}
}

func (s signer) keys() jose.JSONWebKeySet {
	return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &s.key.PublicKey, KeyID: "k1", Use: "sig", Algorithm: "ES256"}}}
}

func (s signer) maker(change ...func(*Options)) *Maker {
	o := Options{Zone: testZone, Now: func() time.Time { return testNow }, Keys: s.keys}
	for _, f := range change {
		f(&o)
	}
	m, err := New(o)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

func (s signer) sign(payload any, deflate bool) string {
	body, err := json.Marshal(payload)
	if err != nil {
		s.t.Fatal(err)
	}
	o := &jose.SignerOptions{}
	o.WithHeader("kid", "k1")
	if deflate {
		var b bytes.Buffer
		w, err := flate.NewWriter(&b, flate.BestCompression)
		if err != nil {
			s.t.Fatal(err)
		}
		_, _ = w.Write(body)
		_ = w.Close()
		body = b.Bytes()
		o.WithHeader("zip", "DEF")
	}
	js, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: s.key}, o)
	if err != nil {
		s.t.Fatal(err)
	}
	signed, err := js.Sign(body)
	if err != nil {
		s.t.Fatal(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		s.t.Fatal(err)
	}
	return compact
}

// person is whose record it is.
type person struct{ given, family, birth string }

var maria = person{"María José", "O’Neill-García", "1958-03-14"}

// record is a record that was signed, with the doses on cards of perCard each, and verified.
func (s signer) record(p person, doses []record.Dose, perCard int) record.Record {
	patient := fhir.Entry{FullURL: "resource:0", Resource: fhir.Resource{
		ResourceType: "Patient", Name: []fhir.HumanName{{Family: p.family, Given: strings.Fields(p.given)}}, BirthDate: p.birth,
	}}
	statement := record.Statement{
		Issuer: testIssuer, NotEarly: testNow.Unix(), Registry: "Massachusetts Immunization Information System",
		Bundle: fhir.Bundle{ResourceType: "Bundle", Type: "collection", Entry: []fhir.Entry{patient}},
		Marks:  [][]int{},
	}
	var cards [][]fhir.Entry
	slices.SortStableFunc(doses, func(x, y record.Dose) int {
		return cmp.Compare(assets.FamilyKey(x.CVX), assets.FamilyKey(y.CVX))
	})
	for i, d := range doses {
		statement.Bundle.Entry = append(statement.Bundle.Entry, entry(d, i+1))
		if d.Unknown {
			statement.Unknown = append(statement.Unknown, i+1)
		}
		if !d.FitsCard() {
			continue
		}
		last := len(cards) - 1
		if last < 0 || len(cards[last]) > perCard && len(cards) < record.MaxCards {
			cards, statement.Marks, last = append(cards, []fhir.Entry{patient}), append(statement.Marks, nil), last+1
		}
		if len(cards[last]) > perCard {
			continue
		}
		c := d.OnCard()
		cards[last] = append(cards[last], entry(record.Dose{
			Date: c.Date, CVX: c.CVX, Lot: c.Lot, Performer: c.Performer, Status: record.StatusCompleted,
		}, len(cards[last])))
		statement.Marks[last] = append(statement.Marks[last], i+1)
	}
	answer := record.Answer{Record: s.sign(statement, true), Cards: []string{}}
	for _, entries := range cards {
		answer.Cards = append(answer.Cards, s.card(entries))
	}
	body, err := json.Marshal(answer)
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := record.Parse(body, s.keys(), testNow)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s signer) card(entries []fhir.Entry) string {
	return s.sign(record.CardClaims{Issuer: testIssuer, NotEarly: testNow.Unix(), VC: record.Credential{
		Type: []string{"https://smarthealth.cards#health-card", "https://smarthealth.cards#immunization"},
		Subject: record.Subject{FHIRVersion: "4.0.1", Bundle: fhir.Bundle{
			ResourceType: "Bundle", Type: "collection", Entry: entries,
		}},
	}}, true)
}

func entry(d record.Dose, n int) fhir.Entry {
	return fhir.Entry{FullURL: fmt.Sprintf("resource:%d", n), Resource: d.Immunization("resource:0")}
}

func dose(date, cvx, product, maker, lot, where string) record.Dose {
	return record.Dose{Date: date, CVX: cvx, Product: product, Manufacturer: maker, Lot: lot, Performer: where, Status: record.StatusCompleted}
}

// fourteen is a plain adult history.
func fourteen() []record.Dose {
	return []record.Dose{
		dose("2025-10-02", "309", "Comirnaty", "Pfizer, Inc", "LX2231", "CVS Pharmacy 0417"),
		dose("2024-09-28", "309", "Comirnaty", "Pfizer, Inc", "KT1180", "CVS Pharmacy 0417"),
		dose("2021-01-12", "208", "Pfizer-BioNTech COVID-19", "Pfizer, Inc", "EL9262", "Lowell General Hospital"),
		dose("2025-10-02", "135", "Fluzone High-Dose", "Sanofi Pasteur", "U8801AA", "CVS Pharmacy 0417"),
		dose("2024-10-01", "135", "Fluzone High-Dose", "Sanofi Pasteur", "U8123BA", "CVS Pharmacy 0417"),
		dose("2010-06-10", "43", "Engerix-B", "GlaxoSmithKline", "AHBVB123", "Lowell CHC"),
		dose("2010-01-15", "43", "Engerix-B", "GlaxoSmithKline", "AHBVB101", "Lowell CHC"),
		dose("2009-12-10", "43", "Engerix-B", "GlaxoSmithKline", "AHBVA990", "Lowell CHC"),
		dose("1991-08-20", "03", "", "", "", ""),
		dose("2023-05-11", "187", "Shingrix", "GlaxoSmithKline", "9T2M4", "Lowell CHC"),
		dose("2023-02-20", "187", "Shingrix", "GlaxoSmithKline", "8R7K1", "Lowell CHC"),
		dose("2021-09-14", "115", "Boostrix", "GlaxoSmithKline", "3C4N7", "Lowell CHC"),
		dose("2011-07-02", "115", "Adacel", "Sanofi Pasteur", "", "Lowell CHC"),
		dose("2024-04-03", "216", "Prevnar 20", "Pfizer, Inc", "GK7702", "Lowell CHC"),
	}
}

// many is a history of n doses over many families.
func many(n int) []record.Dose {
	kinds := []struct{ cvx, product, maker string }{
		{"20", "Daptacel", "Sanofi Pasteur"},
		{"10", "Ipol", "Sanofi Pasteur"},
		{"133", "Prevnar 13", "Pfizer, Inc"},
		{"49", "PedvaxHIB", "Merck and Co., Inc."},
		{"08", "Recombivax HB", "Merck and Co., Inc."},
		{"119", "Rotarix", "GlaxoSmithKline"},
		{"03", "M-M-R II", "Merck and Co., Inc."},
		{"21", "Varivax", "Merck and Co., Inc."},
		{"83", "Havrix", "GlaxoSmithKline"},
		{"140", "Fluarix", "GlaxoSmithKline"},
		{"62", "Gardasil", "Merck and Co., Inc."},
		{"114", "Menactra", "Sanofi Pasteur"},
		{"110", "Pediarix", "GlaxoSmithKline"},
		{"309", "Comirnaty", "Pfizer, Inc"},
		{"140", "", ""},
		{"140", "Fluzone", "Sanofi Pasteur"},
	}
	var all []record.Dose
	for i := range n {
		k := kinds[i%len(kinds)]
		date := testNow.AddDate(0, -4*i, -7*(i%5)).Format(time.DateOnly)
		all = append(all, dose(date, k.cvx, k.product, k.maker, fmt.Sprintf("L%04dA", 1000+37*i), "Lowell Community Health"))
	}
	return all
}
