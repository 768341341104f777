package card

import (
	"bytes"
	"compress/flate"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
)

var (
	now   = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	today = request.Date{Year: 2026, Month: 11, Day: 23}
	by    = Issuer{URL: "https://central.example.org", Registry: "Registry of Example"}
	rid   = "rDqP-4x_9Zs"
)

func signer(t testing.TB) *Signer {
	t.Helper()
	s, err := Make(filepath.Join(t.TempDir(), "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func keySet(t testing.TB, s *Signer) jose.JSONWebKeySet {
	t.Helper()
	return parseKeys(t, published(t, s))
}

// published is what somebody publishes.
func published(t testing.TB, who interface{ Keys() api.JWKS }) []byte {
	t.Helper()
	b, err := json.Marshal(who.Keys())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func parseKeys(t testing.TB, b []byte) (set jose.JSONWebKeySet) {
	t.Helper()
	if err := json.Unmarshal(b, &set); err != nil {
		t.Fatal(err)
	}
	return set
}

func issue(t testing.TB, s *Signer, p registry.Person) (record.Answer, record.Record) {
	t.Helper()
	a, err := s.Issue(p, by, rid, now)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	r, err := record.Parse(b, keySet(t, s), now)
	if err != nil {
		t.Fatalf("resident %d: %v", p.Number, err)
	}
	return a, r
}

func TestEveryRecordIsReadBackAsIssued(t *testing.T) {
	s := signer(t)
	for _, p := range madeup.Generate(24, 1, today) {
		a, r := issue(t, s, p)
		if r.Given != p.Given || r.Family != p.Family || r.Birth != p.Birth.String() || r.Issuer != by.URL || !r.Issued.Equal(now) {
			t.Errorf("resident %d: another person", p.Number)
		}
		if len(r.Doses) != len(p.Doses) {
			t.Errorf("resident %d: %d doses, want %d", p.Number, len(r.Doses), len(p.Doses))
		}
		carded := 0
		for _, d := range r.Doses {
			if d.Card > 0 {
				carded++
			}
			d.Card, d.Name = 0, ""
			if !slices.Contains(p.Doses, d) {
				t.Errorf("resident %d: a dose that is not on file", p.Number)
			}
		}
		full := len(p.Doses) > 50 && len(a.Cards) == record.MaxCards
		if want := len(fitting(p.Doses)); carded != want && !full {
			t.Errorf("resident %d: %d of %d doses that fit one are on a card", p.Number, carded, want)
		}
		if at := (carded + 9) / 10; len(a.Cards) > at {
			t.Errorf("resident %d: %d cards for %d doses", p.Number, len(a.Cards), carded)
		}
	}
}

func TestThirteenDosesFitOneCardAndFortyFitThree(t *testing.T) {
	s := signer(t)
	two := madeup.Generate(2, 1, today)
	for i := range two[1].Doses {
		two[1].Doses[i].NotValid, two[1].Doses[i].Historical = false, false
	}
	two[0].Doses = two[0].Doses[:13]
	if a, _ := issue(t, s, two[1]); len(a.Cards) > 3 {
		t.Errorf("%d cards for 40 doses", len(a.Cards))
	}
	a, _ := issue(t, s, two[0])
	if len(a.Cards) != 1 || len(a.Cards[0]) > record.MaxJWS {
		t.Errorf("%d cards, the first of %d characters", len(a.Cards), len(a.Cards[0]))
	}
}

func TestWhenFourCardsAreTooFewTheNewestOfEachFamilyComeFirst(t *testing.T) {
	p := madeup.Generate(1, 1, today)[0]
	p.Doses = nil
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 120 {
		cvx := []string{"140", "03", "115"}[i%3]
		p.Doses = append(p.Doses, record.Dose{
			Date: day.AddDate(0, 0, -i).Format(time.DateOnly), CVX: cvx, Status: record.StatusCompleted,
			Lot: fmt.Sprintf("%08X", i*2654435761%(1<<32)), Performer: "Harbor Street Clinic",
		})
	}
	s := signer(t)
	a, r := issue(t, s, p)
	if len(a.Cards) != record.MaxCards {
		t.Fatalf("%d cards", len(a.Cards))
	}
	paperOnly := map[string]bool{}
	carded := 0
	for _, d := range r.Doses {
		if d.Card == 0 {
			paperOnly[d.CVX] = true
		} else if carded++; paperOnly[d.CVX] {
			t.Errorf("a dose of %s from %s is on card %d and a newer one is not", d.CVX, d.Date, d.Card)
		}
	}
	if carded < 48 || len(paperOnly) != 3 {
		t.Errorf("%d doses on cards, %d families cut", carded, len(paperOnly))
	}
}

func TestAPersonWithoutDosesHasARecordWithoutCards(t *testing.T) {
	p := madeup.Generate(1, 1, today)[0]
	p.Doses = []record.Dose{{Date: "2026-01-02", CVX: "03", Status: record.StatusNotDone}}
	a, r := issue(t, signer(t), p)
	if len(a.Cards) != 0 || len(r.Doses) != 1 {
		t.Errorf("%d cards, %d doses", len(a.Cards), len(r.Doses))
	}
	p.Doses = nil
	if a, _ := issue(t, signer(t), p); len(a.Cards) != 0 {
		t.Errorf("%d cards", len(a.Cards))
	}
}

func TestRecommendationsAreInTheStatementAndOnNoCard(t *testing.T) {
	p := madeup.Generate(1, 1, today)[0]
	p.Recommendations = []record.Recommendation{
		{CVX: "140", Status: record.StatusDue, Date: "2027-09-01", AsOf: "2026-11-01"},
		{CVX: "03", Status: record.StatusImmune, AsOf: "2026-11-01"},
	}
	s := signer(t)
	a, r := issue(t, s, p)
	for i := range r.Recommendations {
		r.Recommendations[i].Name = ""
	}
	if !slices.Equal(r.Recommendations, p.Recommendations) || len(r.Doses) != len(p.Doses) {
		t.Errorf("%v, %d doses", r.Recommendations, len(r.Doses))
	}
	for _, jws := range a.Cards {
		if has(checkByHand(t, jws, s.Keys().Keys[0]), "recommendation") {
			t.Error("a card with recommendations")
		}
	}
}

func TestWhatNoKioskCouldReadIsCountedAndNotSigned(t *testing.T) {
	p := madeup.Generate(1, 1, today)[0]
	p.Doses = []record.Dose{
		{Date: "2021-04-01", CVX: "208", Status: record.StatusCompleted},
		{Date: "2021-04-01", Status: record.StatusCompleted},
		{Date: "spring 2021", CVX: "208", Status: record.StatusCompleted},
		{Date: "2021", Product: "in words", Status: record.StatusCompleted},
	}
	p.Recommendations = []record.Recommendation{
		{Disease: "397428000", Status: record.StatusImmune, AsOf: "2026-11-01"},
		{Disease: "1", Status: record.StatusImmune, AsOf: "2026-11-01"},
		{CVX: "140", Status: record.StatusDue, AsOf: "2026-11-01"},
	}
	p.Unread, p.UnreadRecommendations = 3, 4
	_, r := issue(t, signer(t), p)
	if len(r.Doses) != 2 || !r.Doses[1].Unknown || r.Unread != 5 || len(r.Recommendations) != 1 || r.UnreadRecommendations != 6 {
		t.Errorf("%+v and %d unread; %+v and %d unread", r.Doses, r.Unread, r.Recommendations, r.UnreadRecommendations)
	}
}

// has reports whether an object has a member of this name anywhere.
func has(v any, word string) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(x any) bool { return has(x, word) })
	case map[string]any:
		for name, x := range v {
			if name == word || has(x, word) {
				return true
			}
		}
	}
	return false
}

