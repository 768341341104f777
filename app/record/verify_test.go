package record

import (
	"bytes"
	"compress/flate"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"vaxkiosk/app/fhir"
)

var now = time.Date(2026, 11, 23, 10, 42, 0, 0, time.UTC)

// pen signs what a test wants signed, right or wrong.
type pen struct {
	t    testing.TB
	key  jose.JSONWebKey
	keys jose.JSONWebKeySet
}

func newPen(t testing.TB) pen {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key := jose.JSONWebKey{Key: k, KeyID: "test", Algorithm: "ES256", Use: "sig"}
	return pen{t, key, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key.Public()}}}
}

func (p pen) sign(payload any, deflate bool) string {
	p.t.Helper()
	b, err := json.Marshal(payload)
	if err != nil {
		p.t.Fatal(err)
	}
	options := &jose.SignerOptions{}
	if deflate {
		var z bytes.Buffer
		w, _ := flate.NewWriter(&z, 9)
		_, _ = w.Write(b)
		_ = w.Close()
		b, options = z.Bytes(), options.WithHeader("zip", "DEF")
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: p.key}, options)
	if err != nil {
		p.t.Fatal(err)
	}
	signed, err := signer.Sign(b)
	if err != nil {
		p.t.Fatal(err)
	}
	s, err := signed.CompactSerialize()
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

func patient(family string) fhir.Entry {
	return fhir.Entry{FullURL: "resource:0", Resource: fhir.Resource{
		ResourceType: "Patient", Name: []fhir.HumanName{{Family: family, Given: []string{"María", "José"}}}, BirthDate: "1958-03-14",
	}}
}

func dose(n int, date, cvx, lot, status string) fhir.Entry {
	d := Dose{Date: date, CVX: cvx, Lot: lot, Status: status}
	return fhir.Entry{FullURL: fmt.Sprintf("resource:%d", n), Resource: d.Immunization("resource:0")}
}

func bundle(entries ...fhir.Entry) fhir.Bundle {
	return fhir.Bundle{ResourceType: "Bundle", Type: "collection", Entry: entries}
}

func claims(b fhir.Bundle) CardClaims {
	return CardClaims{Issuer: "https://vax.example.org", NotEarly: now.Unix(), VC: Credential{
		Type:    []string{"https://smarthealth.cards#health-card", "https://smarthealth.cards#immunization"},
		Subject: Subject{FHIRVersion: "4.0.1", Bundle: b},
	}}
}

// recommending is a resource with one recommendation.
func recommending(r Recommendation) fhir.Entry {
	return fhir.Entry{FullURL: "resource:9", Resource: Recommend("resource:0", []Recommendation{r})}
}

var good = Recommendation{CVX: "140", Status: StatusOverdue, Date: "2026-09-01", AsOf: "2026-11-01"}

func TestRecommendationsAreReadStrictly(t *testing.T) {
	p := newPen(t)
	for name, c := range map[string]struct {
		change func(*Recommendation)
		ok     bool
	}{
		"as it is":          {func(*Recommendation) {}, true},
		"immune, no day":    {func(r *Recommendation) { r.Status, r.Date = StatusImmune, "" }, true},
		"contraindicated":   {func(r *Recommendation) { r.Status = StatusContraindicated }, true},
		"complete":          {func(r *Recommendation) { r.Status = StatusComplete }, true},
		"due":               {func(r *Recommendation) { r.Status = StatusDue }, true},
		"due, no day":       {func(r *Recommendation) { r.Status, r.Date = StatusDue, "" }, false},
		"overdue, no day":   {func(r *Recommendation) { r.Date = "" }, false},
		"no day, but text":  {func(r *Recommendation) { r.Status, r.Date = StatusImmune, "soon" }, false},
		"no such day":       {func(r *Recommendation) { r.Date = "2026-02-30" }, false},
		"other status":      {func(r *Recommendation) { r.Status = "late" }, false},
		"no status":         {func(r *Recommendation) { r.Status = "" }, false},
		"no vaccine":        {func(r *Recommendation) { r.CVX = "" }, false},
		"a disease":         {func(r *Recommendation) { r.CVX, r.Disease = "", "40468003" }, true},
		"no disease":        {func(r *Recommendation) { r.CVX, r.Disease = "", "hepatitis A" }, false},
		"vaccine in words":  {func(r *Recommendation) { r.CVX = "flu" }, false},
		"as of no day":      {func(r *Recommendation) { r.AsOf = "" }, false},
		"as of some moment": {func(r *Recommendation) { r.AsOf = "2026-11-01T08:00:00Z" }, false},
	} {
		x, want := wellMade(), good
		c.change(&want)
		x.statement.Bundle.Entry = append(x.statement.Bundle.Entry, recommending(want))
		r, err := Parse(p.answer(x), p.keys, now)
		if (err == nil) != c.ok || err != nil && !errors.Is(err, ErrContent) || c.ok && (len(r.Recommendations) != 1 || r.Recommendations[0] != want) {
			t.Errorf("%s: %v, %v", name, r.Recommendations, err)
		}
	}
}

