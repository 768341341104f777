// Package card signs: vaccine records, SMART Health Cards and the bootstrap.
//
// A Signer has one P-256 key in a file of its own; key ids are RFC 7638 thumbprints. A Ring has the signers of cards, a new one each
// year, and publishes their public halves. Issue signs the statement of a whole
// record and packs the doses that fit a card (record.Dose.FitsCard) into one to four
// SMART Health Cards (Framework 1.4, vaccination profile, data-minimised): ES256, raw DEFLATE at
// level 9 before signing, each card complete in itself and small enough for a
// version 22-L QR code. pack.go has the rules of packing.
//
// What it refuses to put on a card: doses that were not given, are not valid or
// historical, whose day or code is not known, entries that are no vaccination, gender,
// identifiers, manufacturer, recommendations, and lots or clinics too long for
// the profile. Lint reads each payload once more before it is signed, on its own.
//
// The statement says which codes the tables of the day of issue did not have, and what the
// others are called there: a kiosk may have older tables.
package card

import (
	"bytes"
	"compress/flate"
	"crypto"
	"crypto/ecdsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"vaxkiosk/app/fhir"
	"vaxkiosk/app/record"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/keyfile"
)

// Signer signs with one key.
type Signer struct {
	kid    string
	public api.JWK
	plain  jose.Signer // kid
	zipped jose.Signer // kid and zip=DEF
	naming jose.Signer // kid and the public key itself
	asking jose.Signer // the same, of orders
}

// Open reads the signing key of a file.
func Open(path string) (*Signer, error) {
	key, err := keyfile.ECDSA(path)
	if err != nil {
		return nil, err
	}
	return signerOf(key, path)
}

// Make makes a signing key in a file of its own.
func Make(path string) (*Signer, error) {
	key, err := keyfile.NewECDSA(path)
	if err != nil {
		return nil, err
	}
	return signerOf(key, path)
}

func signerOf(key *ecdsa.PrivateKey, path string) (*Signer, error) {
	s := &Signer{}
	if err := s.setKey(key); err != nil {
		return nil, fmt.Errorf("signing key %s: %w", path, err)
	}
	return s, nil
}

func (s *Signer) setKey(key *ecdsa.PrivateKey) error {
	jwk := jose.JSONWebKey{Key: key, Use: "sig", Algorithm: string(jose.ES256)}
	print, err := jwk.Thumbprint(crypto.SHA256)
	if err != nil {
		return err
	}
	s.kid = base64.RawURLEncoding.EncodeToString(print)
	jwk.KeyID = s.kid
	public := jwk.Public()
	raw, err := public.MarshalJSON()
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &s.public); err != nil {
		return err
	}
	with := jose.SigningKey{Algorithm: jose.ES256, Key: jwk}
	if s.plain, err = jose.NewSigner(with, nil); err != nil {
		return err
	}
	if s.zipped, err = jose.NewSigner(with, (&jose.SignerOptions{}).WithHeader("zip", "DEF")); err != nil {
		return err
	}
	if s.naming, err = jose.NewSigner(with, (&jose.SignerOptions{EmbedJWK: true}).WithHeader("kid", s.kid)); err != nil {
		return err
	}
	s.asking, err = jose.NewSigner(with, (&jose.SignerOptions{EmbedJWK: true}).WithHeader("kid", s.kid).WithType(api.OrderType))
	return err
}

// Thumbprint is the key id: RFC 7638, SHA-256, base64url.
func (s *Signer) Thumbprint() string { return s.kid }

// Keys is the public key as it is published.
func (s *Signer) Keys() api.JWKS { return api.JWKS{Keys: []api.JWK{s.public}} }

// SignBootstrap signs a bootstrap. The JWS carries the public key, because a
// kiosk knows no more than its thumbprint.
func (s *Signer) SignBootstrap(b api.Bootstrap) (string, error) {
	payload, err := encode(b)
	if err != nil {
		return "", err
	}
	return sign(s.naming, payload)
}

// SignOrder signs what is asked of a kiosk, as SignBootstrap does, under a type that keeps each
// from being taken for the other.
func (s *Signer) SignOrder(o api.Order) (string, error) {
	payload, err := encode(o)
	if err != nil {
		return "", err
	}
	return sign(s.asking, payload)
}

// Issuer is who stands behind a record, and where it can be checked.
type Issuer struct {
	URL      string // https, without a slash at the end; its /.well-known/jwks.json has the key
	Registry string // for people
	Check    string // address of the check page with the code of this record, if it has one
}

