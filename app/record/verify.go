package record

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"vaxkiosk/app/fhir"
	"vaxkiosk/assets"
)

// Errors of Parse and VerifyCard.
var (
	ErrSignature = errors.New("signature does not verify")
	ErrContent   = errors.New("signed content is not what it should be")
	// ErrEarly: dated in the future, so the kiosk's clock is probably behind.
	ErrEarly = fmt.Errorf("%w: dated in the future; check the clock", ErrContent)
)

// Answer is the body of GET /v1/record.
type Answer struct {
	Record string   `json:"record"` // JWS of a Statement
	Cards  []string `json:"cards"`  // SMART Health Cards, one JWS each
}

// Statement is the payload of the record JWS.
type Statement struct {
	Issuer   string      `json:"iss"`
	NotEarly int64       `json:"nbf"` // seconds since 1970
	Registry string      `json:"registry"`
	Bundle   fhir.Bundle `json:"bundle"`
	Marks    [][]int     `json:"marks"`           // for each card, the entry numbers in Bundle of the doses it holds
	Check    string      `json:"check,omitempty"` // address of the check page with the code of this record

	Unknown               []int `json:"unknown,omitempty"` // entry numbers in Bundle of doses with a code that the issuer's tables lack
	Unread                int   `json:"unread,omitempty"`  // as in Record
	UnreadRecommendations int   `json:"unreadRecommendations,omitempty"`
}

// CardClaims is the payload of a SMART Health Card (spec.smarthealth.cards).
type CardClaims struct {
	Issuer   string     `json:"iss"`
	NotEarly int64      `json:"nbf"`
	VC       Credential `json:"vc"`
}

// Credential is the vc claim.
type Credential struct {
	Type    []string `json:"type"`
	Subject Subject  `json:"credentialSubject"`
	RID     string   `json:"rid,omitempty"` // names the card in the issuer's revocation list
}

// Subject is the credentialSubject of a health card.
type Subject struct {
	FHIRVersion string      `json:"fhirVersion"`
	Bundle      fhir.Bundle `json:"fhirBundle"`
}