// checkByHand verifies a card with nothing but the standard library.
func checkByHand(t *testing.T, jws string, key api.JWK) map[string]any {
	t.Helper()
	decode := func(s string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	parts := strings.Split(jws, ".")
	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}
	if got, want := string(decode(parts[0])), `{"alg":"ES256","kid":"`+key.Kid+`","zip":"DEF"}`; got != want {
		t.Errorf("header %s, want %s", got, want)
	}
	pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, decode(key.X), decode(key.Y)))
	if err != nil {
		t.Fatal(err)
	}
	sig := decode(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if len(sig) != 64 || !ecdsa.Verify(pub, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		t.Error("the signature is not 64 bytes r and s of this key")
	}
	thumb := sha256.Sum256([]byte(`{"crv":"P-256","kty":"EC","x":"` + key.X + `","y":"` + key.Y + `"}`))
	if base64.RawURLEncoding.EncodeToString(thumb[:]) != key.Kid {
		t.Error("the key id is not the thumbprint")
	}
	payload, err := io.ReadAll(flate.NewReader(bytes.NewReader(decode(parts[1]))))
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	d := json.NewDecoder(bytes.NewReader(payload))
	d.UseNumber()
	if err := d.Decode(&claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestAnIndependentReaderAcceptsEveryCard(t *testing.T) {
	s := signer(t)
	key := s.Keys().Keys[0]
	if key.Kty != "EC" || key.Crv != "P-256" || key.Use != "sig" || key.Alg != "ES256" || len(key.X) != 43 || len(key.Y) != 43 {
		t.Errorf("published key %+v", key)
	}
	for _, p := range madeup.Generate(8, 4, today) {
		a, _ := issue(t, s, p)
		for _, jws := range a.Cards {
			if len(jws) > record.MaxJWS {
				t.Errorf("%d characters", len(jws))
			}
			claims := checkByHand(t, jws, key)
			if claims["iss"] != by.URL || claims["nbf"] != json.Number("1795424400") {
				t.Errorf("iss %v, nbf %v", claims["iss"], claims["nbf"])
			}
		}
	}
}

func TestABootstrapCarriesTheKeyThatIsPinned(t *testing.T) {
	s := signer(t)
	jws, err := s.SignBootstrap(api.Bootstrap{Service: "Example"})
	if err != nil {
		t.Fatal(err)
	}
	sig, err := jose.ParseSignedCompact(jws, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	header := sig.Signatures[0].Protected
	if header.KeyID != s.Thumbprint() || header.JSONWebKey == nil || !header.JSONWebKey.IsPublic() {
		t.Errorf("kid %q, key %v", header.KeyID, header.JSONWebKey)
	}
	payload, err := record.Verify(jws, keySet(t, s))
	var b api.Bootstrap
	if err != nil || json.Unmarshal(payload, &b) != nil || b.Service != "Example" {
		t.Errorf("not read back: %v", err)
	}
}

func BenchmarkIssue40Doses(b *testing.B) {
	s := signer(b)
	p := madeup.Generate(2, 1, today)[1]
	for b.Loop() {
		if _, err := s.Issue(p, by, rid, now); err != nil {
			b.Fatal(err)
		}
	}
}