// parts are an answer before it is signed; tests change one thing.
type parts struct {
	statement Statement
	cards     []CardClaims
}

func wellMade() parts {
	return parts{
		Statement{Issuer: "https://vax.example.org", NotEarly: now.Unix(), Registry: "State registry", Bundle: bundle(patient("O'Neill-García"),
			dose(1, "2021-09-14", "115", "3C4N7", StatusCompleted),
			dose(2, "2025-10-02", "309", "LX2231", StatusCompleted),
			dose(3, "2024-01-01", "140", "", StatusNotDone)), Marks: [][]int{{2}, {1}}},
		[]CardClaims{
			claims(bundle(patient("O'Neill-García"), dose(1, "2025-10-02", "309", "LX2231", StatusCompleted))),
			claims(bundle(patient("O'Neill-García"), dose(1, "2021-09-14", "115", "3C4N7", StatusCompleted))),
		},
	}
}

func (p pen) answer(x parts) []byte {
	a := Answer{Record: p.sign(x.statement, false)}
	for _, c := range x.cards {
		a.Cards = append(a.Cards, p.sign(c, true))
	}
	b, err := json.Marshal(a)
	if err != nil {
		p.t.Fatal(err)
	}
	return b
}

func TestAWellMadeAnswerBecomesARecordNewestFirstWithMarks(t *testing.T) {
	p := newPen(t)
	x := wellMade()
	x.cards[0].VC.RID = "rDqP-4x_9Zs"
	r, err := Parse(p.answer(x), p.keys, now)
	if err != nil {
		t.Fatal(err)
	}
	if r.Given != "María José" || r.Family != "O'Neill-García" || r.Birth != "1958-03-14" || len(r.Cards) != 2 {
		t.Errorf("person or cards are wrong: %d cards", len(r.Cards))
	}
	want := []Dose{
		{Date: "2025-10-02", CVX: "309", Lot: "LX2231", Status: StatusCompleted, Card: 1},
		{Date: "2024-01-01", CVX: "140", Status: StatusNotDone},
		{Date: "2021-09-14", CVX: "115", Lot: "3C4N7", Status: StatusCompleted, Card: 2},
	}
	for i, d := range want {
		if r.Doses[i] != d {
			t.Errorf("dose %d is %+v, want %+v", i, r.Doses[i], d)
		}
	}
}

func TestADoseIsNotValidOrHistoricalOnlyWhenTheStatementSaysSo(t *testing.T) {
	p := newPen(t)
	for _, c := range []struct {
		subpotent, primary   *bool
		notValid, historical bool
	}{
		{nil, nil, false, false},
		{new(false), new(true), false, false},
		{new(true), nil, true, false},
		{nil, new(false), false, true},
		{new(true), new(false), true, true},
	} {
		x := wellMade()
		given := &x.statement.Bundle.Entry[1].Resource // marked on card 2, which is left out here
		given.Subpotent, given.PrimarySource = c.subpotent, c.primary
		x.statement.Marks, x.cards = x.statement.Marks[:1], x.cards[:1]
		r, err := Parse(p.answer(x), p.keys, now)
		if err != nil {
			t.Fatal(err)
		}
		d := r.Doses[2] // the oldest
		if d.NotValid != c.notValid || d.Historical != c.historical || d.FitsCard() == (c.notValid || c.historical) {
			t.Errorf("subpotent %v, primary source %v: %+v", c.subpotent, c.primary, d)
		}
	}
}