// RID is the form of a revocation id.
var RID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,24}$`)

// maxInflated bounds what a compressed payload may grow to.
const maxInflated = 256 << 10

// ClockSlack is how far a kiosk's clock may differ from central's, either way:
// the one rule of both ends. Up to here a visit works. Beyond, central opens
// nothing for the kiosk (sync/central), which closes (sync/client); what it has
// saved is handed in all the same.
const ClockSlack = 5 * time.Minute

// Parse verifies an answer against the pinned keys and returns the record.
func Parse(answer []byte, keys jose.JSONWebKeySet, now time.Time) (Record, error) {
	var a Answer
	if json.Unmarshal(answer, &a) != nil {
		return Record{}, fmt.Errorf("%w: the answer is not JSON", ErrContent)
	}
	payload, err := Verify(a.Record, keys)
	if err != nil {
		return Record{}, fmt.Errorf("record: %w", err)
	}
	var s Statement
	if json.Unmarshal(payload, &s) != nil {
		return Record{}, fmt.Errorf("%w: the statement is not JSON", ErrContent)
	}
	if s.NotEarly <= 0 {
		return Record{}, fmt.Errorf("%w: the record has no date of issue", ErrContent)
	}
	if time.Unix(s.NotEarly, 0).After(now.Add(ClockSlack)) {
		return Record{}, fmt.Errorf("the record: %w", ErrEarly)
	}
	r, err := s.record()
	if err != nil {
		return Record{}, err
	}
	if len(s.Marks) != len(a.Cards) {
		return Record{}, fmt.Errorf("%w: %d cards, statement marks %d", ErrContent, len(a.Cards), len(s.Marks))
	}
	for i, jws := range a.Cards {
		if err := r.addCard(jws, s, s.Marks[i], keys, now); err != nil {
			return Record{}, fmt.Errorf("card %d: %w", i+1, err)
		}
	}
	if err := r.checkSize(); err != nil {
		return Record{}, err
	}
	// A month stands below the days in it, a year below its months.
	slices.SortStableFunc(r.Doses, func(a, b Dose) int { return strings.Compare(b.Date, a.Date) })
	return r, nil
}

// Verify checks a compact JWS (ES256 only, key found by kid) and returns its
// payload, inflated when the header says zip=DEF.
func Verify(jws string, keys jose.JSONWebKeySet) ([]byte, error) {
	payload, _, err := verify(jws, keys)
	return payload, err
}

// verify returns the id of the key, too.
func verify(jws string, keys jose.JSONWebKeySet) (payload []byte, kid string, err error) {
	sig, err := jose.ParseSignedCompact(jws, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil || len(sig.Signatures) != 1 {
		return nil, "", fmt.Errorf("%w: not one ES256 JWS", ErrSignature)
	}
	header := sig.Signatures[0].Protected
	known := keys.Key(header.KeyID)
	if header.KeyID == "" || len(known) != 1 {
		return nil, "", fmt.Errorf("%w: signed with a key this kiosk does not know", ErrSignature)
	}
	if payload, err = sig.Verify(known[0].Key); err != nil {
		return nil, "", ErrSignature
	}
	if header.ExtraHeaders["zip"] != "DEF" {
		return payload, header.KeyID, nil
	}
	inflated, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(payload)), maxInflated+1))
	if err != nil || len(inflated) > maxInflated {
		return nil, "", fmt.Errorf("%w: payload does not inflate within %d bytes", ErrContent, maxInflated)
	}
	return inflated, header.KeyID, nil
}

// VerifyCard checks one health card and returns its name, birth date and doses.
func VerifyCard(jws string, keys jose.JSONWebKeySet, now time.Time) (CardClaims, Card, error) {
	payload, kid, err := verify(jws, keys)
	if err != nil {
		return CardClaims{}, Card{}, err
	}
	var c CardClaims
	if json.Unmarshal(payload, &c) != nil {
		return CardClaims{}, Card{}, fmt.Errorf("%w: the card is not JSON", ErrContent)
	}
	if !slices.Contains(c.VC.Type, "https://smarthealth.cards#health-card") {
		return CardClaims{}, Card{}, fmt.Errorf("%w: not a health card", ErrContent)
	}
	if time.Unix(c.NotEarly, 0).After(now.Add(ClockSlack)) {
		return CardClaims{}, Card{}, fmt.Errorf("the card: %w", ErrEarly)
	}
	if c.VC.RID != "" && !RID.MatchString(c.VC.RID) {
		return CardClaims{}, Card{}, fmt.Errorf("%w: its revocation id is none", ErrContent)
	}
	card := Card{JWS: jws, KeyID: kid, rid: c.VC.RID, issued: c.NotEarly}
	patients := 0
	for _, e := range c.VC.Subject.Bundle.Entry {
		d := DoseOf(e.Resource)
		switch {
		case e.Resource.ResourceType == "Patient":
			patients++
		case e.Resource.ResourceType != "Immunization" || !d.FitsCard():
			return CardClaims{}, Card{}, fmt.Errorf("%w: the card holds something else than doses that fit one", ErrContent)
		default:
			card.Doses = append(card.Doses, d.OnCard())
		}
	}
	if patients != 1 {
		return CardClaims{}, Card{}, fmt.Errorf("%w: a card is about one person, not %d", ErrContent, patients)
	}
	return c, card, nil
}

func (s Statement) record() (Record, error) {
	r := Record{
		Registry: s.Registry, Issuer: s.Issuer, Issued: time.Unix(s.NotEarly, 0), Check: s.Check,
		Unread: s.Unread, UnreadRecommendations: s.UnreadRecommendations,
	}
	if err := cmp.Or(r.checkCheck(), s.checkUnknown()); err != nil {
		return Record{}, err
	}
	patients := 0
	for i, e := range s.Bundle.Entry {
		switch e.Resource.ResourceType {
		case "Patient":
			patients++
			r.Given, r.Family, r.Birth = person(e.Resource)
		case "Immunization":
			d, err := issued(e.Resource, slices.Contains(s.Unknown, i))
			if err != nil {
				return Record{}, err
			}
			r.Doses = append(r.Doses, d)
		case "ImmunizationRecommendation":
			if err := r.recommend(e.Resource); err != nil {
				return Record{}, err
			}
		}
	}
	if patients != 1 || r.Family == "" && r.Given == "" {
		return Record{}, fmt.Errorf("%w: want one patient with a name", ErrContent)
	}
	if _, err := time.Parse(time.DateOnly, r.Birth); err != nil { // people are found by day, month and year
		return Record{}, fmt.Errorf("%w: want a whole birth date", ErrContent)
	}
	return r, nil
}

// checkUnknown wants unknown codes to be those of doses, and counts to be some.
func (s Statement) checkUnknown() error {
	rows := immunizationRows(s.Bundle)
	for _, entry := range s.Unknown {
		if _, ok := rows[entry]; !ok {
			return fmt.Errorf("%w: the unknown code of what is no dose, or of one twice", ErrContent)
		}
		delete(rows, entry)
	}
	if s.Unread < 0 || s.UnreadRecommendations < 0 {
		return fmt.Errorf("%w: less than nothing could not be read", ErrContent)
	}
	return nil
}

// issued is the dose of an Immunization in a statement.
func issued(x fhir.Resource, unknown bool) (Dose, error) {
	d := DoseOf(x)
	d.Unknown = unknown
	if x.VaccineCode != nil {
		d.Name = x.VaccineCode.Name(fhir.CVXSystem)
	}
	return d, d.Check()
}

// disease is the form of a SNOMED CT code.
var disease = regexp.MustCompile(`^[0-9]{6,18}$`)

// recommend adds the recommendations of a forecast. A disease without a name in this
// program is one more that could not be read: an issuer may know more of them.
func (r *Record) recommend(x fhir.Resource) error {
	for _, rec := range RecommendationsOf(x) {
		if _, known := assets.DiseaseKey(rec.Disease); rec.CVX == "" && !known && disease.MatchString(rec.Disease) {
			r.UnreadRecommendations++
			continue
		}
		if err := rec.Check(); err != nil {
			return fmt.Errorf("%w: %w", ErrContent, err)
		}
		rec.Name = nameOf(x, rec.CVX)
		r.Recommendations = append(r.Recommendations, rec)
	}
	return nil
}

func (r *Record) addCard(jws string, s Statement, marks []int, keys jose.JSONWebKeySet, now time.Time) error {
	claims, card, err := VerifyCard(jws, keys, now)
	if err != nil {
		return err
	}
	if claims.Issuer != s.Issuer {
		return fmt.Errorf("%w: another issuer than the record", ErrContent)
	}
	if claims.NotEarly != s.NotEarly { // an earlier card may have been revoked since
		return fmt.Errorf("%w: not issued with the record", ErrContent)
	}
	if err := r.checkPerson(claims.VC.Subject.Bundle); err != nil {
		return err
	}
	r.Cards = append(r.Cards, card)
	return r.mark(s.Bundle, marks, card)
}

func (r *Record) checkPerson(b fhir.Bundle) error {
	for _, e := range b.Entry {
		if e.Resource.ResourceType != "Patient" {
			continue
		}
		given, family, birth := person(e.Resource)
		if given != r.Given || family != r.Family || birth != r.Birth {
			return fmt.Errorf("%w: the card is about another person than the record", ErrContent)
		}
	}
	return nil
}

// mark notes which doses of the table the card holds and compares each.
func (r *Record) mark(b fhir.Bundle, marks []int, card Card) error {
	if len(marks) != len(card.Doses) {
		return fmt.Errorf("%w: holds %d doses, statement says %d", ErrContent, len(card.Doses), len(marks))
	}
	rows := immunizationRows(b)
	for i, entry := range marks {
		row, ok := rows[entry]
		switch {
		case !ok || r.Doses[row].Card != 0:
			return fmt.Errorf("%w: a mark points to no dose, or to one twice", ErrContent)
		case !r.Doses[row].FitsCard():
			return fmt.Errorf("%w: a dose that fits no card is on one", ErrContent)
		case r.Doses[row].OnCard() != card.Doses[i]:
			return fmt.Errorf("%w: a dose differs between table and card", ErrContent)
		}
		r.Doses[row].Card = len(r.Cards)
	}
	return nil
}

// immunizationRows maps bundle entry numbers to rows of the dose table.
func immunizationRows(b fhir.Bundle) map[int]int {
	rows := map[int]int{}
	for i, e := range b.Entry {
		if e.Resource.ResourceType == "Immunization" {
			rows[i] = len(rows)
		}
	}
	return rows
}

// checkSize wants what the paper has room for. Doses that fit no card are in the
// table only.
func (r *Record) checkSize() error {
	if len(r.Cards) > MaxCards {
		return fmt.Errorf("%w: %d cards, at most %d", ErrContent, len(r.Cards), MaxCards)
	}
	for _, c := range r.Cards {
		if len(c.JWS) > MaxJWS {
			return fmt.Errorf("%w: a card has %d characters, at most %d fit a code", ErrContent, len(c.JWS), MaxJWS)
		}
	}
	return nil
}

// Limits of the paper: four codes, each at most a version 22-L QR code.
const (
	MaxCards = 4
	MaxJWS   = 1195
)