// Issue signs the record of a person and packs it into health cards, all with
// one revocation id (see package store) and dated at. Cards that break a rule of
// the profile are not signed, and the record with them (see Lint).
func (s *Signer) Issue(p registry.Person, by Issuer, rid string, at time.Time) (record.Answer, error) {
	p = coded(p)
	statement := record.Statement{
		Issuer: by.URL, NotEarly: at.Unix(), Registry: by.Registry, Bundle: bundle(p, p.Doses, statementDose), Marks: [][]int{}, Check: by.Check,
		Unread: p.Unread, UnreadRecommendations: p.UnreadRecommendations,
	}
	for row, d := range p.Doses {
		if d.Unknown {
			statement.Unknown = append(statement.Unknown, entryOf(row))
		}
	}
	advise(&statement.Bundle, p)
	answer := record.Answer{Cards: []string{}}
	k := &packer{person: p, issuer: by.URL, rid: rid, nbf: at.Unix(), header: s.headerLength()}
	for _, rows := range k.pack(fitting(p.Doses)) {
		jws, err := s.card(k, rows)
		if err != nil {
			return record.Answer{}, fmt.Errorf("health card: %w", err)
		}
		marks := make([]int, len(rows))
		for i, row := range rows {
			marks[i] = entryOf(row)
		}
		answer.Cards = append(answer.Cards, jws)
		statement.Marks = append(statement.Marks, marks)
	}
	payload, err := encode(statement)
	if err != nil {
		return record.Answer{}, err
	}
	answer.Record, err = sign(s.plain, payload)
	return answer, err
}

// card signs the card with these doses.
func (s *Signer) card(k *packer, rows []int) (string, error) {
	plain, zipped, err := k.payload(rows)
	if err == nil {
		err = Lint(plain, k.length(zipped))
	}
	if err != nil {
		return "", err
	}
	return sign(s.zipped, bytes.Clone(zipped))
}

func sign(with jose.Signer, payload []byte) (string, error) {
	jws, err := with.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return jws.CompactSerialize()
}

// headerLength is the length of a card's protected header in its JWS.
func (s *Signer) headerLength() int {
	return base64.RawURLEncoding.EncodedLen(len(`{"alg":"ES256","kid":"","zip":"DEF"}`) + len(s.kid))
}

// encode writes JSON without escaping what HTML would want escaped.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// fitting are the rows of the doses that cards may hold.
func fitting(doses []record.Dose) (rows []int) {
	for i, d := range doses {
		if d.FitsCard() {
			rows = append(rows, i)
		}
	}
	return rows
}

// bundle is a person and doses, as a statement or a card carries them.
func bundle(p registry.Person, doses []record.Dose, as func(record.Dose) fhir.Resource) fhir.Bundle {
	all := []fhir.Resource{{
		ResourceType: "Patient", BirthDate: p.Birth.String(),
		Name: []fhir.HumanName{{Family: p.Family, Given: strings.Fields(p.Given)}},
	}}
	for _, d := range doses {
		all = append(all, as(d))
	}
	return fhir.Collection(all...)
}

// patient is where the person is in a bundle.
const patient = "resource:0"

// entryOf is the entry of a statement that has the dose of a row: the first is the patient.
func entryOf(row int) int { return row + 1 }

// coded is a person whose doses and recommendations have their codes as the tables of today
// do. What no kiosk could read is counted instead: a kiosk would refuse the whole record.
func coded(p registry.Person) registry.Person {
	doses, advice := p.Doses, p.Recommendations
	p.Doses, p.Recommendations = nil, nil
	for _, d := range doses {
		if d = d.Coded(); d.Check() != nil {
			p.Unread++
			continue
		}
		p.Doses = append(p.Doses, d)
	}
	for _, r := range advice {
		if r.Check() != nil {
			p.UnreadRecommendations++
			continue
		}
		r.Name = record.Dose{CVX: r.CVX}.VaccineName()
		p.Recommendations = append(p.Recommendations, r)
	}
	return p
}

// cardDose is a dose as a card carries it.
func cardDose(d record.Dose) fhir.Resource {
	c := d.OnCard()
	return record.Dose{Status: record.StatusCompleted, Date: c.Date, CVX: c.CVX, Lot: c.Lot, Performer: c.Performer}.Immunization(patient)
}

// statementDose is a dose with everything on file.
func statementDose(d record.Dose) fhir.Resource { return d.Immunization(patient) }

// payload writes what a card with these doses says, as it is and deflated, which
// is valid until the next call.
func (k *packer) payload(rows []int) (plain, zipped []byte, err error) {
	doses := make([]record.Dose, len(rows))
	for i, row := range rows {
		doses[i] = k.person.Doses[row]
	}
	plain, err = encode(record.CardClaims{
		Issuer: k.issuer, NotEarly: k.nbf,
		VC: record.Credential{
			Type:    []string{"https://smarthealth.cards#health-card", "https://smarthealth.cards#immunization"},
			Subject: record.Subject{FHIRVersion: "4.0.1", Bundle: bundle(k.person, doses, cardDose)},
			RID:     k.rid,
		},
	})
	if err != nil {
		return nil, nil, err
	}
	k.out.Reset()
	if k.zip == nil {
		if k.zip, err = flate.NewWriter(&k.out, flate.BestCompression); err != nil {
			return nil, nil, err
		}
	}
	k.zip.Reset(&k.out)
	if _, err := k.zip.Write(plain); err != nil {
		return nil, nil, err
	}
	err = k.zip.Close()
	return plain, k.out.Bytes(), err
}

// advise adds what the registry recommends to the Bundle of a statement.
func advise(b *fhir.Bundle, p registry.Person) {
	if len(p.Recommendations) == 0 {
		return
	}
	b.Entry = append(b.Entry, fhir.Entry{FullURL: fmt.Sprintf("resource:%d", len(b.Entry)), Resource: record.Recommend(patient, p.Recommendations)})
}