func TestOnlyADoseThatNothingIsSaidOfFitsACard(t *testing.T) {
	const day = "2013-06-01"
	for want, d := range map[string]Dose{
		"":                         {Date: day, Status: StatusCompleted},
		"not-done":                 {Date: day, Status: StatusNotDone, NotValid: true, Historical: true},
		"entered-in-error":         {Date: "2013", Status: StatusError, Unknown: true},
		"other":                    {Date: day, Status: "odd"},
		"not-valid":                {Date: day, Status: StatusCompleted, NotValid: true},
		"historical":               {Date: day, Status: StatusCompleted, Historical: true},
		"not-valid historical":     {Date: day, Status: StatusCompleted, NotValid: true, Historical: true},
		"day-unknown":              {Date: "2013-06", Status: StatusCompleted},
		"unknown-code":             {Date: day, Status: StatusCompleted, Unknown: true},
		"day-unknown unknown-code": {Date: "2013", Status: StatusCompleted, About: true, Unknown: true},
	} {
		if got := strings.Join(d.Remarks(), " "); got != want || d.FitsCard() != (want == "") {
			t.Errorf("%+v: %q, fits a card: %v", d, got, d.FitsCard())
		}
	}
}

func TestARecordThatDisagreesWithItsCardsIsRefused(t *testing.T) {
	p := newPen(t)
	changes := map[string]func(*parts){
		"other lot on the card":    func(x *parts) { x.cards[0].VC.Subject.Bundle.Entry[1].Resource.Lot = "LX2232" },
		"other date on the card":   func(x *parts) { x.cards[0].VC.Subject.Bundle.Entry[1].Resource.Occurrence = "2025-10-03" },
		"other person on the card": func(x *parts) { x.cards[0].VC.Subject.Bundle.Entry[0] = patient("Garcia") },
		"no person on the card":    func(x *parts) { x.cards[0].VC.Subject.Bundle.Entry = x.cards[0].VC.Subject.Bundle.Entry[1:] },
		"a card without a mark":    func(x *parts) { x.statement.Marks = x.statement.Marks[:1] },
		"marks are swapped": func(x *parts) {
			x.statement.Marks[0], x.statement.Marks[1] = x.statement.Marks[1], x.statement.Marks[0]
		},
		"a mark to a person":                 func(x *parts) { x.statement.Marks[0] = []int{0} },
		"a mark outside":                     func(x *parts) { x.statement.Marks[0] = []int{9} },
		"a dose not valid on a card":         func(x *parts) { x.statement.Bundle.Entry[2].Resource.Subpotent = new(true) },
		"a historical dose on a card":        func(x *parts) { x.statement.Bundle.Entry[2].Resource.PrimarySource = new(false) },
		"a dose not valid only on the card":  func(x *parts) { x.cards[0].VC.Subject.Bundle.Entry[1].Resource.Subpotent = new(true) },
		"a historical dose only on the card": func(x *parts) { x.cards[0].VC.Subject.Bundle.Entry[1].Resource.PrimarySource = new(false) },
		"a refused dose on a card":           func(x *parts) { x.statement.Bundle.Entry[2].Resource.Status = StatusNotDone },
		"two persons on the card": func(x *parts) {
			b := &x.cards[0].VC.Subject.Bundle
			b.Entry = append(b.Entry, patient("Garcia"))
		},
		"more than doses on the card": func(x *parts) {
			b := &x.cards[0].VC.Subject.Bundle
			b.Entry = append(b.Entry, fhir.Entry{FullURL: "resource:2", Resource: fhir.Resource{ResourceType: "Observation"}})
		},
		"a refused dose only on the card": func(x *parts) { x.cards[0].VC.Subject.Bundle.Entry[1].Resource.Status = StatusNotDone },
		"no date of issue":                func(x *parts) { x.statement.NotEarly = 0 },
		"other issuer":                    func(x *parts) { x.cards[0].Issuer = "https://other.example.org" },
		"record from the future":          func(x *parts) { x.statement.NotEarly = now.Add(ClockSlack + time.Second).Unix() },
		"card from the future":            func(x *parts) { x.cards[1].NotEarly = now.Add(ClockSlack + time.Second).Unix() },
		"not a health card":               func(x *parts) { x.cards[0].VC.Type = nil },
		"a dose without date":             func(x *parts) { x.statement.Bundle.Entry[1].Resource.Occurrence = "" },
		"no patient":                      func(x *parts) { x.statement.Bundle.Entry = x.statement.Bundle.Entry[1:] },
		"two patients":                    func(x *parts) { x.statement.Bundle.Entry = append(x.statement.Bundle.Entry, patient("B")) },
		"a dose on the card twice":        func(x *parts) { x.statement.Marks[1] = []int{2} },
		"a card issued before the record": func(x *parts) { x.cards[0].NotEarly-- },
		"a revocation id of other signs":  func(x *parts) { x.cards[0].VC.RID = "a.b" },
		"a long revocation id":            func(x *parts) { x.cards[0].VC.RID = strings.Repeat("a", 25) },
		"a recommendation on the card": func(x *parts) {
			b := &x.cards[0].VC.Subject.Bundle
			b.Entry = append(b.Entry, recommending(good))
		},
		"a birth date without a day": func(x *parts) {
			for _, b := range []fhir.Bundle{x.statement.Bundle, x.cards[0].VC.Subject.Bundle, x.cards[1].VC.Subject.Bundle} {
				b.Entry[0].Resource.BirthDate = "1958-03"
			}
		},
		"a card larger than a code":  func(x *parts) { x.cards[0].Issuer = long(); x.cards[1].Issuer = long(); x.statement.Issuer = long() },
		"a card payload that bursts": func(x *parts) { x.cards[0].Issuer = strings.Repeat("a", maxInflated) },
	}
	for name, change := range changes {
		x := wellMade()
		change(&x)
		if _, err := Parse(p.answer(x), p.keys, now); !errors.Is(err, ErrContent) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// long is an issuer that deflate cannot shrink.
func long() string {
	b := make([]byte, 900)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return "https://" + base64.RawURLEncoding.EncodeToString(b)
}

func TestOnlyAnES256SignatureOfAPinnedKeyVerifies(t *testing.T) {
	p, stranger := newPen(t), newPen(t)
	good := p.sign(wellMade().statement, false)
	dot := strings.LastIndex(good, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"test"}`)) + good[strings.Index(good, "."):dot+1]
	hmac, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: make([]byte, 32)}, (&jose.SignerOptions{}).WithHeader("kid", "test"))
	if err != nil {
		t.Fatal(err)
	}
	mac, err := hmac.Sign([]byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	symmetric, _ := mac.CompactSerialize()
	for name, jws := range map[string]string{
		"empty": "", "alg none": none, "HMAC": symmetric, "a stranger's key": stranger.sign(wellMade().statement, false),
		"changed signature": good[:dot+1] + strings.Repeat("A", len(good)-dot-1),
		"changed payload":   strings.Replace(good, good[60:64], "AAAA", 1),
	} {
		if _, err := Verify(jws, p.keys); !errors.Is(err, ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Verify(good, jose.JSONWebKeySet{}); !errors.Is(err, ErrSignature) {
		t.Errorf("no pinned key: %v", err)
	}
	if _, err := Verify(good, p.keys); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

func FuzzParseNeverPanics(f *testing.F) {
	p := newPen(f)
	f.Add(p.answer(wellMade()))
	f.Add([]byte(`{"record":"a.b.c","cards":["a.b.c"]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Parse(b, p.keys, now)
		if err == nil && r.Birth == "" {
			t.Error("a record without a birth date")
		}
	})
}

func TestALongLotOrPerformerStaysOffTheCard(t *testing.T) {
	d := Dose{Date: "2025-10-02", CVX: "309", Lot: strings.Repeat("L", 20), Performer: strings.Repeat("é", 30)}
	if c := d.OnCard(); c.Lot != "" || c.Performer != "" {
		t.Errorf("%+v", c)
	}
	d.Lot, d.Performer = strings.Repeat("L", 19), strings.Repeat("é", 29)
	if c := d.OnCard(); c.Lot != d.Lot || c.Performer != d.Performer {
		t.Errorf("%+v", c)
	}
}

func TestNoPersonalValueIsPrinted(t *testing.T) {
	p := newPen(t)
	r, err := Parse(p.answer(wellMade()), p.keys, now)
	if err != nil {
		t.Fatal(err)
	}
	if s := fmt.Sprintf("%v %+v %#v", r, r, r); strings.Contains(s, "Neill") || strings.Contains(s, "1958") {
		t.Errorf("%q", s)
	}
}

func TestACardIsRevokedByItsIDAloneOrByALaterTime(t *testing.T) {
	c := Card{rid: "card-1", issued: 1000}
	for list, want := range map[string]bool{
		"": false, "card-2": false, "card-1": true, "card-1.1001": true, "card-1.1000": false, "card-1.999": false,
		"card-2 card-1.1001": true, "card-1.soon": true, "card-11": false, "card-2.1001": false,
	} {
		if got := c.RevokedBy(strings.Fields(list)); got != want {
			t.Errorf("%q: revoked %v", list, got)
		}
	}
	if (Card{issued: 1000}).RevokedBy([]string{"", ".1001"}) {
		t.Error("a card without an id is revoked")
	}
}
